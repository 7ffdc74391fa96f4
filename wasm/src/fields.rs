//! Lists of texts in the buffer: each its length in four bytes, the lowest first, then its bytes in UTF-8.

/// Reads such a list to its end; bytes that are no list end it early.
#[derive(Clone, Debug)]
pub(crate) struct Fields<'a>(pub(crate) &'a [u8]);

impl<'a> Iterator for Fields<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let (length, rest) = core::mem::take(&mut self.0).split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
        let (field, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        Some(field)
    }
}

impl<'a> Fields<'a> {
    /// The next text; an empty one where none is left.
    pub(crate) fn text(&mut self) -> &'a str {
        core::str::from_utf8(self.next().unwrap_or_default()).unwrap_or_default()
    }

    /// Whether nothing is left.
    pub(crate) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Adds a field to a list.
pub(crate) fn push(list: &mut Vec<u8>, field: &[u8]) {
    let length = u32::try_from(field.len()).unwrap_or(u32::MAX);
    list.extend_from_slice(&length.to_le_bytes());
    list.extend_from_slice(field);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read_as_it_was_written_and_never_beyond_its_end() {
        let mut list = Vec::new();
        for field in [&b"one"[..], b"", "zwei \u{e9}".as_bytes()] {
            push(&mut list, field);
        }
        let read: Vec<&[u8]> = Fields(&list).collect();
        assert_eq!(read, [&b"one"[..], b"", "zwei \u{e9}".as_bytes()]);
        for cut in 0..list.len() {
            let mut fields = Fields(list.get(..cut).unwrap());
            assert!(fields.by_ref().count() < 3);
            // Whoever reads until nothing is left comes to an end.
            assert!(fields.is_empty(), "cut at {cut}");
        }
        assert_eq!(Fields(&[0xff; 9]).count(), 0);
    }
}
