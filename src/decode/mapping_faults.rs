//! Checks of a [`DropMapping`], made before any line is read.
//!
//! Invariant: all faults are reported at once, each with the mapping's name.

use chrono::format::{Item, StrftimeItems};

use super::envelope::SourceAttribute;
use super::fields::FromField;
use super::mapping::{ColumnNumber, Constant, DropMapping, IdFrom, Layout, SKIP_LAST_MAX};
use super::types;
use crate::domain::invisible::is_padded;

/// A fault of a mapping.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("use mapping `{mapping}` of source.files.mappings: {what}")]
pub(crate) struct MappingError {
    pub mapping: Box<str>,
    /// The fault, with a hint.
    pub what: String,
}

impl DropMapping {
    /// All faults of the mapping; empty when it can be used.
    #[must_use]
    pub(crate) fn faults(&self) -> Vec<MappingError> {
        let mut faults = self.envelope_faults();
        faults.extend(self.layout_faults());
        faults.extend(self.column_faults());
        faults.extend(self.field_faults());
        faults
            .into_iter()
            .map(|what| MappingError {
                mapping: self.name.clone(),
                what,
            })
            .collect()
    }

    fn envelope_faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if self.file_pattern.is_empty() {
            faults
                .push("file_pattern is empty, so that no file is one; hint: * is any text".into());
        }
        if SourceAttribute::from_str(&self.source).is_none() {
            faults.push(format!("source is not {}", SourceAttribute::EXPECTED));
        }
        faults
    }

    fn layout_faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        match &self.layout {
            Layout::Separated { by, .. }
                if !by.is_ascii() || by.is_ascii_alphanumeric() || matches!(by, '\r' | '\n') =>
            {
                faults.push(format!(
                    "the separator {by:?} cannot separate; hint: use an ASCII sign such as |"
                ));
            }
            Layout::Separated {
                by,
                quote: Some(quote),
                ..
            } if !quote.is_ascii_punctuation() || quote == by => {
                faults.push(format!("the sign {quote:?} cannot quote; hint: use an ASCII sign such as \", another than the separator"));
            }
            Layout::Fixed(spans)
                if spans
                    .iter()
                    .any(|(start, len)| *len == 0 || start.checked_add(*len).is_none()) =>
            {
                faults.push(
                    "a fixed column has no bytes; hint: give [first byte from 0, length]".into(),
                );
            }
            _ => {}
        }
        if self.skip_last > SKIP_LAST_MAX {
            faults.push(format!(
                "skip_last is {}; hint: at most {SKIP_LAST_MAX} lines are left out at the end",
                self.skip_last
            ));
        }
        if self.layout.columns() == 0 {
            faults.push("the layout has no columns".into());
        }
        faults
    }

    fn column_faults(&self) -> Vec<String> {
        let ids: &[ColumnNumber] = match &self.id {
            IdFrom::Column(column) => std::slice::from_ref(column),
            IdFrom::Digest(columns) => columns,
        };
        let used = self
            .fields
            .iter()
            .map(|field| &field.column)
            .chain(ids)
            .chain([&self.time.column]);
        let last = self.layout.columns();
        let mut faults: Vec<String> = used
            .filter(|column| !(1..=last).contains(*column))
            .map(|column| format!("there is no column {column}; hint: columns are 1 to {last}"))
            .collect();
        if ids.is_empty() {
            faults.push("id.digest names no columns, so that all lines would be one event".into());
        }
        let formats = self
            .fields
            .iter()
            .filter_map(|field| field.format.as_deref())
            .chain([&*self.time.format]);
        faults.extend(
            formats
                .filter(|format| StrftimeItems::new(format).any(|item| item == Item::Error))
                .map(|format| format!("`{format}` is no time format")),
        );
        faults
    }

    fn field_faults(&self) -> Vec<String> {
        let Some(rule) = types::find(&self.event_type) else {
            return vec![format!("there is no event type `{}`", self.event_type)];
        };
        let mut faults = Vec::new();
        let is_padded =
            |constant: &Constant| matches!(constant, Constant::Text(text) if is_padded(text));
        for (to, _) in self
            .constants
            .iter()
            .filter(|(_, constant)| is_padded(constant))
        {
            faults.push(format!(
                "the constant of `{to}` begins or ends with white space or an invisible character"
            ));
        }
        let mut seen = Vec::new();
        for to in self
            .fields
            .iter()
            .map(|field| &*field.to)
            .chain(self.constants.keys().map(String::as_str))
        {
            let first = to.split('.').next().unwrap_or(to);
            if !rule.fields.contains(&first) || to.split('.').count() > 2 {
                faults.push(format!(
                    "{} has no field `{to}`; hint: it has {}",
                    rule.event_type.name(),
                    rule.fields.join(", ")
                ));
            }
            if seen.contains(&to) || seen.contains(&first) {
                faults.push(format!("the field `{to}` is given twice"));
            }
            seen.push(to);
        }
        faults
    }
}
