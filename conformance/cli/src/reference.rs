//! `docs/reference.md`: every option, exit status and variable, and the members of the JSON reports, as the code and the
//! schemas have them.

use std::{env, fmt::Write, fs, path::Path};

use clap::{Arg, CommandFactory};
use serde_json::Value;

use crate::{args::Args, environment, exit::Status};

#[test]
fn the_reference_is_what_the_code_says() {
    let (path, page) = (root().join("docs/reference.md"), page());
    if env::var_os("HOOKPROOF_UPDATE").is_some() {
        fs::write(&path, &page).expect("it can be written");
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    let unlike = written.lines().zip(page.lines()).find(|(written, made)| written != made);
    assert!(
        written == page,
        "docs/reference.md is not current; `cargo xtask docs --update` makes it: {unlike:#?}"
    );
}

fn page() -> String {
    let mut page = String::from(INTRODUCTION);
    page.push_str("\n## Exit status\n\n| status | meaning |\n| ---: | --- |\n");
    for status in Status::ALL {
        put(&mut page, &format!("| {} | {} |", status.code(), status.meaning()));
    }
    page.push_str("\n## Environment\n\n| variable | meaning |\n| --- | --- |\n");
    for (name, meaning) in environment::ALL {
        put(&mut page, &format!("| `{name}` | {} |", cell(meaning)));
    }
    let mut root = Args::command();
    root.build();
    page.push_str("\n## Commands\n");
    commands(&root, &mut page);
    page.push_str("\n## Reports as JSON\n");
    for (title, file) in SCHEMAS {
        schema(title, file, &mut page);
    }
    page
}

/// Each subcommand with its arguments, and those under it.
fn commands(command: &clap::Command, page: &mut String) {
    for command in command.get_subcommands().filter(|command| command.get_name() != "help") {
        let name = command.get_bin_name().unwrap_or_else(|| command.get_name());
        let about = command.get_about().map(ToString::to_string).unwrap_or_default();
        put(page, &format!("\n### `{name}`\n\n{}.", capital(&about)));
        let arguments: Vec<&Arg> = command.get_arguments().filter(|argument| is_own(argument)).collect();
        if !arguments.is_empty() {
            page.push_str("\n| argument | default | meaning |\n| --- | --- | --- |\n");
        }
        for argument in arguments {
            let default =
                argument.get_default_values().iter().filter(|_| argument.get_action().takes_values());
            let default: Vec<_> = default.map(|value| format!("`{}`", value.to_string_lossy())).collect();
            let default = default.join(", ");
            let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
            put(page, &format!("| `{}` | {default} | {} |", cell(&shown(argument)), cell(&help)));
        }
        commands(command, page);
    }
}

/// Whether it is ours: help and version are everywhere.
fn is_own(argument: &Arg) -> bool {
    !matches!(argument.get_id().as_str(), "help" | "version") && !argument.is_hide_set()
}

/// As on a command line: `--jobs N`, `[URL]`.
fn shown(argument: &Arg) -> String {
    let values: Vec<&str> =
        argument.get_value_names().into_iter().flatten().map(clap::builder::Str::as_str).collect();
    let value = if argument.get_action().takes_values() { values.join(" ") } else { String::new() };
    match argument.get_long() {
        Some(long) => format!("--{long} {value}").trim_end().to_owned(),
        None if argument.is_required_set() => value,
        None => format!("[{value}]"),
    }
}

/// The members of a report, by their paths.
fn schema(title: &str, file: &str, page: &mut String) {
    let text = fs::read_to_string(root().join(file)).expect("the schema is there");
    let whole: Value = serde_json::from_str(&text).expect("the schema is JSON");
    put(page, &format!("\n### {title}\n\nIts schema is [`{file}`](../{file}).\n"));
    page.push_str("| member | type | meaning |\n| --- | --- | --- |\n");
    members(&whole, &whole, "", page);
}

fn members(whole: &Value, of: &Value, path: &str, page: &mut String) {
    for (name, member) in of["properties"].as_object().into_iter().flatten() {
        let target = target(whole, member);
        let at = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        let said = [member, target].into_iter().find_map(|schema| schema["description"].as_str());
        put(page, &format!("| `{at}` | {} | {} |", kind(target), cell(said.unwrap_or_default())));
        members(whole, target, &at, page);
        members(whole, self::target(whole, &target["items"]), &format!("{at}[]"), page);
    }
}

/// What a reference leads to.
fn target<'a>(whole: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"].as_str().and_then(|pointer| whole.pointer(pointer.trim_start_matches('#'))) {
        Some(target) => target,
        None => schema,
    }
}

fn kind(schema: &Value) -> String {
    let values = |list: &Value| {
        let all: Vec<String> =
            list.as_array().into_iter().flatten().map(|value| format!("`{value}`")).collect();
        all.join(", ")
    };
    match schema {
        Value::Object(schema) if schema.contains_key("const") => format!("`{}`", schema["const"]),
        Value::Object(schema) if schema.contains_key("enum") => values(&schema["enum"]),
        _ => match &schema["type"] {
            Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" or "),
            // Another file's.
            _ if schema["$ref"].is_string() => "object".to_owned(),
            kind => kind.as_str().unwrap_or("any").to_owned(),
        },
    }
}

fn put(page: &mut String, line: &str) {
    writeln!(page, "{line}").expect("a string takes every text");
}

/// A text that stays in its cell.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ").replace('<', "&lt;")
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

const SCHEMAS: [(&str, &str); 3] = [
    ("One endpoint", "fixtures/schema/report.json"),
    ("A fleet", "fixtures/schema/fleet.json"),
    ("Load", "fixtures/schema/load.json"),
];

const INTRODUCTION: &str = "\
# Reference

Everything that the command `hookproof` takes and gives. This page is made from the code by `cargo xtask docs --update`, and
the tests hold that it is current. `hookproof COMMAND --help` says the same at a desk, and so do `hookproof man` and the scripts of
`hookproof completions`.
";
