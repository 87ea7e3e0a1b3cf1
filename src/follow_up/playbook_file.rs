//! Reads `config/playbooks.toml` and reports all of its faults at once.
//!
//! Each playbook is read key by key rather than as one struct, since a struct's reader stops at its
//! first fault. Invariant: what it returns has no unknown key, no empty text, and one answer for
//! every case.

use chrono::TimeDelta;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use toml::Spanned;

use super::check_text::CheckText;
use super::plan_file;
use super::playbook::{Playbook, PlaybookProblem, Playbooks, Selector};
use crate::domain::event::Tier;
use crate::domain::indicator::{AlertKind, ScopeKind};
use crate::domain::task::{
    EscalationStep, INSTRUCTION_CHARS_MAX, Item, Means, Resource, TaskClass, TaskKind,
};

/// Longest due time that makes sense: a working year.
const DUE_HOURS_MAX: i64 = 2_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlaybookFile {
    #[serde(default)]
    playbook: Vec<Spanned<toml::Table>>,
    #[serde(default)]
    plan: Vec<Spanned<toml::Table>>,
}

/// Reads and checks all playbooks and plans of a file.
pub(super) fn parse_playbooks(file: &str, text: &str) -> Result<Playbooks, Vec<PlaybookProblem>> {
    let parsed: PlaybookFile = toml::from_str(text).map_err(|e| {
        vec![PlaybookProblem::Unreadable {
            file: file.to_owned(),
            cause: e.to_string().trim_end().to_owned(),
        }]
    })?;
    let mut problems = Vec::new();
    let (mut playbooks, mut selectors) = (Vec::new(), Vec::new());
    for (index, table) in parsed.playbook.into_iter().enumerate() {
        let mut keys = Keys::new((file, text), "playbook", index, table, &mut problems);
        let selector = keys.selector();
        playbooks.extend(keys.playbook(selector.clone()));
        selectors.extend(selector.map(|selector| (index, selector)));
    }
    check_cases(file, &selectors, &mut problems);
    let plans = plan_file::parse_plans((file, text), parsed.plan, &mut problems);
    if problems.is_empty() {
        Ok(Playbooks { playbooks, plans })
    } else {
        Err(problems)
    }
}

/// The table of a playbook or plan, from which each key is taken out as it is read.
pub(super) struct Keys<'a> {
    file: &'a str,
    line: usize,
    list: &'static str,
    index: usize,
    table: toml::Table,
    problems: &'a mut Vec<PlaybookProblem>,
}

