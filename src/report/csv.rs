//! CSV by RFC 4180: CRLF, quotes where needed, UTF-8 with a byte order mark or GB18030.
//!
//! It does not know what the columns mean. Invariant: no text cell begins, when a spreadsheet reads
//! it, with a character that makes it a formula; numbers are written as numbers.

use std::borrow::Cow;
use std::io::{self, Write};

use encoding_rs::GB18030;

use crate::domain::invisible::is_blank;

use super::cell::Cell;
use super::column::Column;
use super::format::Options;
use super::table::{for_people, header, printable};

/// Digits of a number that a spreadsheet shows as they are.
const ID_DIGITS_SHOWN: usize = 11;

/// Bytes of a CSV file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum CsvEncoding {
    /// UTF-8; Excel recognises it by the byte order mark.
    #[default]
    Utf8,
    /// The national standard, for programs that know nothing else; it has no byte order mark.
    Gb18030,
}

impl CsvEncoding {
    /// By its name on the command line: `utf-8` or `gb18030`.
    #[must_use]
    pub(crate) fn parse(name: &str) -> Option<Self> {
        match name.to_ascii_lowercase().as_str() {
            "utf-8" | "utf8" => Some(Self::Utf8),
            "gb18030" => Some(Self::Gb18030),
            _ => None,
        }
    }

    fn bytes(self, text: &str) -> Cow<'_, [u8]> {
        match self {
            Self::Utf8 => Cow::Borrowed(text.as_bytes()),
            Self::Gb18030 => match GB18030.encode(text) {
                (bytes, _, false) => bytes,
                // One private-use character has no code; it becomes the replacement character,
                // which has one.
                _ => Cow::Owned(
                    GB18030
                        .encode(&text.replace('\u{e5e5}', "\u{fffd}"))
                        .0
                        .into_owned(),
                ),
            },
        }
    }
}

/// Writes the header and all rows; each row has a cell for each column.
///
/// # Errors
/// What `out` refuses.
pub(crate) fn write_csv<'a, R: AsRef<[Cell<'a>]>>(
    columns: &[Column],
    rows: impl Iterator<Item = R>,
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    let encoding = options.encoding;
    if options.byte_order_mark && encoding == CsvEncoding::Utf8 {
        out.write_all("\u{feff}".as_bytes())?;
    }
    let mut line = String::new();
    for (n, column) in columns.iter().enumerate() {
        let heading = options
            .headers
            .map_or(Cow::Borrowed(&*column.name), |words| header(column, words));
        push_field(n, &defused(&heading), &mut line);
    }
    end(&mut line, encoding, out)?;
    for row in rows {
        for (n, (column, cell)) in columns.iter().zip(row.as_ref()).enumerate() {
            let masked = column.masks_phones.then(|| cell.masked());
            let cell = masked.as_ref().unwrap_or(cell);
            let text = options
                .headers
                .and_then(|words| for_people(column.kind, cell, words))
                .unwrap_or_else(|| cell.plain());
            match cell {
                Cell::Text(_) if options.headers.is_some() && is_long_id(&text) => {
                    push_field(n, &format!("\t{text}"), &mut line)
                }
                Cell::Text(_) | Cell::List(_) if options.for_terminal => {
                    push_field(n, &defused(&printable(&text)), &mut line)
                }
                Cell::Text(_) | Cell::List(_) => push_field(n, &defused(&text), &mut line),
                _ => push_field(n, &text, &mut line),
            }
        }
        end(&mut line, encoding, out)?;
    }
    Ok(())
}

/// Whether a spreadsheet would make another number of an id: it keeps 15 digits, shows no more than
/// 11, and no leading 0.
fn is_long_id(text: &str) -> bool {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    digits && (text.len() > ID_DIGITS_SHOWN || (text.len() > 1 && text.starts_with('0')))
}

fn end(line: &mut String, encoding: CsvEncoding, out: &mut dyn Write) -> io::Result<()> {
    line.push_str("\r\n");
    out.write_all(&encoding.bytes(line))?;
    line.clear();
    Ok(())
}

fn push_field(n: usize, text: &str, line: &mut String) {
    if n > 0 {
        line.push(',');
    }
    let edge_space = text.starts_with(char::is_whitespace) || text.ends_with(char::is_whitespace);
    if edge_space || text.contains([',', '"', '\r', '\n']) {
        line.push('"');
        line.push_str(&text.replace('"', "\"\""));
        line.push('"');
    } else {
        line.push_str(text);
    }
}

