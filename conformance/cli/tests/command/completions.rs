//! What shells and readers of manuals install.

use std::{fs, process::Stdio};

use tokio::process::Command;

use crate::{call::hookproof, folder::Folder};

#[tokio::test]
async fn every_shell_completes_every_subcommand() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let ended = hookproof(["completions", shell]).run().await.exits(0);
        for word in ["check", "rehearse", "effects-listen", "known-failing"] {
            assert!(ended.out.contains(word), "{shell}: {word}");
        }
        assert_eq!(ended.err, "");
    }
    hookproof(["completions", "tcsh"]).run().await.refuses(&["bash", "zsh"]);
}

#[tokio::test]
async fn a_shell_takes_its_script() {
    let script = hookproof(["completions", "bash"]).run().await.exits(0).out;
    let folder = Folder::new("completions");
    let path = folder.with("hookproof.bash", script);
    let complete = format!(
        "source {path}; COMP_WORDS=(hookproof che); COMP_CWORD=1; _hookproof hookproof che hookproof; echo ${{COMPREPLY[@]}}"
    );
    let mut bash = Command::new("bash");
    let output = bash.args(["-c", &complete]).stderr(Stdio::piped()).output().await.expect("bash is there");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "check\n");
}

#[tokio::test]
async fn a_manual_page_tells_options_statuses_and_variables() {
    let page = hookproof(["man"]).run().await.exits(0).out;
    for words in [".TH hookproof 1", "hookproof\\-check(1)", "Exit status:", "130", "HOOKPROOF_SECRET"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let folder = Folder::new("man");
    let into = folder.file("man1");
    hookproof(["man", &into]).run().await.exits(0);
    let page = fs::read_to_string(format!("{into}/hookproof-check.1")).expect("it was written");
    assert!(page.contains("\\-\\-effects\\-listen"), "{page}");
    assert!(fs::exists(format!("{into}/hookproof-profile-show.1")).unwrap());

    let file = folder.with("file", "");
    let ended = hookproof(["man", &file]).run().await.exits(4);
    assert!(ended.err.contains("cannot be written"), "{}", ended.err);
}
