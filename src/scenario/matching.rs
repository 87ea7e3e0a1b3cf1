//! Compares expectations with what there is, and names the differences.
//!
//! Invariant: each expectation that does not hold gives one fault.

use std::borrow::Cow;

use super::expectation::{Expectation, ExpectedValue, Pattern, Times};
use super::fields::List;
use super::snapshot::{ListedItem, Snapshot};
use super::telling::FailedExpectation;
use super::time::show;
use crate::domain::zone::Zone;
use crate::report::Cell;

/// Most things that a fault names.
const NAMED_MAX: usize = 3;
/// Most characters of a value that a fault shows.
const VALUE_CHARS_MAX: usize = 160;

/// What of the expectations does not hold.
#[must_use]
pub(crate) fn judge(
    expectations: &[Expectation],
    shown: &Snapshot,
    zone: Zone,
) -> Vec<FailedExpectation> {
    expectations
        .iter()
        .filter_map(|one| fault_of(one, shown, zone))
        .collect()
}

fn fault_of(expectation: &Expectation, shown: &Snapshot, zone: Zone) -> Option<FailedExpectation> {
    let list = expectation.list;
    // Rows are those of today, unless a date is given.
    let of_today = |item: &&ListedItem| {
        expectation.date().is_some()
            || field(item, "date").is_none_or(|date| *date == Cell::Day(shown.today))
    };
    let all: Vec<&ListedItem> = shown
        .lists
        .get(&list)
        .into_iter()
        .flatten()
        .filter(of_today)
        .collect();
    let matching: Vec<&ListedItem> = all
        .iter()
        .copied()
        .filter(|item| expectation.pattern.fits(item))
        .collect();
    let wrong = match expectation.times {
        Times::Some if !matching.is_empty() => return None,
        Times::Exactly(count) if matching.len() == count => return None,
        Times::Exactly(0) => "must not be there, but is:".to_owned(),
        Times::Exactly(count) => format!(
            "must be there {count} times, and is there {} times:",
            matching.len()
        ),
        Times::Some if all.is_empty() => format!("is not there: there are no {}", list.name()),
        Times::Some => format!("is not there; nearest of {} {}:", all.len(), list.name()),
    };
    let instead = if matching.is_empty() {
        nearest(&expectation.pattern, &all, zone)
    } else {
        named(&matching)
    };
    Some(FailedExpectation {
        place: expectation.place.clone(),
        what: format!("{} {}", list.name(), expectation.text),
        wrong,
        instead,
        hint: hint(expectation, shown),
    })
}

/// Things that match, by name.
fn named(matching: &[&ListedItem]) -> Vec<String> {
    let mut names: Vec<String> = matching
        .iter()
        .take(NAMED_MAX)
        .map(|item| item.label.clone())
        .collect();
    if matching.len() > NAMED_MAX {
        names.push(format!("and {} more", matching.len() - NAMED_MAX));
    }
    names
}

/// The things that differ least from a pattern, and in what.
fn nearest(pattern: &Pattern, all: &[&ListedItem], zone: Zone) -> Vec<String> {
    let mut by_difference: Vec<(usize, String)> = all
        .iter()
        .map(|item| {
            let differences = pattern.differences(item, zone);
            (
                differences.len(),
                format!("{}: {}", item.label, differences.join("; ")),
            )
        })
        .collect();
    by_difference.sort_by_key(|(differences, _)| *differences);
    by_difference
        .into_iter()
        .take(NAMED_MAX)
        .map(|(_, text)| text)
        .collect()
}

fn hint(expectation: &Expectation, shown: &Snapshot) -> Option<&'static str> {
    let is_empty = shown.lists.get(&expectation.list).is_none_or(Vec::is_empty);
    match (expectation.list, expectation.times) {
        (List::Alerts | List::Tasks, Times::Some) if is_empty => Some(
            "signals are judged when a change has settled (60 s by default): expect them in a later step, e.g. after = \"2m\"",
        ),
        (List::Mails, Times::Some) if is_empty => Some(
            "what is not critical is mailed after mail.group_wait (5 min by default): expect it in a later step",
        ),
        _ => None,
    }
}

fn field<'s>(item: &'s ListedItem, name: &str) -> Option<&'s Cell<'static>> {
    item.fields
        .iter()
        .find(|(field, _)| field == name)
        .map(|(_, value)| value)
}

impl Pattern {
    /// Whether a thing has the wanted fields.
    #[must_use]
    pub(super) fn fits(&self, item: &ListedItem) -> bool {
        self.0
            .iter()
            .all(|(name, wanted)| field(item, name).is_some_and(|value| wanted.is(value)))
    }

    /// The fields in which a thing differs.
    fn differences(&self, item: &ListedItem, zone: Zone) -> Vec<String> {
        let differs = |(name, wanted): &(Cow<'static, str>, ExpectedValue)| {
            let value = field(item, name)?;
            (!wanted.is(value)).then(|| format!("{name} is {}", shorten(&spell(value, zone))))
        };
        self.0.iter().filter_map(differs).collect()
    }
}

impl ExpectedValue {
    fn is(&self, cell: &Cell<'_>) -> bool {
        match (self, cell) {
            (Self::Text(text), Cell::Null) => text.is_empty(),
            (Self::Text(wanted), Cell::Text(text)) => wanted == text,
            (Self::Text(wanted), Cell::List(names)) => names.iter().any(|name| name == wanted),
            (Self::Has(parts), Cell::Text(text)) => parts.iter().all(|part| text.contains(part)),
            (Self::Has(parts), Cell::List(texts)) => parts
                .iter()
                .all(|part| texts.iter().any(|text| text.contains(part))),
            (Self::Texts(wanted), Cell::List(texts)) => sorted(wanted) == sorted(texts),
            (Self::Int(wanted), Cell::Int(n)) => wanted == n,
            (Self::Number(wanted), Cell::Thousandths(n)) => is_close(*wanted, *n as f64 / 1000.0),
            (Self::Number(wanted), cell) => cell.quotient().is_some_and(|n| is_close(*wanted, n)),
            (Self::Bool(wanted), Cell::Bool(yes)) => wanted == yes,
            (Self::Instant(wanted), Cell::Instant(at)) => wanted == at,
            (Self::Date(wanted), Cell::Day(on)) => wanted == on,
            _ => false,
        }
    }
}

fn is_close(wanted: f64, n: f64) -> bool {
    (wanted - n).abs() <= 1e-9 * wanted.abs().max(1.0)
}

fn sorted<T: AsRef<str>>(texts: &[T]) -> Vec<&str> {
    let mut sorted: Vec<&str> = texts.iter().map(AsRef::as_ref).collect();
    sorted.sort_unstable();
    sorted
}

fn spell(cell: &Cell<'_>, zone: Zone) -> String {
    match cell {
        Cell::Null => "nothing".to_owned(),
        Cell::Text(text) => format!("{text:?}"),
        Cell::List(texts) => format!("{texts:?}"),
        Cell::Instant(at) => show(*at, zone),
        other => other.plain().into_owned(),
    }
}

fn shorten(text: &str) -> String {
    if text.chars().count() <= VALUE_CHARS_MAX {
        return text.to_owned();
    }
    text.chars().take(VALUE_CHARS_MAX).chain(['…']).collect()
}
