//! Where and how a command writes its answer.

use std::io::{IsTerminal, Write, stdout};
use std::path::PathBuf;

use anyhow::{Context, anyhow};

use crate::access::Access;
use crate::config::Config;
use crate::report::{Encoding, Language, Options, ReportFormat};

use super::error::AppError;
use super::lists::Instants;

/// What may be said about the answer.
#[derive(Debug, Clone, clap::Args)]
pub struct OutputArgs {
    /// table, json, csv; reports also xlsx and parquet
    #[arg(long, default_value = "table", value_parser = |name: &str| ReportFormat::parse(name).ok_or("expected table, json, csv, xlsx or parquet"))]
    pub format: ReportFormat,
    /// Write to this file instead of stdout
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// CSV without a byte order mark
    #[arg(long)]
    pub no_bom: bool,
    /// Encoding of CSV: utf-8 or gb18030
    #[arg(long, default_value = "utf-8", value_parser = |name: &str| Encoding::parse(name).ok_or("expected utf-8 or gb18030"))]
    pub encoding: Encoding,
}

impl OutputArgs {
    /// The writers' options.
    #[must_use]
    pub fn options(&self, config: &Config) -> Options {
        let language = match config.locale {
            crate::config::Locale::ZhCn => Language::Zh,
            crate::config::Locale::En => Language::En,
        };
        Options { language, encoding: self.encoding, byte_order_mark: !self.no_bom, width: None }
    }

    /// How lists show instants.
    #[must_use]
    pub fn instants(&self, config: &Config) -> Instants {
        if self.format == ReportFormat::Table { Instants::Local(config.timezone) } else { Instants::Utc }
    }

    /// Opens the file or stdout.
    ///
    /// # Errors
    /// When the file cannot be made, or a workbook would go to a terminal.
    pub fn open(&self) -> Result<Box<dyn Write>, AppError> {
        match &self.output {
            Some(path) => Ok(Box::new(Access::PRIVATE.create(path).with_context(|| format!("write {}", path.display()))?)),
            None if self.format.is_binary() && stdout().is_terminal() => {
                Err(AppError::usage(anyhow!("{} is nothing for a terminal\nhint: give a file with -o", self.format.name())))
            }
            None => Ok(Box::new(stdout().lock())),
        }
    }
}
