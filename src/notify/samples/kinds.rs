//! One mail of each kind, composed as any other.

use crate::domain::locale::Locale;
use crate::domain::mail::{Mail, MailKind};
use crate::domain::task::EscalationReason;
use crate::notify::compose::{ComposeContext, PendingNotice, compose};
use crate::notify::digest::digests;
use crate::notify::template::RenderError;

use super::city::{City, at, now};
use super::{brief, reminders, told, upward};

/// The notices of the sample of a kind; none for a digest, which is not composed of notices.
#[must_use]
pub fn pending(kind: MailKind) -> Vec<PendingNotice> {
    match kind {
        MailKind::AlertTask => vec![told::about_alerts(
            vec![told::churn_alert(), told::batch_alert()],
            "M001",
        )],
        MailKind::Digest => Vec::new(),
        MailKind::DailyBrief => vec![brief::about_brief(brief::brief("M001"))],
        MailKind::Reminder => reminders::three_reminders("M001"),
        MailKind::ApprovalRequest => {
            vec![upward::about_approval(vec![told::churn_alert()], "M001")]
        }
        MailKind::ReportUp => vec![upward::about_report(true)],
        MailKind::Escalation => {
            vec![upward::about_escalation(
                EscalationReason::NotAccepted,
                vec![told::batch_alert(), told::key_line_alert()],
                "M001",
            )]
        }
        MailKind::OpsNotice => vec![told::about_ops(told::paused_partition())],
    }
}

/// The sample of a kind, to a reader of `locale`.
///
/// # Errors
/// [`RenderError`] when an embedded template is broken.
pub fn mail(kind: MailKind, locale: Locale) -> Result<Mail, RenderError> {
    let city = City::new();
    let now = if kind == MailKind::DailyBrief {
        at("2026-07-15 08:00")
    } else {
        now()
    };
    let ctx = ComposeContext {
        default_locale: locale,
        now,
        ..city.ctx()
    };
    let mails = if kind == MailKind::Digest {
        digests(&told::three_waiting("M001"), &ctx)?.mails
    } else {
        compose(&pending(kind), &ctx)?
            .mails
            .into_iter()
            .map(|one| one.mail)
            .collect()
    };
    Ok(mails
        .into_iter()
        .next()
        .expect("every sample tells something"))
}
