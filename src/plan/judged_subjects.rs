//! What is known now of the lines, complaints and answers that are to be judged.

use std::collections::BTreeMap;

use crate::domain::entity::{Entity, EntityKey};
use crate::domain::ids::{ComplaintId, SubscriberId, SurveyId};
use crate::domain::timeline::{AnswerNow, ComplaintNow, LineFact};

/// The timelines whose time to be judged has come. One that is not here is not judged.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct JudgedSubjects {
    /// What happened to lines.
    pub lines: BTreeMap<SubscriberId, Vec<LineFact>>,
    /// How complaints stand; none was never filed, as now known.
    pub complaints: BTreeMap<ComplaintId, Option<ComplaintNow>>,
    /// How answers stand; none was never given, as now known.
    pub answers: BTreeMap<SurveyId, Option<AnswerNow>>,
}

impl JudgedSubjects {
    /// Takes a timeline in.
    pub fn put(&mut self, key: EntityKey, timeline: Option<&Entity>) {
        match key {
            EntityKey::Subscriber(line) => {
                let facts = if let Some(Entity::Subscriber(line)) = timeline {
                    line.walk().facts().collect()
                } else {
                    Vec::new()
                };
                self.lines.insert(line, facts);
            }
            EntityKey::Complaint(complaint) => {
                let now = if let Some(Entity::Complaint(complaint)) = timeline {
                    complaint.now()
                } else {
                    None
                };
                self.complaints.insert(complaint, now);
            }
            EntityKey::Survey(survey) => {
                let now = if let Some(Entity::Survey(answer)) = timeline {
                    answer.now()
                } else {
                    None
                };
                self.answers.insert(survey, now);
            }
            EntityKey::Bill(_)
            | EntityKey::BilledLine(_)
            | EntityKey::Reference
            | EntityKey::Retraction => {}
        }
    }
}
