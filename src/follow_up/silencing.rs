//! Who may silence what, for how long.
//!
//! It does not know what a silence does: it stops mails and tasks, not the record. Invariant: a
//! silence has an author, a reason and an end within the limit, and nobody silences what he answers
//! for himself.

use super::act::Authority;
use crate::domain::ids::ManagerId;
use crate::domain::indicator::{AlertKind, Scope};
use crate::domain::local_day::{LocalDay, Timestamp};
use crate::domain::silence::Silence;
use crate::domain::task::{Actor, Assignee};

/// What is to be silenced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SilenceRequest {
    pub scope: Scope,
    /// Which of them; none means all.
    pub kind: Option<AlertKind>,
    /// Its last local day.
    pub until: LocalDay,
    pub reason: String,
    pub by: Actor,
}

/// Why nothing is silenced.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SilenceRefusal {
    /// No such group or unit.
    #[error("there is no {scope} that is known; hint: `sisan report daily` lists groups and units")]
    Unknown { scope: Scope },
    /// Nobody answers for it.
    #[error("a silence needs an author; hint: give him with --as")]
    Nameless,
    /// Who gives his name does not work here.
    #[error("there is no manager {manager_id} who works here; hint: give another name with --as")]
    NoManager { manager_id: ManagerId },
    /// A reason is required.
    #[error("a silence needs a reason; hint: say with --reason why nobody is to be notified")]
    NoReason,
    /// It would never hold.
    #[error(
        "a silence until {until} is over before it begins, today is {today}; hint: give a later day with --until"
    )]
    Over {
        /// Its last day.
        until: LocalDay,
        today: LocalDay,
    },
    /// It would hold too long.
    #[error(
        "a silence until {until} is longer than {days_max} days; hint: give {last} at the latest, and silence it anew then"
    )]
    TooLong {
        /// Its last day.
        until: LocalDay,
        /// Most days.
        days_max: u32,
        /// The last day that may be given.
        last: LocalDay,
    },
    /// The author is responsible for the scope himself.
    #[error(
        "{manager_id} may not silence {scope}; hint: somebody above {whose} does: his supervisor, the unit's head, or the operators"
    )]
    NotAbove {
        manager_id: ManagerId,
        scope: Scope,
        /// Who answers for it.
        whose: String,
    },
}

/// Makes a silence, if its author may have it.
///
/// # Errors
/// [`SilenceRefusal`]: the reason for which it is refused.
pub(crate) fn silence(
    request: SilenceRequest,
    authority: Authority<'_>,
    days_max: u32,
    today: LocalDay,
    now: Timestamp,
) -> Result<Silence, SilenceRefusal> {
    let SilenceRequest {
        scope,
        kind,
        until,
        reason,
        by,
    } = request;
    let is_known = match &scope {
        Scope::Group(group) => authority.reference.group(group).is_some(),
        Scope::Unit(unit) => unit
            .as_ref()
            .is_none_or(|unit| authority.reference.unit(unit).is_some()),
        Scope::Company => true,
    };
    if !is_known {
        return Err(SilenceRefusal::Unknown { scope });
    }
    if by == Actor::default() {
        return Err(SilenceRefusal::Nameless);
    }
    if reason.trim().is_empty() {
        return Err(SilenceRefusal::NoReason);
    }
    let last = today.plus(i32::try_from(days_max).unwrap_or(i32::MAX - today.number()));
    if until < today {
        return Err(SilenceRefusal::Over { until, today });
    }
    if until > last {
        return Err(SilenceRefusal::TooLong {
            until,
            days_max,
            last,
        });
    }
    if let Some(author) = &by.manager_id {
        check_author(author, &scope, authority)?;
    }
    let silence_id = Silence::id_of(&scope, kind, now);
    Ok(Silence {
        silence_id,
        scope,
        kind,
        reason: reason.trim().to_owned(),
        until,
        by,
        made_at: now,
    })
}

/// Whoever silences works here, and is above whoever is responsible.
fn check_author(
    author: &ManagerId,
    scope: &Scope,
    authority: Authority<'_>,
) -> Result<(), SilenceRefusal> {
    let known = authority.reference.manager(author);
    if !known.is_some_and(|known| known.active) {
        return Err(SilenceRefusal::NoManager {
            manager_id: author.clone(),
        });
    }
    let responsible = authority.responsible(scope);
    if authority.is_above(author, &responsible, scope) {
        return Ok(());
    }
    let whose = match responsible {
        Assignee::Manager(manager) => manager.to_string(),
        Assignee::Fallback => "it".to_owned(),
    };
    Err(SilenceRefusal::NotAbove {
        manager_id: author.clone(),
        scope: scope.clone(),
        whose,
    })
}
