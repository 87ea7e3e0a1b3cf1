//! The figures behind an alert, each with its label.

use serde::Serialize;

use super::figures::{self, count, decimal, percent, probability, yuan};
use crate::domain::alert::Alert;
use crate::domain::indicator::{AlertKind, Indicator, Signal};
use crate::domain::locale::Locale;

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct LabelledFigure {
    pub label: &'static str,
    pub value: String,
}

/// A label in both languages.
type Label = (&'static str, &'static str);

/// The figures behind the alert, as far as its explanation holds them.
#[must_use]
pub(crate) fn cells(locale: Locale, alert: &Alert) -> Vec<LabelledFigure> {
    match alert.key.kind {
        AlertKind::Indicator(Indicator::ChurnRate) => {
            counted(locale, alert, ("已离网", "left"), Some(OPENING))
        }
        AlertKind::Indicator(Indicator::MemberLossRate) => {
            counted(locale, alert, ("已流失", "lost"), Some(OPENING))
        }
        AlertKind::Indicator(Indicator::ComplaintRate10k) => {
            counted(locale, alert, ("投诉", "complaints"), Some(OPENING))
        }
        AlertKind::Indicator(Indicator::Satisfaction) => {
            counted(locale, alert, ("答卷", "answers"), None)
        }
        AlertKind::Signal(Signal::BatchLeave) => {
            counted(locale, alert, ("离开集团", "gone"), Some(BEFORE))
        }
        AlertKind::Signal(Signal::SuspensionBurst) => {
            counted(locale, alert, ("已停机", "suspended"), Some(BEFORE))
        }
        AlertKind::Signal(signal) => of_signal(locale, signal, alert),
    }
}

const OPENING: Label = ("期初成员", "members at opening");
const BEFORE: Label = ("统计期初成员", "members before");

fn cell(locale: Locale, (zh, en): Label, value: String) -> LabelledFigure {
    let label = match locale {
        Locale::ZhCn => zh,
        Locale::En => en,
    };
    LabelledFigure { label, value }
}

/// How many of how many, and how likely that is by chance.
fn counted(locale: Locale, alert: &Alert, k: Label, n: Option<Label>) -> Vec<LabelledFigure> {
    let why = &alert.explanation;
    let mut cells = vec![cell(locale, k, count(why.k))];
    cells.extend(n.map(|label| cell(locale, label, count(why.n))));
    cells.extend(why.expected.map(|expected| {
        cell(
            locale,
            if alert.key.kind == AlertKind::Signal(Signal::SuspensionBurst) {
                ("同期正常约", "normally about")
            } else {
                ("按限值应有", "expected at limit")
            },
            figures::expected(expected, why),
        )
    }));
    // Above group level every value over the limit is a breach: it is not tested against chance.
    if alert.key.scope.group().is_none() {
        return cells;
    }
    let needed: Label = if why.p.is_none() {
        ("判定所需", "needed to judge")
    } else {
        ("触发门槛", "fires from")
    };
    cells.extend(why.needed.map(|n| cell(locale, needed, count(n))));
    cells.extend(
        why.p
            .map(|p| cell(locale, ("偶然可能性", "chance p"), probability(p))),
    );
    cells
}

/// What a signal without a test of chance has.
fn of_signal(locale: Locale, signal: Signal, alert: &Alert) -> Vec<LabelledFigure> {
    let why = &alert.explanation;
    let one = |label: Label, value: String| Some(cell(locale, label, value));
    let cells: Vec<Option<LabelledFigure>> = match signal {
        Signal::Arrears => vec![
            one(("欠费账户", "accounts overdue"), count(why.k)),
            one(("出账成员", "members billed"), count(why.n)),
            why.fen
                .and_then(|fen| one(("欠费金额", "overdue"), yuan(locale, fen))),
        ],
        Signal::RevenueDrop => vec![
            why.value
                .and_then(|share| one(("降幅", "drop"), percent(share, why.limit, 1))),
            why.limit
                .and_then(|limit| one(("预警线", "counts from"), percent(limit, why.value, 1))),
            why.fen
                .and_then(|fen| one(("较前三月均值少", "under the mean by"), yuan(locale, fen))),
        ],
        Signal::LowScore => vec![
            why.value
                .and_then(|score| one(("得分", "score"), decimal(score, why.limit))),
            why.limit
                .and_then(|limit| one(("低分线", "low below"), decimal(limit, why.value))),
        ],
        Signal::ComplaintHotspot => {
            vec![
                one(("投诉", "complaints"), count(why.k)),
                why.expected
                    .and_then(|mean| one(("此前平均", "usual"), decimal(mean, Some(why.k as f64)))),
            ]
        }
        _ => Vec::new(),
    };
    cells.into_iter().flatten().collect()
}
