//! `sisan tasks add`: makes a task by hand.

use std::io::{Write, stdout};

use anyhow::anyhow;
use chrono::{DateTime, NaiveDate, TimeDelta};
use clap::Args;

use super::answer::print_task;
use crate::cli::one_of::one_of;
use crate::commands::{actor, add_task};
use crate::domain::ids::{GroupId, ManagerId};
use crate::domain::local_day::Timestamp;
use crate::domain::task::{Item, ItemKind, Means, Resource, TaskClass, TaskKind};
use crate::follow_up::act::ByHand;
use crate::follow_up::working_hours::{closing_of, due_after};
use crate::runtime::{AppError, Setup};
use crate::store::Store;

/// A task by hand.
#[derive(Debug, Args)]
pub(in crate::cli) struct AddArgs {
    /// In a line, what it is about
    title: String,
    /// In this manager's name, whose task it is by default. It is recorded, with the system's user
    #[arg(long = "as", value_name = "MANAGER", value_parser = ManagerId::parse)]
    manager: ManagerId,
    /// For which group customer
    #[arg(long, value_parser = GroupId::parse)]
    group: GroupId,
    /// 三落实
    #[arg(long, value_parser = one_of!(TaskKind))]
    kind: TaskKind,
    /// 定工作事项: information needs --way and --what, service --what, visit --whom, --purpose,
    /// --prepare and --step, retention --plan
    #[arg(long, value_parser = one_of!(ItemKind))]
    item: ItemKind,
    /// By which way
    #[arg(long)]
    way: Option<String>,
    /// What
    #[arg(long)]
    what: Option<String>,
    /// Whom to see
    #[arg(long)]
    whom: Option<String>,
    /// What for
    #[arg(long)]
    purpose: Option<String>,
    /// What to prepare
    #[arg(long)]
    prepare: Option<String>,
    /// In which steps; one each time it is given
    #[arg(long = "step", visible_alias = "steps")]
    steps: Vec<String>,
    /// How to keep the customer
    #[arg(long)]
    plan: Option<String>,
    /// 定工作手段, with commas between them
    #[arg(long, required = true, value_delimiter = ',', value_parser = one_of!(Means))]
    means: Vec<Means>,
    /// 定所需资源, with commas between them
    #[arg(long, value_delimiter = ',', value_parser = one_of!(Resource))]
    resources: Vec<Resource>,
    /// Place in the work list
    #[arg(long, default_value = "routine", value_parser = one_of!(TaskClass))]
    class: TaskClass,
    /// Done by then: a date (its 18:00) or RFC 3339; by default in tasks.due_warning_hours
    #[arg(long)]
    due: Option<String>,
    /// Who does it
    #[arg(long, value_name = "MANAGER", value_parser = ManagerId::parse)]
    assignee: Option<ManagerId>,
}

/// Makes the task and prints its id.
pub(super) fn add(setup: &Setup, store: &Store, args: AddArgs) -> Result<(), AppError> {
    let now = setup.now(store)?;
    let due_at = due_at(setup, args.due.as_deref(), now)?;
    let actor = actor(Some(args.manager.clone()));
    let item = args.item_with_its_parts().map_err(AppError::usage)?;
    let by_hand = ByHand {
        group_id: args.group,
        title: args.title,
        kind: args.kind,
        item,
        means: args.means,
        resources: args.resources,
        class: args.class,
        due_at,
        assignee: args.assignee,
    };
    let task = add_task(&setup.plan_settings(), store, by_hand, &actor, now)?;
    writeln!(stdout(), "{}", task.task_id)?;
    print_task(setup, &task, now);
    Ok(())
}

