//! Who is caught by what: the literal that the suite is held against.

use hookproof_conformance::merchant::{Defect, Variant};

/// Which checks each defect fails: under TurraTech with a sink for effects, the same with two types named,
/// TurnStay with a sink, and TurraTech without an observer.
pub(crate) const TABLE: [(Defect, [&[&str]; 4]); 25] = [
    (Defect::CrashesOnEveryEvent, [&["acknowledge/success-status"]; 4]),
    (Defect::Redirects, [&["acknowledge/success-status", "acknowledge/no-redirect"]; 4]),
    (
        Defect::KnowsOneType,
        [
            &["acknowledge/every-type", "acknowledge/unknown-type"],
            &["acknowledge/subscribed-types"],
            &["acknowledge/unknown-type"],
            &["acknowledge/every-type", "acknowledge/unknown-type"],
        ],
    ),
    (Defect::CrashesOnRareTypes, [&["acknowledge/every-type"], NONE, NONE, &["acknowledge/every-type"]]),
    (
        Defect::RefusesUnknownTypes,
        [&["acknowledge/unknown-type"], NONE, &["acknowledge/unknown-type"], &["acknowledge/unknown-type"]],
    ),
    (Defect::StrictFields, [&["acknowledge/unknown-fields"]; 4]),
    (Defect::ReadsOnePacket, [&["acknowledge/segmentation"]; 4]),
    (
        Defect::NoVerification,
        [
            &["signature/rejects-missing", "signature/rejects-forged", "signature/rejects-tampered-body"],
            &["signature/rejects-missing", "signature/rejects-forged", "signature/rejects-tampered-body"],
            NONE,
            NONE,
        ],
    ),
    (
        Defect::ChecksPresenceOnly,
        [
            &["signature/rejects-forged", "signature/rejects-tampered-body"],
            &["signature/rejects-forged", "signature/rejects-tampered-body"],
            NONE,
            NONE,
        ],
    ),
    (
        Defect::VerifiesOnlyWhenPresent,
        [&["signature/rejects-missing"], &["signature/rejects-missing"], NONE, NONE],
    ),
    (
        Defect::StripsBeforeVerifying,
        [
            &["acknowledge/unknown-fields", "signature/rejects-tampered-body"],
            &["acknowledge/unknown-fields", "signature/rejects-tampered-body"],
            NONE,
            &["acknowledge/unknown-fields"],
        ],
    ),
    (Defect::VerifiesReprintedJson, signed(&["signature/raw-body"])),
    (Defect::CaseSensitiveHeader, signed(&["signature/header-case"])),
    (Defect::Answers404ToForgeries, signed(&["signature/refusal-status"])),
    (Defect::NoDedupe, [DUPLICATES, DUPLICATES, UNSIGNED_DUPLICATES, NONE]),
    (
        Defect::DedupesBySignature,
        [
            &["duplicate/resigned", "duplicate/lost-answer"],
            &["duplicate/resigned", "duplicate/lost-answer"],
            NONE,
            NONE,
        ],
    ),
    (Defect::CheckThenAct, observed(&["duplicate/concurrent"])),
    (Defect::MarksAfterAnswer, observed(&["duplicate/lost-answer"])),
    (Defect::DropsWorkOnDisconnect, observed(&["duplicate/lost-answer"])),
    (Defect::RefusesDuplicates, [DUPLICATES, DUPLICATES, UNSIGNED_DUPLICATES, DUPLICATES]),
    (Defect::RunsJobsTwice, [DUPLICATES, DUPLICATES, UNSIGNED_DUPLICATES, NONE]),
    (
        Defect::AnswersLate,
        [
            &["acknowledge/every-type", "timing/within-limit"],
            &["acknowledge/subscribed-types", "timing/within-limit"],
            // Nobody has promised that limit: it is our assumption.
            NONE,
            &["acknowledge/every-type", "timing/within-limit"],
        ],
    ),
    (Defect::RefusesOldEvents, signed(&["retry/aged-event"])),
    (Defect::DiesAfterForgeries, signed(&["http/survives"])),
    (Defect::SelfSignedCertificate, [&["acknowledge/success-status", "tls/certificate"]; 4]),
];

/// What is Unknown of each sound variant beyond what is Unknown of the reference: with a sink, and without
/// an observer.
pub(crate) const UNSETTLED: [(Variant, [&[&str]; 2]); 7] = [
    (Variant::ThreeDownstreamCalls, [NONE; 2]),
    (Variant::PolledQueue, [NONE; 2]),
    (
        Variant::IgnoresForgeries,
        [
            &["signature/refusal-status"],
            &[
                "signature/header-case",
                "signature/raw-body",
                "signature/refusal-status",
                "signature/rejects-forged",
                "signature/rejects-missing",
                "signature/rejects-tampered-body",
            ],
        ],
    ),
    (Variant::Answers500ToForgeries, [&["signature/refusal-status"]; 2]),
    (Variant::ActsOnOneType, [NONE; 2]),
    (Variant::Answers500ToCopies, [NONE; 2]),
    (Variant::DownstreamDedupes, [NONE; 2]),
];

/// A row of a defect that only a provider that signs, and that publishes what TurraTech does, can show.
const fn signed(checks: &'static [&'static str]) -> [&'static [&'static str]; 4] {
    [checks, checks, NONE, checks]
}

/// A row of a defect that only shows in effects.
const fn observed(checks: &'static [&'static str]) -> [&'static [&'static str]; 4] {
    [checks, checks, checks, NONE]
}

pub(crate) const NONE: &[&str] = &[];

pub(crate) const DUPLICATES: &[&str] =
    &["duplicate/sequential", "duplicate/resigned", "duplicate/concurrent", "duplicate/lost-answer"];

pub(crate) const UNSIGNED_DUPLICATES: &[&str] =
    &["duplicate/sequential", "duplicate/concurrent", "duplicate/lost-answer"];
