//! What the real mail server received, read from the files that it writes.

use std::ffi::OsStr;
use std::path::Path;
use std::time::{Duration, Instant};
use std::{fs, thread};

use super::{unique, variable};

/// The mails to one domain, which only the test that made it knows; any local part is an address in
/// it.
#[derive(Debug)]
pub struct Mailbox {
    domain: String,
}

/// A mail as it arrived: its envelope, and its bytes as sent after DATA.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivedMail {
    /// The order of arrival at the server, over all mailboxes; from 1.
    pub number: u64,
    /// MAIL FROM.
    pub sender: String,
    /// Every RCPT TO that the server accepted.
    pub recipients: Vec<String>,
    /// Whether the client had logged in.
    pub authenticated: bool,
    /// Header and body, with CRLF.
    pub bytes: Vec<u8>,
}

#[derive(serde::Deserialize)]
struct Envelope {
    number: u64,
    sender: String,
    recipients: Vec<String>,
    authenticated: bool,
}

impl Mailbox {
    /// An empty mailbox with a domain of its own.
    pub fn fresh() -> Self {
        Self {
            domain: format!("{}.test", unique("mailbox")),
        }
    }

    /// The address `local_part@…` in this mailbox; `refuse+x` and the like make the server do what
    /// its file lists.
    pub fn address(&self, local_part: &str) -> String {
        format!("{local_part}@{}", self.domain)
    }

    /// The mails that are there, in the order of their arrival.
    pub fn mails(&self) -> Vec<ReceivedMail> {
        let folder = variable("SISAN_TEST_SMTP_MAILBOX");
        let mut mails: Vec<ReceivedMail> = fs::read_dir(&folder)
            .expect("the folder that tests/run made")
            .map(|entry| entry.expect("a readable folder").path())
            .filter(|path| path.extension() == Some(OsStr::new("json")))
            .filter_map(|path| self.read(&path))
            .collect();
        mails.sort_by_key(|mail| mail.number);
        mails
    }

    /// Waits until `count` mails or more are there and returns them all; panics after `at_most`.
    pub fn wait_for(&self, count: usize, at_most: Duration) -> Vec<ReceivedMail> {
        let begun = Instant::now();
        loop {
            let mails = self.mails();
            if mails.len() >= count {
                return mails;
            }
            assert!(
                begun.elapsed() < at_most,
                "{} of {count} mails to {} after {at_most:?}: {mails:?}",
                mails.len(),
                self.domain
            );
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// The mail beside an envelope's file, if it is for this domain.
    fn read(&self, envelope: &Path) -> Option<ReceivedMail> {
        let Envelope {
            number,
            sender,
            recipients,
            authenticated,
        } = serde_json::from_slice(&fs::read(envelope).expect("an envelope appears whole"))
            .expect("the server writes valid envelopes");
        let ours = |address: &String| {
            address
                .rsplit_once('@')
                .is_some_and(|(_, domain)| domain == self.domain)
        };
        recipients.iter().any(ours).then(|| ReceivedMail {
            number,
            sender,
            recipients,
            authenticated,
            bytes: fs::read(envelope.with_extension("eml"))
                .expect("a mail appears before its envelope"),
        })
    }
}
