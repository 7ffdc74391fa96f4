//! What a fuzzer begins with: the fixtures, in the form that each target reads.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::made;
use crate::command::{self, Fallible};

/// Writes the seeds of every target that has some.
///
/// # Errors
///
/// When a fixture cannot be read or a seed not be written.
pub(super) fn write(folder: &Path) -> Fallible {
    for file in ["timestamped", "standard", "body"] {
        for case in cases(&format!("signatures/{file}.json"))? {
            if let Some(request) = request(&case) {
                put(&folder.join("headers"), &name(&case), &request)?;
            }
        }
    }
    for file in ["requests/bodies.json", "scanner/cases.json"] {
        for case in cases(file)? {
            let body = from_base64(case["body_base64"].as_str().unwrap_or_default());
            put(&folder.join("scan"), &name(&case), &body)?;
        }
    }
    for (number, body) in BODIES.iter().enumerate() {
        put(&folder.join("scan"), &format!("{number}"), body.as_bytes())?;
    }
    for (number, url) in URLS.iter().enumerate() {
        put(&folder.join("url"), &format!("{number}"), url.as_bytes())?;
    }
    Ok(())
}

fn cases(path: &str) -> Fallible<Vec<Value>> {
    let text = fs::read_to_string(command::root().join("fixtures").join(path))
        .map_err(|error| format!("fixtures/{path}: {error}"))?;
    let mut file: Value = serde_json::from_str(&text).map_err(|error| format!("fixtures/{path}: {error}"))?;
    match file["cases"].take() {
        Value::Array(cases) => Ok(cases),
        _ => Err(format!("fixtures/{path} has no cases")),
    }
}

fn name(case: &Value) -> String {
    case["id"].as_str().unwrap_or_default().to_owned()
}

/// A signature vector as the target `headers` reads it; not those that this form cannot hold.
///
/// The one candidate of a request whose MAC holds becomes the byte that stands for the right MAC, so that the fuzzer
/// may change all the rest.
fn request(case: &Value) -> Option<Vec<u8>> {
    let scheme = case["scheme"].as_str().filter(|scheme| *scheme != "stripe")?;
    let secrets: Vec<&str> = case["secrets"].as_array()?.iter().filter_map(Value::as_str).collect();
    if secrets.is_empty() || secrets.iter().any(|secret| secret.contains([' ', '\n'])) {
        return None;
    }
    let mut text = format!("{scheme} {} {}\n", case["now_secs"], secrets.join(" "));
    let holds = matches!(case["result"].as_str(), Some("ok" | "too_old" | "too_new"));
    for line in case["headers"].as_array()? {
        let (name, value) = (line[0].as_str()?, line[1].as_str()?);
        let is_mac = |word: &&str| word.len() == 64 || (word.len() == 44 && word.ends_with('='));
        let macs: Vec<&str> = value.split([',', ' ']).map(bare).filter(is_mac).collect();
        let value = match macs[..] {
            [mac] if holds => value.replace(mac, "\u{1}"),
            _ => value.to_owned(),
        };
        text.push_str(&format!("{name}: {value}\n"));
    }
    text.push('\n');
    let mut request = text.into_bytes();
    request.extend(from_base64(case["body_base64"].as_str()?));
    Some(request)
}

/// A MAC without the `v1=` or `sha256=` in front of it.
fn bare(word: &str) -> &str {
    ["v1=", "sha256="].iter().find_map(|prefix| word.strip_prefix(prefix)).unwrap_or(word)
}

fn put(folder: &Path, name: &str, seed: &[u8]) -> Fallible {
    let path = made(folder.to_owned())?.join(name);
    fs::write(&path, seed).map_err(|error| format!("cannot write {}: {error}", path.display()))
}

/// The fixtures' base64 is sound, so what is no digit is padding.
fn from_base64(text: &str) -> Vec<u8> {
    let digits = text.bytes().filter_map(|letter| ALPHABET.iter().position(|other| *other == letter));
    let bits: Vec<u8> =
        digits.flat_map(|digit| (0..6).rev().map(move |place| u8::from(digit >> place & 1 == 1))).collect();
    bits.chunks_exact(8).map(|byte| byte.iter().fold(0, |byte, bit| byte << 1 | bit)).collect()
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Bodies that are no vectors, because no promise rests on them.
const BODIES: [&str; 6] = [
    r#"{"data":{"object":1},"data":{}}"#,
    r#"{"data":{"object":1},"data":2,"a~1/b":[[]]}"#,
    r#"{"id":"a","type":"b","data":{"object":[9007199254740991,9007199254740992,-9007199254740993]}}"#,
    r#"{"id":"a","type":"b","created":18446744073709551615,"data":{"object":[1e400,-0,18446744073709551616]}}"#,
    r#"{"type":"b","timestamp":"2024-02-29T23:59:59.999+00:30","data":{"":{"":0}}}"#,
    "[0,1.5e-3,\"\\u2028\u{2028}\",true,false,null]",
];

/// Every spelling of a host that there is a rule about, and every part that a URL may have.
const URLS: [&str; 28] = [
    "http://localhost:3000/hook",
    "HTTPS://Shop.Example",
    "https://shop.example:443/a?b=c",
    "http://127.1/",
    "http://2130706433",
    "http://0x7f.1",
    "http://0177.0.0.1:80/",
    "http://[::ffff:127.0.0.1]:8080/x",
    "http://[::1]?x",
    "http://[::1%25lo]/",
    "http://[2001:db8::1:0:0:1]/",
    "http://LOCALHOST./",
    "https://api.localhost/%2e%2e/%zz",
    "http://127.0.0.1.shop.example/",
    "https://user:pass@shop.example/",
    "http://shop.example/#part",
    "http://shop.example:65536/",
    "http://１２７.0.0.1/",
    "https://münchen.example/",
    "https://xn--mnchen-3ya.example/",
    "http://1.2.3.4.5/",
    "http://256.1.1.1/",
    "http://a..b/",
    "http://a-.b_c/",
    "http://0x/..;/",
    "http:\\\\shop.example\\x",
    "http://shop.example/a\\b",
    "http://shop.example/{a}|^`<\">",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vector_becomes_a_request_whose_mac_is_filled_in_later() {
        let case = serde_json::json!({
            "scheme": "turratech", "now_secs": 7, "secrets": ["whsec_x"], "result": "ok", "body_base64": "e30=",
            "headers": [["turratech-signature", format!("t=7,v1={}", "a".repeat(64))]],
        });
        let request = request(&case).unwrap();
        assert_eq!(request, b"turratech 7 whsec_x\nturratech-signature: t=7,v1=\x01\n\n{}");
    }
}
