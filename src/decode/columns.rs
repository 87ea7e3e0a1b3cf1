//! A line of a BOSS drop → its columns as text.
//!
//! It may not know a column's meaning. Invariant: a separator is never searched inside a character
//! (in GB 18030 `|` may be the second byte of one), and no byte is lost silently: half a character
//! at a column's end is replaced and counted, any other undecodable byte refuses the line.

use std::borrow::Cow;

use super::fields::ObjectPlace;
use super::mapping::{Encoding, Layout};
use super::syntax::not_json;
use crate::domain::invisible::is_blank;
use crate::domain::reject::Rejection;

/// The bytes of the longest character in GB 18030 and UTF-8, less one: the most that a cut leaves.
const HALF_BYTES_MAX: usize = 3;

/// The columns of a line.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Columns {
    pub texts: Vec<String>,
    /// Number of half characters that were replaced.
    pub replaced: u32,
}

/// Splits and decodes a line.
///
/// # Errors
/// `invalid_field` for a wrong number of columns, `not_json` (wrong encoding) when a column cannot
/// be decoded.
pub(super) fn split_columns(
    line: &[u8],
    layout: &Layout,
    encoding: Encoding,
) -> Result<Columns, Rejection> {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let cut = match layout {
        Layout::Separated {
            by,
            columns,
            quote: None,
        } => separated(line, *by as u8, *columns, encoding)?,
        Layout::Separated {
            by,
            columns,
            quote: Some(quote),
        } => quoted(line, *by as u8, *quote as u8, *columns, encoding)?,
        Layout::Fixed(spans) => fixed(line, spans)?,
    };
    let mut replaced = 0;
    let mut texts = Vec::with_capacity(cut.len());
    for (at, bytes) in cut.into_iter().enumerate() {
        let bytes = bytes.trim_ascii();
        let mut text = String::with_capacity(bytes.len());
        let good = valid_up_to(bytes, encoding, &mut text);
        let rest = &bytes[good..];
        if rest.len() > HALF_BYTES_MAX {
            return Err(not_json(format!(
                "column {}: is not {encoding:?} text at its byte {good}",
                at + 1
            )));
        }
        if !rest.is_empty() {
            text.push(char::REPLACEMENT_CHARACTER);
            replaced += 1;
        }
        texts.push(trimmed(text));
    }
    Ok(Columns { texts, replaced })
}

/// Trims white space and invisible characters.
fn trimmed(text: String) -> String {
    let kept = text.trim_matches(is_blank);
    if kept.len() == text.len() {
        text
    } else {
        kept.to_owned()
    }
}

fn separated(
    line: &[u8],
    by: u8,
    columns: usize,
    encoding: Encoding,
) -> Result<Vec<Cow<'_, [u8]>>, Rejection> {
    fn borrowed<'a>(columns: &[&'a [u8]]) -> Vec<Cow<'a, [u8]>> {
        columns
            .iter()
            .map(|column| Cow::Borrowed(*column))
            .collect()
    }
    let by_characters: Vec<&[u8]> = match encoding {
        Encoding::Utf8 => line.split(|b| *b == by).collect(),
        Encoding::Gb18030 => split_gb18030(line, by),
    };
    if by_characters.len() == columns {
        return Ok(borrowed(&by_characters));
    }
    // Half a character before a separator hides the separator. If every such pair is a cut, the
    // number of columns by bytes is right.
    let by_bytes: Vec<&[u8]> = line.split(|b| *b == by).collect();
    if by_bytes.len() == columns {
        return Ok(borrowed(&by_bytes));
    }
    Err(ObjectPlace::DATA.refuse(
        "*",
        &format!("a line of {columns} columns"),
        &by_characters.len().to_string(),
    ))
}

/// Splits between characters only.
fn split_gb18030(line: &[u8], by: u8) -> Vec<&[u8]> {
    let (mut columns, mut start, mut at) = (Vec::new(), 0, 0);
    while at < line.len() {
        if line[at] == by {
            columns.push(&line[start..at]);
            start = at + 1;
        }
        at += character_bytes(&line[at..]);
    }
    columns.push(&line[start..]);
    columns
}

/// The length of the first character in bytes; half a character counts as one byte.
fn character_bytes(bytes: &[u8]) -> usize {
    match *bytes {
        [0x81..=0xfe, 0x30..=0x39, 0x81..=0xfe, 0x30..=0x39, ..] => 4,
        [0x81..=0xfe, 0x40..=0x7e | 0x80..=0xfe, ..] => 2,
        _ => 1,
    }
}

