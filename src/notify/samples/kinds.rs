//! One mail of each kind, composed as any other.

use crate::domain::locale::Locale;
use crate::domain::mail::{Mail, MailKind};
use crate::domain::task::EscalationReason;
use crate::notify::compose::{ComposeContext, PendingNotice, compose};
use crate::notify::digest::digests;
use crate::notify::template::RenderError;

use super::city::{SampleCity, at, now};
use super::{brief, notices, reminders, upward};

/// The notices of the sample of a kind; none for a digest, which is not composed of notices.
#[must_use]
pub(crate) fn pending(kind: MailKind) -> Vec<PendingNotice> {
    match kind {
        MailKind::AlertTask => vec![notices::about_alerts(
            vec![notices::churn_alert(), notices::batch_alert()],
            "M001",
        )],
        MailKind::Digest => Vec::new(),
        MailKind::DailyBrief => vec![brief::about_brief(brief::brief("M001"))],
        MailKind::Reminder => reminders::three_reminders("M001"),
        MailKind::ApprovalRequest => {
            vec![upward::about_approval(vec![notices::churn_alert()], "M001")]
        }
        MailKind::ReportUp => vec![upward::about_report(true)],
        MailKind::Escalation => {
            vec![upward::about_escalation(
                EscalationReason::NotAccepted,
                vec![notices::batch_alert(), notices::key_line_alert()],
                "M001",
            )]
        }
        MailKind::OpsNotice => vec![notices::about_ops(notices::paused_partition())],
    }
}

/// The sample of a kind, to a reader of `locale`.
///
/// # Errors
/// [`RenderError`] when an embedded template is broken.
pub fn mail(kind: MailKind, locale: Locale) -> Result<Mail, RenderError> {
    let city = SampleCity::new();
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
        digests(&notices::three_waiting("M001"), &ctx)?.mails
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
