//! Several lists about one object, under headings: what a `show` command writes.
//!
//! It does not know what is shown. Invariant: a phone number that a list masks is masked here too,
//! in every format.

use std::io::{self, BufWriter, Write};

use super::cell::Cell;
use super::column::Column;
use super::error::ReportError;
use super::format::{Options, ReportFormat};
use super::json;
use super::listing::Listing;
use super::table;
use super::table_words::TableWords;
use super::widths::cells_wide;
use crate::domain::locale::Locale;

/// Several texts that are wider than this are not written in one line.
const LINE_WIDTH_MAX: u16 = 60;

#[derive(Debug, Clone, Default)]
pub(crate) struct Document<'a> {
    sections: Vec<Section<'a>>,
}

#[derive(Debug, Clone)]
struct Section<'a> {
    name: &'static str,
    zh: &'static str,
    list: Listing<'a>,
    /// One row, shown a line a column, without the columns that hold nothing.
    is_one: bool,
}

impl<'a> Document<'a> {
    /// With a section about one object: the one row of a list. In JSON it is an object.
    #[must_use]
    pub(crate) fn with_one(self, name: &'static str, zh: &'static str, list: Listing<'a>) -> Self {
        self.with(Section {
            name,
            zh,
            list,
            is_one: true,
        })
    }

    /// With a section of many rows. In JSON it is an array.
    #[must_use]
    pub(crate) fn with_many(self, name: &'static str, zh: &'static str, list: Listing<'a>) -> Self {
        self.with(Section {
            name,
            zh,
            list,
            is_one: false,
        })
    }

    fn with(mut self, section: Section<'a>) -> Self {
        self.sections.push(section);
        self
    }

    /// Writes it, as text for people or as one JSON array of one object, and flushes.
    ///
    /// # Errors
    /// [`ReportError::NotForDocuments`] for any other format, [`ReportError::Output`] when `out`
    /// refuses.
    pub(crate) fn write_document(
        &self,
        format: ReportFormat,
        options: &Options,
        out: &mut dyn Write,
    ) -> Result<(), ReportError> {
        let mut out = BufWriter::new(out);
        let written = match format {
            ReportFormat::Table => self.write_text(options, &mut out),
            ReportFormat::Json => self.write_json(&mut out),
            ReportFormat::Csv | ReportFormat::Xlsx | ReportFormat::Parquet => {
                return Err(ReportError::NotForDocuments {
                    format: format.name(),
                });
            }
        };
        written
            .and_then(|()| out.flush())
            .map_err(|source| ReportError::Output {
                format: format.name(),
                source,
            })
    }

    fn write_text(&self, options: &Options, out: &mut dyn Write) -> io::Result<()> {
        for (at, section) in self.sections.iter().enumerate() {
            let heading = if options.words.locale == Locale::ZhCn {
                section.zh
            } else {
                section.name
            };
            writeln!(out, "{}[{heading}]", if at == 0 { "" } else { "\n" })?;
            let (columns, rows) = (section.list.columns(), section.list.rows());
            if !section.is_one {
                table::write_table(columns, rows.iter(), options.words, options.width, out)?;
                continue;
            }
            for (column, cell) in rows
                .iter()
                .flat_map(|row| columns.iter().zip(row))
                .filter(|(_, cell)| !cell.plain().is_empty())
            {
                write_field(column, cell, options.words, out)?;
            }
        }
        Ok(())
    }

    fn write_json(&self, out: &mut dyn Write) -> io::Result<()> {
        let sections = self.sections.iter().map(|section| {
            let columns = section.list.columns();
            let rows: Vec<String> = section
                .list
                .rows()
                .iter()
                .map(|row| json::object(columns, row))
                .collect();
            let one = || rows.first().cloned().unwrap_or_else(|| "null".to_owned());
            let value = if section.is_one {
                one()
            } else {
                format!("[{}]", rows.join(",\n"))
            };
            format!("\"{}\":{value}", section.name)
        });
        writeln!(
            out,
            "[\n{{{}}}\n]",
            sections.collect::<Vec<_>>().join(",\n")
        )
    }
}

/// Writes what a column holds behind its name; several texts that are together wider than a line
/// stand below it, one a line.
fn write_field(
    column: &Column,
    cell: &Cell<'_>,
    words: &TableWords,
    out: &mut dyn Write,
) -> io::Result<()> {
    let shown = |cell: &Cell<'_>| table::printable(&table::shown(column, cell, words)).into_owned();
    let (header, whole) = (table::header(column, words), shown(cell));
    let header = table::printable(&header);
    match cell {
        Cell::List(texts) if texts.len() > 1 && cells_wide(&whole) > LINE_WIDTH_MAX => {
            writeln!(out, "{header}:")?;
            texts.iter().try_for_each(|text| {
                let one = Cell::List(vec![text.clone()]);
                writeln!(out, "  - {}", shown(&one))
            })
        }
        _ => writeln!(out, "{header}: {whole}"),
    }
}
