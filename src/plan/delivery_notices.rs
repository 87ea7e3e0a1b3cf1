//! Notices to operators about the delivery of mails.

use crate::domain::mail::MailKind;
use crate::domain::ops_notice::{OpsNotice, UnsentMail};

/// One notice for a relay that takes nothing, and one for all mails that `ended` without anybody
/// knowing that they were sent. A lost ops notice is not reported by another one.
pub(crate) fn of_delivery(relay: Option<OpsNotice>, mut ended: Vec<UnsentMail>) -> Vec<OpsNotice> {
    ended.retain(|mail| mail.kind != MailKind::OpsNotice);
    let unsent = (!ended.is_empty()).then_some(OpsNotice::MailsNotSent(ended));
    relay.into_iter().chain(unsent).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::alert::MailId;
    use crate::domain::mail::MailState;

    #[test]
    fn all_unsent_mails_are_one_notice_and_a_lost_notice_is_none() {
        let unsent = |id: &str, kind| UnsentMail {
            mail_id: MailId::new(id.to_owned()),
            kind,
            state: MailState::Dead,
            last_reply: None,
        };
        let [task, brief, notice] = [
            unsent("a", MailKind::AlertTask),
            unsent("b", MailKind::DailyBrief),
            unsent("c", MailKind::OpsNotice),
        ];
        let down = OpsNotice::MailsHeld { first_load: false };
        let all = vec![task.clone(), notice.clone(), brief.clone()];
        assert_eq!(
            of_delivery(Some(down.clone()), all),
            [down, OpsNotice::MailsNotSent(vec![task, brief])]
        );
        assert!(of_delivery(None, vec![notice]).is_empty());
    }
}
