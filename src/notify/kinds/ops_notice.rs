//! `ops_notice`: something that the operators of the worker must know, one topic a mail.
//!
//! Invariant: it names the topic, what happened and when; nothing in it is a secret or a phone
//! number.

use serde::Serialize;

use super::super::clean;
use super::super::pending::ComposeContext;
use super::super::template::{self, MailFrame, RenderError, Rendered};
use super::super::words::phrases::rest;
use super::super::words::{self, Words, dates, names};
use crate::domain::indicator::Severity;
use crate::domain::local_day::Timestamp;
use crate::domain::locale::Locale;
use crate::domain::ops_notice::OpsNotice;

/// Most lines of a notice's text; the rest are counted.
const LINES_MAX: usize = 40;
/// Most occurrences shown; the rest are counted.
const HAPPENED_MAX: usize = 10;

/// The mail with everything that it shows.
#[derive(Debug, Serialize)]
pub(crate) struct OpsNoticeMail {
    w: &'static Words,
    topic: String,
    severity: &'static str,
    critical: bool,
    headline: String,
    happened: Vec<Happened>,
    more: Option<String>,
    #[serde(skip)]
    frame: MailFrame,
}

#[derive(Debug, Serialize)]
struct Happened {
    at: String,
    lines: Vec<String>,
}

impl OpsNoticeMail {
    /// The mail about a topic: when, and what happened (at least one), the oldest first.
    #[must_use]
    pub(crate) fn new(
        severity: Severity,
        notices: &[(Timestamp, &OpsNotice)],
        locale: Locale,
        ctx: &ComposeContext<'_>,
    ) -> Self {
        let w = words::by_locale(locale);
        let (shown, hidden) = ctx.room.first(notices, HAPPENED_MAX);
        let happened: Vec<Happened> = shown
            .iter()
            .map(|(at, notice)| happened(*at, notice, locale, ctx))
            .collect();
        let topic = notices
            .last()
            .map(|(_, notice)| words::ops::heading(notice, locale))
            .unwrap_or_default();
        let headline = happened
            .first()
            .and_then(|one| one.lines.first().cloned())
            .unwrap_or_default();
        Self {
            w,
            topic: clean::name(&topic),
            severity: names::severity(locale, severity),
            critical: severity == Severity::Critical,
            frame: MailFrame {
                w,
                preview: headline.clone(),
                instead_of: None,
                masked: false,
                links: false,
                zone: dates::zone(locale, ctx.zone),
            },
            headline,
            more: rest(hidden, locale),
            happened,
        }
    }

    /// Subject, text and HTML.
    ///
    /// # Errors
    /// [`RenderError`] when a template does not fit this struct.
    pub(crate) fn render(&self) -> Result<Rendered, RenderError> {
        template::render("ops_notice", self, &self.frame)
    }
}

fn happened(
    at: Timestamp,
    notice: &OpsNotice,
    locale: Locale,
    ctx: &ComposeContext<'_>,
) -> Happened {
    let text = words::ops::text(notice, locale, ctx.zone);
    let lines = text
        .lines()
        .map(clean::phrase)
        .filter(|line| !line.is_empty());
    Happened {
        at: ctx.instant(at, locale),
        lines: ctx.room.lines(lines, LINES_MAX, locale),
    }
}
