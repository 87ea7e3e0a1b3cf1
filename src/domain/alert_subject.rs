//! The subject of an alert within its scope.
//!
//! Invariant: the type of the subject follows from the kind of the alert; a subject is stored as
//! its id or name alone, and parsed by the alert's kind.

use std::fmt;

use serde::{Serialize, Serializer};

use super::ids::{ComplaintId, IdError, SubscriberId, SurveyId};
use super::indicator::{AlertKind, Signal};
use super::short_text::ShortText;
use crate::domain::entity::EntityKey;

/// The subject of an alert within its scope.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AlertSubject {
    /// The whole scope: the customer, the unit or the company.
    WholeScope,
    Subscriber(SubscriberId),
    Complaint(ComplaintId),
    /// An answer to a survey.
    Answer(SurveyId),
    /// A category of complaints.
    Category(ShortText),
}

/// Why a text cannot be the subject of an alert of some kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SubjectError {
    #[error("the subject of a `{0}` alert {1}")]
    Id(&'static str, #[source] IdError),
    #[error("a `{0}` alert has a subject, and is about its whole scope")]
    Unexpected(&'static str),
}

impl AlertSubject {
    /// Parses the subject of an alert of that kind.
    ///
    /// # Errors
    /// [`SubjectError`] when the text does not fit the kind.
    pub(crate) fn parse(kind: AlertKind, text: &str) -> Result<Self, SubjectError> {
        let of_id = |error| SubjectError::Id(kind.name(), error);
        let whole_scope = || match text {
            "" => Ok(Self::WholeScope),
            _ => Err(SubjectError::Unexpected(kind.name())),
        };
        let AlertKind::Signal(signal) = kind else {
            return whole_scope();
        };
        match signal {
            Signal::LockedNumberLost | Signal::KeyLine | Signal::PreCancel | Signal::PortOut => {
                SubscriberId::parse(text)
                    .map(Self::Subscriber)
                    .map_err(of_id)
            }
            Signal::MajorComplaint | Signal::ComplaintOpen => {
                ComplaintId::parse(text).map(Self::Complaint).map_err(of_id)
            }
            Signal::LowScore => SurveyId::parse(text).map(Self::Answer).map_err(of_id),
            Signal::ComplaintHotspot => Ok(Self::Category(text.into())),
            Signal::BatchLeave
            | Signal::SuspensionBurst
            | Signal::RevenueDrop
            | Signal::Arrears
            | Signal::ContactGap
            | Signal::GroupGone => whole_scope(),
        }
    }

    /// Its id or name; empty where an alert has its whole scope as the subject.
    #[must_use]
    pub(crate) fn as_str(&self) -> &str {
        self.text().unwrap_or_default()
    }

    /// Its id or name, if it has one.
    #[must_use]
    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::WholeScope => None,
            Self::Subscriber(id) => Some(id.as_str()),
            Self::Complaint(id) => Some(id.as_str()),
            Self::Answer(id) => Some(id.as_str()),
            Self::Category(name) => Some(name),
        }
    }

    #[must_use]
    pub const fn subscriber(&self) -> Option<&SubscriberId> {
        match self {
            Self::Subscriber(id) => Some(id),
            Self::WholeScope | Self::Complaint(_) | Self::Answer(_) | Self::Category(_) => None,
        }
    }

    /// The timeline of a single subscriber, complaint or answer.
    #[must_use]
    pub(crate) fn entity_key(&self) -> Option<EntityKey> {
        match self {
            Self::Subscriber(id) => Some(EntityKey::Subscriber(id.clone())),
            Self::Complaint(id) => Some(EntityKey::Complaint(id.clone())),
            Self::Answer(id) => Some(EntityKey::Survey(id.clone())),
            Self::WholeScope | Self::Category(_) => None,
        }
    }

    /// Whether it is a single subscriber, complaint or answer.
    #[must_use]
    pub(crate) const fn is_one(&self) -> bool {
        match self {
            Self::Subscriber(_) | Self::Complaint(_) | Self::Answer(_) => true,
            Self::WholeScope | Self::Category(_) => false,
        }
    }
}

impl fmt::Display for AlertSubject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for AlertSubject {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_is_read_by_the_kind_of_its_alert_as_it_was_written() {
        for kind in AlertKind::all() {
            let read = ["", "13800008000"].map(|text| (text, AlertSubject::parse(kind, text)));
            assert!(read.iter().any(|(_, read)| read.is_ok()), "{kind:?}");
            for (text, subject) in read {
                let Ok(subject) = subject else { continue };
                assert_eq!(subject.as_str(), text, "{kind:?}");
                assert_eq!(
                    subject.subscriber().is_some(),
                    kind.is_about_a_subscriber(),
                    "{kind:?}"
                );
            }
        }
    }

    #[test]
    fn only_alerts_about_something_beside_their_scope_have_a_subject() {
        let signal = AlertKind::Signal;
        let parse = AlertSubject::parse;
        assert_eq!(
            parse(signal(Signal::KeyLine), "").map_err(|e| e.to_string()),
            Err("the subject of a `key_line` alert is empty, expected 1 to 64 characters".into())
        );
        assert_eq!(
            parse(signal(Signal::Arrears), "B1"),
            Err(SubjectError::Unexpected("arrears"))
        );
    }
}
