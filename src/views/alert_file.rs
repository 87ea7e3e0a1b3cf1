//! `alerts explain`: why an alert fires, in figures and in words, and who has its tasks.

use crate::domain::alert::Alert;
use crate::domain::ids::mask_phone;
use crate::domain::locale::Locale;
use crate::domain::task::Task;
use crate::notify::words::explain::{self, LabelledFigure};
use crate::report::{Column, ColumnKind, Document};

use super::column::{ListColumn, column, count, listing, text, texts};
use super::lists::{TaskListContext, alerts, steps, tasks};

/// An alert, and the language in which it is explained.
#[derive(Debug)]
struct Explained<'a> {
    locale: Locale,
    alert: &'a Alert,
}

impl<'a> Explained<'a> {
    const COLUMNS: &'a [ListColumn<Self>] = &[
        column(Column::text("headline", "要点"), |r| {
            text(explain::headline(r.locale, r.alert))
        }),
        column(Column::text("sentence", "说明"), |r| {
            text(explain::sentence(r.locale, r.alert))
        }),
        column(
            Column::new("members", "涉及号码", ColumnKind::List),
            |r| {
                texts(
                    r.alert
                        .members
                        .iter()
                        .map(|subscriber| mask_phone(subscriber.as_str())),
                )
            },
        ),
        column(
            count("count_when_done", "上次任务完成时的数量"),
            |r| r.alert.count_when_done.into(),
        ),
    ];
}

const FIGURES: &[ListColumn<LabelledFigure>] = &[
    column(Column::text("figure", "数据"), |r| r.label.into()),
    column(Column::text("value", "值"), |r| text(&*r.value)),
];

/// Why an alert fires, and the tasks that answer it.
#[must_use]
pub(crate) fn explained(
    locale: Locale,
    alert: &Alert,
    answering: &[Task],
    beside: TaskListContext<'_>,
) -> Document<'static> {
    let instants = beside.instants;
    let why = listing(Explained::COLUMNS, [Explained { locale, alert }], instants);
    let figures = listing(FIGURES, explain::cells(locale, alert), instants);
    Document::default()
        .with_one(
            "alert",
            "预警",
            alerts(std::slice::from_ref(alert), instants),
        )
        .with_one("explanation", "原因", why)
        .with_many("figures", "数据", figures)
        .with_many("tasks", "任务", tasks(answering, beside))
        .with_many(
            "steps",
            "经过",
            steps(alert.acknowledged.as_slice(), instants),
        )
}
