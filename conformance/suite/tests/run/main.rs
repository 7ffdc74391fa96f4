//! The run, from the first event to the last verdict, against endpoints that are closures.

mod counting;
mod driver;
mod evidence;
mod life;
mod order;
mod preparing;
mod property;
mod warnings;
