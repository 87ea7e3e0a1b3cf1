//! Reads the `[[plan]]` tables of the playbooks' file: the tasks of work that comes from no alert.
//!
//! Invariant: what it returns has each kind of work at most once.

use toml::Spanned;

use super::playbook::{Plan, PlaybookProblem};
use super::playbook_file::Keys;
use crate::domain::task::{PlanKind, TaskClass};

/// Longest time until planned work is due, in working days: most of a year.
const DUE_DAYS_MAX: u32 = 200;
/// The placeholders that a text may contain.
const PLACEHOLDERS: [&str; 2] = ["{group}", "{title}"];

/// Reads and checks all plans of a file, given as (name, text).
pub(super) fn parse_plans(
    (file, text): (&str, &str),
    tables: Vec<Spanned<toml::Table>>,
    problems: &mut Vec<PlaybookProblem>,
) -> Vec<Plan> {
    let mut plans: Vec<Plan> = Vec::new();
    for (index, table) in tables.into_iter().enumerate() {
        let Some(plan) = read_one(Keys::new((file, text), "plan", index, table, problems)) else {
            continue;
        };
        if plans.iter().any(|other| other.work == plan.work) {
            problems.push(PlaybookProblem::PlanTwice {
                file: file.to_owned(),
                index,
                plan: plan.work.name(),
            });
        }
        plans.push(plan);
    }
    plans
}

fn read_one(mut keys: Keys<'_>) -> Option<Plan> {
    let work: Option<PlanKind> = keys.need("for");
    let kind = keys.need("kind");
    let item = keys.item();
    let item_en = keys.item_en(item.as_ref());
    let means = keys.list("means", 1);
    let resources = keys.list("resources", 0);
    let checks: Option<Vec<String>> = keys.list("checks", 1);
    let checks_en: Option<Vec<String>> = if keys.has("checks_en") {
        keys.list("checks_en", 1)
    } else {
        Some(Vec::new())
    };
    let class: Option<TaskClass> = keys.need("class");
    let due_days: Option<u32> = keys.need("due_days");
    let escalation = keys.escalation();
    keys.refuse_the_rest();
    keys.compare(
        "checks_en",
        checks.as_ref().map(Vec::len),
        checks_en.as_ref().map(Vec::len),
    );
    refuse_bad_checks(&mut keys, "checks", checks.as_deref().unwrap_or_default());
    refuse_bad_checks(
        &mut keys,
        "checks_en",
        checks_en.as_deref().unwrap_or_default(),
    );
    if due_days.is_some_and(|days| !(1..=DUE_DAYS_MAX).contains(&days)) {
        keys.refuse(
            "due_days",
            format!("is out of range, expected 1 to {DUE_DAYS_MAX} working days"),
        );
    }
    if class == Some(TaskClass::Promise) && work != Some(PlanKind::Promise) {
        keys.refuse(
            "class",
            "`promise` is for what a manager promised; expected `key` or `routine`",
        );
    }
    Some(Plan {
        work: work?,
        kind: kind?,
        item: item?,
        means: means?,
        resources: resources?,
        checks: checks?,
        checks_en: checks_en?,
        item_en: item_en?,
        class: class?,
        due_days: due_days?,
        escalation: escalation?,
    })
}

/// Refuses checks that are too long or empty, or have a brace of no placeholder.
fn refuse_bad_checks(keys: &mut Keys<'_>, key: &str, checks: &[String]) {
    keys.are_short(key, checks);
    for (at, check) in checks.iter().enumerate() {
        let plain = PLACEHOLDERS
            .iter()
            .fold(check.clone(), |text, one| text.replace(one, ""));
        if check.trim().is_empty() || plain.contains(['{', '}']) {
            keys.refuse(
                &format!("{key}[{at}]"),
                "is empty or has a brace that is no {group} or {title}",
            );
        }
    }
}
