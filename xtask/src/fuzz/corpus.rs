//! Where inputs are kept: the committed corpora, and what this machine has found.

use std::fs;
use std::path::{Path, PathBuf};

use super::fuzzer::Fuzzer;
use super::{Target, files, made, seeds};
use crate::command::{self, Fallible};

/// Inputs that are part of the repository; a test replays them.
pub(super) fn committed(target: Target) -> PathBuf {
    command::root().join("core/fuzz/corpus").join(target)
}

/// A folder for what fuzzing makes on this machine.
pub(super) fn folder(name: &str) -> PathBuf {
    command::target().join("fuzz").join(name)
}

/// Replaces the committed corpora by few inputs that cover all that the old ones, the seeds and this machine's do.
///
/// # Errors
///
/// When a merge fails or a corpus cannot be written.
pub(super) fn minimise(fuzzer: &Fuzzer, targets: &[Target]) -> Fallible {
    seeds::write(&folder("seeds"))?;
    for target in targets.iter().copied() {
        let chosen = folder("minimised").join(target);
        drop(fs::remove_dir_all(&chosen));
        let mut command = fuzzer.command("run");
        command.arg(target).arg(made(chosen.clone())?).arg(made(committed(target))?);
        for source in ["corpus", "seeds"] {
            command.arg(made(folder(source).join(target))?);
        }
        command.args(["--", "-set_cover_merge=1"]).arg(format!("-max_len={LONGEST}"));
        if !STATEFUL.contains(&target) {
            // Inputs that differ only in how often they take an edge would be many times as many.
            command.arg("-use_counters=0");
        }
        command::run_quietly(&mut command)?;
        let covering = files(&chosen);
        let chosen = affordable(&covering);
        println!("{target}: {} inputs of the {} that cover all", chosen.len(), covering.len());
        replace(&committed(target), &chosen)?;
    }
    Ok(())
}

/// The smallest inputs, as many as a repository should carry.
fn affordable(inputs: &[PathBuf]) -> Vec<PathBuf> {
    let sized = inputs.iter().filter_map(|file| Some((fs::metadata(file).ok()?.len(), file.clone())));
    let mut sized: Vec<(u64, PathBuf)> = sized.collect();
    sized.sort_unstable();
    let mut bytes = 0;
    let affordable = sized.into_iter().take(MOST_FILES).take_while(|(size, _)| {
        bytes += size;
        bytes <= MOST_BYTES
    });
    affordable.map(|(_, file)| file).collect()
}

fn replace(folder: &Path, chosen: &[PathBuf]) -> Fallible {
    let told = |error: std::io::Error| format!("cannot replace {}: {error}", folder.display());
    for old in files(folder) {
        fs::remove_file(old).map_err(told)?;
    }
    for file in chosen {
        fs::copy(file, folder.join(file.file_name().unwrap_or_default())).map_err(told)?;
    }
    Ok(())
}

/// Longer inputs reach nothing that shorter ones do not, and fill the repository.
const LONGEST: u32 = 1_024;

/// Targets whose inputs are sequences: few edges, and it is the order and the number that matter.
const STATEFUL: [Target; 2] = ["claim", "delivery"];

const MOST_FILES: usize = 300;
const MOST_BYTES: u64 = 100_000;