/// The text with a leading apostrophe where a spreadsheet would take it for a formula. What is
/// skipped before the sign (spaces, control characters, a byte order mark) counts as skipped here
/// too, and so do the full-width signs, which East Asian editions of spreadsheets accept.
fn defused(text: &str) -> Cow<'_, str> {
    let skipped = |c: char| is_blank(c) || c.is_control();
    let formula = text
        .trim_start_matches(skipped)
        .starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    if formula || text.starts_with(char::is_control) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::locale::Locale;
    use crate::report::{Instants, TableWords};

    /// An independent reader of RFC 4180.
    fn parse_csv(text: &str) -> Vec<Vec<String>> {
        let (mut rows, mut row, mut field, mut quoted) =
            (Vec::new(), Vec::new(), String::new(), false);
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            match (quoted, c) {
                (true, '"') if chars.peek() == Some(&'"') => field.extend(chars.next()),
                (_, '"') => quoted = !quoted,
                (false, ',') => row.push(std::mem::take(&mut field)),
                (false, '\r') if chars.peek() == Some(&'\n') => {
                    chars.next();
                    row.push(std::mem::take(&mut field));
                    rows.push(std::mem::take(&mut row));
                }
                _ => field.push(c),
            }
        }
        rows
    }

    /// Without a byte order mark.
    fn for_programs() -> Options {
        static NO_WORDS: TableWords = TableWords {
            locale: Locale::En,
            yes: "",
            no: "",
            separator: "",
            yuan: "",
            per_10k: "",
            points: "",
            no_rows: "",
            left_out: "",
            list: "",
        };
        Options {
            words: &NO_WORDS,
            instants: Instants::Utc,
            headers: None,
            encoding: CsvEncoding::Utf8,
            byte_order_mark: false,
            for_terminal: false,
            width: None,
        }
    }

    fn csv(cells: Vec<Cell<'_>>, encoding: CsvEncoding) -> Vec<u8> {
        let columns: Vec<Column> = cells.iter().map(|_| Column::text("c", "列")).collect();
        let mut out = Vec::new();
        let options = Options {
            encoding,
            ..for_programs()
        };
        write_csv(&columns, [cells].iter(), &options, &mut out).unwrap();
        out
    }

    #[test]
    fn a_terminal_is_given_nothing_that_it_acts_on_and_a_file_the_text_as_it_is() {
        let cells = [vec![Cell::Text("集\u{1b}[31m\u{202e}团\r\n".into())]];
        for (for_terminal, expected) in [
            (true, "c\r\n集\u{fffd}[31m\u{fffd}团\u{fffd}\u{fffd}\r\n"),
            (false, "c\r\n\"集\u{1b}[31m\u{202e}团\r\n\"\r\n"),
        ] {
            let options = Options {
                for_terminal,
                ..for_programs()
            };
            let mut out = Vec::new();
            write_csv(&[Column::text("c", "列")], cells.iter(), &options, &mut out).unwrap();
            assert_eq!(String::from_utf8(out).unwrap(), expected);
        }
    }

    #[test]
    fn what_a_spreadsheet_would_run_gets_an_apostrophe_and_numbers_do_not() {
        for text in [
            "=1+1",
            "+1",
            "-1",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "\u{0}x",
            " =1",
            "\u{3000}=1",
            "＝1",
            "\u{feff}=1",
            "\ttab",
        ] {
            assert_eq!(defused(text), format!("'{text}"), "{text:?}");
        }
        for text in ["", "a=1", "移动公司", "13800008000", "'=1", "1-2"] {
            assert_eq!(defused(text), text);
        }
        let out = csv(
            vec![Cell::Int(-5), Cell::Float(-0.25), Cell::Text("-5".into())],
            CsvEncoding::Utf8,
        );
        assert!(out.ends_with(b"\r\n-5,-0.25,'-5\r\n"));
    }

    #[test]
    fn a_character_without_a_gb18030_code_is_replaced_alone() {
        let out = csv(
            vec![Cell::Text("集\u{e5e5}团".into())],
            CsvEncoding::Gb18030,
        );
        let (text, _, broken) = GB18030.decode(&out);
        assert_eq!((text.as_ref(), broken), ("c\r\n集\u{fffd}团\r\n", false));
    }

    proptest! {
        #[test]
        fn any_text_reads_back_in_both_encodings_but_for_the_apostrophe(text in "[=+@\\-\"',\r\n\t ]{0,3}\\PC{0,20}", n: i64, x: f64) {
            prop_assume!(!text.contains('\u{e5e5}'));
            let cells = vec![Cell::Text(text.as_str().into()), Cell::Int(n), Cell::Float(x)];
            let utf8 = String::from_utf8(csv(cells.clone(), CsvEncoding::Utf8)).unwrap();
            let national = csv(cells, CsvEncoding::Gb18030);
            prop_assert_eq!(&GB18030.decode_without_bom_handling(&national).0, utf8.as_str());
            let rows = parse_csv(&utf8);
            prop_assert_eq!(rows.len(), 2);
            let got = &rows[1][0];
            prop_assert!(matches!(got.strip_suffix(text.as_str()), Some("" | "'")));
            prop_assert!(!got.trim_start().starts_with(['=', '+', '-', '@']));
            prop_assert_eq!(rows[1][1].parse::<i64>().unwrap(), n);
            prop_assert_eq!(rows[1][2].parse::<f64>().ok(), x.is_finite().then_some(x));
        }
    }
}
