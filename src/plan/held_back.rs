//! What a run of a job that is due waits for.

use chrono::TimeDelta;

use crate::domain::clock_mode::ClockMode;
use crate::domain::job_action::JobAction;
use crate::domain::local_day::Timestamp;

use super::publishing::may_wait;

/// What holds a due run back, if that is so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HeldBackBy {
    Nothing,
    /// Clocks that do not agree: no month is closed then.
    Clocks,
    /// Input that has not been read past the midnight before it.
    Input,
}

/// What may hold a run back; `wait_max` is how long one waits for its input, if it does. With an
/// event clock all that a run waits for comes before its due time.
pub(crate) fn held_back_by(
    action: JobAction,
    wait_max: Option<TimeDelta>,
    clock: ClockMode,
    (due_at, now): (Timestamp, Timestamp),
) -> HeldBackBy {
    match (clock, action, wait_max) {
        (ClockMode::Event, ..) => HeldBackBy::Nothing,
        (ClockMode::Wall, JobAction::CloseMonth, _) => HeldBackBy::Clocks,
        (ClockMode::Wall, _, Some(most)) if may_wait(due_at, now, most) => HeldBackBy::Input,
        (ClockMode::Wall, ..) => HeldBackBy::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_the_wall_clock_closing_waits_for_clocks_and_a_report_for_a_while_for_its_input() {
        let due_at = Timestamp::from_micros(0);
        let held = |action, clock, minutes| {
            let now = due_at.plus(TimeDelta::minutes(minutes));
            let wait_max = (action == JobAction::DailyReport).then(|| TimeDelta::minutes(30));
            held_back_by(action, wait_max, clock, (due_at, now))
        };
        use ClockMode::{Event, Wall};
        for (action, clock, minutes, by) in [
            (JobAction::CloseMonth, Wall, 90, HeldBackBy::Clocks),
            (JobAction::DailyReport, Wall, 29, HeldBackBy::Input),
            (JobAction::DailyReport, Wall, 30, HeldBackBy::Nothing),
            (JobAction::Backup, Wall, 0, HeldBackBy::Nothing),
            (JobAction::CloseMonth, Event, 0, HeldBackBy::Nothing),
            (JobAction::DailyReport, Event, 0, HeldBackBy::Nothing),
        ] {
            assert_eq!(held(action, clock, minutes), by, "{action:?} {clock:?}");
        }
    }
}
