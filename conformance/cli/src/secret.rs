//! Where the endpoint's secret comes from: a file, the environment, a prompt, or (with a warning) the command line.

use std::{env, fs, io::IsTerminal};

use hookproof_core::{Provider, Secret};

use crate::{args::SecretArgs, environment::SECRET as VARIABLE, exit::Error, terminal};

/// The secret and its text, which reports must not show; nothing where the provider does not sign.
pub(crate) fn find(args: &SecretArgs, provider: &Provider) -> Result<Option<(Secret, String)>, Error> {
    if !provider.is_signed() {
        return Ok(None);
    }
    let (text, source) = text(args, provider)?;
    let secret = Secret::new(&text).map_err(|error| Error::Usage(format!("the secret {source} {error}")))?;
    Ok(Some((secret, text)))
}

/// The text of the secret as it is configured, and where that is.
pub(crate) fn text(args: &SecretArgs, provider: &Provider) -> Result<(String, String), Error> {
    if let Some(path) = &args.secret_file {
        let shown = path.display();
        let text = fs::read_to_string(path)
            .map_err(|error| Error::Usage(format!("the secret's file {shown} cannot be read: {error}")))?;
        let trimmed = text.strip_suffix('\n').map(|text| text.strip_suffix('\r').unwrap_or(text));
        if trimmed.is_some() {
            terminal::say(&format!("one newline at the end of {shown} is not part of the secret"));
        }
        return Ok((trimmed.unwrap_or(&text).to_owned(), format!("in {shown}")));
    }
    if let Some(text) = &args.secret {
        terminal::say("--secret shows the secret to everyone on this machine; HOOKPROOF_SECRET does not");
        return Ok((text.clone(), "given with --secret".to_owned()));
    }
    let variable = args.secret_env.as_deref().unwrap_or(VARIABLE);
    if let Some(value) = env::var_os(variable) {
        let text = value.into_string().map_err(|_| Error::Usage(format!("{variable} is not UTF-8")))?;
        return Ok((text, format!("in {variable}")));
    }
    if args.secret_env.is_some() {
        return Err(Error::Usage(format!(
            "the environment has no {variable}, in which the secret should be"
        )));
    }
    if args.unattended {
        return Err(Error::Usage(format!(
            "{} signs its deliveries, so the endpoint's secret is needed: name secret_env or secret_file, or set {VARIABLE}",
            provider.title
        )));
    }
    if !std::io::stdin().is_terminal() {
        return Err(Error::Usage(format!(
            "{} signs its deliveries, so the endpoint's secret is needed: set {VARIABLE} or use --secret-file",
            provider.title
        )));
    }
    let text = rpassword::prompt_password(format!("{}'s secret of this endpoint: ", provider.title))
        .map_err(|error| Error::Tool(format!("the secret could not be asked for: {error}")))?;
    Ok((text, "typed in".to_owned()))
}
