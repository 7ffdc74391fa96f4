//! Endpoints that bite: the command itself against each row of `fixtures/hostile/endpoints.json`, one test a row.
//!
//! What is due stands in the fixture: the verdict, the exit status, what the endpoint received, and words of what the
//! tool says. `docs/hostile-endpoints.md` is made of the same table, so the page says what these tests assert.

mod answers;
#[expect(dead_code, reason = "the tests of the command use all of it")]
#[path = "../command/call.rs"]
mod call;
mod certificate;
mod connection;
mod effects;
mod endpoint;
#[expect(dead_code, reason = "the tests of the command use all of it")]
#[path = "../command/folder.rs"]
mod folder;
mod framing;
mod load;
mod memory;
mod page;
mod process;
mod row;
mod tls;
mod urls;
