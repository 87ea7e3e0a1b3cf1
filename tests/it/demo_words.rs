//! In which language a line of a mail is, beside the names and notes that it quotes.

use std::collections::BTreeSet;

use sisan::domain::event::{Event, EventData};
use sisan::domain::task::{Item, Task, TaskTitle};

/// Whether a line has a word or a code of English beside names, notes and ids.
pub fn is_english(line: &str, written: &[String]) -> bool {
    let others = without(line, written);
    let is_word =
        |word: &str| word.len() > 2 && word.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    others
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .any(is_word)
}

/// Names and notes, which everybody reads as they were written; the longest first.
pub fn written<'a>(
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
            written.extend(parts(&task.item));
        }
    }
    let mut written: Vec<String> = written
        .into_iter()
        .filter(|text| text.chars().any(is_han))
        .collect();
    written.sort_by_key(|text| std::cmp::Reverse(text.len()));
    written
}

/// The parts of an item.
fn parts(item: &Item) -> Vec<String> {
    match item {
        Item::Information { way, what } => vec![way.clone(), what.clone()],
        Item::Service { what } => vec![what.clone()],
        Item::Visit {
            whom,
            purpose,
            prepare,
            steps,
        } => [whom, purpose, prepare]
            .into_iter()
            .chain(steps)
            .cloned()
            .collect(),
        Item::Retention { plan } => vec![plan.clone()],
    }
}

/// Whether a line has Chinese beside names and notes.
pub fn is_chinese(line: &str, written: &[String]) -> bool {
    line.chars().any(is_han) && without(line, written).chars().any(is_han)
}

/// A line without the names and notes in it.
fn without(line: &str, written: &[String]) -> String {
    let own = |line: String, text: &String| line.replace(text.as_str(), "");
    written.iter().fold(line.to_owned(), own)
}

fn is_han(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}
