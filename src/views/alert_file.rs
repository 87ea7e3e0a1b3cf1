//! `alerts explain`: why an alert fires, in figures and in words, and who has its tasks.

use crate::domain::alert::Alert;
use crate::domain::ids::mask_phone;
use crate::domain::locale::Locale;
use crate::domain::task::Task;
use crate::notify::explain;
use crate::report::{Cell, Column, Document, Kind, Listing};

use super::column::{some, text};
use super::lists::{Beside, alerts, steps, tasks};

/// Why an alert fires, and the tasks that answer it.
#[must_use]
pub fn explained(
    locale: Locale,
    alert: &Alert,
    answering: &[Task],
    beside: Beside<'_>,
) -> Document<'static> {
    let instants = beside.instants;
    let mut why = Listing::new(vec![
        Column::text("headline", "要点"),
        Column::text("sentence", "说明"),
        Column::new("members", "涉及号码", Kind::List),
        Column::new("count_when_done", "上次任务完成时的数量", Kind::Count),
    ]);
    why.push(vec![
        text(explain::headline(locale, alert)),
        text(explain::sentence(locale, alert)),
        Cell::List(
            alert
                .members
                .iter()
                .map(|line| mask_phone(line.as_str()).into())
                .collect(),
        ),
        some(alert.count_when_done, Cell::Int),
    ]);
    let mut figures = Listing::new(vec![
        Column::text("figure", "数据"),
        Column::text("value", "值"),
    ]);
    for cell in explain::cells(locale, alert) {
        figures.push(vec![text(cell.label), text(cell.value)]);
    }
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
