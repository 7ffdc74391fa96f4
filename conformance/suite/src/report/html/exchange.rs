//! Deliveries and their answers, as they went over the wire.

use alloc::{format, string::String};
use core::fmt::Write;

use super::markup::{Markup, tag};
use crate::{
    Exchange, Finding, Outcome,
    report::{room, span},
};

/// How much evidence the page still takes.
#[derive(Debug)]
pub(super) struct Room {
    deliveries: room::Room,
    /// Of bodies.
    bytes: usize,
}

impl Default for Room {
    fn default() -> Self {
        Self { deliveries: room::Room::default(), bytes: MOST_BYTES }
    }
}

/// Every delivery of a check, folded.
pub(super) fn exchanges(page: &mut Markup, finding: &Finding, room: &mut Room) {
    each(page, &finding.exchanges, room);
}

/// These deliveries, folded.
pub(super) fn each(page: &mut Markup, exchanges: &[Exchange], room: &mut Room) {
    let all = exchanges.len();
    if all == 0 {
        return;
    }
    let kept = room.deliveries.take(all);
    page.put(tag("details").class("exchanges"), |page| {
        page.say(tag("summary"), if all == 1 { "1 delivery".into() } else { format!("{all} deliveries") });
        page.put(tag("ol"), |page| {
            for exchange in exchanges.iter().take(kept) {
                page.put(tag("li"), |page| one(page, exchange, room));
            }
        });
        if kept < all {
            page.say(tag("p"), format!("{} more are not shown here.", all - kept));
        }
    });
}

fn one(page: &mut Markup, exchange: &Exchange, room: &mut Room) {
    page.put(tag("details").class("exchange"), |page| {
        page.put(tag("summary"), |page| {
            page.say(tag("span").class("at"), format!("+{}", span(exchange.at)));
            page.say(tag("span").class("sent"), &exchange.sent.summary);
            page.say(tag("b").class(tone(exchange)), exchange.result());
            page.say(tag("span").class("took"), span(exchange.took));
        });
        page.put(tag("div").class("pair"), |page| {
            page.put(tag("div"), |page| {
                page.put(tag("p"), |page| {
                    page.text("Sent ");
                    page.say(tag("code"), &exchange.sent.id);
                });
                message(page, String::new(), &exchange.sent.headers, &exchange.sent.body, room);
            });
            page.put(tag("div"), |page| match &exchange.outcome {
                Outcome::Answered(answer) => {
                    page.say(tag("p"), format!("Answered in {}", span(exchange.took)));
                    message(page, format!("{}\n", answer.status), &answer.headers, &answer.body, room);
                }
                Outcome::Cut | Outcome::Failed(_) => page.say(tag("p"), exchange.result()),
            });
        });
    });
}

/// How well a delivery ended.
pub(super) fn tone(exchange: &Exchange) -> &'static str {
    match (&exchange.outcome, exchange.status()) {
        _ if exchange.is_acknowledged() => "acknowledged",
        (_, Some(400..=499)) => "refused",
        (Outcome::Cut, _) => "cut",
        _ => "broken",
    }
}

/// Head and body as one block.
fn message(page: &mut Markup, first: String, headers: &[(String, String)], body: &[u8], room: &mut Room) {
    let mut text = first;
    for (name, value) in headers {
        // A string takes every text.
        let _ = writeln!(text, "{name}: {value}");
    }
    let kept = body.get(..room.bytes.min(body.len())).unwrap_or_default();
    room.bytes -= kept.len();
    text.push('\n');
    text.push_str(&String::from_utf8_lossy(kept));
    page.put(tag("pre").class("message").with("tabindex", 0), |page| page.lines(text.trim_end_matches('\n')));
    if kept.len() < body.len() {
        page.say(
            tag("p").class("cut-short"),
            format!("{} more bytes are not shown here.", body.len() - kept.len()),
        );
    } else if core::str::from_utf8(kept).is_err() {
        page.say(tag("p").class("cut-short"), "Not UTF-8: � stands for bytes that are no text.");
    }
}

/// Of bodies in one page: more than a phone can show helps nobody.
const MOST_BYTES: usize = 4_000_000;
