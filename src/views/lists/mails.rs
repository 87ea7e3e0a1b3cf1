//! Mails: the outbox, one mail, and what scenarios expect of them.

use crate::domain::alert::MailId;
use crate::domain::local_day::Timestamp;
use crate::domain::locale::Locale;
use crate::domain::mail::{Mail, MailDelivery, MailKind, NEVER};
use crate::notify::words::replies;
use crate::report::{Cell, Column, Document, Instants, Listing};
use crate::store::{MailEntry, QueuedMail};
use crate::views::codes;
use crate::views::column::{
    ListColumn, at, column, count, int, listing, some, text, texts, unlisted, yes_or_no,
};

/// A mail, with its content where that is known.
#[derive(Debug)]
pub(crate) struct MailRow<'a> {
    mail_id: &'a MailId,
    message_id: &'a str,
    kind: MailKind,
    recipient: &'a str,
    subject: &'a str,
    queued_at: Timestamp,
    delivery: &'a MailDelivery,
    mail: Option<&'a Mail>,
    /// The id of who has its address, if that is known.
    reader: Option<&'a str>,
    /// For whom the list is; programs get what is kept.
    locale: Option<Locale>,
}

impl<'a> MailRow<'a> {
    pub(crate) const COLUMNS: &'a [ListColumn<Self>] = &[
        column(Column::text("mail_id", "邮件"), |r| {
            text(r.mail_id.as_str())
        }),
        column(Column::text("message_id", "Message-ID").detail(), |r| {
            text(r.message_id)
        }),
        column(
            Column::code("kind", "类型", codes::mail_kind).one_of(codes::mail_kinds),
            |r| r.kind.name().into(),
        ),
        column(Column::text("recipient", "收件人"), |r| {
            text(r.recipient)
        }),
        // Either will do.
        unlisted(Column::text("to", "收件人"), |r| {
            texts(r.reader.into_iter().chain([r.recipient]))
        }),
        column(Column::text("subject", "主题").masking(), |r| {
            text(r.subject)
        }),
        unlisted(Column::text("text", "正文").masking(), |r| {
            some(r.mail, |mail| text(&*mail.text))
        }),
        column(
            Column::code("state", "状态", codes::mail_state).one_of(codes::mail_states),
            |r| r.delivery.state.name().into(),
        ),
        column(count("attempts", "次数").if_room(), |r| {
            int(r.delivery.attempts)
        }),
        column(at("queued_at", "入队").if_room(), |r| r.queued_at.into()),
        column(at("sent_at", "发出"), |r| r.delivery.sent_at.into()),
        column(
            Column::text("last_reply", "答复或错误原文")
                .masking()
                .detail(),
            |r| r.last_reply(),
        ),
        unlisted(yes_or_no("has_calendar", "有日程"), |r| {
            r.mail.map(|mail| mail.calendar.is_some()).into()
        }),
    ];

    const DELIVERY: &'a [ListColumn<Self>] = &[
        column(at("next_attempt_at", "下次"), |r| {
            let next = r.delivery.next_attempt_at;
            (next != NEVER).then_some(next).into()
        }),
        column(count("lost_replies", "未得回复"), |r| {
            int(r.delivery.lost_replies)
        }),
        column(
            Column::text("last_reply", "答复或错误原文").masking(),
            |r| r.last_reply(),
        ),
        column(at("useful_until", "有效至"), |r| {
            r.mail.and_then(|mail| mail.useful_until).into()
        }),
    ];

    const LINES: &'a [ListColumn<&'a str>] =
        &[column(Column::text("line", "正文").masking(), |line| {
            text(*line)
        })];

    fn last_reply(&self) -> Cell<'static> {
        some(self.delivery.last_reply.as_ref(), |kept| {
            text(replies::reply(self.locale.unwrap_or(Locale::En), kept))
        })
    }

    /// A mail from the ledger, without its content.
    fn of_entry(entry: &'a MailEntry, locale: Option<Locale>) -> Self {
        Self {
            mail_id: &entry.mail_id,
            message_id: &entry.message_id,
            kind: entry.kind,
            recipient: &entry.recipient,
            subject: &entry.subject,
            queued_at: entry.queued_at,
            delivery: &entry.delivery,
            mail: None,
            reader: None,
            locale,
        }
    }

    /// A mail with its content, and the id of who has its address, if that is known.
    pub(crate) fn of_queued(queued: &'a QueuedMail, reader: Option<&'a str>) -> Self {
        let mail = &queued.mail;
        Self {
            mail_id: &queued.mail_id,
            message_id: &queued.message_id,
            kind: mail.kind,
            recipient: &mail.recipient,
            subject: &mail.subject,
            queued_at: mail.queued_at,
            delivery: &queued.delivery,
            mail: Some(mail),
            reader,
            locale: None,
        }
    }
}

/// `outbox list`
#[must_use]
pub(crate) fn outbox(mails: &[MailEntry], instants: Instants) -> Listing<'static> {
    let rows = mails
        .iter()
        .map(|entry| MailRow::of_entry(entry, instants.reader()));
    listing(MailRow::COLUMNS, rows, instants)
}

/// `outbox show`: a mail's delivery, and its content; none once that is forgotten.
#[must_use]
pub(crate) fn mail_file(
    entry: &MailEntry,
    mail: Option<&Mail>,
    instants: Instants,
) -> Document<'static> {
    let row = MailRow {
        mail,
        ..MailRow::of_entry(entry, instants.reader())
    };
    let lines = mail.iter().flat_map(|mail| mail.text.lines());
    let says = listing(MailRow::LINES, lines, instants);
    let delivery = listing(MailRow::DELIVERY, [&row], instants);
    Document::default()
        .with_one("mail", "邮件", listing(MailRow::COLUMNS, [&row], instants))
        .with_one("delivery", "投递", delivery)
        .with_many("text", "正文", says)
}
