//! Commands on alerts: acknowledge, silence.

use crate::domain::alert::{Alert, AlertId};
use crate::domain::local_day::Timestamp;
use crate::domain::reference::Reference;
use crate::domain::silence::Silence;
use crate::domain::task::Actor;
use crate::follow_up::acknowledging::acknowledge;
use crate::follow_up::act::Authority;
use crate::follow_up::silencing::{SilenceRequest, silence};
use crate::pipeline::reference_of;
use crate::plan::PlanSettings;
use crate::store::Store;

use super::error::CommandError;

/// Acknowledges an alert that has no task.
///
/// # Errors
/// When the alert may not be acknowledged, or the store fails.
pub fn acknowledge_alert(
    settings: &PlanSettings,
    store: &Store,
    id: &AlertId,
    actor: &Actor,
    now: Timestamp,
) -> Result<Alert, CommandError> {
    store.write_tx("acknowledge an alert", |tx| {
        let alert = tx
            .alert(id)?
            .ok_or_else(|| CommandError::NoAlert(id.clone()))?;
        let (reference, tasks) = (reference_of(tx, &alert.key.scope)?, tx.open_tasks()?.rows);
        let authority = authority(settings, &reference);
        let acknowledged = acknowledge(&alert, &tasks, authority, actor, now)?;
        tx.save_alert(&acknowledged)?;
        Ok(acknowledged)
    })
}

/// Silences alerts of a scope for at most `days_max` days.
///
/// # Errors
/// When they may not be silenced, or the store fails.
pub(crate) fn silence_alerts(
    settings: &PlanSettings,
    store: &Store,
    request: SilenceRequest,
    days_max: u32,
    now: Timestamp,
) -> Result<Silence, CommandError> {
    let today = settings.rules.zone.day_of(now);
    store.write_tx("silence alerts", |tx| {
        let reference = reference_of(tx, &request.scope)?;
        let authority = authority(settings, &reference);
        let silence = silence(request, authority, days_max, today, now)?;
        tx.save_silence(&silence)?;
        Ok(silence)
    })
}

fn authority<'a>(settings: &'a PlanSettings, reference: &'a Reference) -> Authority<'a> {
    Authority {
        reference,
        company_head: settings.company_head.as_ref(),
    }
}