fn due_at(setup: &Setup, due: Option<&str>, now: Timestamp) -> Result<Timestamp, AppError> {
    let zone = setup.config.timezone;
    let Some(text) = due else {
        let hours = TimeDelta::hours(i64::from(setup.config.tasks.due_warning_hours));
        return Ok(due_after(zone, &setup.calendar, now, hours));
    };
    if let Ok(date) = text.parse::<NaiveDate>() {
        return Ok(closing_of(zone, date));
    }
    let instant = DateTime::parse_from_rfc3339(text).map_err(|e| {
        AppError::usage(anyhow!(
            "--due {text}: {e}\nhint: write it as 2026-10-01, or as 2026-10-01T12:00:00+08:00"
        ))
    })?;
    Ok(instant.to_utc().into())
}

impl AddArgs {
    /// The item; refused if one of its parts is missing, or a part is given that it does not have.
    fn item_with_its_parts(&self) -> anyhow::Result<Item> {
        let name = self.item.name();
        let parts = [
            ("way", &self.way),
            ("what", &self.what),
            ("whom", &self.whom),
            ("purpose", &self.purpose),
            ("prepare", &self.prepare),
            ("plan", &self.plan),
        ];
        let wanted: &[&str] = match self.item {
            ItemKind::Information => &["way", "what"],
            ItemKind::Service => &["what"],
            ItemKind::Visit => &["whom", "purpose", "prepare"],
            ItemKind::Retention => &["plan"],
        };
        let is_visit = self.item == ItemKind::Visit;
        for (part, given) in parts
            .into_iter()
            .map(|(part, value)| (part, value.is_some()))
            .chain([("step", !self.steps.is_empty())])
        {
            match (wanted.contains(&part) || part == "step" && is_visit, given) {
                (true, false) => {
                    return Err(anyhow!(
                        "--{part} is missing: an item `{name}` has it\nhint: give every part of the item"
                    ));
                }
                (false, true) => {
                    return Err(anyhow!(
                        "--{part} is no part of an item `{name}`\nhint: leave it out"
                    ));
                }
                _ => {}
            }
        }
        let part = |name: &str| {
            parts
                .iter()
                .find(|(part, _)| *part == name)
                .and_then(|(_, value)| (*value).clone())
                .unwrap_or_default()
        };
        Ok(match self.item {
            ItemKind::Information => Item::Information {
                way: part("way"),
                what: part("what"),
            },
            ItemKind::Service => Item::Service { what: part("what") },
            ItemKind::Visit => Item::Visit {
                whom: part("whom"),
                purpose: part("purpose"),
                prepare: part("prepare"),
                steps: self.steps.clone(),
            },
            ItemKind::Retention => Item::Retention { plan: part("plan") },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Debug, Parser)]
    struct Line {
        #[command(flatten)]
        args: AddArgs,
    }

    fn item(parts: &str) -> Result<Item, String> {
        let line = format!("add title --as M1 --group G1 --kind expansion --means call {parts}");
        let line = Line::try_parse_from(line.split_whitespace()).expect("a line that is taken");
        line.args
            .item_with_its_parts()
            .map_err(|error| error.to_string())
    }

    #[test]
    fn an_item_has_all_its_parts_and_no_others() {
        assert_eq!(
            item("--item retention --plan p"),
            Ok(Item::Retention {
                plan: "p".to_owned()
            })
        );
        let visit = "--item visit --whom w --purpose p --prepare q";
        let steps = vec!["a".to_owned(), "b".to_owned()];
        let whole = Item::Visit {
            whom: "w".to_owned(),
            purpose: "p".to_owned(),
            prepare: "q".to_owned(),
            steps,
        };
        assert_eq!(item(&format!("{visit} --step a --step b")), Ok(whole));
        for (parts, part) in [
            (visit, "--step is missing"),
            (
                "--item visit --whom w --purpose p --step a",
                "--prepare is missing",
            ),
            ("--item information --way phone", "--what is missing"),
            ("--item service", "--what is missing"),
            ("--item retention", "--plan is missing"),
            ("--item service --what w --plan p", "--plan is no part"),
            (
                "--item information --way a --what b --step c",
                "--step is no part",
            ),
        ] {
            assert!(
                item(parts).is_err_and(|text| text.starts_with(part)),
                "{parts}"
            );
        }
    }
}
