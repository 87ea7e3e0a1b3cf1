//! Alerts, as they are listed and as scenarios expect them.

use crate::domain::alert::{Alert, ResolvedBecause};
use crate::domain::locale::Locale;
use crate::notify::words::notes;
use crate::report::{Cell, Column, ColumnKind, Figure, FigureUnit, Instants, Listing};
use crate::views::codes;
use crate::views::column::{
    ListColumn, at, column, count, group_of, int, listing, number, short, some, text, texts,
    unit_of, unlisted, yes_or_no,
};

#[derive(Debug)]
pub(crate) struct AlertRow<'a> {
    pub(crate) alert: &'a Alert,
    /// Whether a task answers it, where that is asked for.
    pub(crate) has_task: Option<bool>,
    /// The language of a reader; none for programs.
    pub(crate) reader: Option<Locale>,
}

impl<'a> AlertRow<'a> {
    pub(crate) const COLUMNS: &'a [ListColumn<Self>] = &[
        column(Column::text("alert_id", "预警"), |r| {
            text(r.alert.alert_id().as_str())
        }),
        column(
            Column::code("scope", "范围", codes::scope)
                .one_of(codes::scopes)
                .if_room(),
            |r| r.alert.key.scope.name().into(),
        ),
        short(
            "id",
            column(Column::text("scope_id", "编号"), |r| {
                text(r.alert.key.scope.id())
            }),
        ),
        unlisted(Column::text("group", "集团"), |r| {
            group_of(&r.alert.key.scope)
        }),
        unlisted(Column::text("unit", "单位"), |r| {
            unit_of(&r.alert.key.scope)
        }),
        column(
            Column::code("kind", "类型", codes::alert_kind).one_of(codes::alert_kinds),
            |r| r.alert.key.kind.name().into(),
        ),
        column(Column::text("subject", "对象").masking(), |r| {
            text(r.alert.key.subject.as_str())
        }),
        column(Column::text("period", "期间").if_room(), |r| {
            text(r.alert.key.period.to_string())
        }),
        column(count("occurrence", "次").detail(), |r| {
            int(r.alert.key.occurrence)
        }),
        column(
            Column::code("state", "状态", codes::alert_state).one_of(codes::alert_states),
            |r| r.alert.state.name().into(),
        ),
        column(
            Column::code("severity", "级别", codes::severity).one_of(codes::severities),
            |r| r.alert.severity.name().into(),
        ),
        column(number("value", "值"), |r| {
            let why = &r.alert.explanation;
            r.figure(why.value, why.limit)
        }),
        column(count("k", "k").if_room(), |r| r.alert.explanation.k.into()),
        column(count("n", "n").if_room(), |r| r.alert.explanation.n.into()),
        column(number("p", "p").detail(), |r| r.alert.explanation.p.into()),
        column(number("expected", "期望").if_room(), |r| {
            r.alert.explanation.expected.into()
        }),
        column(count("needed", "需要").if_room(), |r| {
            r.alert.explanation.needed.into()
        }),
        column(number("limit", "限值").if_room(), |r| {
            let why = &r.alert.explanation;
            r.figure(why.limit, why.value)
        }),
        column(
            Column::new("fen", "金额", ColumnKind::Fen).detail(),
            |r| r.alert.explanation.fen.into(),
        ),
        unlisted(
            Column::new("subscribers", "涉及号码", ColumnKind::List).masking(),
            |r| texts(r.alert.members.iter().map(ToString::to_string)),
        ),
        column(at("opened_at", "触发").if_room(), |r| {
            r.alert.opened_at.into()
        }),
        column(at("resolved_at", "解除").if_room(), |r| {
            r.alert.resolved_at.into()
        }),
        column(
            Column::code("resolved_because", "原因", codes::resolved)
                .one_of(codes::resolved_because)
                .if_room(),
            resolved_because,
        ),
        unlisted(yes_or_no("has_task", "有任务"), |r| r.has_task.into()),
    ];
}

impl AlertRow<'_> {
    /// Its value or its limit, with as many digits as tell it from the other.
    fn figure(&self, value: Option<f64>, beside: Option<f64>) -> Cell<'static> {
        some(value, |value| {
            Cell::Figure(Figure {
                value,
                beside,
                unit: FigureUnit::of_alert(self.alert.key.kind),
            })
        })
    }
}

/// Why it was resolved; readers are shown what that means of this kind of alert.
fn resolved_because<'c>(row: &AlertRow<'_>) -> Cell<'c> {
    let kind = row.alert.key.kind;
    match (row.reader, row.alert.resolved_because) {
        (Some(locale), Some(because)) => text(notes::kind_resolved_because(locale, kind, because)),
        (None, because) => because.map(ResolvedBecause::name).into(),
        (_, None) => Cell::Null,
    }
}

/// `alerts list`
#[must_use]
pub(crate) fn alerts(alerts: &[Alert], instants: Instants) -> Listing<'static> {
    let rows = alerts.iter().map(|alert| AlertRow {
        alert,
        has_task: None,
        reader: instants.reader(),
    });
    listing(AlertRow::COLUMNS, rows, instants)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Options, ReportFormat};
    use crate::views::table_words::table_words;
    use crate::views::tests::stored::arrears;

    fn text(alert: &Alert, format: ReportFormat, headers: Option<Locale>) -> String {
        let options = Options {
            headers: headers.map(table_words),
            width: Some(80),
            ..Options::default()
        };
        let (mut out, list) = (
            Vec::new(),
            alerts(std::slice::from_ref(alert), Instants::Utc),
        );
        list.write_listing(format, &options, &mut out)
            .expect("a list");
        String::from_utf8(out).expect("UTF-8")
    }

    #[test]
    fn the_narrowest_table_has_the_id_that_other_commands_are_given() {
        let alert = arrears();
        let table = text(&alert, ReportFormat::Table, None);
        assert!(table.contains(alert.alert_id().as_str()), "{table}");
    }

    #[test]
    fn people_read_money_in_yuan_and_programs_in_fen() {
        let alert = arrears();
        let csv = |headers| text(&alert, ReportFormat::Csv, headers);
        let (zh, en) = (csv(Some(Locale::ZhCn)), csv(Some(Locale::En)));
        assert!(
            zh.contains(",金额(元),") && zh.contains(",1234.56,"),
            "{zh}"
        );
        assert!(en.contains(",yuan,") && en.contains(",1234.56,"), "{en}");
        let exact = csv(None);
        assert!(
            exact.contains(",fen,") && exact.contains(",123456,"),
            "{exact}"
        );
    }
}
