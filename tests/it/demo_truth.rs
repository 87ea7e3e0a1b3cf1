//! Whether the demo's mails were true when they were queued: checked against the city's events, and
//! not against what the program knew.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use chrono::NaiveDate;
use sisan::config::load;
use sisan::domain::alert::{Alert, AlertId, ResolvedBecause};
use sisan::domain::event::{Event, EventData};
use sisan::domain::indicator::{AlertKind, Signal};
use sisan::domain::mail::{Mail, MailKind, NoticeTopic};
use sisan::domain::task::{Origin, Step, StepKind, Task, TaskResult, TaskTitle};
use sisan::domain::zone::Zone;
use sisan::follow_up::playbook::Playbooks;
use sisan::simulate::{CityConfig, build};
use sisan::store::{Store, StoreAt};

use crate::demo_lines::Lines;

/// Words that mark a line in a mail as gone.
const SAYS_GONE: [&str; 7] = [
    "已流失",
    "离网",
    "携出",
    "已销户",
    "已销号",
    "退出集团",
    "已转出",
];

/// Words that mark a due time in a mail as passed.
const SAYS_LATE: [&str; 4] = ["已超时", "逾期", "已超", "原定"];

/// The false statements in the mails of a demo's folder, by kind; every kind has an entry.
pub fn untruths(dir: &Path) -> BTreeMap<&'static str, Vec<String>> {
    let zone = load(&[], std::iter::empty())
        .expect("the defaults")
        .timezone;
    let last_day = NaiveDate::from_ymd_opt(2026, 10, 31).expect("a day");
    let city = build(CityConfig::demo(43, last_day, zone));
    let lines = Lines::of(&city.deliveries().collect::<Vec<_>>());
    let store = Store::open(&StoreAt::Sqlite {
        path: dir.join("sisan.db"),
        memtable_bytes_max: 48 << 20,
    })
    .expect("the demo's store");
    let (alerts, tasks, mails) = store
        .read_tx("read what was said", |tx| {
            Ok((tx.alerts()?, tx.tasks()?, tx.mails()?))
        })
        .expect("what was said");
    let alerts: BTreeMap<AlertId, Alert> = alerts
        .into_iter()
        .map(|alert| (alert.alert_id(), alert))
        .collect();
    let tasks: BTreeMap<String, Task> = tasks
        .into_iter()
        .map(|task| (task.task_id.to_string(), task))
        .collect();
    let written = written(city.deliveries(), tasks.values());
    let mut untruths = BTreeMap::new();
    of_alerts(&alerts, &lines, &mut untruths);
    tasks
        .values()
        .for_each(|task| of_task(task, &alerts, &lines, &mut untruths));
    for mail in mails.iter().map(|queued| &queued.mail) {
        of_gone_lines(mail, &tasks, &alerts, &lines, &mut untruths);
        of_times(mail, zone, &mut untruths);
        let is_wrong = |line: &str| {
            if mail.text.contains("四三 · 集团客户维系") {
                is_english(line)
            } else {
                is_chinese(line, &written)
            }
        };
        let wrong = mail
            .text
            .lines()
            .chain([&*mail.subject])
            .filter(|line| is_wrong(line))
            .map(str::to_owned);
        untruths
            .entry("sentences in the wrong language")
            .or_insert_with(Vec::new)
            .extend(wrong);
    }
    untruths
}

fn of_alerts(
    alerts: &BTreeMap<AlertId, Alert>,
    lines: &Lines,
    untruths: &mut BTreeMap<&'static str, Vec<String>>,
) {
    for (id, alert) in alerts {
        let is_gone = |then| {
            let line = alert.key.subject.subscriber();
            line.is_some_and(|line| lines.is_gone(line, alert.key.scope.group(), then))
        };
        let restored = alert
            .resolved_at
            .filter(|at| alert.resolved_because == Some(ResolvedBecause::Restored) && is_gone(*at));
        untruths
            .entry("alerts said restored though the line is gone")
            .or_default()
            .extend(restored.map(|_| id.to_string()));
        // A key line may be one that is lost.
        let tells_of_a_chance = matches!(
            alert.key.kind,
            AlertKind::Signal(Signal::PreCancel | Signal::PortOut)
        );
        let opened = Some(alert.opened_at).filter(|at| tells_of_a_chance && is_gone(*at));
        untruths
            .entry("alerts opened for a line that is gone")
            .or_default()
            .extend(opened.map(|_| id.to_string()));
    }
}

