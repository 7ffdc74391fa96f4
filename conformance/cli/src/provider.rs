//! Whose webhooks a call is about: a built-in provider, or one that a file describes.

use std::{fs, path::Path};

use hookproof_core::Provider;

use crate::{args::ProviderArg, exit::Error};

/// The provider that a call names.
pub(crate) fn find(args: &ProviderArg) -> Result<Provider, Error> {
    match &args.profile {
        Some(path) => read(path),
        None => built_in(&args.name).cloned(),
    }
}

/// The built-in provider of this name.
pub(crate) fn built_in(name: &str) -> Result<&'static Provider, Error> {
    Provider::built_in(name).ok_or_else(|| {
        let names: Vec<&str> = Provider::BUILT_IN.iter().map(|provider| provider.name.as_ref()).collect();
        Error::Usage(format!(
            "there is no provider \"{}\"; there are {}",
            name.escape_debug(),
            names.join(", ")
        ))
    })
}

/// The provider of a profile. An error begins as a compiler's does, so that editors find the line.
fn read(path: &Path) -> Result<Provider, Error> {
    let shown = path.display();
    let bytes = fs::read(path)
        .map_err(|error| Error::Usage(format!("--profile: {shown} cannot be read: {error}")))?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let sound = error.as_bytes().get(..error.utf8_error().valid_up_to()).unwrap_or_default();
        let line = 1 + sound.iter().filter(|byte| **byte == b'\n').count();
        Error::Usage(format!("{shown}:{line}: the file is not UTF-8 text"))
    })?;
    Provider::from_toml(&text).map_err(|error| {
        let field = if error.field.is_empty() { String::new() } else { format!(" {}:", error.field) };
        Error::Usage(format!("{shown}:{}:{field} {}", error.line, error.fault))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_provider_is_told_which_there_are() {
        let error = built_in("paypal").expect_err("there is none").to_string();
        assert_eq!(
            error,
            "there is no provider \"paypal\"; there are turratech, turnstay, standard-webhooks, stripe, github"
        );
    }
}
