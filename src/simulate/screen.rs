//! The story as text for one screen, in zh-CN or en.
//!
//! Pure. Invariant: no line is wider than asked for, a Chinese character counting as two, and no
//! number is cut.

use console::{Alignment, measure_text_width, truncate_str};
use indicatif::HumanCount;

use super::incident::IncidentKind;
use super::story::{ReportLine, Story};
use crate::domain::indicator::{AlertKind, Scope, Verdict};
use crate::domain::locale::Locale;
use crate::domain::phones::mask_phones_in;
use crate::notify::words::demo::{DemoWords, IncidentWords};
use crate::notify::words::{dates, names};

/// Lines of what was missed or unplanned that are shown.
const SHOWN: usize = 4;
/// Of the numbers of the last report: members, rates with a mark, complaints, points.
const REPORT_WIDTHS: [usize; 6] = [7, 7, 9, 9, 8, 8];
const WIDTH_MIN: usize = 60;

impl Story {
    /// The whole story, at most `width` columns wide (at least 60), each line ended.
    #[must_use]
    pub(crate) fn render(&self, width: usize, locale: Locale) -> String {
        let (w, width) = (DemoWords::by_locale(locale), width.max(WIDTH_MIN));
        let mut lines = vec!["═".repeat(width / 2)];
        lines.extend(self.head(w));
        lines.push(String::new());
        lines.extend(self.table(locale));
        lines.extend(self.planted(w));
        lines.push(String::new());
        lines.extend(self.work.render(locale));
        lines.push(String::new());
        lines.extend(self.last_report(w));
        let mut text = String::new();
        for line in lines {
            for part in wrapped(&line, width) {
                text.push_str(truncate_str(part.trim_end(), width, "…").as_ref());
                text.push('\n');
            }
        }
        text
    }

    fn head(&self, w: &DemoWords) -> [String; 3] {
        let (t, (first, last)) = (&self.totals, self.days);
        let counts = [
            (w.events, t.events),
            (w.duplicates, t.duplicates),
            (w.rejected, t.rejected),
        ];
        let made = [(w.alerts, t.alerts), (w.tasks, t.tasks), (w.mails, t.mails)];
        let line = |list: &[(&str, u64)]| {
            list.iter()
                .map(|(label, n)| format!("{label} {}", count(*n)))
                .collect::<Vec<_>>()
                .join("   ")
        };
        [
            format!(
                "{}  {first} … {last}  {} {}  {} {}  {} {}",
                w.city,
                w.groups,
                self.groups,
                w.members,
                count(u64::from(self.members)),
                w.seed,
                self.seed
            ),
            line(&counts),
            format!("{} → {}", line(&made), t.mail_folder),
        ]
    }

    /// Planned against found by kind of alert, and what differs.
    fn table(&self, locale: Locale) -> Vec<String> {
        let w = DemoWords::by_locale(locale);
        let heads = [w.planned, w.found, w.missed, w.unplanned];
        let mut lines = vec![row(w.planted_and_found, heads.map(String::from))];
        for tally in &self.tallies {
            let numbers =
                [tally.planned, tally.found, tally.missed, tally.unplanned].map(|n| n.to_string());
            lines.push(row(
                &format!("  {}", kind_label(tally.kind, locale)),
                numbers,
            ));
        }
        let differs = |mark: &str,
                       kind: AlertKind,
                       scope: &Scope,
                       subject: &str,
                       day: &dyn std::fmt::Display| {
            format!(
                "  {mark} {} {scope} {} {day}",
                kind_label(kind, locale),
                mask_phones_in(subject)
            )
        };
        lines.extend(
            self.missed
                .iter()
                .take(SHOWN)
                .map(|e| differs(w.missed, e.kind, &e.scope, &e.subject, &e.from_day)),
        );
        lines.extend(self.unplanned.iter().take(SHOWN).map(|f| {
            differs(
                w.unplanned,
                f.kind,
                &f.scope,
                &f.subject,
                &dates::moment(locale, f.opened_at, self.zone),
            )
        }));
        lines
    }

    /// By kind of incident.
    fn planted(&self, w: &DemoWords) -> Vec<String> {
        let of = |(kind, planted, found): &(IncidentKind, usize, usize)| {
            format!(
                "{} {found}/{planted}",
                incident_label(&w.incidents_by_kind, *kind)
            )
        };
        let all: Vec<String> = self.incidents.iter().map(of).collect();
        let (near, wrong) = self.near_misses;
        let half = all.len().div_ceil(2);
        vec![
            format!("{}  {}", w.incidents, all[..half].join("  ")),
            format!("  {}", all[half..].join("  ")),
            format!("{} {near}  {} {wrong}", w.near_misses, w.false_alarms),
        ]
    }

