//! The current state of the subscribers, complaints and answers that are to be judged.

use std::collections::BTreeMap;

use crate::domain::entity::{Entity, EntityKey};
use crate::domain::ids::{ComplaintId, SubscriberId, SurveyId};
use crate::domain::timeline::{AnswerNow, ComplaintNow, SubscriberFact};

/// The timelines that are due to be judged. One that is not here is not judged.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct JudgedSubjects {
    /// What happened to subscribers.
    pub subscribers: BTreeMap<SubscriberId, Vec<SubscriberFact>>,
    /// Complaints as of now; none: never filed, as now known.
    pub complaints: BTreeMap<ComplaintId, Option<ComplaintNow>>,
    /// Answers as of now; none: never given, as now known.
    pub answers: BTreeMap<SurveyId, Option<AnswerNow>>,
}

impl JudgedSubjects {
    /// Adds what is judged of a timeline.
    pub(crate) fn put_timeline(&mut self, key: EntityKey, timeline: Option<&Entity>) {
        match key {
            EntityKey::Subscriber(subscriber) => {
                let facts = if let Some(Entity::Subscriber(subscriber)) = timeline {
                    subscriber.walk().facts().collect()
                } else {
                    Vec::new()
                };
                self.subscribers.insert(subscriber, facts);
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
            | EntityKey::BilledSubscriber(_)
            | EntityKey::Reference
            | EntityKey::Retraction => {}
        }
    }
}
