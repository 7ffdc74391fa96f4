//! Every order in which two receivers can meet over one key, to the end of the state space.
//!
//! Four deliveries of one event, two receivers, two crashes, two ended leases, one lost reply at any step. The model drives the
//! crate's own [`Claim`], no copy of it. A variant whose receivers do not fence is refuted, with its trace.

mod world;

use hookproof_core::{Claim, Claimed, KEEP_DEFAULT};
use stateright::{Checker, Model, Property};

use self::world::{LEASE, Lives, MAX_ATTEMPTS, Receiver, Step, World};

/// How receivers work with the claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    /// Effect and commit are one transaction, and both happen or neither.
    Transactional,
    /// The effect comes first, the commit after it.
    Lease,
    /// As transactional, but whoever comes to the store last commits or releases whatever claim is there.
    Unfenced,
}

struct Receivers(Mode);

impl Model for Receivers {
    type State = World;
    type Action = Step;

    fn init_states(&self) -> Vec<World> {
        vec![World::default()]
    }

    fn actions(&self, world: &World, steps: &mut Vec<Step>) {
        for at in 0..world.receivers.len() {
            match &world.receivers[at] {
                Receiver::Idle if world.delivered < 4 => steps.push(Step::Deliver(at)),
                Receiver::Idle => {}
                Receiver::Received { .. } => steps.extend([Step::Claim(at), Step::LoseClaim(at)]),
                Receiver::Holds { effect, .. } => {
                    if self.0 == Mode::Lease && !effect {
                        steps.push(Step::Effect(at));
                    } else {
                        steps.extend([Step::Commit(at), Step::LoseCommit(at)]);
                    }
                    steps.push(Step::Release(at));
                }
            }
            if world.receivers[at] != Receiver::Idle {
                steps.push(Step::Crash(at));
            }
        }
        steps.push(Step::EndLease);
        steps.retain(|step| world.lives.allow(step));
    }

    fn next_state(&self, before: &World, step: Step) -> Option<World> {
        let mut world = before.clone();
        world.lives.spend(&step);
        match step {
            Step::Deliver(at) => {
                world.delivered += 1;
                world.receivers[at] = Receiver::Received { delivery: world.delivered };
            }
            Step::Claim(at) | Step::LoseClaim(at) => {
                let Receiver::Received { delivery } = world.receivers[at] else { return None };
                let claimed = world.claim.claim(&delivery.to_string(), world.now, LEASE, MAX_ATTEMPTS);
                if let Claimed::Acquired { token, .. } = claimed {
                    world.latest = token;
                }
                // Whoever did not hear the answer asks again, as the same owner.
                if step == Step::Claim(at) {
                    world.hear(at, claimed);
                }
            }
            Step::Effect(at) => {
                let Receiver::Holds { effect, .. } = &mut world.receivers[at] else { return None };
                *effect = true;
                world.effects += 1;
            }
            Step::Commit(at) | Step::LoseCommit(at) => {
                let Receiver::Holds { token, .. } = world.receivers[at] else { return None };
                let stale = token < world.latest;
                let shown = if self.0 == Mode::Unfenced { world.latest } else { token };
                let claim_before = world.claim.clone();
                let committed = world.claim.commit(shown, world.now, KEEP_DEFAULT).is_ok();
                world.stale_commit |= committed && stale && world.claim != claim_before;
                // The transaction has an effect where it changed the row, or where nothing guards the row.
                let first = world.claim != claim_before || self.0 == Mode::Unfenced;
                if committed && first && self.0 != Mode::Lease {
                    world.effects += 1;
                }
                if step == Step::Commit(at) {
                    world.acknowledged |= committed;
                    world.receivers[at] = Receiver::Idle;
                }
            }
            Step::Release(at) => {
                let Receiver::Holds { token, .. } = world.receivers[at] else { return None };
                let shown = if self.0 == Mode::Unfenced { world.latest } else { token };
                // A lease that was lost is told to the receiver, which answers 500 in either case.
                let _ = world.claim.release(shown);
                world.receivers[at] = Receiver::Idle;
            }
            Step::Crash(at) => world.receivers[at] = Receiver::Idle,
            Step::EndLease => world.now = world.now.saturating_add(LEASE),
        }
        Some(world)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        let mut properties = vec![
            Property::always("an acknowledged event had its effect", |_, world: &World| {
                !world.acknowledged || world.effects > 0
            }),
            Property::always("an old token never commits", |_, world: &World| !world.stale_commit),
            Property::always("a key has one live holder", |_, world: &World| world.live_holders() <= 1),
            Property::sometimes(
                "an event is acknowledged after a crash and an ended lease",
                |_, world: &World| {
                    world.acknowledged && world.lives.crashes == 0 && world.lives.lease_ends == 0
                },
            ),
        ];
        if self.0 != Mode::Lease {
            properties
                .push(Property::always("an event has one effect", |_, world: &World| world.effects <= 1));
        }
        properties
    }
}

#[test]
fn receivers_that_fence_lose_nothing_and_double_nothing() {
    for mode in [Mode::Transactional, Mode::Lease] {
        let checker = Receivers(mode).checker().spawn_bfs().join();
        println!("{mode:?}: {} states, to the end", checker.unique_state_count());
        assert!(checker.is_done());
        checker.assert_properties();
        assert!(checker.unique_state_count() > 10_000, "the state space is suspiciously small");
    }
}

#[test]
fn receivers_that_do_not_fence_are_refuted_with_a_trace() {
    let checker = Receivers(Mode::Unfenced).checker().spawn_bfs().join();
    for property in ["an old token never commits", "an event has one effect"] {
        let trace = checker.discovery(property).unwrap_or_else(|| panic!("not refuted: {property}"));
        println!("\"{property}\" does not hold:");
        for step in trace.into_actions() {
            println!("  {step:?}");
        }
    }
}

#[test]
fn a_claim_that_nobody_made_is_the_default() {
    assert_eq!(World::default().claim, Claim::default());
    assert_eq!(World::default().lives, Lives { crashes: 2, lease_ends: 2, lost_replies: 1 });
}