fn of_task(
    task: &Task,
    alerts: &BTreeMap<AlertId, Alert>,
    lines: &Lines,
    untruths: &mut BTreeMap<&'static str, Vec<String>>,
) {
    let mut wrong = |what: &'static str, is_wrong: bool| {
        untruths
            .entry(what)
            .or_default()
            .extend(is_wrong.then(|| task.task_id.to_string()));
    };
    let finish = task
        .finish
        .as_ref()
        .zip(task.ended_at)
        .filter(|(finish, _)| finish.result == TaskResult::Retained);
    let (gone, named) = finish.map_or((0, 0), |(_, at)| lines.gone_of(task, alerts, at));
    wrong(
        "tasks closed retained though all their lines had gone",
        named > 0 && gone == named,
    );
    let says_so = finish.is_some_and(|(finish, _)| finish.subscribers.is_some());
    wrong(
        "tasks closed retained though some lines had gone, and nothing said so",
        gone > 0 && gone < named && !says_so,
    );
    let its: Vec<&Alert> = task
        .alert_ids
        .iter()
        .filter_map(|id| alerts.get(id))
        .collect();
    let batch = its
        .iter()
        .find(|alert| alert.key.kind == AlertKind::Signal(Signal::BatchLeave));
    let plan_of = |alert: &Alert| {
        let all = Playbooks::shipped();
        all.find(&alert.key.scope, alert.key.kind, task.tier, None)
            .map(|playbook| playbook.item.clone())
    };
    // Graver than a batch is only what loses a locked number.
    let of_one_line = |batch: &&&Alert| {
        let lesser = its.iter().filter(|alert| {
            alert.key.kind.is_about_a_subscriber() && alert.severity <= batch.severity
        });
        lesser
            .filter_map(|alert| plan_of(alert))
            .any(|item| item == task.item)
    };
    wrong(
        "batch tasks with a single line's plan",
        matches!(task.origin, Origin::Alert) && batch.as_ref().is_some_and(of_one_line),
    );
    let judged = task
        .steps
        .iter()
        .filter(|step| [StepKind::Refuse, StepKind::Reopen].contains(&step.what));
    let unexplained = |step: &Step| {
        step.by.manager_id.is_none() || step.note.as_ref().is_none_or(|note| note.trim().is_empty())
    };
    wrong(
        "tasks reopened or refused without name and reason",
        judged.into_iter().any(unexplained),
    );
}

/// Open tasks in a mail all of whose lines have gone, where their own text does not mention it.
fn of_gone_lines(
    mail: &Mail,
    tasks: &BTreeMap<String, Task>,
    alerts: &BTreeMap<AlertId, Alert>,
    lines: &Lines,
    untruths: &mut BTreeMap<&'static str, Vec<String>>,
) {
    let is_brief = mail.kind == MailKind::DailyBrief;
    let what = if is_brief {
        "briefs that show gone lines as work"
    } else {
        "mails that show gone lines as work"
    };
    let told = mail.topics.iter().filter_map(|told| match told {
        NoticeTopic::Task(id) | NoticeTopic::Approval(id) | NoticeTopic::Escalation(id, _) => {
            tasks.get(&id.to_string()).map(|task| (task, &*mail.text))
        }
        _ => None,
    });
    let in_brief = entries(&mail.text).into_iter().filter_map(|entry| {
        let id = entry
            .rsplit_once("；T")
            .map(|(_, id)| format!("T{}", id.lines().next().unwrap_or_default().trim()))?;
        tasks.get(&id).map(|task| (task, entry))
    });
    let shown: Vec<(&Task, &str)> = if is_brief {
        in_brief.collect()
    } else {
        told.collect()
    };
    // Of lines alone, and not only shown to be verified.
    let is_about_lines = |task: &Task| {
        let mut its = task.alert_ids.iter().filter_map(|id| alerts.get(id));
        matches!(task.origin, Origin::Alert)
            && its.all(|alert| alert.key.kind.is_about_a_subscriber())
    };
    // It may have been done, and sent back later.
    let is_open = |task: &Task| {
        let is_over = |step: &&Step| {
            step.at <= mail.queued_at && [StepKind::Close, StepKind::Reopen].contains(&step.what)
        };
        task.steps
            .iter()
            .rfind(is_over)
            .is_none_or(|last| last.what == StepKind::Reopen)
    };
    let is_work = |task: &Task| is_about_lines(task) && is_open(task);
    for (task, text) in shown.into_iter().filter(|(task, _)| is_work(task)) {
        let (gone, named) = lines.gone_of(task, alerts, mail.queued_at);
        let is_silent =
            named > 0 && gone == named && !SAYS_GONE.iter().any(|word| text.contains(word));
        untruths
            .entry(what)
            .or_default()
            .extend(is_silent.then(|| format!("{} {} {text}", task.task_id, mail.queued_at)));
    }
    untruths.entry(what).or_default();
}

