//! Malformed headers that every official SDK refuses, one by one. Each is a case of `fixtures/signatures` under the
//! same id, where their judgements were measured; a test holds that it is.

use alloc::vec::Vec;

use hookproof_core::{Encoding, Scheme};

use crate::Spelling;

/// A malformed header: its id among the fixtures, and how it is written.
pub(super) type Malformed = (&'static str, Spelling);

/// Those of a scheme.
pub(super) fn of(scheme: &Scheme) -> Vec<Malformed> {
    match scheme {
        Scheme::Timestamped { .. } => TIMESTAMPED.to_vec(),
        Scheme::Standard { .. } => STANDARD.to_vec(),
        Scheme::Body { prefix, encoding, .. } => {
            let mut all = ANY_BODY.to_vec();
            all.extend_from_slice(match encoding {
                Encoding::Hex => HEX_BODY,
                Encoding::Base64 => &[],
            });
            if !prefix.is_empty() {
                all.extend_from_slice(PREFIXED_BODY);
            }
            if **prefix == *"sha256=" {
                all.extend_from_slice(GITHUB);
            }
            all
        }
    }
}

const fn header(lines: &'static [&'static str]) -> Spelling {
    Spelling { signatures: lines, ..Spelling::TIMESTAMPED }
}

/// Signed as it stands, so that only the spelling of the time is wrong.
const fn time(time: &'static str) -> Spelling {
    Spelling { time, ..Spelling::TIMESTAMPED }
}

pub(super) const TIMESTAMPED: &[Malformed] = &[
    ("timestamp-empty", time("")),
    ("timestamp-negative", time("-<t>")),
    ("timestamp-with-plus", time("+<t>")),
    ("timestamp-with-leading-zero", time("0<t>")),
    ("timestamp-double-zero", time("00")),
    ("timestamp-with-space-before", time(" <t>")),
    ("timestamp-with-space-behind", time("<t> ")),
    ("timestamp-in-hexadecimal", time("<t:x>")),
    ("timestamp-with-fraction", time("<t>.0")),
    ("timestamp-with-letters-behind", time("<t>abc")),
    ("timestamp-as-date", time("<date>")),
    ("timestamp-quoted", time("\"<t>\"")),
    ("timestamp-in-octal", time("<t:o>")),
    ("timestamp-with-unit", time("<t>s")),
    ("timestamp-with-final-dot", time("<t>.")),
    ("timestamp-undefined", time("undefined")),
    ("timestamp-infinity", time("Infinity")),
    ("timestamp-minus-zero", time("-0")),
    ("header-empty", header(&[""])),
    ("only-commas", header(&[",,,,"])),
    ("no-timestamp", header(&["v1=<mac>"])),
    ("no-signature", header(&["t=<t>"])),
    ("spaces-after-commas", header(&["t=<t>, v1=<mac>"])),
    ("names-in-capitals", header(&["T=<t>,V1=<mac>"])),
    ("semicolons", header(&["t=<t>;v1=<mac>"])),
    ("ampersands", header(&["t=<t>&v1=<mac>"])),
    ("spaces-for-commas", header(&["t=<t> v1=<mac>"])),
    ("bars-for-commas", header(&["t=<t>|v1=<mac>"])),
    ("colons-for-equals", header(&["t:<t>,v1:<mac>"])),
    ("header-as-json", header(&["{\"t\":<t>,\"v1\":\"<mac>\"}"])),
    ("percent-encoded", header(&["t%3D<t>%2Cv1%3D<mac>"])),
    ("header-quoted", header(&["\"t=<t>,v1=<mac>\""])),
    ("authorization-scheme-before", header(&["HMAC-SHA256 t=<t>,v1=<mac>"])),
    ("timestamp-in-capital-only", header(&["T=<t>,v1=<mac>"])),
    ("signature-name-in-capital-only", header(&["t=<t>,V1=<mac>"])),
    ("timestamp-name-in-full", header(&["timestamp=<t>,v1=<mac>"])),
    ("signature-name-in-full", header(&["t=<t>,signature=<mac>"])),
    ("signature-name-as-array", header(&["t=<t>,v1[]=<mac>"])),
    ("signature-name-with-space", header(&["t=<t>,v1 =<mac>"])),
    ("signature-before-its-name", header(&["t=<t>,<mac>=v1"])),
    ("two-equals-in-timestamp", header(&["t==<t>,v1=<mac>"])),
    ("two-equals-in-signature", header(&["t=<t>,v1==<mac>"])),
    ("without-names", header(&["<t>,<mac>"])),
    ("timestamp-alone-without-name", header(&["<t>,v1=<mac>"])),
    ("hexadecimal-alone", header(&["<mac>"])),
    ("standard-construction", header(&["v1,<base64>"])),
    ("quoted-signature", header(&["t=<t>,v1=\"<mac>\""])),
    ("signature-of-one-digit", header(&["t=<t>,v1=<mac:..1>"])),
    ("signature-of-63-digits", header(&["t=<t>,v1=<mac:..63>"])),
    ("signature-of-66-digits", header(&["t=<t>,v1=<mac>00"])),
    ("signature-twice-in-one", header(&["t=<t>,v1=<mac><mac>"])),
    ("signature-in-capitals", header(&["t=<t>,v1=<HEX>"])),
    ("signature-with-bad-digit", header(&["t=<t>,v1=<mac:..63>g"])),
    ("signature-with-space-before", header(&["t=<t>,v1= <mac>"])),
    ("signature-with-inner-space", header(&["t=<t>,v1=<mac:..32> <mac:32..>"])),
    ("signature-in-two-halves", header(&["t=<t>,v1=<mac:..32>,v1=<mac:32..>"])),
    ("signature-with-dots-behind", header(&["t=<t>,v1=<mac:..61>..."])),
    ("signature-in-brackets", header(&["t=<t>,v1=[<mac>]"])),
    ("signature-with-0x", header(&["t=<t>,v1=0x<mac>"])),
    ("signature-in-base64", header(&["t=<t>,v1=<base64>"])),
];

