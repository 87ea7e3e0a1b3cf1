//! Remarks beside a list, for whoever reads it on a terminal.

use super::codes;
use crate::domain::alert::Alert;
use crate::domain::local_day::LocalDay;
use crate::domain::locale::Locale;
use crate::domain::silence::Silence;
use crate::notify::words::names;

/// Only the last rows are shown, and so many are left out, or at least so many.
#[must_use]
pub(crate) fn cut(locale: Locale, rows: u32, left_out: usize, are_all_counted: bool) -> String {
    match locale {
        Locale::ZhCn => {
            let least = if are_all_counted { "" } else { "至少" };
            format!(
                "仅显示最后 {rows} 条，另有{least} {left_out} 条未列\n建议：用 --limit N 显示更多"
            )
        }
        Locale::En => {
            let least = if are_all_counted { "" } else { "at least " };
            format!(
                "the last {rows} are shown, {least}{left_out} more are not\nhint: --limit N shows more"
            )
        }
    }
}

/// What has become of an alert that somebody acknowledges.
#[must_use]
pub(crate) fn alert_line(locale: Locale, alert: &Alert) -> String {
    let (id, state) = (alert.alert_id(), alert.state.name());
    match locale {
        Locale::ZhCn => format!("预警 {id}：{}", codes::alert_state(state)),
        Locale::En => format!("alert {id} is {state}"),
    }
}

/// What a silence stops, and until when.
#[must_use]
pub(crate) fn silenced(locale: Locale, made: &Silence) -> String {
    let (id, scope, until) = (&made.silence_id, &made.scope, made.until);
    let kind = made.kind.map_or_else(
        || locale.pick("全部类型", "all kinds"),
        |kind| names::alert_kind(locale, kind),
    );
    match locale {
        Locale::ZhCn => {
            let name = codes::scope(scope.name());
            format!(
                "{id}：{name} {} 的预警（{kind}）静默至 {until}（含当日）",
                scope.id()
            )
        }
        Locale::En => {
            format!("{id}: alerts of {scope} ({kind}) are silent up to and including {until}")
        }
    }
}

/// Why there are no changes between the versions of a day: there are none or one.
#[must_use]
pub(crate) fn nothing_to_compare(locale: Locale, day: LocalDay, versions: usize) -> String {
    match (locale, versions) {
        (Locale::ZhCn, 0) => format!("{day} 的日报尚未发布"),
        (Locale::ZhCn, _) => format!("{day} 的日报只发布过一次"),
        (Locale::En, 0) => format!("{day} has not been published"),
        (Locale::En, _) => format!("{day} has been published once"),
    }
}
