//! What real merchants get wrong, one switch a broken promise.

use std::fmt;

/// From `Variant = name, check, description;` with its origin as its comment: the enumeration, and what is said of
/// each. So whoever adds a defect writes one entry.
macro_rules! defects {
    ($($(#[$origin:meta])+ $defect:ident = $name:literal, $check:literal, $description:literal;)+) => {
        /// One thing that this merchant does wrong; everything else about it is sound.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Defect {
            $($(#[$origin])+ $defect,)+
        }

        impl Defect {
            /// Every defect, by the area of the check that it was written for.
            pub const ALL: &[Self] = &[$(Self::$defect),+];

            /// Its name on the command line.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$defect => $name),+ }
            }

            /// The check that it was written for. It may fail others too.
            pub const fn check(self) -> &'static str {
                match self { $(Self::$defect => $check),+ }
            }

            /// What it does wrong, as a sentence fragment.
            pub const fn description(self) -> &'static str {
                match self { $(Self::$defect => $description),+ }
            }
        }
    };
}
defects! {
    /// Code that runs before any event is looked at throws: a missing variable, a database that is not there.
    CrashesOnEveryEvent = "crashes-on-every-event", "acknowledge/success-status",
        "answers 500 to everything";
    /// The framework sends every caller on to the same path with a slash behind it.
    Redirects = "redirects", "acknowledge/no-redirect",
        "answers every delivery with a redirect to another path";
    /// A `switch` over the type whose default answers 400.
    KnowsOneType = "knows-one-type", "acknowledge/unknown-type",
        "answers 400 to every type but one";
    /// The code for payments handles all objects, and the rarer ones lack a member that it reads.
    CrashesOnRareTypes = "crashes-on-rare-types", "acknowledge/every-type",
        "answers 500 to the last types of the catalogue";
    /// An enumeration of the catalogue refuses what was added to it later.
    RefusesUnknownTypes = "refuses-unknown-types", "acknowledge/unknown-type",
        "answers 400 to types outside the catalogue";
    /// Types generated from one captured event, with unknown members denied.
    StrictFields = "strict-fields", "acknowledge/unknown-fields",
        "answers 400 to events with fields that it does not know";
    /// A column in `MySQL`'s `utf8`, which has room for three bytes a letter.
    ThreeByteText = "three-byte-text", "acknowledge/unicode",
        "answers 500 to text with characters of four bytes";
    /// A guard of the live endpoint against what belongs to the test endpoint.
    RefusesTestEvents = "refuses-test-events", "acknowledge/test-mode",
        "answers 400 to test events";
    /// `if (!amount)`, meant for an amount that is missing.
    TakesZeroForMissing = "takes-zero-for-missing", "acknowledge/amounts",
        "answers 400 to an amount of 0";
    /// A buffer of fixed length, filled once.
    ReadsEightKib = "reads-8-kib", "acknowledge/large-event",
        "takes the first 8 KiB of a body for all of it";
    /// The raw event goes into a TEXT column of `MySQL`.
    StoresSixtyFourKib = "stores-64-kib", "acknowledge/very-large-event",
        "answers 500 to bodies that its column of 64 KiB does not hold";
    /// A cursor, as for lists that are fetched page by page.
    KeepsOneWatermark = "keeps-one-watermark", "acknowledge/out-of-order",
        "takes every event that is older than the newest one that it saw for processed";
    /// `===` on the header.
    ComparesContentType = "compares-content-type", "acknowledge/charset",
        "answers 415 to every content type but `application/json`";
    /// A hand-written server, or a gateway before it.
    NeedsContentLength = "needs-content-length", "acknowledge/chunked",
        "answers 411 to requests without a content-length";
    /// A buffer that belongs to the connection and is not emptied.
    KeepsOldBody = "keeps-old-body", "acknowledge/keep-alive",
        "puts the next body on a connection behind the one before it";
    /// `req.url === '/webhooks'`.
    ComparesWholeTarget = "compares-whole-target", "acknowledge/query-string",
        "answers 404 where a query follows the path";
    /// Takes the first piece that arrives for the whole body.
    ReadsOnePacket = "reads-one-packet", "acknowledge/segmentation",
        "takes the first piece of a body that arrives for all of it";

    /// Believes whoever calls.
    NoVerification = "no-verification", "signature/rejects-forged",
        "never looks at the signature";
    /// Looks whether the signature's header is there and leaves it at that.
    ChecksPresenceOnly = "checks-presence-only", "signature/rejects-forged",
        "wants a signature and does not verify it";
    /// Verifies in a branch that an absent header never enters.
    VerifiesOnlyWhenPresent = "verifies-only-when-present", "signature/rejects-missing",
        "believes events that bear no signature at all";
    /// A schema filter removes unknown members before the signature is verified, as web frameworks do to bodies.
    StripsBeforeVerifying = "strips-before-verifying", "signature/rejects-tampered-body",
        "removes unknown fields from the body before it verifies the signature";
    /// Takes the time of signing to be its own, as it is when both programs run on one desk.
    VerifiesByOwnClock = "verifies-by-own-clock", "signature/rejects-tampered-timestamp",
        "verifies the signature over the last seconds of its own clock and reads no timestamp";
    /// `expected.startsWith(received)`, or a comparison that ends with the shorter of the two.
    ComparesPrefix = "compares-prefix", "signature/rejects-truncated",
        "compares only as many characters of the signature as came";
    /// `signatures.every(isRight)` of a list that is empty.
    BelievesNoSignature = "believes-no-signature", "signature/rejects-empty",
        "believes a header in which no signature is wrong because there is none";
    /// The destructuring of a header that is not there throws, and the framework makes that a 500.
    CrashesOnMalformedSignatures = "crashes-on-malformed-signatures", "signature/rejects-malformed",
        "answers 500 to a signature's header that it cannot read";
    /// Makes the header alike before it is read, for a provider that wrote it otherwise once.
    TidiesHeader = "tidies-header", "signature/rejects-malformed",
        "reads the signature's header in lower case, without spaces and quotes";
    /// Splits each item at its `=` and compares all values, whatever their names.
    BelievesAnyVersion = "believes-any-version", "signature/rejects-downgrade",
        "takes a signature under any version's name";
    /// Two loops over the items: one stops at the first timestamp, the other keeps the last.
    ReadsTheLastTimestamp = "reads-the-last-timestamp", "signature/rejects-two-timestamps",
        "verifies the signature over the first timestamp and judges its age by the last";
    /// `now - Number(t) > 300` is false for what is no number.
    TakesNoNumberForFresh = "takes-no-number-for-fresh", "signature/rejects-non-numeric-timestamp",
        "takes a timestamp that is no number for a fresh one";
    /// The samples on the web stop at the MAC.
    IgnoresAge = "ignores-age", "signature/rejects-stale",
        "never looks at the age of a signature";
    /// Looks whether the signature is old, and a negative age is not.
    BelievesTheFuture = "believes-the-future", "signature/rejects-future",
        "bounds the age of a signature in the past only";
    /// Somebody held that five minutes are too many.
    NarrowTolerance = "narrow-tolerance", "signature/accepts-skew",
        "refuses a signature that is more than 30 s old";

    /// Verifies what a parser and a printer made of the body.
    VerifiesReprintedJson = "verifies-reprinted-json", "signature/raw-body",
        "verifies the signature over JSON that it printed again";
    /// Reads the header from a map whose keys are spelled as in the documentation.
    CaseSensitiveHeader = "case-sensitive-header", "signature/header-case",
        "finds the signature's header in one spelling only";
    /// A regular expression that finds one signature.
    FirstSignatureOnly = "first-signature-only", "signature/accepts-rotated",
        "judges the first of several signatures only";
    /// The header is read into a type that knows two members.
    RefusesUnknownItems = "refuses-unknown-items", "signature/accepts-extra-scheme",
        "refuses a signature's header with an item that it does not know";
    /// Hides from strangers as if the address did not exist.
    Answers404ToForgeries = "answers-404-to-forgeries", "signature/refusal-status",
        "answers 404 to what it refuses";
    /// A message for the developer's own eyes, sent to whoever asks.
    ShowsExpectedSignature = "shows-expected-signature", "signature/no-oracle",
        "tells in its refusal which signature it expected";

    /// Does the job again each time the event comes.
    NoDedupe = "no-dedupe", "duplicate/sequential",
        "does the job again each time an event comes";
    /// Takes the signature for the identity of the event, and a retry has another one.
    DedupesBySignature = "dedupes-by-signature", "duplicate/resigned",
        "takes an event that is signed anew for a new one";
    /// Looks whether the event was processed, works, and notes it then: copies meet in between.
    CheckThenAct = "check-then-act", "duplicate/concurrent",
        "does the job once for each copy that comes while the first is worked on";
    /// Notes the event as processed behind the line that sends the answer, which throws when the client has gone.
    MarksAfterAnswer = "marks-after-answer", "duplicate/lost-answer",
        "forgets that an event was processed when its answer could not be delivered";
    /// Notes the event first and works in the request's own task, which dies with the connection.
    DropsWorkOnDisconnect = "drops-work-on-disconnect", "duplicate/lost-answer",
        "abandons an event whose sender hangs up, and calls it done";
    /// Answers a redelivery with an error because the event "already exists".
    RefusesDuplicates = "refuses-duplicates", "duplicate/sequential",
        "answers 400 to an event that it has processed";
    /// Whoever finds the event's row there takes its work for done.
    AcknowledgesCopiesAtWork = "acknowledges-copies-at-work", "duplicate/overlap-with-failure",
        "acknowledges a copy that comes while the first is still worked on";
    /// The row is inserted and committed first, and stays when the work behind it fails.
    MarksBeforeWork = "marks-before-work", "duplicate/failed-effect",
        "notes an event as processed before it does the work, whatever becomes of that";
    /// A `catch` that logs the error, and the line behind it that answers 200.
    SwallowsFailures = "swallows-failures", "duplicate/failed-effect",
        "acknowledges an event whose work has failed, and does not try it again";
    /// The middleware that drops duplicates runs before the one that verifies.
    NotesBeforeVerifying = "notes-before-verifying", "duplicate/forged-first",
        "notes the id of every event that comes, and verifies it then";
    /// A collation that compares without regard to case.
    CaseInsensitiveIds = "case-insensitive-ids", "duplicate/distinct-events",
        "takes ids that differ in case for the same";
    /// The order's row says that it was handled; by which event it does not say.
    DedupesByObject = "dedupes-by-object", "duplicate/distinct-events",
        "takes every event about an object that it has seen for a duplicate";
    /// A general middleware for idempotent APIs stands before the endpoint too.
    DedupesByUnsignedKey = "dedupes-by-unsigned-key", "duplicate/unsigned-key",
        "goes by an idempotency-key header, where one comes, in place of the event's id";
    /// The hash of the body is the key.
    DedupesByBody = "dedupes-by-body", "duplicate/same-id-other-body",
        "takes an event with another body for another event";
    /// A cache of recent ids with a bound, for a day on which few events come.
    RemembersAHundred = "remembers-a-hundred", "duplicate/many",
        "remembers the last hundred events only";
    /// The record's expiry is computed from the event, not from now.
    ExpiresByCreation = "expires-by-creation", "duplicate/aged-redelivery",
        "forgets an event a day after it was created";
    /// Idempotency keys of APIs are kept for a day, and so is this one.
    ForgetsAfterADay = "forgets-after-a-day", "duplicate/retention",
        "forgets an event a day after it was processed";
    /// A set in memory.
    RemembersInMemory = "remembers-in-memory", "duplicate/restart",
        "forgets all events when it is restarted";
    /// The queue hands a job out again because nobody told it that the job was done.
    RunsJobsTwice = "runs-jobs-twice", "duplicate/sequential",
        "does every job a second time a moment later";

    /// The second event waits for a database connection that the first one never gave back.
    AnswersLate = "answers-late", "timing/within-limit",
        "answers the second event after the time limit";
    /// A call to a slow service stands before the answer.
    AnswersSlowly = "answers-slowly", "timing/headroom",
        "takes a fifth of the time limit for every answer";
    /// Each event opens a connection to the database, which has room for so many.
    FallsOverInBursts = "falls-over-in-bursts", "timing/burst",
        "answers 500 when it has more than 32 events to work on";
    /// A limit for slow clients that is made for attackers alone.
    RefusesSlowBodies = "refuses-slow-bodies", "timing/slow-sender",
        "refuses a body that takes longer than a second";
    /// A server that is made for a developer's desk.
    OneAtATime = "one-at-a-time", "timing/stalled-sender",
        "reads one request after the other";

    /// Its client for the downstream gives up after ten seconds, and so long the provider waits too.
    WaitsTenSeconds = "waits-ten-seconds", "timing/slow-effect",
        "answers when its downstream has, or after ten seconds";
    /// No timeout on the call, and no queue.
    WaitsForDownstream = "waits-for-downstream", "timing/slow-effect-limit",
        "answers when its downstream has, however long that takes";

    /// An attempt counter against poisonous events counts those whose client hung up; three are too many.
    BlocksAbandonedEvents = "blocks-abandoned-events", "retry/rehearsal",
        "answers 500 for ever to an event whose sender hung up three times";
    /// Guards against replays with the event's age in place of the signature's.
    RefusesOldEvents = "refuses-old-events", "retry/aged-event",
        "answers 400 to events that were created more than a day ago";

    /// The guard against duplicates is a short list in memory, long enough for a redelivery that comes next.
    RemembersTwoEvents = "remembers-two-events", "property/any-history",
        "dedupes by a list of the last two events";

    /// A route that was registered for every method.
    TakesAnyMethod = "any-method", "http/method",
        "takes an event by any method";
    /// The parser throws, and nobody catches it.
    CrashesOnInvalidJson = "crashes-on-invalid-json", "http/invalid-json",
        "answers 500 to a signed body that is no JSON";
    /// The framework gives null for an empty body.
    CrashesOnEmptyBody = "crashes-on-empty-body", "http/empty-body",
        "answers 500 to an empty body";
    /// The default of the switch over the type acknowledges, also where there is no type.
    AcknowledgesAnyJson = "acknowledges-any-json", "http/wrong-shape",
        "acknowledges signed JSON that is no event";
    /// The text is decoded where no exception is expected.
    CrashesOnBadUtf8 = "crashes-on-bad-utf-8", "http/bad-utf8",
        "answers 500 to a body that is no UTF-8";
    /// The parser calls itself for each list.
    CrashesOnDeepNesting = "crashes-on-deep-nesting", "http/deep-nesting",
        "answers 500 to lists that stand deep inside each other";
    /// Nothing limits how much of a body is kept.
    CrashesOnLargeBodies = "crashes-on-large-bodies", "http/oversize",
        "answers 500 to a body of more than a megabyte";
    /// A strict parser throws, outside of the code that answers 400.
    CrashesOnRepeatedKeys = "crashes-on-repeated-keys", "http/repeated-keys",
        "answers 500 to an event in which a key stands twice";
    /// The database has no such character in its texts.
    CrashesOnNul = "crashes-on-nul", "http/nul-escape",
        "answers 500 to an event with the character NUL in a text";
    /// Nobody looks at the header that says how the body is coded.
    CrashesOnCompressedBodies = "crashes-on-compressed-bodies", "http/compressed",
        "answers 500 to a compressed body";
    /// The read loop takes the end of the connection for the end of the body.
    TakesShortBodies = "takes-short-bodies", "http/truncated",
        "takes a body that ended too early for whole";
    /// "Acknowledge at once", taken too literally.
    AnswersBeforeTheBody = "answers-before-the-body", "http/wrong-length",
        "acknowledges as soon as a request's head is there";
    /// The chunk's size is parsed by a function that says 0 for what is no number.
    TakesBrokenChunks = "takes-broken-chunks", "http/bad-chunk",
        "takes a chunk without a size for the end of the body";
    /// Each refusal leaks something, and with the third one nothing is left.
    DiesAfterForgeries = "dies-after-forgeries", "http/survives",
        "answers 500 to everything after the third forgery";

    /// The address was registered before the certificate was there.
    RegisteredWithoutTls = "registered-without-tls", "url/https",
        "is registered under an http:// address";
    /// The whole site is behind a password, and the address was the only place to put it.
    RegisteredWithAPassword = "registered-with-a-password", "url/no-credentials",
        "is registered under an address with a name and password in it";
    /// The record for the office's own network was published too.
    LeadsInside = "leads-inside", "url/public",
        "is registered under a name that leads to a private address too";
    /// HTTPS with a certificate that nobody vouches for.
    SelfSignedCertificate = "self-signed-certificate", "tls/certificate",
        "serves HTTPS with a certificate that nobody vouches for";
    /// The renewal has failed for weeks, and nobody reads its mail.
    CertificateEndsSoon = "certificate-ends-soon", "tls/expiry",
        "serves HTTPS with a certificate that ends in ten days";
    /// An appliance that was bought once and never updated stands before it.
    SpeaksOldTls = "speaks-old-tls", "tls/version",
        "speaks TLS 1.1 and nothing newer";
}

impl Defect {
    /// The defect of this name, as for `hookproof check --demo`.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|defect| defect.name() == name)
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
        for &defect in Defect::ALL {
            assert_eq!(Defect::named(defect.name()), Some(defect));
            assert!(
                defect.name().bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-')),
                "{defect}"
            );
        }
        assert_eq!(Defect::named("sound"), None);
    }
}
