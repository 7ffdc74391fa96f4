//! The bodies that the benchmarks read.

/// Sizes in bytes: a small event, an ordinary one, and one with a long list.
pub const SIZES: [usize; 3] = [300, 2_048, 65_536];

/// An event of Stripe's envelope, of a type that `async-stripe-webhook` has no types for, of about so many bytes: short strings, numbers, nesting, a few letters beyond ASCII.
pub fn body(size: usize) -> String {
    let head = concat!(
        r#"{"id":"evt_1NqQXYZ123456789","object":"event","api_version":"2024-06-20","created":1704067200,"#,
        r#""livemode":false,"pending_webhooks":1,"type":"shop.order.packed","data":{"object":{"id":"pi_1","#,
        r#""object":"payment_intent","amount":2000,"currency":"gbp","metadata":{"#
    );
    let tail = r#""end":"z"}}}}"#;
    let mut text = head.to_owned();
    for line in 0.. {
        if text.len() + tail.len() >= size {
            break;
        }
        text.push_str(&format!(
            r#""line_{line}":{{"sku":"A-{line}","name":"Café crème","price":{},"paid":true}},"#,
            line * 7
        ));
    }
    text + tail
}