    fn last_report(&self, w: &DemoWords) -> Vec<String> {
        let title = format!("{} {}", w.daily_report, self.days.1);
        let mut lines = vec![wide_row(
            &title,
            w.report_heads.map(String::from),
            REPORT_WIDTHS,
        )];
        lines.extend(self.report.iter().map(report_row));
        if !self.report.is_empty() {
            lines.push(w.marks.into());
        }
        lines
    }
}

/// One scope's figures; a mark beside what is over its limit.
fn report_row(line: &ReportLine) -> String {
    let f = &line.figures;
    let mark = |at: usize| match line.verdicts[at] {
        Verdict::Breach => "!",
        Verdict::Watch => "?",
        _ => " ",
    };
    let share = |k: i64, scale: f64| (f.opening > 0).then(|| k as f64 * scale / f.opening as f64);
    let show = |value: Option<f64>, unit: &str, at: usize| {
        value.map_or_else(|| "– ".into(), |v| format!("{v:.2}{unit}{}", mark(at)))
    };
    let score = (f.survey_answers > 0)
        .then(|| f.survey_score_thousandths as f64 / 1_000.0 / f.survey_answers as f64);
    let numbers = [
        f.opening.to_string(),
        f.closing.to_string(),
        show(share(f.churned(), 100.0), "%", 0),
        show(share(f.lost, 100.0), "%", 1),
        show(share(f.complaints, 10_000.0), "", 2),
        show(score, "", 3),
    ];
    wide_row(&format!("  {}", line.name), numbers, REPORT_WIDTHS)
}

fn row(label: &str, numbers: [String; 4]) -> String {
    numbers
        .iter()
        .fold(padded(label, 40, Alignment::Left), |line, n| {
            line + &padded(n, 10, Alignment::Right)
        })
}

/// A row of 80 columns with six numbers of these widths.
pub(super) fn wide_row(label: &str, numbers: [String; 6], widths: [usize; 6]) -> String {
    let label = padded(label, 80 - widths.iter().sum::<usize>(), Alignment::Left);
    numbers.iter().zip(widths).fold(label, |line, (n, width)| {
        line + &padded(n, width, Alignment::Right)
    })
}

/// By its name; in English as listings spell it.
fn kind_label(kind: AlertKind, locale: Locale) -> &'static str {
    match locale {
        Locale::ZhCn => names::alert_kind(locale, kind),
        Locale::En => kind.name(),
    }
}

const fn incident_label(words: &IncidentWords, kind: IncidentKind) -> &'static str {
    match kind {
        IncidentKind::ChurnWave => words.churn_wave,
        IncidentKind::MemberLoss => words.member_loss,
        IncidentKind::ComplaintWave => words.complaint_wave,
        IncidentKind::BadSurveys => words.bad_surveys,
        IncidentKind::LockedNumberLost => words.locked_number_lost,
        IncidentKind::KeyLine => words.key_line,
        IncidentKind::BatchLeave => words.batch_leave,
        IncidentKind::GroupGone => words.group_gone,
        IncidentKind::Chance => words.chance,
    }
}

/// The line in parts, broken where two blanks part its items, so that each is at most `width`
/// columns wide unless one item is wider.
fn wrapped(line: &str, width: usize) -> Vec<String> {
    if measure_text_width(line) <= width {
        return vec![line.to_owned()];
    }
    let mut parts = vec![String::new()];
    for item in line.split_inclusive("  ") {
        let part = parts.last().map_or("", String::as_str);
        if !part.trim().is_empty()
            && measure_text_width(part) + measure_text_width(item.trim_end()) > width
        {
            parts.push("  ".to_owned());
        }
        if let Some(part) = parts.last_mut() {
            part.push_str(item);
        }
    }
    parts
}

/// In so many columns of a terminal, with `…` where something is cut.
fn padded(text: &str, width: usize, align: Alignment) -> String {
    console::pad_str(text, width, align, Some("…")).into_owned()
}

/// 152340 as 152,340.
pub(super) fn count(n: u64) -> String {
    HumanCount(n).to_string()
}
