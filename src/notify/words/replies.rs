//! What is kept of the last attempt to send a mail, in both languages: the phase in words, and what
//! the relay or another program said in it as it came.

use crate::domain::last_reply::{LastReply, Phase};
use crate::domain::locale::Locale;

/// A kept reply for a reader; one that a relay gave to the whole mail has no phase before it.
#[must_use]
pub(crate) fn reply(locale: Locale, kept: &LastReply) -> String {
    if locale == Locale::En {
        return kept.to_string();
    }
    match kept {
        LastReply::Relay(reply) => reply.clone(),
        LastReply::During(phase, reply) => format!("{}：{reply}", phase_zh(*phase)),
        LastReply::NotSent(why) => format!("未发送：{why}"),
        LastReply::NoFinalReply(error) => format!("未收到最终答复：{error}"),
        LastReply::ProcessEnded => "未收到最终答复：发送途中进程终止".to_owned(),
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

    #[test]
    fn a_reply_begins_with_the_phase_in_words_and_is_quoted_from_there() {
        let quoted = || "451 try later: busy".to_owned();
        let phases = Phase::ALL.map(|phase| LastReply::During(phase, quoted()));
        let others = [
            LastReply::NotSent(quoted()),
            LastReply::NoFinalReply(quoted()),
        ];
        for kept in phases.into_iter().chain(others) {
            let shown = reply(Locale::ZhCn, &kept);
            let before = shown.strip_suffix(&quoted()).expect("quoted as it came");
            assert!(
                before.ends_with('：') && !before.contains(|c: char| c.is_ascii_lowercase()),
                "{shown}"
            );
            assert!(
                reply(Locale::En, &kept).ends_with(": 451 try later: busy"),
                "{kept}"
            );
        }
        for as_it_came in ["550 用户不存在", "250 ok: queued", ""] {
            let kept = LastReply::Relay(as_it_came.to_owned());
            assert_eq!(
                [Locale::ZhCn, Locale::En].map(|of| reply(of, &kept)),
                [as_it_came; 2]
            );
        }
        assert_eq!(
            [Locale::ZhCn, Locale::En].map(|of| reply(of, &LastReply::ProcessEnded)),
            [
                "未收到最终答复：发送途中进程终止",
                "no reply to the final dot: the process ended during the attempt"
            ]
        );
    }
}
