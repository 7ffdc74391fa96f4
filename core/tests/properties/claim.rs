//! Any number of owners at one key, in any order, with handlers that finish, fail, hang and die.

use std::{collections::BTreeSet, time::Duration};

use hookproof_core::{Claim, Claimed, KEEP_MINIMUM, Timestamp, Token};
use proptest::{collection::vec, prelude::*};

const OWNERS: [&str; 3] = ["a", "b", "c"];
const ALLOWED: u32 = 4;

#[derive(Clone, Debug)]
enum Act {
    Claim {
        owner: usize,
        lease: u64,
    },
    /// Tokens are counted back from the latest.
    Commit {
        back: usize,
        keep: u64,
    },
    Release {
        back: usize,
    },
    Wait {
        millis: u64,
    },
    /// The next node's clock is behind.
    TurnBack {
        millis: u64,
    },
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let lease = prop_oneof![Just(0_u64), 1..20_u64];
    let two_days = 48 * 3_600_000;
    let long = prop_oneof![Just(two_days - 1), Just(two_days), Just(u64::MAX / 4)];
    let wait = prop_oneof![8 => 0..30_u64, 3 => long];
    let act = prop_oneof![
        5 => (0..OWNERS.len(), lease).prop_map(|(owner, lease)| Act::Claim { owner, lease }),
        2 => (0..3_usize, 0..400_000_000_u64).prop_map(|(back, keep)| Act::Commit { back, keep }),
        2 => (0..3_usize).prop_map(|back| Act::Release { back }),
        3 => wait.prop_map(|millis| Act::Wait { millis }),
        1 => (0..40_u64).prop_map(|millis| Act::TurnBack { millis }),
    ];
    vec(act, 1..60)
}

/// What an onlooker knows of the key, from the answers alone.
#[derive(Default)]
struct Ledger {
    tokens: Vec<Token>,
    holder: Option<(usize, Timestamp)>,
    done_until: Option<Timestamp>,
    attempts: u32,
}

impl Ledger {
    fn is_done(&self, now: Timestamp) -> bool {
        self.done_until.is_some_and(|until| now < until)
    }

    fn is_held(&self, now: Timestamp) -> bool {
        self.holder.is_some_and(|(_, until)| now < until)
    }

    fn token(&self, back: usize) -> Option<Token> {
        self.tokens.iter().rev().nth(back).copied()
    }

    fn claimed(
        &mut self,
        owner: usize,
        now: Timestamp,
        lease: Duration,
        answer: Claimed,
    ) -> Result<(), TestCaseError> {
        match answer {
            Claimed::Done => prop_assert!(self.is_done(now), "done, and nobody did it"),
            Claimed::Busy { retry_after } => {
                let (holder, until) = self.holder.expect("busy, and nobody holds it");
                prop_assert!(now < until && holder != owner && retry_after == until.saturating_since(now));
            }
            Claimed::Poisoned => {
                prop_assert!(self.attempts >= ALLOWED && !self.is_held(now) && !self.is_done(now));
            }
            Claimed::Acquired { token, attempt } if self.is_held(now) => {
                prop_assert_eq!(self.holder.map(|(holder, _)| holder), Some(owner), "two hold one key");
                prop_assert_eq!((Some(token), attempt), (self.token(0), self.attempts));
            }
            Claimed::Acquired { token, attempt } => {
                prop_assert!(!self.is_done(now), "done, and done again");
                prop_assert!(self.tokens.last().is_none_or(|last| *last < token), "tokens only grow");
                if self.done_until.take().is_some() {
                    self.attempts = 0;
                }
                self.attempts += 1;
                prop_assert!(attempt == self.attempts && attempt <= ALLOWED);
                self.tokens.push(token);
                self.holder = Some((owner, now.saturating_add(lease)));
            }
        }
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn one_holder_at_a_time_one_effect_and_an_end(acts in acts()) {
        let (mut claim, mut ledger, mut now) = (Claim::default(), Ledger::default(), Timestamp::default());
        for act in acts {
            let before = claim.clone();
            match act {
                Act::Wait { millis } => now = now.saturating_add(Duration::from_millis(millis)),
                Act::TurnBack { millis } => now = now.saturating_sub(Duration::from_millis(millis)),
                Act::Claim { owner, lease } => {
                    let lease = Duration::from_millis(lease);
                    let answer = claim.claim(OWNERS[owner], now, lease, ALLOWED);
                    ledger.claimed(owner, now, lease, answer)?;
                }
                Act::Commit { back, keep } => {
                    let Some(token) = ledger.token(back) else { continue };
                    let keep = Duration::from_millis(keep);
                    let told = claim.commit(token, now, keep);
                    let known = ledger.holder.is_some() || ledger.done_until.is_some();
                    prop_assert_eq!(told.is_ok(), back == 0 && known);
                    if told.is_ok() && ledger.holder.take().is_some() {
                        ledger.done_until = Some(now.saturating_add(keep.max(KEEP_MINIMUM)));
                    } else {
                        prop_assert_eq!(&claim, &before, "a lost lease changes nothing");
                    }
                }
                Act::Release { back } => {
                    let Some(token) = ledger.token(back) else { continue };
                    let told = claim.release(token);
                    prop_assert_eq!(told.is_ok(), back == 0 && ledger.holder.is_some());
                    if told.is_ok() {
                        ledger.holder = None;
                    } else {
                        prop_assert_eq!(&claim, &before, "a lost lease changes nothing");
                    }
                }
            }
        }
        let tokens: BTreeSet<Token> = ledger.tokens.iter().copied().collect();
        prop_assert_eq!(tokens.len(), ledger.tokens.len());
    }

    #[test]
    fn who_waits_as_long_as_told_is_not_told_to_wait_again(
        (lease, after) in (1..100_000_u64).prop_flat_map(|lease| (Just(lease), 0..lease)),
    ) {
        let mut claim = Claim::default();
        claim.claim("a", Timestamp::default(), Duration::from_millis(lease), ALLOWED);
        let now = Timestamp::from_unix_millis(after);
        let Claimed::Busy { retry_after } = claim.claim("b", now, Duration::from_secs(1), ALLOWED) else {
            return Err(TestCaseError::fail("the lease still lasts"));
        };
        prop_assert!(!retry_after.is_zero());
        let later = claim.claim("b", now.saturating_add(retry_after), Duration::from_secs(1), ALLOWED);
        let acquired = matches!(later, Claimed::Acquired { attempt: 2, .. });
        prop_assert!(acquired, "{later:?}");
    }

    #[test]
    fn an_expired_lease_is_never_absent_and_its_token_never_commits(
        leases in vec((prop_oneof![Just(0), 1..100_000_u64], prop_oneof![Just(0), 0..100_000_u64]), 1..8),
    ) {
        let (mut claim, mut now, mut tokens) = (Claim::default(), Timestamp::default(), Vec::new());
        for (attempt, (lease, after)) in (1..).zip(leases) {
            let answer = claim.claim("a", now, Duration::from_millis(lease), u32::MAX);
            let Claimed::Acquired { token, attempt: counted } = answer else {
                return Err(TestCaseError::fail(format!("{answer:?}")));
            };
            prop_assert_eq!(counted, attempt, "an attempt whose holder died is still an attempt");
            for old in &tokens {
                prop_assert!(claim.clone().commit(*old, now, KEEP_MINIMUM).is_err());
                prop_assert!(claim.clone().release(*old).is_err());
            }
            tokens.push(token);
            now = now.saturating_add(Duration::from_millis(lease + after));
        }
    }
}