impl<'a> Keys<'a> {
    /// The table at `index` of a list in a file, given as (name, text).
    pub(super) fn new(
        (file, text): (&'a str, &str),
        list: &'static str,
        index: usize,
        table: Spanned<toml::Table>,
        problems: &'a mut Vec<PlaybookProblem>,
    ) -> Self {
        let line = text[..table.span().start.min(text.len())]
            .matches('\n')
            .count()
            + 1;
        Self {
            file,
            line,
            list,
            index,
            table: table.into_inner(),
            problems,
        }
    }

    pub(super) fn refuse(&mut self, key: &str, what: impl Into<String>) {
        let (file, key) = (self.file.to_owned(), key.to_owned());
        self.problems.push(PlaybookProblem::Key {
            file,
            line: self.line,
            list: self.list,
            index: self.index,
            key,
            what: what.into(),
        });
    }

    /// The value of a key that may be left out. The outer none: its value is wrong, and the problem
    /// is recorded.
    pub(super) fn maybe<T: DeserializeOwned>(&mut self, key: &str) -> Option<Option<T>> {
        let Some(value) = self.table.remove(key) else {
            return Some(None);
        };
        match value.try_into::<T>() {
            Ok(read) => Some(Some(read)),
            Err(e) => {
                self.refuse(key, e.to_string().trim_end().replace('\n', " "));
                None
            }
        }
    }

    /// The value of a key that must be there.
    pub(super) fn need<T: DeserializeOwned>(&mut self, key: &str) -> Option<T> {
        let read = self.maybe(key)?;
        if read.is_none() {
            self.refuse(key, "is missing");
        }
        read
    }

    /// A list of the key without duplicates, with at least `least` entries.
    pub(super) fn list<T: DeserializeOwned + PartialEq>(
        &mut self,
        key: &str,
        least: usize,
    ) -> Option<Vec<T>> {
        let list: Vec<T> = self.need(key)?;
        if list.len() < least {
            self.refuse(key, "is empty");
            return None;
        }
        if list
            .iter()
            .enumerate()
            .any(|(at, one)| list[..at].contains(one))
        {
            self.refuse(key, "names something twice");
            return None;
        }
        Some(list)
    }

    fn selector(&mut self) -> Option<Selector> {
        let alert_kind: Option<AlertKind> = self.need("alert_kind");
        let scope = self
            .maybe("scope")
            .map(|scope| scope.unwrap_or(ScopeKind::Group));
        let tier = self.maybe::<Tier>("tier");
        let industry = self.maybe::<String>("industry");
        let (alert_kind, scope, tier, industry) = (alert_kind?, scope?, tier?, industry?);
        if scope != ScopeKind::Group {
            for (key, set) in [("tier", tier.is_some()), ("industry", industry.is_some())] {
                if set {
                    self.refuse(
                        key,
                        format!("a {} has none; hint: leave it out", scope.name()),
                    );
                }
            }
        }
        if !scope.raises(alert_kind) {
            self.refuse("alert_kind", {
                let of = if ScopeKind::Unit.raises(alert_kind) {
                    "units"
                } else {
                    "groups"
                };
                format!("the signal `{}` is raised for {of} only", alert_kind.name())
            });
        }
        if industry
            .as_ref()
            .is_some_and(|industry| industry.trim().is_empty())
        {
            self.refuse("industry", "is empty; hint: leave it out for any industry");
        }
        Some(Selector {
            scope,
            alert_kind,
            tier,
            industry,
        })
    }

    fn playbook(mut self, selector: Option<Selector>) -> Option<Playbook> {
        let kind: Option<TaskKind> = self.need("kind");
        let item = self.item();
        let item_en = self.item_en(item.as_ref());
        let means: Option<Vec<Means>> = self.list("means", 1);
        let resources: Option<Vec<Resource>> = self.list("resources", 0);
        let checks = self.checks("checks", selector.as_ref());
        let checks_en = if self.has("checks_en") {
            self.checks("checks_en", selector.as_ref())
        } else {
            Some(Vec::new())
        };
        self.compare(
            "checks_en",
            checks.as_ref().map(Vec::len),
            checks_en.as_ref().map(Vec::len),
        );
        let class = self.class();
        let due = self.due();
        let observe = self
            .maybe("observe")
            .map(|observe| observe.unwrap_or(false));
        let escalation = self.escalation();
        self.refuse_the_rest();
        let (selector, kind, item, means, resources) =
            (selector?, kind?, item?, means?, resources?);
        let (checks, class, due, observe, escalation) =
            (checks?, class?, due?, observe?, escalation?);
        let (checks_en, item_en) = (checks_en?, item_en?);
        Some(Playbook {
            selector,
            kind,
            item,
            means,
            resources,
            checks,
            checks_en,
            item_en,
            class,
            due,
            observe,
            escalation,
        })
    }

    /// Refuses the keys that nobody has taken.
    pub(super) fn refuse_the_rest(&mut self) {
        for key in std::mem::take(&mut self.table).keys() {
            self.refuse(key, "unknown key");
        }
    }

    /// Whether a key is there that nobody has taken.
    pub(super) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// Refuses English texts that are there, but not as many as the others.
    pub(super) fn compare(&mut self, key: &str, texts: Option<usize>, english: Option<usize>) {
        if let (Some(texts), Some(english)) = (texts, english)
            && english != 0
            && english != texts
        {
            self.refuse(
                key,
                format!("has {english} texts, expected {texts}, one for each of the others"),
            );
        }
    }

    pub(super) fn item(&mut self) -> Option<Item> {
        let item: Item = self.need("item")?;
        self.check_item("item", item)
    }

    /// The item in English, whose kind is that of the other. The outer none: its value is wrong,
    /// and the problem is recorded.
    pub(super) fn item_en(&mut self, item: Option<&Item>) -> Option<Option<Item>> {
        let Some(kind) = item
            .map(|item| item.kind().name())
            .filter(|_| self.has("item_en"))
        else {
            self.table.remove("item_en");
            return Some(None);
        };
        if let Some(toml::Value::Table(parts)) = self.table.get_mut("item_en") {
            parts.insert("kind".to_owned(), kind.into());
        }
        let item = self.need("item_en")?;
        self.check_item("item_en", item).map(Some)
    }

    fn check_item(&mut self, key: &str, item: Item) -> Option<Item> {
        let parts = item.texts();
        let is_short = self.are_short(key, &parts);
        let blank = parts.iter().any(|part| part.trim().is_empty())
            || matches!(&item, Item::Visit { steps, .. } if steps.is_empty());
        let braces = parts.iter().any(|part| part.contains(['{', '}']));
        if blank {
            self.refuse(key, "leaves a part empty");
        }
        if braces {
            self.refuse(
                key,
                "holds a brace; hint: figures are filled into `checks` only",
            );
        }
        (!blank && !braces && is_short).then_some(item)
    }

    /// Whether no text is longer than mails show whole; one that is is refused.
    pub(super) fn are_short(&mut self, key: &str, texts: &[impl AsRef<str>]) -> bool {
        let lengths = texts.iter().map(|text| text.as_ref().chars().count());
        let longest = lengths.max().unwrap_or(0);
        let is_short = longest <= INSTRUCTION_CHARS_MAX;
        if !is_short {
            self.refuse(
                key,
                format!("has a text of {longest} characters, expected {INSTRUCTION_CHARS_MAX} at most; hint: mails show it whole"),
            );
        }
        is_short
    }

    fn checks(&mut self, key: &str, selector: Option<&Selector>) -> Option<Vec<CheckText>> {
        let texts: Vec<String> = self.list(key, 1)?;
        let is_short = self.are_short(key, &texts);
        let selector = selector?;
        let mut checks = Vec::new();
        for (at, text) in texts.iter().enumerate() {
            match CheckText::parse(text, selector.scope, selector.alert_kind) {
                Ok(check) => checks.push(check),
                Err(e) => self.refuse(&format!("{key}[{at}]"), e.to_string()),
            }
        }
        (is_short && checks.len() == texts.len()).then_some(checks)
    }

    fn class(&mut self) -> Option<Option<TaskClass>> {
        let class = self.maybe("class")?;
        if class == Some(TaskClass::Promise) {
            self.refuse(
                "class",
                "`promise` is for what a manager promised; expected `key` or `routine`",
            );
            return None;
        }
        Some(class)
    }

    fn due(&mut self) -> Option<Option<TimeDelta>> {
        let hours: Option<i64> = self.maybe("due_hours")?;
        if hours.is_some_and(|hours| !(1..=DUE_HOURS_MAX).contains(&hours)) {
            self.refuse(
                "due_hours",
                format!("is out of range, expected 1 to {DUE_HOURS_MAX} hours"),
            );
            return None;
        }
        Some(hours.map(TimeDelta::hours))
    }

    pub(super) fn escalation(&mut self) -> Option<Vec<EscalationStep>> {
        if !self.table.contains_key("escalation") {
            return Some(vec![EscalationStep::Supervisor]);
        }
        self.list("escalation", 1)
    }
}

/// Every case must have one answer: none of two that are equally specific, and none without any.
fn check_cases(file: &str, selectors: &[(usize, Selector)], problems: &mut Vec<PlaybookProblem>) {
    for (at, (first, one)) in selectors.iter().enumerate() {
        for (second, other) in &selectors[at + 1..] {
            let Some(case) = one.overlap(other) else {
                continue;
            };
            let equal = one.specificity() == other.specificity();
            let answered = case.specificity() > one.specificity()
                && selectors.iter().any(|(_, third)| *third == case);
            if equal && !answered {
                problems.push(PlaybookProblem::Ambiguous {
                    file: file.to_owned(),
                    first: *first,
                    second: *second,
                    case,
                });
            }
        }
    }
    for scope in [ScopeKind::Group, ScopeKind::Unit, ScopeKind::Company] {
        for alert_kind in AlertKind::all().filter(|kind| scope.raises(*kind)) {
            let case = Selector {
                scope,
                alert_kind,
                tier: None,
                industry: None,
            };
            if !selectors.iter().any(|(_, selector)| *selector == case) {
                problems.push(PlaybookProblem::Missing {
                    file: file.to_owned(),
                    case,
                });
            }
        }
    }
}
