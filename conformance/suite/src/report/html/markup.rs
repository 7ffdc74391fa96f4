//! HTML and SVG under construction.
//!
//! Names of elements and attributes are ours, and the type says so (`&'static str`); everything else goes through
//! the one function that escapes. So nothing that an endpoint said can become markup, and no caller has to think of it.

use alloc::{
    format,
    string::{String, ToString},
};
use core::fmt::Display;

use crate::report::visible::is_unseen;

/// Elements and texts, in order.
#[derive(Debug, Default)]
pub struct Markup(String);

/// The beginning of an element.
#[derive(Debug)]
pub struct Tag {
    name: &'static str,
    text: String,
}

/// The beginning of an element of this name.
pub fn tag(name: &'static str) -> Tag {
    Tag { name, text: format!("<{name}") }
}

impl Tag {
    /// Adds an attribute. The value is made visible, as texts are, and stays one value whatever it is.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Display) -> Self {
        self.text.push(' ');
        self.text.push_str(name);
        self.text.push_str("=\"");
        for letter in value.to_string().chars() {
            match escape(letter) {
                Some(entity) => self.text.push_str(entity),
                None if is_unseen(letter) => self.text.extend(letter.escape_default()),
                None => self.text.push(letter),
            }
        }
        self.text.push('"');
        self
    }

    /// Adds the attribute `class`.
    #[must_use]
    pub fn class(self, names: &'static str) -> Self {
        self.with("class", names)
    }

    /// Adds an attribute that is either there or not, if `present`.
    #[must_use]
    pub fn flag(self, name: &'static str, present: bool) -> Self {
        if present { self.with(name, "") } else { self }
    }
}

impl Markup {
    /// An element with whatever is put inside.
    pub fn put(&mut self, tag: Tag, inside: impl FnOnce(&mut Self)) {
        let Tag { name, text } = tag;
        self.0.push_str(&text);
        self.0.push('>');
        inside(self);
        self.0.push_str("</");
        self.0.push_str(name);
        self.0.push('>');
    }

    /// An element with a text in it.
    pub fn say(&mut self, tag: Tag, text: impl Display) {
        self.put(tag, |inside| inside.text(&text.to_string()));
    }

    /// An element that has nothing inside.
    pub fn void(&mut self, tag: Tag) {
        let Tag { text, .. } = tag;
        self.0.push_str(&text);
        self.0.push_str("/>");
    }

    /// A text on one line. What cannot be seen is spelled out, and marked as spelled.
    pub fn text(&mut self, text: &str) {
        self.escaped(text, |_| false);
    }

    /// A text in which newlines and tabs stay what they are.
    pub fn lines(&mut self, text: &str) {
        self.escaped(text, |letter| matches!(letter, '\n' | '\t'));
    }

    /// A style sheet or script of ours, as it is.
    pub fn asset(&mut self, text: &'static str) {
        self.0.push_str(text);
    }

    /// What was made elsewhere.
    pub fn append(&mut self, other: &Self) {
        self.0.push_str(&other.0);
    }

    /// How long it is by now, in bytes.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether nothing was written.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn escaped(&mut self, text: &str, stays: impl Fn(char) -> bool) {
        let mut odd = false;
        for letter in text.chars() {
            let spell = is_unseen(letter) && !stays(letter);
            if spell != odd {
                self.0.push_str(if spell { "<span class=\"odd\">" } else { "</span>" });
                odd = spell;
            }
            match escape(letter) {
                Some(entity) => self.0.push_str(entity),
                None if spell => self.0.extend(letter.escape_default()),
                None => self.0.push(letter),
            }
        }
        if odd {
            self.0.push_str("</span>");
        }
    }
}

/// What stands for a character that would be read as markup, in a text or between double quotes.
const fn escape(letter: char) -> Option<&'static str> {
    match letter {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        '"' => Some("&quot;"),
        '\'' => Some("&#39;"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(make: impl FnOnce(&mut Markup)) -> String {
        let mut page = Markup::default();
        make(&mut page);
        page.0
    }

    #[test]
    fn no_text_ends_its_element_and_no_value_its_attribute() {
        assert_eq!(
            made(|page| page.say(tag("p").with("title", "\"><b x='"), "</p><script>alert(1)</script>&lt;")),
            "<p title=\"&quot;&gt;&lt;b x=&#39;\">&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;lt;</p>"
        );
    }

    #[test]
    fn what_cannot_be_seen_is_spelled_out_and_marked() {
        assert_eq!(
            made(|page| page.say(tag("p").with("title", "\u{202e}\n"), "a\u{202e}\nb")),
            "<p title=\"\\u{202e}\\n\">a<span class=\"odd\">\\u{202e}\\n</span>b</p>"
        );
        assert_eq!(
            made(|page| page.lines("a\tb\r\nc\0")),
            "a\tb<span class=\"odd\">\\r</span>\nc<span class=\"odd\">\\u{0}</span>"
        );
    }

    proptest::proptest! {
        #[test]
        fn a_text_is_read_back_as_it_was_and_has_no_markup(text in ".*") {
            let page = made(|page| page.say(tag("p").with("title", &text), &text));
            let document = roxmltree::Document::parse(&page).expect("it is well-formed");
            let element = document.root_element();
            let read: String = element.descendants().filter(roxmltree::Node::is_text).filter_map(|node| node.text()).collect();
            let seen = crate::report::visible(&text);
            proptest::prop_assert_eq!(element.attribute("title"), Some(seen.as_str()));
            proptest::prop_assert_eq!(read, seen);
            proptest::prop_assert!(element.descendants().all(|node| !node.is_element() || node == element || node.attribute("class") == Some("odd")));
        }
    }
}