/// Splits likewise, but not between two quotation marks.
fn quoted(
    line: &[u8],
    by: u8,
    quote: u8,
    columns: usize,
    encoding: Encoding,
) -> Result<Vec<Cow<'_, [u8]>>, Rejection> {
    let refuse = |at: usize, found: &str| {
        Err(ObjectPlace::DATA.refuse("*", &format!("column {at} quoted as in RFC 4180"), found))
    };
    let blanks = |bytes: &[u8]| {
        bytes
            .iter()
            .take_while(|b| matches!(b, b' ' | b'\t') && **b != by)
            .count()
    };
    let (mut cut, mut rest) = (Vec::new(), line);
    loop {
        let begin = blanks(rest);
        let after = if rest.get(begin) == Some(&quote) {
            let Some((column, after)) = unquoted(&rest[begin + 1..], quote, encoding) else {
                return refuse(cut.len() + 1, "no closing sign");
            };
            cut.push(Cow::Owned(column));
            &after[blanks(after)..]
        } else {
            let length = characters(rest, encoding)
                .find(|at| rest[*at] == by)
                .unwrap_or(rest.len());
            cut.push(Cow::Borrowed(&rest[..length]));
            &rest[length..]
        };
        match after.split_first() {
            None => break,
            Some((first, more)) if *first == by => rest = more,
            Some(_) => return refuse(cut.len(), "text behind the closing sign"),
        }
    }
    if cut.len() == columns {
        Ok(cut)
    } else {
        Err(ObjectPlace::DATA.refuse(
            "*",
            &format!("a line of {columns} columns"),
            &cut.len().to_string(),
        ))
    }
}

/// A quoted column after its opening mark, without the closing one, and the rest behind that.
fn unquoted(bytes: &[u8], quote: u8, encoding: Encoding) -> Option<(Vec<u8>, &[u8])> {
    let (mut column, mut from) = (Vec::new(), 0);
    let mut signs = characters(bytes, encoding).filter(|at| bytes[*at] == quote);
    while let Some(at) = signs.next() {
        column.extend_from_slice(&bytes[from..at]);
        if bytes.get(at + 1) != Some(&quote) {
            return Some((column, &bytes[at + 1..]));
        }
        column.push(quote);
        signs.next();
        from = at + 2;
    }
    None
}

/// The start of each character.
fn characters(bytes: &[u8], encoding: Encoding) -> impl Iterator<Item = usize> {
    let mut next = 0;
    std::iter::from_fn(move || {
        let at = next;
        next += match encoding {
            Encoding::Utf8 => 1,
            Encoding::Gb18030 => character_bytes(bytes.get(at..)?),
        };
        (at < bytes.len()).then_some(at)
    })
}

fn fixed<'a>(line: &'a [u8], spans: &[(usize, usize)]) -> Result<Vec<Cow<'a, [u8]>>, Rejection> {
    let needed = spans
        .iter()
        .map(|(start, len)| start.saturating_add(*len))
        .max()
        .unwrap_or(0);
    let cut = |(start, len): &(usize, usize)| {
        line.get(*start..start.saturating_add(*len))
            .map(Cow::Borrowed)
    };
    let columns: Option<Vec<_>> = spans.iter().map(cut).collect();
    columns.ok_or_else(|| {
        ObjectPlace::DATA.refuse(
            "*",
            &format!("a line of at least {needed} bytes"),
            &line.len().to_string(),
        )
    })
}

/// Decodes the valid prefix into `text`; returns its length.
fn valid_up_to(bytes: &[u8], encoding: Encoding, text: &mut String) -> usize {
    match encoding {
        Encoding::Utf8 => {
            let good = std::str::from_utf8(bytes).map_or_else(|e| e.valid_up_to(), str::len);
            text.push_str(&String::from_utf8_lossy(&bytes[..good]));
            good
        }
        Encoding::Gb18030 => {
            let read = |bytes| {
                encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(bytes)
            };
            if let Some(all) = read(bytes) {
                text.push_str(&all);
                return bytes.len();
            }
            let mut good = 0;
            while good < bytes.len() {
                let character = &bytes[good..good + character_bytes(&bytes[good..])];
                let Some(one) = read(character) else { break };
                text.push_str(&one);
                good += character.len();
            }
            good
        }
    }
}
