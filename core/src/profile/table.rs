//! What a TOML file says, with the place of everything in it.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

use toml::de::{DeTable, DeValue};

use super::{ProfileError, ProfileFault, field::Field};

/// A place in the file, and the field that stands there.
#[derive(Clone, Debug)]
pub(super) struct Place<'s> {
    source: &'s str,
    offset: usize,
    path: String,
    field: Option<&'static Field>,
}

/// A value and its place.
#[derive(Clone, Debug)]
pub(super) struct Placed<'s, T> {
    pub(super) place: Place<'s>,
    pub(super) value: T,
}

/// A value as TOML has it.
pub(super) type Raw<'s> = Placed<'s, DeValue<'s>>;

/// A table of the file.
#[derive(Debug)]
pub(super) struct Table<'s> {
    place: Place<'s>,
    fields: Vec<(&'static Field, Raw<'s>)>,
}

impl<'s> Table<'s> {
    /// The whole file, which may have these fields.
    pub(super) fn parse(source: &'s str, known: &[&'static Field]) -> Result<Self, ProfileError> {
        let place = Place { source, offset: 0, path: String::new(), field: None };
        let (root, errors) = DeTable::parse_recoverable(source);
        let offset_of = |error: &toml::de::Error| error.span().map_or(0, |span| span.start);
        match errors.into_iter().min_by_key(offset_of) {
            None => Self::new(place, root.into_inner(), known),
            Some(first) => {
                let offset = offset_of(&first);
                Err(Place { offset, ..place }.refuse(ProfileFault::NotToml(first.message().to_string())))
            }
        }
    }

    fn new(place: Place<'s>, table: DeTable<'s>, known: &[&'static Field]) -> Result<Self, ProfileError> {
        let mut fields = Vec::new();
        let mut unknown: Option<Place<'s>> = None;
        for (name, value) in table {
            let at = |offset, field| place.member(name.get_ref(), offset, field);
            match known.iter().find(|field| field.name == name.get_ref()) {
                Some(field) => {
                    let place = at(value.span().start, Some(*field));
                    fields.push((*field, Placed { place, value: value.into_inner() }));
                }
                None if unknown.as_ref().is_some_and(|first| first.offset < name.span().start) => {}
                None => unknown = Some(at(name.span().start, None)),
            }
        }
        let table = Self { place, fields };
        match unknown {
            Some(place) => Err(place.unknown(known)),
            None => Ok(table),
        }
    }

    /// Where a field stands that is not yet taken.
    pub(super) fn place_of(&self, field: &Field) -> Option<Place<'s>> {
        let (_, value) = self.fields.iter().find(|(known, _)| known.name == field.name)?;
        Some(value.place.clone())
    }

    /// Takes a field that may be left out.
    pub(super) fn take(&mut self, field: &Field) -> Option<Raw<'s>> {
        let place = self.fields.iter().position(|(known, _)| known.name == field.name)?;
        Some(self.fields.swap_remove(place).1)
    }

    /// Takes a field that must be there.
    pub(super) fn need(&mut self, field: &'static Field) -> Result<Raw<'s>, ProfileError> {
        self.take(field).ok_or_else(|| self.lacks(field))
    }

    /// The error that a field must be there.
    pub(super) fn lacks(&self, field: &'static Field) -> ProfileError {
        let place = self.place.member(field.name, self.place.offset, Some(field));
        let example = place.example();
        place.refuse(ProfileFault::MissingField(example))
    }

    /// Refuses what is left, when only these fields may have been there.
    pub(super) fn finish(self, known: &[&'static Field]) -> Result<(), ProfileError> {
        let first = self.fields.into_iter().map(|(_, left)| left.place).min_by_key(|place| place.offset);
        first.map_or(Ok(()), |place| Err(place.unknown(known)))
    }
}

impl<'s> Place<'s> {
    /// The error that says what is wrong here.
    pub(super) fn refuse(self, fault: ProfileFault) -> ProfileError {
        let before = self.source.get(..self.offset).unwrap_or(self.source);
        let line = before.rsplit('\n').next().unwrap_or_default();
        let count = |number: usize| number.saturating_add(1);
        ProfileError {
            line: count(before.bytes().filter(|byte| *byte == b'\n').count()),
            column: count(line.chars().count()),
            field: self.path,
            fault,
        }
    }

    fn member(&self, name: &str, offset: usize, field: Option<&'static Field>) -> Self {
        let path = if self.path.is_empty() { name.to_string() } else { format!("{}.{name}", self.path) };
        Self { source: self.source, offset, path, field }
    }

    fn unknown(self, known: &[&'static Field]) -> ProfileError {
        let name = self.path.rsplit('.').next().unwrap_or_default();
        let known: Vec<&'static str> = known.iter().map(|field| field.name).collect();
        let meant = known.iter().copied().find(|field| is_slip(name, field));
        self.refuse(ProfileFault::UnknownField { meant, known })
    }

    fn example(&self) -> String {
        match self.field {
            Some(field) if field.example.starts_with("a table") => field.example.to_string(),
            Some(field) => format!("{} = {}", field.name, field.example),
            None => String::new(),
        }
    }
}

impl<'s> Raw<'s> {
    /// A text.
    pub(super) fn text(self) -> Result<Placed<'s, String>, ProfileError> {
        match self.value {
            DeValue::String(text) => Ok(Placed { place: self.place, value: text.into_owned() }),
            other => Err(Placed { place: self.place, value: other }.wrong_type()),
        }
    }

    /// A list.
    pub(super) fn list(self) -> Result<Placed<'s, Vec<Self>>, ProfileError> {
        let DeValue::Array(items) = self.value else { return Err(self.wrong_type()) };
        let place = self.place;
        let items = items.into_iter().enumerate().map(|(index, item)| {
            let path = format!("{}[{index}]", place.path);
            let place = Place { offset: item.span().start, path, ..place.clone() };
            Placed { place, value: item.into_inner() }
        });
        let value = items.collect();
        Ok(Placed { place, value })
    }

    /// A table that may have these fields.
    pub(super) fn table(self, known: &[&'static Field]) -> Result<Table<'s>, ProfileError> {
        match self.value {
            DeValue::Table(table) => Table::new(self.place, table, known),
            other => Err(Placed { place: self.place, value: other }.wrong_type()),
        }
    }

    /// The error that says what would be the right type.
    pub(super) fn wrong_type(self) -> ProfileError {
        let found = match self.value {
            DeValue::String(_) => "a text",
            DeValue::Integer(_) => "a whole number",
            DeValue::Float(_) => "a number",
            DeValue::Boolean(_) => "true or false",
            DeValue::Datetime(_) => "a date",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a table",
        };
        let example = self.place.example();
        self.place.refuse(ProfileFault::WrongType { found, example })
    }
}

impl<'s, T> Placed<'s, T> {
    /// The error that says what is wrong with this value.
    pub(super) fn refuse(self, fault: ProfileFault) -> ProfileError {
        self.place.refuse(fault)
    }

    /// The same place with another value, or the error that it is not one.
    pub(super) fn try_map<U>(
        self,
        read: impl FnOnce(T) -> Result<U, ProfileFault>,
    ) -> Result<Placed<'s, U>, ProfileError> {
        match read(self.value) {
            Ok(value) => Ok(Placed { place: self.place, value }),
            Err(fault) => Err(self.place.refuse(fault)),
        }
    }
}

/// Whether a name is a slip of the pen for `right`: another case or separator, one letter more, less or other, two
/// letters that changed places.
fn is_slip(name: &str, right: &str) -> bool {
    let plain = |text: &str| -> String {
        text.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
    };
    let (name, right) = (plain(name), plain(right));
    let same = name.bytes().zip(right.bytes()).take_while(|(one, other)| one == other).count();
    let same_behind =
        name.bytes().rev().zip(right.bytes().rev()).take_while(|(one, other)| one == other).count();
    let longer = name.len().max(right.len());
    let sorted = |text: &str| {
        let mut letters: Vec<u8> = text.bytes().collect();
        letters.sort_unstable();
        letters
    };
    // Two letters that changed places are two that differ.
    let slips = if sorted(&name) == sorted(&right) { 2 } else { 1 };
    name == right || longer > 2 && longer <= same.saturating_add(same_behind).saturating_add(slips)
}
