//! Whether the demo's mails were true when they were queued: checked against the city's events, and
//! not against what the program knew.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::{NaiveDate, TimeDelta};
use sisan::config::load;
use sisan::domain::alert::{Alert, AlertId, ResolvedBecause};
use sisan::domain::ids::{SubscriberId, mask_phone};
use sisan::domain::indicator::{AlertKind, Signal};
use sisan::domain::mail::{Mail, MailKind, NoticeTopic};
use sisan::domain::task::{Step, StepKind, Task, TaskResult};
use sisan::domain::zone::Zone;
use sisan::simulate::{CityConfig, build};
use sisan::store::{Store, StoreAt};

use crate::demo_lines::Lines;
use crate::demo_tasks::of_task;
use crate::demo_words::{is_chinese, is_english, written};

/// Words that mark a subscriber as gone, in the sentence that names it. Neither 离网 nor 已流失 alone is
/// one: an intent to leave has the first, and the results that may be chosen have the second.
const SAYS_GONE: [&str; 8] = [
    "已销号",
    "已携出",
    "已退出集团",
    "已转入其他集团",
    "户已离网",
    "主动离网",
    "主动离网或携出",
    "批量离开集团",
];

/// Say that all the subscribers have gone: to whoever has the task, and to whoever is above.
const SAYS_ALL_GONE: [&str; 2] = ["已流失，请补录原因", "【已流失】"];

/// Words that mark a due time in a mail as passed. 超时 alone is none: a complaint may be so too.
const SAYS_LATE: [&str; 5] = ["，超时 ", "【超时 ", "已超", "原定", "不计时"];

/// The false statements in the mails of a demo's folder, by kind; every kind has an entry.
pub fn untruths(dir: &Path) -> BTreeMap<&'static str, Vec<String>> {
    let zone = load(&[], std::iter::empty())
        .expect("the defaults")
        .timezone;
    let last_day = NaiveDate::from_ymd_opt(2026, 10, 31).expect("a day");
    let city = build(CityConfig::demo(43, last_day, zone));
    let lines = Lines::of_events(&city.deliveries().collect::<Vec<_>>());
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
        of_results(mail, &tasks, &alerts, &lines, &mut untruths);
        of_times(mail, zone, &mut untruths);
        of_words(mail, &written, &mut untruths);
    }
    untruths
}

