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
        let width = width.max(WIDTH_MIN);
        let mut lines = vec!["═".repeat(width / 2)];
        lines.extend(self.head(locale));
        lines.push(String::new());
        lines.extend(self.table(locale));
        lines.extend(self.planted(locale));
        lines.push(String::new());
        lines.extend(self.work.render(locale));
        lines.push(String::new());
        lines.extend(self.last_report(locale));
        let mut text = String::new();
        for line in lines {
            for part in wrapped(&line, width) {
                text.push_str(truncate_str(part.trim_end(), width, "…").as_ref());
                text.push('\n');
            }
        }
        text
    }

    fn head(&self, locale: Locale) -> [String; 3] {
        let (t, (first, last)) = (&self.totals, self.days);
        let city = locale.pick("四三 sisan · 模拟城市", "sisan · a simulated city");
        let (groups, members, seed) = (
            locale.pick("集团", "groups"),
            locale.pick("成员", "members"),
            locale.pick("种子", "seed"),
        );
        let counts = [
            (locale.pick("事件", "events"), t.events),
            (locale.pick("重复", "duplicate"), t.duplicates),
            (locale.pick("拒收", "rejected"), t.rejected),
        ];
        let made = [
            (locale.pick("预警", "alerts"), t.alerts),
            (locale.pick("任务", "tasks"), t.tasks),
            (locale.pick("邮件", "mails"), t.mails),
        ];
        let line = |list: &[(&str, u64)]| {
            list.iter()
                .map(|(label, n)| format!("{label} {}", count(*n)))
                .collect::<Vec<_>>()
                .join("   ")
        };
        [
            format!(
                "{city}  {first} … {last}  {groups} {}  {members} {}  {seed} {}",
                self.groups,
                count(u64::from(self.members)),
                self.seed
            ),
            line(&counts),
            format!("{} → {}", line(&made), t.mail_folder),
        ]
    }

    /// Planned against found by kind of alert, and what differs.
    fn table(&self, locale: Locale) -> Vec<String> {
        let heads = [
            locale.pick("应有", "planned"),
            locale.pick("找到", "found"),
            locale.pick("漏报", "missed"),
            locale.pick("计划外", "unplanned"),
        ];
        let label = locale.pick("预警：埋设与找到", "alerts: planted against found");
        let mut lines = vec![row(label, heads.map(String::from))];
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
        let (missed, unplanned) = (
            locale.pick("漏报", "missed"),
            locale.pick("计划外", "unplanned"),
        );
        lines.extend(
            self.missed
                .iter()
                .take(SHOWN)
                .map(|e| differs(missed, e.kind, &e.scope, &e.subject, &e.from_day)),
        );
        lines.extend(self.unplanned.iter().take(SHOWN).map(|f| {
            differs(
                unplanned,
                f.kind,
                &f.scope,
                &f.subject,
                &dates::moment(locale, f.opened_at, self.zone),
            )
        }));
        lines
    }

    /// By kind of incident.
    fn planted(&self, locale: Locale) -> Vec<String> {
        let of = |(kind, planted, found): &(IncidentKind, usize, usize)| {
            format!("{} {found}/{planted}", incident_label(*kind, locale))
        };
        let all: Vec<String> = self.incidents.iter().map(of).collect();
        let (near, wrong) = self.near_misses;
        let label = locale.pick("事件找到/埋设", "incidents found/planted");
        let near_label = locale.pick("近似情形（不应预警）", "near misses (must not alert)");
        let wrong_label = locale.pick("误报", "false alarms");
        let half = all.len().div_ceil(2);
        vec![
            format!("{label}  {}", all[..half].join("  ")),
            format!("  {}", all[half..].join("  ")),
            format!("{near_label} {near}  {wrong_label} {wrong}"),
        ]
    }

    fn last_report(&self, locale: Locale) -> Vec<String> {
        let heads = match locale {
            Locale::ZhCn => ["期初", "期末", "离网率", "流失率", "投诉/万", "满意度"],
            Locale::En => ["opened", "closed", "churn", "loss", "per 10k", "satisf."],
        };
        let title = format!("{} {}", locale.pick("日报", "daily report"), self.days.1);
        let mut lines = vec![wide_row(&title, heads.map(String::from), REPORT_WIDTHS)];
        lines.extend(self.report.iter().map(report_row));
        if !self.report.is_empty() {
            lines.push(
                locale
                    .pick(
                        "! 越限且显著   ? 越限但不显著",
                        "! breach: over the limit and significant   ? watch",
                    )
                    .into(),
            );
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

fn incident_label(kind: IncidentKind, locale: Locale) -> &'static str {
    match kind {
        IncidentKind::ChurnWave => locale.pick("离网潮", "churn_wave"),
        IncidentKind::MemberLoss => locale.pick("成员转走", "member_loss"),
        IncidentKind::ComplaintWave => locale.pick("投诉潮", "complaint_wave"),
        IncidentKind::BadSurveys => locale.pick("差评", "bad_surveys"),
        IncidentKind::LockedNumberLost => locale.pick("锁定号", "locked_number"),
        IncidentKind::KeyLine => locale.pick("关键人", "key_line"),
        IncidentKind::BatchLeave => locale.pick("批量离网", "batch_leave"),
        IncidentKind::GroupGone => locale.pick("整体流失", "group_gone"),
        IncidentKind::Chance => locale.pick("偶然", "chance"),
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
