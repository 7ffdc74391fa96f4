//! What real merchants get wrong, one switch a broken promise.

use std::fmt;

/// One thing that this merchant does wrong; everything else about it is sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Defect {
    /// Code that runs before any event is looked at throws: a missing variable, a database that is not there.
    CrashesOnEveryEvent,
    /// The framework sends every caller on to the same path with a slash behind it.
    Redirects,
    /// A `switch` over the type whose default answers 400.
    KnowsOneType,
    /// The code for payments handles all objects, and the rarer ones lack a member that it reads.
    CrashesOnRareTypes,
    /// An enumeration of the catalogue refuses what was added to it later.
    RefusesUnknownTypes,
    /// Types generated from one captured event, with unknown members denied.
    StrictFields,
    /// Takes the first piece that arrives for the whole body.
    ReadsOnePacket,
    /// Believes whoever calls.
    NoVerification,
    /// Looks whether the signature's header is there and leaves it at that.
    ChecksPresenceOnly,
    /// Verifies in a branch that an absent header never enters.
    VerifiesOnlyWhenPresent,
    /// A schema filter removes unknown members before the signature is verified, as web frameworks do to bodies.
    StripsBeforeVerifying,
    /// Verifies what a parser and a printer made of the body.
    VerifiesReprintedJson,
    /// Reads the header from a map whose keys are spelled as in the documentation.
    CaseSensitiveHeader,
    /// Hides from strangers as if the address did not exist.
    Answers404ToForgeries,
    /// Does the job again each time the event comes.
    NoDedupe,
    /// Takes the signature for the identity of the event, and a retry has another one.
    DedupesBySignature,
    /// Looks whether the event was processed, works, and notes it then: copies meet in between.
    CheckThenAct,
    /// Notes the event as processed behind the line that sends the answer, which throws when the client has gone.
    MarksAfterAnswer,
    /// Notes the event first and works in the request's own task, which dies with the connection.
    DropsWorkOnDisconnect,
    /// Answers a redelivery with an error because the event "already exists".
    RefusesDuplicates,
    /// The queue hands a job out again because nobody told it that the job was done.
    RunsJobsTwice,
    /// The second event waits for a database connection that the first one never gave back.
    AnswersLate,
    /// Guards against replays with the event's age in place of the signature's.
    RefusesOldEvents,
    /// Each refusal leaks something, and with the third one nothing is left.
    DiesAfterForgeries,
    /// HTTPS with a certificate that nobody vouches for.
    SelfSignedCertificate,
}

impl Defect {
    /// Every defect, in the order of the catalogue of checks.
    pub const ALL: [Self; 25] = [
        Self::CrashesOnEveryEvent,
        Self::Redirects,
        Self::KnowsOneType,
        Self::CrashesOnRareTypes,
        Self::RefusesUnknownTypes,
        Self::StrictFields,
        Self::ReadsOnePacket,
        Self::NoVerification,
        Self::ChecksPresenceOnly,
        Self::VerifiesOnlyWhenPresent,
        Self::StripsBeforeVerifying,
        Self::VerifiesReprintedJson,
        Self::CaseSensitiveHeader,
        Self::Answers404ToForgeries,
        Self::NoDedupe,
        Self::DedupesBySignature,
        Self::CheckThenAct,
        Self::MarksAfterAnswer,
        Self::DropsWorkOnDisconnect,
        Self::RefusesDuplicates,
        Self::RunsJobsTwice,
        Self::AnswersLate,
        Self::RefusesOldEvents,
        Self::DiesAfterForgeries,
        Self::SelfSignedCertificate,
    ];

    /// The defect of this name, as for `hookproof check --demo`.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|defect| defect.name() == name)
    }

    /// Its name on the command line.
    pub const fn name(self) -> &'static str {
        self.words().0
    }

    /// What it does wrong, as a sentence fragment.
    pub const fn description(self) -> &'static str {
        self.words().1
    }

    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::CrashesOnEveryEvent => ("crashes-on-every-event", "answers 500 to everything"),
            Self::Redirects => ("redirects", "answers every delivery with a redirect to another path"),
            Self::KnowsOneType => ("knows-one-type", "answers 400 to every type but one"),
            Self::CrashesOnRareTypes => {
                ("crashes-on-rare-types", "answers 500 to the last types of the catalogue")
            }
            Self::RefusesUnknownTypes => {
                ("refuses-unknown-types", "answers 400 to types outside the catalogue")
            }
            Self::StrictFields => {
                ("strict-fields", "answers 400 to events with fields that it does not know")
            }
            Self::ReadsOnePacket => {
                ("reads-one-packet", "takes the first piece of a body that arrives for all of it")
            }
            Self::NoVerification => ("no-verification", "never looks at the signature"),
            Self::ChecksPresenceOnly => ("checks-presence-only", "wants a signature and does not verify it"),
            Self::VerifiesOnlyWhenPresent => {
                ("verifies-only-when-present", "believes events that bear no signature at all")
            }
            Self::StripsBeforeVerifying => (
                "strips-before-verifying",
                "removes unknown fields from the body before it verifies the signature",
            ),
            Self::VerifiesReprintedJson => {
                ("verifies-reprinted-json", "verifies the signature over JSON that it printed again")
            }
            Self::CaseSensitiveHeader => {
                ("case-sensitive-header", "finds the signature's header in one spelling only")
            }
            Self::Answers404ToForgeries => ("answers-404-to-forgeries", "answers 404 to what it refuses"),
            Self::NoDedupe => ("no-dedupe", "does the job again each time an event comes"),
            Self::DedupesBySignature => {
                ("dedupes-by-signature", "takes an event that is signed anew for a new one")
            }
            Self::CheckThenAct => {
                ("check-then-act", "does the job once for each copy that comes while the first is worked on")
            }
            Self::MarksAfterAnswer => (
                "marks-after-answer",
                "forgets that an event was processed when its answer could not be delivered",
            ),
            Self::DropsWorkOnDisconnect => {
                ("drops-work-on-disconnect", "abandons an event whose sender hangs up, and calls it done")
            }
            Self::RefusesDuplicates => {
                ("refuses-duplicates", "answers 400 to an event that it has processed")
            }
            Self::RunsJobsTwice => ("runs-jobs-twice", "does every job a second time a moment later"),
            Self::AnswersLate => ("answers-late", "answers the second event after the time limit"),
            Self::RefusesOldEvents => {
                ("refuses-old-events", "answers 400 to events that were created more than a day ago")
            }
            Self::DiesAfterForgeries => {
                ("dies-after-forgeries", "answers 500 to everything after the third forgery")
            }
            Self::SelfSignedCertificate => {
                ("self-signed-certificate", "serves HTTPS with a certificate that nobody vouches for")
            }
        }
    }
}

impl fmt::Display for Defect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_defect_is_found_under_a_name_of_its_own() {
        for defect in Defect::ALL {
            assert_eq!(Defect::named(defect.name()), Some(defect));
            assert!(
                defect.name().bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-')),
                "{defect}"
            );
        }
        assert_eq!(Defect::named("sound"), None);
    }
}
