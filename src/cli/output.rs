//! The target and the format of a command's answer.

use std::io::{IsTerminal, Write, stdout};
use std::path::PathBuf;

use anyhow::{Context, anyhow};
use console::Term;

use crate::access::Access;
use crate::config::Config;
use crate::domain::locale::Locale;
use crate::report::{CsvEncoding, Instants, Options, ReportFormat};
use crate::views::queries::Limit;
use crate::views::remarks::cut;
use crate::views::table_words::table_words;

use super::pager::Pager;
use crate::runtime::AppError;

/// What may be said about the answer.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct OutputArgs {
    /// table, json, csv; reports also xlsx and parquet
    #[arg(long, default_value = "table", value_parser = |name: &str| ReportFormat::parse(name).ok_or("expected table, json, csv, xlsx or parquet"))]
    pub format: ReportFormat,
    /// Write to this file instead of stdout
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// CSV for people: headings, words, local times and yuan in zh-CN or en, ids that stay text;
    /// field names by default
    #[arg(long, value_parser = |name: &str| Locale::parse(name).ok_or("expected zh-CN or en"))]
    pub headers: Option<Locale>,
    /// CSV without a byte order mark
    #[arg(long)]
    pub no_bom: bool,
    /// Encoding of CSV: utf-8 by default, or gb18030
    #[arg(long, value_parser = |name: &str| CsvEncoding::parse(name).ok_or("expected utf-8 or gb18030"))]
    pub encoding: Option<CsvEncoding>,
}

/// What may be said about a list.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct ListArgs {
    /// Only the last so many; by default 100 on a terminal, else all
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub limit: Option<u32>,
    /// How to write it
    #[command(flatten)]
    pub output: OutputArgs,
}

/// Rows of a list on a terminal, by default.
const TERMINAL_ROWS: u32 = 100;
/// Most rows that are counted beyond those that a table shows.
const COUNTED_BEYOND_MAX: u32 = 1_000;

impl ListArgs {
    /// The most rows that are shown, on a terminal in any format; a remark tells how many more
    /// there are.
    #[must_use]
    pub(crate) fn limit(&self) -> Limit {
        self.limit_on(stdout().is_terminal())
    }

    fn limit_on(&self, terminal: bool) -> Limit {
        let on_terminal = terminal && self.output.output.is_none();
        let default = if on_terminal { TERMINAL_ROWS } else { u32::MAX };
        Limit {
            rows: self.limit.unwrap_or(default),
            beyond: if self.reports_cut() {
                COUNTED_BEYOND_MAX
            } else {
                0
            },
        }
    }

    /// Programs know the limit that they gave.
    fn reports_cut(&self) -> bool {
        self.output.format == ReportFormat::Table || self.limit.is_none()
    }

    /// Reports how many rows are left out of a table or for want of a limit, if some are.
    pub(crate) fn print_cut(&self, locale: Locale, left_out: usize) {
        if left_out > 0 && self.reports_cut() {
            let are_all_counted = left_out < COUNTED_BEYOND_MAX as usize;
            say!(
                "{}",
                cut(locale, self.limit().rows, left_out, are_all_counted)
            );
        }
    }
}

/// The number of columns of the terminal; none where it is unknown.
fn width_of_terminal() -> Option<u16> {
    Term::stdout().size_checked().map(|(_, columns)| columns)
}

impl OutputArgs {
    #[must_use]
    pub(crate) fn options(&self, config: &Config) -> Options {
        let for_terminal = self.output.is_none() && stdout().is_terminal();
        Options {
            words: table_words(config.locale),
            instants: self.instants(config),
            headers: self.headers.map(table_words),
            encoding: self.encoding.unwrap_or_default(),
            byte_order_mark: !self.no_bom,
            for_terminal,
            width: width_of_terminal().filter(|_| for_terminal),
        }
    }

    /// The form of instants: local time for people, UTC otherwise.
    #[must_use]
    pub(crate) fn instants(&self, config: &Config) -> Instants {
        let for_people = matches!(self.format, ReportFormat::Table | ReportFormat::Xlsx)
            || self.headers.is_some();
        if for_people {
            Instants::Local(config.timezone, self.headers.unwrap_or(config.locale))
        } else {
            Instants::Utc
        }
    }

    /// Refuses options of CSV with any other format.
    fn check(&self) -> Result<(), AppError> {
        let of_csv = [
            ("--no-bom", self.no_bom),
            ("--encoding", self.encoding.is_some()),
            ("--headers", self.headers.is_some()),
        ];
        match of_csv
            .into_iter()
            .find(|(_, given)| *given && self.format != ReportFormat::Csv)
        {
            Some((flag, _)) => {
                let format = self.format.name();
                Err(AppError::usage(anyhow!(
                    "{flag}: only CSV has it, and --format is {format}\nhint: give --format csv, or leave {flag} out"
                )))
            }
            None => Ok(()),
        }
    }

    /// Opens the file, stdout, or for a table on a terminal a pager.
    ///
    /// # Errors
    /// Bad usage when an option of CSV meets another format, or a workbook would go to a terminal;
    /// otherwise when the file cannot be created or no pager started.
    pub(crate) fn open(&self) -> Result<Box<dyn Write>, AppError> {
        self.check()?;
        match &self.output {
            Some(path) => Ok(Box::new(
                Access::PRIVATE
                    .create(path)
                    .with_context(|| format!("write {}", path.display()))?,
            )),
            None if self.format.is_binary() && stdout().is_terminal() => {
                Err(AppError::usage(anyhow!(
                    "{} is nothing for a terminal\nhint: give a file with -o",
                    self.format.name()
                )))
            }
            None if self.format == ReportFormat::Table && stdout().is_terminal() => {
                Ok(Box::new(Pager::start()?))
            }
            None => Ok(Box::new(stdout().lock())),
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Debug, Parser)]
    struct Line {
        #[command(flatten)]
        list: ListArgs,
    }

    #[test]
    fn on_a_terminal_a_list_in_any_format_has_100_rows_unless_another_number_is_given() {
        for (line, on_terminal, elsewhere, reports_cut) in [
            ("list", 100, u32::MAX, true),
            ("list --format json", 100, u32::MAX, true),
            ("list --format csv", 100, u32::MAX, true),
            ("list --format json -o f.json", u32::MAX, u32::MAX, true),
            ("list --format json --limit 7", 7, 7, false),
            ("list --limit 7", 7, 7, true),
        ] {
            let list = Line::parse_from(line.split(' ')).list;
            let beyond = if reports_cut { COUNTED_BEYOND_MAX } else { 0 };
            assert_eq!(
                [true, false].map(|terminal| list.limit_on(terminal)),
                [on_terminal, elsewhere].map(|rows| Limit { rows, beyond }),
                "{line}"
            );
        }
    }
}
