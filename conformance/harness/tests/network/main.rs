//! Everything over real sockets on loopback, each server on a port of its own.

mod check;
mod delivery;
mod driver;
mod hostile;
mod load;
mod observer;
mod peer;
mod tls;
