//! What somebody wrote into a task that he made by hand.
//!
//! It does not know whether the port-out guard holds. Invariant: the texts of playbooks are never
//! taken for offers; they say what not to offer.

use super::{Item, Origin, Resource, Task, TaskTitle};
use crate::domain::offering::proposing_word;

impl Item {
    /// The same item with each of its parts changed.
    #[must_use]
    pub(crate) fn map_texts(&self, change: impl Fn(&str) -> String) -> Self {
        let change = |text: &String| change(text);
        match self {
            Self::Information { way, what } => Self::Information {
                way: change(way),
                what: change(what),
            },
            Self::Service { what } => Self::Service { what: change(what) },
            Self::Visit {
                whom,
                purpose,
                prepare,
                steps,
            } => Self::Visit {
                whom: change(whom),
                purpose: change(purpose),
                prepare: change(prepare),
                steps: steps.iter().map(change).collect(),
            },
            Self::Retention { plan } => Self::Retention { plan: change(plan) },
        }
    }
}

impl Task {
    /// Whether a text that somebody wrote into it proposes an offer.
    #[must_use]
    pub(crate) fn offers_in_words(&self) -> bool {
        let title = match &self.title {
            TaskTitle::Written(title) => Some(title.as_str()),
            _ => None,
        };
        let mut texts = title.into_iter().chain(self.item.texts());
        self.is_by_hand() && texts.any(|text| proposing_word(text).is_some())
    }

    /// Whether a text that somebody wrote into it is not to be shown: it proposes an offer that is
    /// withheld, or was refused.
    #[must_use]
    pub(crate) fn hides(&self, text: &str) -> bool {
        self.is_by_hand()
            && (self.withheld_words || self.is_partly_refused())
            && proposing_word(text).is_some()
    }

    /// The resources that the port-out guard withholds, with the offer that only its words propose.
    #[must_use]
    pub(crate) fn all_withheld_resources(&self) -> Vec<Resource> {
        let mut resources = self.withheld_resources.clone();
        if self.withheld_words && !resources.contains(&Resource::Offer) {
            resources.push(Resource::Offer);
        }
        resources
    }

    const fn is_by_hand(&self) -> bool {
        matches!(self.origin, Origin::ByHand(..))
    }
}
