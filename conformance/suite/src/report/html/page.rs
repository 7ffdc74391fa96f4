//! What stands around every page: head, policy, style, script, the mark of the tool.

use alloc::{format, string::String};

use hookproof_core::Encoding;
use sha2::{Digest, Sha256};

use super::markup::{Markup, tag};

/// A whole document. What `fill` writes stands between the page's head and its foot.
pub fn page(title: &str, fill: impl FnOnce(&mut Markup)) -> String {
    let mut page = Markup::default();
    page.asset("<!doctype html>\n");
    page.put(tag("html").with("lang", "en"), |page| {
        page.put(tag("head"), |page| head(page, title));
        page.asset("\n");
        page.put(tag("body"), |page| {
            page.say(tag("a").class("skip").with("href", "#checks"), "Skip to the details");
            bar(page);
            page.put(tag("main"), fill);
            page.put(tag("footer"), |page| {
                page.text(&format!(
                    "Made by Hookproof {}. This file asks for nothing from anywhere; secrets and right signatures were removed from it.",
                    env!("CARGO_PKG_VERSION")
                ));
            });
        });
    });
    page.asset("\n");
    page.as_str().into()
}

fn head(page: &mut Markup, title: &str) {
    let policy = format!(
        "default-src 'none'; style-src '{}'; script-src '{}'; img-src data:; base-uri 'none'; form-action 'none'; \
         require-trusted-types-for 'script'; trusted-types 'none'",
        hash(STYLE),
        hash(SCRIPT)
    );
    page.void(tag("meta").with("charset", "utf-8"));
    // Before anything that it judges.
    page.void(tag("meta").with("http-equiv", "Content-Security-Policy").with("content", policy));
    page.void(tag("meta").with("name", "viewport").with("content", "width=device-width, initial-scale=1"));
    page.void(tag("meta").with("name", "color-scheme").with("content", "light dark"));
    page.void(tag("meta").with("name", "referrer").with("content", "no-referrer"));
    page.void(tag("meta").with("name", "robots").with("content", "noindex"));
    page.say(tag("title"), title);
    page.void(tag("link").with("rel", "icon").with("href", ICON));
    page.put(tag("style"), |page| page.asset(STYLE));
    page.put(tag("script"), |page| page.asset(SCRIPT));
}

/// The tool's name, and the switch of colours, which only a script can work.
fn bar(page: &mut Markup) {
    page.put(tag("header").class("bar"), |page| {
        page.put(tag("p").class("brand"), |page| {
            page.say(tag("b"), "Hookproof");
            page.say(tag("span"), "webhook conformance");
        });
        page.put(tag("fieldset").with("id", "colours").class("switch").flag("hidden", true), |page| {
            page.say(tag("legend").class("unseen"), "Colours");
            for (value, name) in [("system", "System"), ("light", "Light"), ("dark", "Dark")] {
                page.put(tag("label"), |page| {
                    page.void(
                        tag("input")
                            .with("type", "radio")
                            .with("name", "colours")
                            .with("value", value)
                            .flag("checked", value == "system"),
                    );
                    page.say(tag("span"), name);
                });
            }
        });
    });
}

/// How a policy names a text that it allows.
fn hash(text: &str) -> String {
    format!("sha256-{}", Encoding::Base64.encode(&Sha256::digest(text.as_bytes())))
}

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// A hook on a tile; without an icon of its own the page would make a browser ask for one.
const ICON: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E\
    %3Crect width='32' height='32' rx='7' fill='%230b6e69'/%3E%3Cpath d='M20 6v13a5.5 5.5 0 0 1-11 0v-2l4 3' \
    fill='none' stroke='%23fff' stroke-width='3' stroke-linecap='round' stroke-linejoin='round'/%3E%3C/svg%3E";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn style_and_script_end_where_they_end_and_ask_for_nothing() {
        for asset in [STYLE, SCRIPT] {
            for word in ["</", "http:", "https:", "//cdn", "@import", "url(", "fetch(", "innerHTML", "eval("]
            {
                assert!(!asset.contains(word), "{word}");
            }
        }
    }

    #[test]
    fn the_policy_names_the_style_and_the_script_that_are_there() {
        let page = page("t", |_| {});
        let between = |from: &str, to: &str| {
            let (_, rest) = page.split_once(from).unwrap_or_else(|| panic!("no {from}"));
            rest.split_once(to).unwrap_or_else(|| panic!("no {to}")).0
        };
        let policy = between("Content-Security-Policy\" content=\"", "\"").replace("&#39;", "'");
        assert!(
            policy.contains(&format!("style-src '{}'", hash(between("<style>", "</style>")))),
            "{policy}"
        );
        assert!(
            policy.contains(&format!("script-src '{}'", hash(between("<script>", "</script>")))),
            "{policy}"
        );
        assert!(policy.starts_with("default-src 'none';") && !policy.contains("unsafe"), "{policy}");
    }
}
