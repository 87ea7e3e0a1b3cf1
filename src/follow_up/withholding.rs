//! What the port-out guard takes out of a task, and gives back.
//!
//! It does not know when the guard holds. Invariant: what is withheld from a task is recorded in it,
//! and the time that an answer to it was awaited is not lost to the assignee.

use super::due_clock::DueClock;
use crate::domain::task::{Approval, Means, Task};

/// Takes offer and negotiation out of a task; an offer in its words is shown no more. Where an
/// answer to them was awaited, its due clock goes on.
pub(crate) fn withhold(task: &mut Task, clock: DueClock<'_>) {
    let means = task.means.extract_if(.., |one| one.is_guarded());
    task.withheld_means.extend(means);
    let resources = task.resources.extract_if(.., |one| one.is_guarded());
    task.withheld_resources.extend(resources);
    task.withheld_words = task.offers_in_words();
    if task.means.is_empty() {
        task.means.push(Means::Call);
    }
    if Approval::needed_for(&task.means, &task.resources) == Approval::None {
        clock.withdraw_question(task);
    }
}

/// Gives back to a task what was withheld; what needs an answer is asked for.
pub(crate) fn give_back(task: &mut Task, clock: DueClock<'_>) {
    task.means.append(&mut task.withheld_means);
    task.resources.append(&mut task.withheld_resources);
    task.withheld_words = false;
    clock.ask_if_needed(task);
}