/// Sentences in the other language, and lines in which something was not filled in.
fn of_words(mail: &Mail, written: &[String], untruths: &mut BTreeMap<&'static str, Vec<String>>) {
    let is_wrong = |line: &str| {
        if mail.text.contains("四三 · 集团客户维系") {
            is_english(line, written)
        } else {
            is_chinese(line, written)
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
        .or_default()
        .extend(wrong);
    // The line before the foot is `-- `.
    let is_unfilled = |line: &&str| {
        let line = line.trim_end();
        line != "--" && line.ends_with(['—', '–', '-']) && !line.ends_with("--")
    };
    untruths
        .entry("lines that end in a dash")
        .or_default()
        .extend(mail.text.lines().filter(is_unfilled).map(str::to_owned));
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

/// Open tasks in a mail with subscribers that have gone, where their own text does not mention it.
fn of_gone_lines(
    mail: &Mail,
    tasks: &BTreeMap<String, Task>,
    alerts: &BTreeMap<AlertId, Alert>,
    lines: &Lines,
    untruths: &mut BTreeMap<&'static str, Vec<String>>,
) {
    let is_brief = mail.kind == MailKind::DailyBrief;
    let what = match is_brief {
        true => "briefs that show gone lines as work",
        false => "mails that show gone lines as work",
    };
    let of_topics = mail.topics.iter().filter_map(|topic| match topic {
        NoticeTopic::Task(id) | NoticeTopic::Approval(id) | NoticeTopic::Escalation(id, _) => {
            tasks.get(&id.to_string()).map(|task| (task, &*mail.text))
        }
        _ => None,
    });
    let in_brief = entries(&mail.text)
        .into_iter()
        .filter_map(|entry| Some((task_of_entry(entry, tasks)?, entry)));
    let shown: Vec<(&Task, &str)> = if is_brief {
        in_brief.collect()
    } else {
        of_topics.collect()
    };
    // Of subscribers alone, and not only shown to be verified.
    let is_about_lines = |task: &Task| {
        let mut its = task.alert_ids.iter().filter_map(|id| alerts.get(id));
        its.all(|alert| alert.key.kind.is_about_a_subscriber())
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
        let is_told = |sentence: &str| SAYS_GONE.iter().any(|word| sentence.contains(word));
        // Subscribers of one kind are counted in one sentence.
        let counted = format!("{named} 户");
        let is_passed_over = |line: &SubscriberId| {
            let phone = mask_phone(line.as_str());
            let names = |sentence: &&str| sentence.contains(&phone) || sentence.contains(&counted);
            text.lines()
                .find(names)
                .is_some_and(|first| !is_told(first))
        };
        let is_silent = match gone.len() == named {
            true => {
                !gone.is_empty()
                    && !SAYS_ALL_GONE.iter().any(|words| text.contains(words))
                    && !is_told(text)
            }
            false => gone.iter().any(is_passed_over),
        };
        let silent = format!("{} {gone:?} {} {text}", task.task_id, mail.queued_at);
        untruths
            .entry(what)
            .or_default()
            .extend(is_silent.then_some(silent));
    }
    untruths.entry(what).or_default();
}

/// Results in a mail by which somebody was kept, though subscribers of the task had gone by then,
/// where the text beside them does not say how many.
fn of_results(
    mail: &Mail,
    tasks: &BTreeMap<String, Task>,
    alerts: &BTreeMap<AlertId, Alert>,
    lines: &Lines,
    untruths: &mut BTreeMap<&'static str, Vec<String>>,
) {
    let reported = mail.topics.iter().filter_map(|topic| match topic {
        NoticeTopic::Report(id) => Some((tasks.get(&id.to_string())?, &*mail.text)),
        _ => None,
    });
    let to_verify = entries(&mail.text).into_iter().filter_map(|entry| {
        let is_kept = entry.contains("【已挽留") || entry.contains("【部分挽留");
        Some((task_of_entry(entry, tasks)?, entry)).filter(|_| is_kept)
    });
    let is_silent = |(task, text): &(&Task, &str)| {
        let kept = task.finish.as_ref().zip(task.ended_at).filter(|(how, at)| {
            let kept = [TaskResult::Retained, TaskResult::PartlyRetained];
            kept.contains(&how.result) && *at <= mail.queued_at
        });
        let gone = kept.map_or(0, |(_, at)| lines.gone_of(task, alerts, at).0.len());
        gone > 0 && !text.contains("所列")
    };
    untruths
        .entry("results reported as kept though some lines had gone, and nothing said so")
        .or_default()
        .extend(
            reported
                .chain(to_verify)
                .filter(is_silent)
                .map(|(task, text)| format!("{} {text}", task.task_id)),
        );
}

/// The task whose id ends the first line of a brief's entry.
fn task_of_entry<'a>(entry: &str, tasks: &'a BTreeMap<String, Task>) -> Option<&'a Task> {
    let (_, id) = entry.rsplit_once("；T")?;
    tasks.get(&format!(
        "T{}",
        id.lines().next().unwrap_or_default().trim()
    ))
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
    // `08-26 18:00`, `昨天 18:00` or `今天 18:00`.
    let is_past_moment = |text: &str| {
        let of_day = |word: &str, ago| {
            let time = text.strip_prefix(word)?.get(..6)?;
            Some(format!("{}{time}", (now - TimeDelta::days(ago)).date()))
        };
        of_day("昨天", 1)
            .or_else(|| of_day("今天", 0))
            .or_else(|| Some(format!("{}-{}", now.format("%Y"), text.get(..11)?)))
            .is_some_and(|moment| passed(&moment))
    };
    let first = mail.text.lines().filter(|line| line.starts_with("先办："));
    let in_brief = entries(&mail.text)
        .into_iter()
        .chain(first)
        .filter(|entry| {
            let mut limits = ["接单时限 ", "办结时限 "]
                .into_iter()
                .flat_map(|what| entry.split(what).skip(1));
            limits.any(is_past_moment) && is_silent(entry)
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
