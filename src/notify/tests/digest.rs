//! What becomes of mails that piled up.

use crate::domain::alert::MailId;
use crate::domain::mail::{MailKind, NoticeTopic};
use crate::notify::compose::ComposeContext;
use crate::notify::digest::{Digests, Waiting, digests};
use crate::notify::fixtures::{SampleCity, three_waiting};

fn made(waiting: &[Waiting], change: impl Fn(&mut SampleCity)) -> Digests {
    let mut city = SampleCity::new();
    change(&mut city);
    let ctx: ComposeContext<'_> = city.ctx();
    digests(waiting, &ctx).expect("rendered")
}

fn topics(digests: &Digests) -> Vec<NoticeTopic> {
    digests
        .mails
        .iter()
        .flat_map(|mail| mail.topics.clone())
        .collect()
}

#[test]
fn what_is_still_to_be_done_is_told_once_and_the_critical_first() {
    let waiting = three_waiting("M001");
    let made = made(&waiting, |_| {});
    let task = |at: usize| NoticeTopic::Task(waiting[at].tasks[0].0.task_id.clone());
    assert_eq!(
        topics(&made),
        [task(0), task(2)],
        "what is done is left out"
    );
    assert_eq!(
        made.superseded,
        ["M0", "M1", "M2"].map(|id| MailId::new(id.to_owned()))
    );
    let [mail] = &made.mails[..] else {
        panic!("{} digests", made.mails.len())
    };
    assert_eq!(mail.kind, MailKind::Digest);
}

#[test]
fn a_mail_that_waits_alone_goes_out_as_it_is() {
    assert_eq!(
        made(&three_waiting("M001")[..1], |_| {}),
        Digests::default()
    );
}

#[test]
fn what_changed_hands_meanwhile_is_told_to_whoever_has_it_now() {
    let mut waiting = three_waiting("M001");
    waiting[2].tasks[0].0.assignee = three_waiting("M002")[2].tasks[0].0.assignee.clone();
    let made = made(&waiting, |_| {});
    let readers: Vec<&str> = made
        .mails
        .iter()
        .map(|mail| mail.recipient.as_str())
        .collect();
    assert_eq!(
        (readers.len(), made.superseded.len()),
        (2, 3),
        "{readers:?}"
    );
    assert_ne!(readers[0], readers[1]);
}
