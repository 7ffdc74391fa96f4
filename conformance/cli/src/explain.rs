//! `hookproof explain CHECK`

use hookproof_suite::CATALOGUE;

use crate::{
    args::ExplainArgs,
    exit::{Error, Status},
    terminal,
};

pub(crate) fn run(args: &ExplainArgs) -> Result<Status, Error> {
    let check = CATALOGUE.iter().find(|check| check.id == args.check).ok_or_else(|| {
        let alike: Vec<&str> = CATALOGUE
            .iter()
            .map(|check| check.id)
            .filter(|id| {
                id.split('/').any(|part| args.check.split('/').any(|word| !word.is_empty() && part == word))
            })
            .collect();
        let hint = if alike.is_empty() {
            "`hookproof list` names them all".to_owned()
        } else {
            format!("there is {}", alike.join(", "))
        };
        Error::Usage(format!("there is no check \"{}\"; {hint}", args.check))
    })?;
    terminal::print(check.explain)
}
