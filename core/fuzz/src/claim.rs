//! One key, three owners and a clock that jumps: every answer is what a list of all grants says.

use arbitrary::{Arbitrary, Unstructured};
use hookproof_core::{Claim, Claimed, KEEP_MINIMUM, Timestamp, Token};

use super::span::Span;

/// Any operations on one key.
pub fn claim(data: &[u8]) {
    let Ok(Life { allowed, acts }) = Life::arbitrary_take_rest(Unstructured::new(data)) else { return };
    let (mut claim, mut grants, mut now) = (Claim::default(), Grants(Vec::new()), Timestamp::default());
    for act in acts {
        let before = claim.clone();
        match act {
            Act::Wait(span) => now = now.saturating_add(span.duration()),
            Act::TurnBack(span) => now = now.saturating_sub(span.duration()),
            Act::Claim { owner, lease } => {
                let owner = OWNERS[usize::from(owner) % OWNERS.len()];
                let until = now.saturating_add(lease.duration());
                let answer = claim.claim(owner, now, lease.duration(), allowed.into());
                assert_eq!(answer, grants.claim(owner, now, until, allowed.into()));
                if let Claimed::Busy { .. } | Claimed::Done = answer {
                    assert_eq!(claim, before, "who is turned away changes nothing");
                }
            }
            Act::Commit { token, keep } => {
                let until = now.saturating_add(keep.duration().max(KEEP_MINIMUM));
                let held = grants.commit(Token(token.into()), until);
                assert_eq!(claim.commit(Token(token.into()), now, keep.duration()).is_ok(), held);
                assert!(held || claim == before, "an old token changes nothing");
            }
            Act::Release { token } => {
                let held = grants.release(Token(token.into()));
                assert_eq!(claim.release(Token(token.into())).is_ok(), held);
                assert!(held || claim == before, "an old token changes nothing");
            }
        }
    }
    #[cfg(feature = "serde")]
    super::saved::outlives_the_process(&claim);
}

#[derive(Arbitrary, Debug)]
struct Life {
    allowed: u8,
    acts: Vec<Act>,
}

#[derive(Arbitrary, Debug)]
enum Act {
    Wait(Span),
    TurnBack(Span),
    Claim { owner: u8, lease: Span },
    Commit { token: u8, keep: Span },
    Release { token: u8 },
}

/// Every acquisition that there ever was, first to last; the place is the token.
struct Grants(Vec<Grant>);

struct Grant {
    owner: &'static str,
    until: Timestamp,
    end: End,
}

#[derive(Clone, Copy, PartialEq)]
enum End {
    Open,
    Released,
    Done(Timestamp),
}

impl Grants {
    fn claim(&mut self, owner: &'static str, now: Timestamp, until: Timestamp, allowed: u32) -> Claimed {
        match self.0.last() {
            Some(Grant { end: End::Done(until), .. }) if now < *until => return Claimed::Done,
            Some(last) if last.end == End::Open && now < last.until => {
                return if last.owner == owner {
                    Claimed::Acquired { token: self.latest(), attempt: self.attempts() }
                } else {
                    Claimed::Busy { retry_after: last.until.saturating_since(now) }
                };
            }
            _ => {}
        }
        if self.attempts() >= allowed {
            return Claimed::Poisoned;
        }
        self.0.push(Grant { owner, until, end: End::Open });
        Claimed::Acquired { token: self.latest(), attempt: self.attempts() }
    }

    fn commit(&mut self, token: Token, until: Timestamp) -> bool {
        match self.holding(token) {
            Some(grant) if grant.end == End::Open => {
                grant.end = End::Done(until);
                true
            }
            grant => grant.is_some_and(|grant| grant.end != End::Released),
        }
    }

    fn release(&mut self, token: Token) -> bool {
        let held = self.holding(token).filter(|grant| grant.end == End::Open);
        held.map(|grant| grant.end = End::Released).is_some()
    }

    /// The latest grant, if this is its token.
    fn holding(&mut self, token: Token) -> Option<&mut Grant> {
        if token == self.latest() { self.0.last_mut() } else { None }
    }

    fn latest(&self) -> Token {
        Token(self.0.len() as u64)
    }

    /// How often the event was begun since it was last done.
    fn attempts(&self) -> u32 {
        let begun = self.0.iter().rev().take_while(|grant| !matches!(grant.end, End::Done(_)));
        u32::try_from(begun.count()).unwrap_or(u32::MAX)
    }
}

const OWNERS: [&str; 3] = ["a", "b", "c"];
