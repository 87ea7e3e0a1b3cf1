//! One JSON array, an object a row, a row a line.
//!
//! It does not know what the columns mean. Invariant: the output is one valid JSON text whatever
//! the cells hold; floats are the shortest that read back the same; control and hidden characters
//! are escaped, so printing it is harmless.

use std::io::{self, Write};

use crate::domain::invisible::acts_on_terminals;

use super::cell::{Cell, thousandths};
use super::column::Column;

/// Writes all rows; each has a cell for each column.
///
/// # Errors
/// What `out` refuses.
pub(crate) fn write_json<'a, R: AsRef<[Cell<'a>]>>(
    columns: &[Column],
    rows: impl Iterator<Item = R>,
    out: &mut dyn Write,
) -> io::Result<()> {
    out.write_all(b"[")?;
    let mut line = String::new();
    for (n, row) in rows.enumerate() {
        line.clear();
        line.push_str(if n == 0 { "\n" } else { ",\n" });
        push_object(columns, row.as_ref(), &mut line);
        out.write_all(line.as_bytes())?;
    }
    out.write_all(b"\n]\n")
}

/// A row as an object.
pub(super) fn object(columns: &[Column], cells: &[Cell<'_>]) -> String {
    let mut line = String::new();
    push_object(columns, cells, &mut line);
    line
}

/// An object without any value is null.
fn push_object(columns: &[Column], cells: &[Cell<'_>], line: &mut String) {
    let object = |column: &Column| column.nested.map(|(object, _)| object);
    let fields: Vec<(&Column, &Cell<'_>)> = columns.iter().zip(cells).collect();
    let parts =
        fields.chunk_by(|(one, _), (next, _)| object(one).is_some() && object(one) == object(next));
    line.push('{');
    for (n, part) in parts.enumerate() {
        line.push_str(if n == 0 { "" } else { "," });
        match part.first().and_then(|(column, _)| object(column)) {
            None => part
                .iter()
                .for_each(|(column, cell)| push_field(&column.name, column, cell, line)),
            Some(object) if part.iter().all(|(_, cell)| matches!(cell, Cell::Null)) => {
                push_text(object, line);
                line.push_str(":null");
            }
            Some(object) => {
                push_text(object, line);
                for (n, (column, cell)) in part.iter().enumerate() {
                    line.push_str(if n == 0 { ":{" } else { "," });
                    push_field(column.nested.map_or("", |(_, key)| key), column, cell, line);
                }
                line.push('}');
            }
        }
    }
    line.push('}');
}

fn push_field(name: &str, column: &Column, cell: &Cell<'_>, line: &mut String) {
    push_text(name, line);
    line.push(':');
    if column.masks_phones {
        push_cell(&cell.masked(), line)
    } else {
        push_cell(cell, line)
    }
}

fn push_cell(cell: &Cell<'_>, line: &mut String) {
    match cell {
        Cell::Null => line.push_str("null"),
        Cell::Bool(_) | Cell::Int(_) => line.push_str(&cell.plain()),
        Cell::Thousandths(n) => line.push_str(&thousandths(*n)),
        // Rust's own spelling is the shortest that reads back, and valid JSON; `5.0` stays a float
        // to typed readers.
        Cell::Float(_) | Cell::Figure(_) => match cell.quotient() {
            Some(x) => line.push_str(&format!("{x:?}")),
            None => line.push_str("null"),
        },
        Cell::Day(_) | Cell::Instant(_) => push_text(&cell.plain(), line),
        Cell::Text(text) => push_text(text, line),
        Cell::List(texts) => {
            line.push('[');
            for (n, text) in texts.iter().enumerate() {
                line.push_str(if n == 0 { "" } else { "," });
                push_text(text, line);
            }
            line.push(']');
        }
    }
}

/// Quotes a text. What JSON permits as it is and terminals act on is escaped too: DEL, the C1
/// controls, hidden characters.
fn push_text(text: &str, line: &mut String) {
    line.push('"');
    for c in text.chars() {
        match c {
            '"' => line.push_str("\\\""),
            '\\' => line.push_str("\\\\"),
            '\n' => line.push_str("\\n"),
            '\r' => line.push_str("\\r"),
            '\t' => line.push_str("\\t"),
            c if acts_on_terminals(c) => c
                .encode_utf16(&mut [0; 2])
                .iter()
                .for_each(|unit| line.push_str(&format!("\\u{unit:04x}"))),
            c => line.push(c),
        }
    }
    line.push('"');
}
