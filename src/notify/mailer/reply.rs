//! Reads a relay's reply octet by octet.
//!
//! A reply is octets and its code decides (RFC 5321 §4.2): the text behind the code may be missing,
//! or be in any encoding; a line may end with LF alone. The text is kept as it can be read: as
//! UTF-8, else as GB18030, else escaped. A line that has no code is noise: passed over, and shown
//! where nothing else comes. It does not know what a code means. Invariant: whatever comes, little
//! is kept.

use encoding_rs::GB18030;

/// Most octets of one reply, all its lines together: many times what a relay has to send.
const REPLY_OCTETS_MAX: usize = 64 * 1024;
/// Octets that are kept of a line; RFC 5321 §4.5.3.1.5 allows 512.
const LINE_OCTETS_KEPT: usize = 1024;
/// Lines that are kept of a reply.
const LINES_KEPT: usize = 100;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reply {
    /// 200–599.
    pub code: u16,
    /// The text of each line, empty where there is none; at least one.
    pub lines: Vec<String>,
}

impl Reply {
    /// The code's first digit, which decides what a client does.
    pub(crate) const fn class(&self) -> u16 {
        self.code / 100
    }

    /// Its texts in one line.
    pub(crate) fn text(&self) -> String {
        self.lines.join(" ").trim().to_owned()
    }

    /// The reply in one line.
    pub(crate) fn one_line(&self) -> String {
        format!("{} {}", self.code, self.text())
            .trim_end()
            .to_owned()
    }
}

/// A reply that is being read.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    line: Vec<u8>,
    lines: Vec<String>,
    octets: usize,
    noise: Option<String>,
}

impl Reading {
    /// Takes an octet; returns the reply that it completes.
    pub(crate) fn take(&mut self, octet: u8) -> Option<Reply> {
        self.octets += 1;
        if octet != b'\n' {
            if self.line.len() < LINE_OCTETS_KEPT {
                self.line.push(octet);
            }
            return None;
        }
        let line = std::mem::take(&mut self.line);
        let Some(line) = ReplyLine::from_line(&line) else {
            self.noise = Some(decode(line.trim_ascii()));
            return None;
        };
        if self.lines.len() < LINES_KEPT {
            self.lines.push(line.text);
        }
        (!line.goes_on).then(|| Reply {
            code: line.code,
            lines: std::mem::take(&mut self.lines),
        })
    }

    /// Whether a reply has grown too long to be one.
    pub(crate) const fn is_too_much(&self) -> bool {
        self.octets >= REPLY_OCTETS_MAX
    }

    /// The reply whose code is complete, though the end of its last line never came. The three
    /// digits alone are not enough: they may be the beginning of a line that is not the last.
    pub(crate) fn cut_short(&mut self) -> Option<Reply> {
        let line = ReplyLine::from_line(&self.line)
            .filter(|line| !line.goes_on && self.line.len() > CODE_OCTETS)?;
        self.lines.push(line.text);
        Some(Reply {
            code: line.code,
            lines: std::mem::take(&mut self.lines),
        })
    }

    /// The last line that was no reply.
    pub(crate) fn noise(&self) -> Option<&str> {
        self.noise.as_deref()
    }
}

/// Whether octets hold a line with a code.
pub(crate) fn hold_reply(octets: &[u8]) -> bool {
    octets
        .split(|octet| *octet == b'\n')
        .any(|line| ReplyLine::from_line(line).is_some())
}

const CODE_OCTETS: usize = 3;

struct ReplyLine {
    code: u16,
    goes_on: bool,
    text: String,
}

impl ReplyLine {
    /// None if it does not begin with a code: three digits, the first of them 2–5.
    fn from_line(line: &[u8]) -> Option<Self> {
        let end = line
            .iter()
            .rposition(|octet| *octet != b'\r')
            .map_or(0, |last| last + 1);
        let (code, rest) = line[..end].split_first_chunk::<CODE_OCTETS>()?;
        if !(b'2'..=b'5').contains(&code[0])
            || !code.iter().all(u8::is_ascii_digit)
            || rest.first().is_some_and(u8::is_ascii_digit)
        {
            return None;
        }
        let code = code
            .iter()
            .fold(0, |code, digit| code * 10 + u16::from(digit - b'0'));
        let text = match rest {
            [b'-' | b' ' | b'\t', text @ ..] => text,
            text => text,
        };
        Some(Self {
            code,
            goes_on: rest.first() == Some(&b'-'),
            text: decode(text),
        })
    }
}