/// Due times that have passed without a word that marks them so: on the same line of a full mail,
/// in the same entry of a brief.
fn of_times(mail: &Mail, zone: Zone, untruths: &mut BTreeMap<&'static str, Vec<String>>) {
    let now = zone.local(mail.queued_at);
    let passed = |text: &str| {
        chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").is_ok_and(|due| due < now)
    };
    // `10 月 16 日（五）13:00`; a time of another year names its year, and is in the future.
    let is_past = |text: &str| {
        let parts = text
            .split_once(" 月 ")
            .and_then(|(month, rest)| Some((month, rest.split_once(" 日（")?)));
        let day = parts.and_then(|(month, (day, rest))| {
            Some(format!(
                "{}-{month}-{day} {}",
                now.format("%Y"),
                rest.split_once('）')?.1.get(..5)?
            ))
        });
        day.is_some_and(|day| passed(&day))
    };
    let is_silent = |text: &str| !SAYS_LATE.iter().any(|word| text.contains(word));
    let in_full = mail
        .text
        .lines()
        .filter_map(|line| Some((line, line.split_once("时限：")?.1)));
    let in_full = in_full
        .filter(|(line, rest)| is_past(rest) && is_silent(line))
        .map(|(line, _)| line.to_owned());
    let in_brief = entries(&mail.text).into_iter().filter(|entry| {
        let due = entry
            .split_once(" 完成 ")
            .and_then(|(_, due)| due.get(..11));
        due.is_some_and(|due| passed(&format!("{}-{due}", now.format("%Y")))) && is_silent(entry)
    });
    let all: Vec<String> = in_full.chain(in_brief.map(str::to_owned)).collect();
    untruths
        .entry("due times past without a word")
        .or_default()
        .extend(all);
}

/// The numbered entries of a brief.
fn entries(text: &str) -> Vec<&str> {
    let starts_entry = |line: &str| {
        line.split_once(". ").is_some_and(|(number, _)| {
            !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit())
        })
    };
    let mut entries: Vec<(usize, usize)> = Vec::new();
    let (mut at, mut is_open) = (0, false);
    for line in text.split_inclusive('\n') {
        let end = at + line.len();
        if starts_entry(line) {
            entries.push((at, end));
            is_open = true;
        } else if line.trim().is_empty() {
            is_open = false;
        } else if let Some((_, last)) = entries.last_mut().filter(|_| is_open) {
            *last = end;
        }
        at = end;
    }
    entries
        .into_iter()
        .map(|(from, to)| &text[from..to])
        .collect()
}

/// Whether a line is a sentence of English: four words and no Chinese.
fn is_english(line: &str) -> bool {
    let words = line
        .split_whitespace()
        .filter(|word| word.len() > 1 && word.bytes().all(|b| b.is_ascii_alphabetic()));
    words.count() > 3 && !line.chars().any(is_han)
}

/// Names and notes, which everybody reads as they were written; the longest first.
fn written<'a>(
    events: impl Iterator<Item = &'a Event>,
    tasks: impl Iterator<Item = &'a Task>,
) -> Vec<String> {
    let mut written = BTreeSet::new();
    for event in events {
        let texts: Vec<Option<&str>> = match &event.data {
            EventData::Group(group) => vec![Some(&group.name), group.industry.as_deref()],
            EventData::Unit(unit) => vec![Some(&unit.name)],
            EventData::Manager(manager) => vec![Some(&manager.name)],
            EventData::Project(project) => vec![Some(&project.title)],
            EventData::KeyDate(date) => vec![Some(&date.title), date.contact.as_deref()],
            EventData::Contact(contact) => {
                vec![contact.note.as_deref(), contact.opinion.as_deref()]
            }
            EventData::Complaint(complaint) => vec![complaint.category.as_deref()],
            _ => continue,
        };
        written.extend(texts.into_iter().flatten().map(str::to_owned));
    }
    for task in tasks {
        let finish = task
            .finish
            .iter()
            .flat_map(|finish| [&finish.note, &finish.summary, &finish.report.text]);
        written.extend(
            finish
                .chain(task.steps.iter().filter_map(|step| step.note.as_ref()))
                .cloned(),
        );
        if let TaskTitle::Written(title) = &task.title {
            written.insert(title.clone());
        }
    }
    let mut written: Vec<String> = written
        .into_iter()
        .filter(|text| text.chars().any(is_han))
        .collect();
    written.sort_by_key(|text| std::cmp::Reverse(text.len()));
    written
}

/// Whether a line has Chinese beside names and notes.
fn is_chinese(line: &str, written: &[String]) -> bool {
    line.chars().any(is_han)
        && written
            .iter()
            .fold(line.to_owned(), |line, text| {
                line.replace(text.as_str(), "")
            })
            .chars()
            .any(is_han)
}

fn is_han(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}
