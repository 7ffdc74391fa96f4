//! `cargo xtask`: the one tool that builds, tests and measures everything in this repository.

mod bench;
mod build;
mod clauses;
mod command;
mod coverage;
mod debian;
mod differences;
mod docs;
mod fresh;
mod fuzz;
mod hookproof;
mod install;
mod markdown;
mod matrix;
mod mutants;
mod pages;
mod real_merchants;
mod runtimes;
mod test;

use std::env;
use std::process::ExitCode;

use command::Fallible;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match dispatch(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("xtask: {message}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(arguments: &[&str]) -> Fallible {
    match arguments {
        ["build"] => build::everything(),
        ["test"] => test::everything(),
        ["differences", rest @ ..] => differences::run(rest),
        ["docs", rest @ ..] => docs::run(rest),
        ["real-merchants", rest @ ..] => real_merchants::run(rest),
        ["soak", rest @ ..] => real_merchants::soak(rest),
        // Not for people: a run of the real merchants calls it.
        [real_merchants::KNOCK, address] => real_merchants::knock(address),
        ["runtimes", rest @ ..] => runtimes::run(rest),
        ["bench", "check", rest @ ..] => bench::check::run(rest),
        ["bench", "core"] => bench::core::run(),
        ["bench", "fleet", rest @ ..] => bench::fleet::run(rest),
        ["bench", "load", rest @ ..] => bench::load::run(rest),
        ["bench", "js", rest @ ..] => bench::js::run(rest),
        ["clauses", rest @ ..] => clauses::run(rest),
        ["fuzz", rest @ ..] => fuzz::run(rest),
        ["pages"] => pages::prove(),
        ["screenshots"] => pages::screenshots(),
        ["coverage"] => coverage::measure(),
        ["matrix", rest @ ..] => matrix::run(rest),
        ["mutants", rest @ ..] => mutants::run(rest),
        ["fresh"] => fresh::prove(),
        ["help" | "--help" | "-h"] => {
            print!("{USAGE}");
            Ok(())
        }
        [] => Err(format!("a command is missing\n\n{USAGE}")),
        _ => Err(format!("`{}` is not a command of xtask\n\n{USAGE}", arguments.join(" "))),
    }
}

const USAGE: &str = "\
usage: cargo xtask COMMAND

  build                               what is built for WebAssembly: core, suite, the npm package and the component
  test                                every test, in every language
  real-merchants [--update] [NAME...] hookproof check against the real merchants
  soak sound [--runs N] [--busy]      the sound ones among them 200 times or N, also with a core kept busy
  matrix [--update]                   every defect and sound variant under every check, as docs/matrix.md says
  mutants [FILE...]                   the suite's judgement changed in every place, and the tests that notice
  runtimes [--update] [NAME...]       the npm package on every runtime, packed and installed
  differences [--update]              our signature vectors, as the official SDKs judge them
  pages                               the HTML report in Chromium: opened, clicked, on a phone, without script
  screenshots                         pictures of it, as docs/screenshots has them
  docs [--update]                     the README's output is what the command prints
  bench check [--update]              what the command weighs, how soon it starts, and what a whole run takes
  bench core                          the core beside the crates that people use instead
  bench fleet [--update]              200 endpoints at once beside one of them alone
  bench load [--update]               hookproof load beside oha, and beside delays that are known
  bench js [--update | --soak]        the npm package beside the SDKs, or ten million times in one process
  clauses [--update]                  every clause has a test, or is open and may be
  clauses --break [CLAUSE...]         those tests fail when the promise is broken
  fuzz [--quick | --seconds N] [NAME...]
                                      the core under a fuzzer: 10 min a target, 30 s or N s
  fuzz --replay FILE NAME             one input again
  fuzz --minimise [NAME...]           the committed corpora, with what was found here
  coverage                            the lines of the core that its own tests run
  fresh                               the README's commands in a fresh clone with empty caches
";

#[cfg(test)]
mod tests {
    use super::dispatch;

    #[test]
    fn an_unknown_command_is_named_and_the_commands_are_listed() {
        let message = dispatch(&["bench", "nothing"]).unwrap_err();
        assert!(message.starts_with("`bench nothing` is not a command of xtask\n"), "{message}");
        assert!(message.contains("real-merchants [--update]"), "{message}");
    }
}