const fn list(lines: &'static [&'static str]) -> Spelling {
    Spelling { signatures: lines, ..Spelling::STANDARD }
}

pub(super) const STANDARD: &[Malformed] = &[
    ("timestamp-empty", Spelling { time: "", ..Spelling::STANDARD }),
    ("timestamp-negative", Spelling { time: "-<t>", ..Spelling::STANDARD }),
    ("timestamp-with-plus", Spelling { time: "+<t>", ..Spelling::STANDARD }),
    ("timestamp-with-leading-zero", Spelling { time: "0<t>", ..Spelling::STANDARD }),
    ("timestamp-with-fraction", Spelling { time: "<t>.0", ..Spelling::STANDARD }),
    ("timestamp-with-letters-behind", Spelling { time: "<t>abc", ..Spelling::STANDARD }),
    ("timestamp-of-sixteen-digits", Spelling { time: "1111111111111111", ..Spelling::STANDARD }),
    ("timestamp-as-date", Spelling { time: "<date>", ..Spelling::STANDARD }),
    ("id-empty", Spelling { id: "", ids: &[""], ..Spelling::STANDARD }),
    ("webhook-id-missing", Spelling { ids: &[], ..Spelling::STANDARD }),
    ("webhook-timestamp-missing", Spelling { times: &[], ..Spelling::STANDARD }),
    ("webhook-signature-missing", list(&[])),
    ("signature-header-empty", list(&[""])),
    ("asymmetric-signature-only", list(&[ASYMMETRIC])),
    ("without-version", list(&["<mac>"])),
    ("equals-for-comma", list(&["v1=<mac>"])),
    ("version-in-capitals", list(&["V1,<mac>"])),
    ("comma-for-space", list(&["v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=,v1,<mac>"])),
    ("signature-without-padding", list(&["v1,<mac:..43>"])),
    ("signature-in-hexadecimal", list(&["v1,<hex>"])),
    ("signature-of-31-bytes", list(&["v1,<mac/31>"])),
];

/// 64 bytes of nothing, as an Ed25519 signature has.
const ASYMMETRIC: &str =
    "v1a,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==";

const fn body(lines: &'static [&'static str]) -> Spelling {
    Spelling { signatures: lines, ..Spelling::BODY }
}

/// Whatever the prefix and the encoding are.
pub(super) const ANY_BODY: &[Malformed] = &[
    ("header-empty", body(&[""])),
    ("signature-of-62-digits", body(&["<prefix><mac/31>"])),
    ("two-signatures", body(&["<prefix><mac>,<prefix><mac>"])),
    ("timestamped-construction", body(&["t=<t>,v1=<hex>"])),
];

/// Of a MAC in hexadecimal.
pub(super) const HEX_BODY: &[Malformed] = &[
    ("signature-in-capitals", body(&["<prefix><HEX>"])),
    ("signature-of-63-digits", body(&["<prefix><mac:..63>"])),
    ("signature-of-66-digits", body(&["<prefix><mac>00"])),
    ("signature-with-bad-digit", body(&["<prefix><mac:..63>g"])),
    ("signature-in-base64", body(&["<prefix><base64>"])),
];

/// Of a MAC behind something.
pub(super) const PREFIXED_BODY: &[Malformed] = &[
    ("prefix-alone", body(&["<prefix>"])),
    ("without-prefix", body(&["<mac>"])),
    ("space-behind-prefix", body(&["<prefix> <mac>"])),
];

/// Of GitHub's own prefix.
pub(super) const GITHUB: &[Malformed] = &[("prefix-in-capitals", body(&["SHA256=<mac>"]))];
