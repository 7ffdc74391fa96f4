//! JSON values that remember every member of an object, in order, as `serde_json` reads them.

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, SeqAccess, Visitor},
};
use serde_json::Number;

/// A JSON value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Tree {
    Null,
    Bool(bool),
    Number(Number),
    Text(String),
    Array(Vec<Tree>),
    Object(Vec<(String, Tree)>),
}

impl Tree {
    /// As `serde_json` reads it, without its limit on nesting.
    ///
    /// # Errors
    ///
    /// When `serde_json` takes it for no JSON.
    pub(super) fn read(json: &[u8]) -> serde_json::Result<Self> {
        let mut reader = serde_json::Deserializer::from_slice(json);
        reader.disable_recursion_limit();
        let tree = Self::deserialize(&mut reader)?;
        reader.end()?;
        Ok(tree)
    }

    /// The value at a JSON pointer; of two members of one name the last.
    pub(super) fn at(&self, pointer: &str) -> Option<&Self> {
        let mut tree = self;
        for token in pointer.split('/').skip(1) {
            tree = match tree {
                Self::Object(members) => {
                    let name = token.replace("~1", "/").replace("~0", "~");
                    members.iter().rev().find(|(other, _)| *other == name).map(|(_, value)| value)?
                }
                Self::Array(elements) => {
                    let place: usize = token.parse().ok()?;
                    elements.get(place).filter(|_| place.to_string() == token)?
                }
                _ => return None,
            };
        }
        Some(tree)
    }

    /// The pointer to every value, also to those that a later member of the same name hides.
    pub(super) fn pointers(&self) -> Vec<String> {
        let mut found = vec![(String::new(), self)];
        let mut next = 0;
        while let Some((pointer, tree)) = found.get(next).cloned() {
            next += 1;
            match tree {
                Self::Array(elements) => {
                    let places = elements.iter().enumerate();
                    found.extend(places.map(|(place, element)| (format!("{pointer}/{place}"), element)));
                }
                Self::Object(members) => {
                    let token = |name: &str| name.replace('~', "~0").replace('/', "~1");
                    let places = members.iter();
                    found.extend(places.map(|(name, value)| (format!("{pointer}/{}", token(name)), value)));
                }
                _ => {}
            }
        }
        found.into_iter().map(|(pointer, _)| pointer).collect()
    }

    /// Whether a name stands twice in this object.
    pub(super) fn repeats_a_name(&self) -> bool {
        let Self::Object(members) = self else { return false };
        members.iter().enumerate().any(|(at, (name, _))| members[..at].iter().any(|(other, _)| other == name))
    }

    /// Every number, first to last.
    pub(super) fn numbers(&self) -> Vec<&Number> {
        match self {
            Self::Number(number) => vec![number],
            Self::Array(elements) => elements.iter().flat_map(Self::numbers).collect(),
            Self::Object(members) => members.iter().flat_map(|(_, value)| value.numbers()).collect(),
            _ => Vec::new(),
        }
    }

    pub(super) fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Tree;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Tree, E> {
        Ok(Tree::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Tree, E> {
        Ok(Tree::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Tree, E> {
        Ok(Tree::Number(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Tree, E> {
        Ok(Tree::Number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Tree, E> {
        Ok(Number::from_f64(value).map_or(Tree::Null, Tree::Number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Tree, E> {
        Ok(Tree::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Tree, A::Error> {
        let mut found = Vec::new();
        while let Some(element) = elements.next_element()? {
            found.push(element);
        }
        Ok(Tree::Array(found))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Tree, A::Error> {
        let mut found = Vec::new();
        while let Some(member) = members.next_entry()? {
            found.push(member);
        }
        Ok(Tree::Object(found))
    }
}
