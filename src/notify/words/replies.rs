//! What is kept of the last attempt to send a mail, in both languages: the phase in words, and what
//! the relay or another program said in it as it came.

use std::borrow::Cow;

use crate::domain::locale::Locale;
use crate::notify::retry::{NO_FINAL_REPLY, NOT_SENT, PROCESS_ENDED, Phase};

/// A kept reply for a reader; one that a relay gave to the whole mail has no phase before it.
#[must_use]
pub fn reply(locale: Locale, kept: &str) -> Cow<'_, str> {
    let parts = match (locale, kept.split_once(": ")) {
        (Locale::ZhCn, Some((before, quoted))) => before_zh(before).map(|before| (before, quoted)),
        _ => None,
    };
    match parts {
        Some((before, PROCESS_ENDED)) => Cow::Owned(format!("{before}：发送途中进程终止")),
        Some((before, quoted)) => Cow::Owned(format!("{before}：{quoted}")),
        None => Cow::Borrowed(kept),
    }
}

fn before_zh(before: &str) -> Option<&'static str> {
    match before {
        NOT_SENT => Some("未发送"),
        NO_FINAL_REPLY => Some("未收到最终答复"),
        phase => Phase::parse(phase).map(phase_zh),
    }
}

const fn phase_zh(phase: Phase) -> &'static str {
    match phase {
        Phase::Connect => "连接",
        Phase::Greeting => "问候（EHLO）",
        Phase::StartTls => "TLS 握手",
        Phase::Auth => "登录（AUTH）",
        Phase::MailFrom => "发件人（MAIL FROM）",
        Phase::RcptTo => "收件人（RCPT TO）",
        Phase::Data => "开始传送（DATA）",
        Phase::Body => "正文传送",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notify::retry::Outcome;

    #[test]
    fn a_reply_begins_with_the_phase_in_words_and_is_quoted_from_there() {
        let relay_reply = || "451 try later: busy".to_owned();
        let outcomes = [
            Outcome::Unfit {
                reply: relay_reply(),
            },
            Outcome::Uncertain {
                reply: relay_reply(),
            },
            Outcome::Uncertain {
                reply: PROCESS_ENDED.to_owned(),
            },
        ];
        let of_phases = Phase::ALL.map(|phase| Outcome::Deferred {
            phase,
            reply: relay_reply(),
        });
        for outcome in outcomes.into_iter().chain(of_phases) {
            let kept = outcome.reply();
            let shown = reply(Locale::ZhCn, &kept);
            let (before, quoted) = shown.split_once('：').expect("a phase");
            assert!(
                !before.contains(|c: char| c.is_ascii_lowercase()),
                "{shown}"
            );
            assert!(
                quoted == relay_reply() || quoted == "发送途中进程终止",
                "{shown}"
            );
            assert_eq!(reply(Locale::En, &kept), kept);
        }
        for as_it_came in ["550 用户不存在", "250 ok: queued", ""] {
            assert_eq!(reply(Locale::ZhCn, as_it_came), as_it_came);
        }
    }
}