/// Text as it can be read.
fn decode(octets: &[u8]) -> String {
    match std::str::from_utf8(octets) {
        Ok(text) => text.to_owned(),
        // Cut within a character by the limit on a line, not by the relay.
        Err(e) if e.error_len().is_none() && octets.len() + CODE_OCTETS + 1 >= LINE_OCTETS_KEPT => {
            String::from_utf8_lossy(&octets[..e.valid_up_to()]).into_owned()
        }
        Err(_) => GB18030
            .decode_without_bom_handling_and_without_replacement(octets)
            .map_or_else(
                || octets.escape_ascii().to_string(),
                std::borrow::Cow::into_owned,
            ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parse_all(octets: &[u8]) -> Vec<Reply> {
        let mut reading = Reading::default();
        octets
            .iter()
            .filter_map(|octet| {
                reading
                    .take(*octet)
                    .inspect(|_| reading = Reading::default())
            })
            .collect()
    }

    fn lines(octets: &[u8]) -> Vec<String> {
        parse_all(octets).iter().map(Reply::one_line).collect()
    }

    #[test]
    fn a_reply_may_lack_its_text_its_blank_and_its_carriage_return() {
        assert_eq!(lines(b"250\r\n"), ["250"]);
        assert_eq!(
            lines(b"250 \r\n250\n250 ok\n250 ok\r\r\n"),
            ["250", "250", "250 ok", "250 ok"]
        );
        assert_eq!(
            lines(b"250-\r\n250-AUTH PLAIN\n250\r\n"),
            ["250 AUTH PLAIN"]
        );
        assert_eq!(lines(b"250\tok\r\n"), ["250 ok"]);
        assert_eq!(lines(b"250queued\r\n"), ["250 queued"]);
    }

    #[test]
    fn a_text_is_read_as_utf_8_else_as_gb18030_else_escaped() {
        assert_eq!(lines("550 用户不存在\r\n".as_bytes()), ["550 用户不存在"]);
        assert_eq!(
            lines(b"550 \xd3\xc3\xbb\xa7\xb2\xbb\xb4\xe6\xd4\xda\r\n"),
            ["550 用户不存在"]
        );
        assert_eq!(
            lines(b"550 no\xff\xfe such user\r\n"),
            [r"550 no\xff\xfe such user"]
        );
    }

    #[test]
    fn a_line_without_a_code_is_passed_over_and_kept_to_be_shown() {
        for noise in [
            "hello",
            "25",
            "2501 ok",
            "150 ok",
            "650 ok",
            "\u{feff}250 ok",
            "",
        ] {
            assert_eq!(
                lines(format!("{noise}\r\n250 ok\r\n").as_bytes()),
                ["250 ok"],
                "{noise:?}"
            );
        }
        let mut reading = Reading::default();
        assert!(
            b"HTTP/1.1 400 Bad Request\r\n"
                .iter()
                .all(|octet| reading.take(*octet).is_none())
        );
        assert_eq!(reading.noise(), Some("HTTP/1.1 400 Bad Request"));
    }

    #[test]
    fn the_last_line_of_many_decides() {
        assert_eq!(lines(b"250-mx\r\n451 busy\r\n"), ["451 mx busy"]);
    }

    #[test]
    fn a_code_stands_when_the_end_of_its_line_never_comes() {
        let cut = |octets: &[u8]| {
            let mut reading = Reading::default();
            assert!(octets.iter().all(|octet| reading.take(*octet).is_none()));
            reading.cut_short().map(|reply| reply.one_line())
        };
        assert_eq!(cut(b"250 queu"), Some("250 queu".into()));
        assert_eq!(cut(b"250-mx\r\n250 "), Some("250 mx".into()));
        for open in ["250", "25", "250-mx", "250-mx\r\n", ""] {
            assert_eq!(cut(open.as_bytes()), None, "{open:?}");
        }
        let endless = [b"250 ".as_slice(), &[b'x'; 1 << 20]].concat();
        assert_eq!(cut(&endless).map(|line| line.len()), Some(LINE_OCTETS_KEPT));
    }

    proptest! {
        #[test]
        fn whatever_comes_little_is_kept_and_every_code_is_one(octets in prop::collection::vec(any::<u8>(), 0..4_000)) {
            for reply in parse_all(&octets) {
                prop_assert!((200..600).contains(&reply.code));
                prop_assert!((1..=LINES_KEPT).contains(&reply.lines.len()));
            }
        }

        #[test]
        fn a_reply_of_any_text_has_its_code(code in 200_u16..600, text in "[^\r\n]{0,40}", in_gbk in any::<bool>(), bare in any::<bool>()) {
            let text = if in_gbk { GB18030.encode(&text).0.into_owned() } else { text.into_bytes() };
            let octets = [code.to_string().as_bytes(), b" ", &text, if bare { b"\n" } else { b"\r\n" }].concat();
            let replies = parse_all(&octets);
            prop_assert_eq!(replies.iter().map(|reply| reply.code).collect::<Vec<_>>(), [code]);
        }
    }
}
