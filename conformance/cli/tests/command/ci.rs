//! The files that others copy into their CI.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use hookproof_conformance::merchant::Defect;
use tokio::process::Command;
use yaml_rust2::{Yaml, YamlLoader};

use crate::{
    call::SECRET,
    endpoint::{flawed, sound},
    folder::Folder,
};

/// A file of the repository, read as YAML.
fn yaml(path: &str) -> Yaml {
    let text = fs::read_to_string(root().join(path)).expect("it is there");
    YamlLoader::load_from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}")).remove(0)
}

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// A shell in this folder that finds our command, and the endpoint's secret.
fn bash(folder: &Folder) -> Command {
    let own = Path::new(env!("CARGO_BIN_EXE_hookproof")).parent().expect("it is in a folder").to_owned();
    let path = env::var_os("PATH").unwrap_or_default();
    let all: Vec<PathBuf> = [own].into_iter().chain(env::split_paths(&path)).collect();
    let mut bash = Command::new("bash");
    bash.current_dir(folder.path()).env("PATH", env::join_paths(all).expect("they can be joined"));
    bash.env("HOOKPROOF_SECRET", SECRET).env("NO_COLOR", "1");
    bash
}

/// The action's step, with these arguments, one a line; its exit status, and the summary of the job.
async fn action(folder: &Folder, url: &str, arguments: &str) -> (Option<i32>, String) {
    let inputs = yaml(".github/actions/check/action.yml");
    let default = |name: &str| inputs["inputs"][name]["default"].as_str().expect("it has one").to_owned();
    let summary = folder.with("summary.md", "before\n");
    let mut bash = bash(folder);
    bash.arg(root().join(".github/actions/check/check.sh"));
    bash.env("URL", url).env("ARGUMENTS", arguments).env("GITHUB_STEP_SUMMARY", &summary);
    for name in ["provider", "wait", "reports"] {
        bash.env(name.to_uppercase(), default(name));
    }
    let output = bash.output().await.expect("bash is there");
    assert!(!String::from_utf8_lossy(&output.stderr).contains("unbound"), "{output:?}");
    (output.status.code(), fs::read_to_string(summary).expect("it is there"))
}

const FEW: &str = "--only\n\nduplicate/sequential,tls/*\n";

#[tokio::test]
async fn the_action_puts_its_report_into_the_summary_and_keeps_the_others() {
    let folder = Folder::new("action");
    let shop = sound(None);
    let (status, summary) = action(&folder, &shop.url(), FEW).await;
    assert_eq!(status, Some(0), "{summary}");
    assert!(summary.starts_with("before\n") && summary.contains("duplicate/sequential"), "{summary}");
    for kind in ["md", "xml", "html", "json"] {
        let report = folder.path().join(format!("hookproof-reports/hookproof.{kind}"));
        assert!(report.exists(), "{}", report.display());
    }
}

#[tokio::test]
async fn the_action_ends_as_the_command_does() {
    let folder = Folder::new("action-fails");
    let shop = flawed(Defect::Redirects, None);
    let (status, summary) = action(&folder, &shop.url(), "--only\nacknowledge/*").await;
    assert_eq!(status, Some(1));
    assert!(summary.contains("acknowledge/no-redirect"), "{summary}");

    let folder = Folder::new("action-wrong");
    let (status, summary) = action(&folder, &shop.url(), "--only\nduplicate/sequentia").await;
    assert_eq!((status, summary.as_str()), (Some(2), "before\n"));
}

#[test]
fn the_action_gives_its_script_every_input() {
    let action = yaml(".github/actions/check/action.yml");
    let step = &action["runs"]["steps"][1];
    let script = fs::read_to_string(root().join(".github/actions/check/check.sh")).unwrap();
    for (name, _) in action["inputs"].as_hash().expect("it has inputs") {
        let name = name.as_str().expect("a name");
        let variable = if name == "secret" { "HOOKPROOF_SECRET".to_owned() } else { name.to_uppercase() };
        let given = step["env"][variable.as_str()].as_str().unwrap_or_else(|| panic!("{name} is not given"));
        assert_eq!(given, format!("${{{{ inputs.{name} }}}}"));
        assert!(name == "secret" || script.contains(&format!("${variable}")), "{variable}");
    }
    let workflow = yaml("docs/ci/github.yml");
    let with = workflow["jobs"]["webhooks"]["steps"][2]["with"].as_hash().expect("it gives inputs").clone();
    assert!(with.keys().all(|name| !action["inputs"][name.as_str().unwrap()].is_badvalue()), "{with:?}");
}

#[tokio::test]
async fn the_job_for_gitlab_is_a_call_that_works() {
    let job = &yaml("docs/ci/gitlab.yml")["webhooks"];
    let script: Vec<&str> =
        job["script"].as_vec().unwrap().iter().map(|line| line.as_str().unwrap()).collect();
    let [_, prepare, check] = script[..] else { panic!("{script:?}") };
    let folder = Folder::new("gitlab");
    let shop = sound(None);
    let line = format!("{prepare} && {check} --only duplicate/sequential");
    let mut bash = bash(&folder);
    let output =
        bash.args(["-c", &line]).env("WEBHOOK_URL", shop.url()).output().await.expect("bash is there");
    assert!(output.status.success(), "{output:?}");
    let report = job["artifacts"]["reports"]["junit"].as_str().expect("it has one");
    assert!(folder.path().join(report).exists());
}
