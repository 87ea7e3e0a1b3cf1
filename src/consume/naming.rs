//! Names of files: their spelling for people and the store, their compression, and whether they are
//! input.
//!
//! It may not know the content of a file. Invariant: two names are never spelled alike, and every
//! spelling can be printed.

use std::ffi::OsStr;
use std::fmt::Write;
use std::sync::Arc;

use crate::domain::glob;
use crate::domain::ignored_file::IgnoredBecause;

/// The extension of files with one event per line, before that of their compression.
const EVENT_ENDING: &str = ".jsonl";

/// The files of one mapping of BOSS drops.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DropFiles {
    /// Their names: `*` is any text, `?` any one character.
    pub pattern: String,
    /// The index of the mapping.
    pub mapping: u16,
    /// Lines at the beginning that are skipped (headers), blank ones included.
    pub skip_first: u64,
    /// Lines at the end that are skipped (trailers), blank ones not counted.
    pub skip_last: usize,
    /// The byte order mark of their encoding, skipped before a line.
    pub byte_order_mark: &'static [u8],
}

/// The byte order mark of UTF-8.
pub(crate) const UTF_8_MARK: &[u8] = b"\xef\xbb\xbf";

/// The compression of a file, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Packing {
    Plain,
    Gzip,
    Zstd,
}

impl Packing {
    pub(super) fn of_name(name: &str) -> Self {
        unpacked(name).1
    }
}

/// The name without the extension of a compression, and that compression.
fn unpacked(name: &str) -> (&str, Packing) {
    for (ending, packing) in [(".gz", Packing::Gzip), (".zst", Packing::Zstd)] {
        if let Some(inner) = without_ending(name, ending) {
            return (inner, packing);
        }
    }
    (name, Packing::Plain)
}

/// The name without an ASCII extension, in either case.
fn without_ending<'a>(name: &'a str, ending: &str) -> Option<&'a str> {
    let at = name.len().checked_sub(ending.len())?;
    name.as_bytes()[at..]
        .eq_ignore_ascii_case(ending.as_bytes())
        .then(|| &name[..at])
}

/// The kind of a file, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum InputKind {
    /// One event per line.
    Events,
    /// Lines of a BOSS drop, by the index of its mapping.
    Drop(usize),
}

/// Classifies a file by its [spelled] name; the first mapping that matches applies, also to
/// `.jsonl` files.
///
/// # Errors
/// Why the file is not read.
pub(super) fn named(name: &str, drops: &[Arc<DropFiles>]) -> Result<InputKind, IgnoredBecause> {
    if name.starts_with('.') {
        return Err(IgnoredBecause::HiddenName);
    }
    if let Some(at) = drops
        .iter()
        .position(|drop| glob::matches(&drop.pattern, name))
    {
        return Ok(InputKind::Drop(at));
    }
    let (inner, packing) = unpacked(name);
    if without_ending(inner, EVENT_ENDING).is_some() {
        return Ok(InputKind::Events);
    }
    if packing != Packing::Plain
        && let Some(drop) = drops
            .iter()
            .find(|drop| glob::matches(&drop.pattern, inner))
    {
        return Err(IgnoredBecause::LastEnding(drop.pattern.clone()));
    }
    let lower = name.to_lowercase();
    if let Some(drop) = drops
        .iter()
        .find(|drop| glob::matches(&drop.pattern.to_lowercase(), &lower))
    {
        return Err(IgnoredBecause::OtherCapitals(drop.pattern.clone()));
    }
    Err(IgnoredBecause::NoMapping)
}

/// The spelling of a name for people and the store: the name itself; where it is no UTF-8, or has a
/// backslash or a control character, those bytes as `\xHH` and each backslash doubled.
pub(super) fn spelled(name: &OsStr) -> String {
    let bytes = name.as_encoded_bytes();
    if let Ok(text) = std::str::from_utf8(bytes)
        && !text.contains(|c: char| c == '\\' || c.is_control())
    {
        return text.to_owned();
    }
    let mut spelling = String::with_capacity(bytes.len() + 8);
    let escape = |spelling: &mut String, bytes: &[u8]| {
        bytes
            .iter()
            .for_each(|byte| write!(spelling, "\\x{byte:02x}").expect("a String takes all text"));
    };
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '\\' => spelling.push_str("\\\\"),
                c if c.is_control() => escape(&mut spelling, c.encode_utf8(&mut [0; 4]).as_bytes()),
                c => spelling.push(c),
            }
        }
        escape(&mut spelling, chunk.invalid());
    }
    spelling
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::os::unix::ffi::OsStrExt;

    use super::*;

    fn drops() -> Vec<Arc<DropFiles>> {
        vec![Arc::new(DropFiles {
            pattern: "s_*.dat".into(),
            mapping: 3,
            skip_first: 0,
            skip_last: 0,
            byte_order_mark: UTF_8_MARK,
        })]
    }

    #[test]
    fn endings_count_in_either_case_and_what_is_not_read_has_a_reason() {
        for name in [
            "a.jsonl",
            "A.JSONL",
            "a.jsonl.gz",
            "a.JSONL.GZ",
            "a.jsonl.Zst",
        ] {
            assert_eq!(named(name, &drops()), Ok(InputKind::Events), "{name}");
        }
        assert_eq!(
            (
                Packing::of_name("a.GZ"),
                Packing::of_name("a.zst"),
                Packing::of_name("gz")
            ),
            (Packing::Gzip, Packing::Zstd, Packing::Plain)
        );
        assert_eq!(named("s_1.dat", &drops()), Ok(InputKind::Drop(0)));
        for (name, reason) in [
            (".a.jsonl", "begins with a dot"),
            ("s_1.dat.gz", "hint: a pattern s_*.dat* reads it too"),
            ("S_1.DAT", "other capital letters"),
            ("a.json", "no mapping fits its name"),
            ("集", "no mapping fits its name"),
        ] {
            assert!(
                named(name, &drops()).is_err_and(|why| why.to_string().contains(reason)),
                "{name}"
            );
        }
    }

    #[test]
    fn a_name_of_any_bytes_has_a_spelling_of_its_own_that_can_be_printed() {
        let names: [&[u8]; 7] = [
            b"a.jsonl",
            b"\xba\xc5.jsonl",
            br"\xba\xc5.jsonl",
            b"a\nb",
            b"a\\nb",
            "号.jsonl".as_bytes(),
            b"\xba\\",
        ];
        let spellings: HashSet<String> = names
            .iter()
            .map(|name| spelled(OsStr::from_bytes(name)))
            .collect();
        assert_eq!(spellings.len(), names.len());
        assert!(
            spellings
                .iter()
                .all(|spelling| !spelling.contains(char::is_control))
        );
        assert_eq!(
            spelled(OsStr::from_bytes(b"\xba\xc5_1.jsonl")),
            r"\xba\xc5_1.jsonl"
        );
    }
}
