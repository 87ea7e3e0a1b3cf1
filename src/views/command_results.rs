//! What commands have come to, for the operator who gave them. Invariant: like errors and hints,
//! these sentences are in English in every locale.

use std::fmt::{self, Display, Formatter};
use std::path::Path;

use crate::domain::ignored_file::IgnoredEntry;
use crate::domain::local_day::LocalDay;

/// What a command on the input, the store or the configuration has come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CommandResult<'a> {
    /// The folder of files cannot be listed.
    IgnoredNotShown {
        error: &'a str,
        source: &'a str,
    },
    /// A partition goes on at another offset.
    Sought {
        source: &'a str,
        from: u64,
        to: u64,
    },
    /// A file is to be read anew.
    FileAccepted {
        file: &'a str,
    },
    /// The same, but it is not in the folder.
    FileAwaited {
        file: &'a str,
        dir: &'a Path,
    },
    NotRead(&'a IgnoredEntry),
    /// How many more entries are not read than were named.
    MoreNotRead(usize),
    RejectsRetried {
        tried: usize,
        applied: usize,
    },
    LoadBegun {
        source: &'a str,
    },
    LoadEnded,
    BackedUp {
        file: &'a Path,
        bytes: u64,
    },
    Restored {
        sources: usize,
        held: u64,
    },
    Copied {
        timelines: u64,
        identities: u64,
        rows: u64,
    },
    /// The day has no row of a group customer or unit that is known.
    NoRow {
        id: &'a str,
        day: LocalDay,
    },
    ConfigurationIsRight {
        jobs: usize,
        playbooks: usize,
        years: &'a [String],
    },
}

impl Display for CommandResult<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::IgnoredNotShown { error, source } => {
                write!(f, "what is not read is not shown: {error}: {source}")
            }
            Self::Sought { source, from, to } => {
                write!(f, "{source} goes on at offset {to}; it stood at {from}")
            }
            Self::FileAccepted { file } => write!(
                f,
                "{file} is read anew from its beginning, by the worker that runs or by the next one"
            ),
            Self::FileAwaited { file, dir } => write!(
                f,
                "{file} is not in {} (source.files.dir); once it is, it is read anew from its beginning",
                dir.display()
            ),
            Self::NotRead(IgnoredEntry { name, reason }) => {
                write!(f, "not read: {name}: {reason}")
            }
            Self::MoreNotRead(more) => write!(
                f,
                "not read: {more} more\nhint: `sisan sources list` names them"
            ),
            Self::RejectsRetried { tried, applied } => {
                write!(f, "{tried} tried, {applied} applied")
            }
            Self::LoadBegun { source } => write!(
                f,
                "old events of {source} are applied, and no month closes, until `sisan load done`"
            ),
            Self::LoadEnded => f.write_str(
                "the store is loaded; months may close from now on\nhint: `sisan outbox release` lets held mails go",
            ),
            Self::BackedUp { file, bytes } => {
                write!(f, "{} has {bytes} bytes, all of them checked", file.display())
            }
            Self::Restored { sources, held } => write!(
                f,
                "the store is restored; {sources} partitions or files go on where they stood, {held} mails are held, and those to come\nhint: look at `sisan outbox list --state held`, then `sisan outbox release`"
            ),
            Self::Copied { timelines, identities, rows } => write!(
                f,
                "{timelines} timelines, {identities} identities and {rows} other rows are copied\nhint: set store.url to the copy, and start the worker; the store of before is as it was"
            ),
            Self::NoRow { id, day } => write!(f, "{id} has no row on {day}"),
            Self::ConfigurationIsRight { jobs, playbooks, years } => write!(
                f,
                "ok: {jobs} jobs, {playbooks} playbooks, working days known for {}",
                years.join(", ")
            ),
        }
    }
}

/// What a command on mails has come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MailResult {
    Requeued(usize),
    /// Dead mails that stay so, since they would say what is past.
    PastUse(usize),
    /// Dead mails that stay so, since nothing can be read of them.
    WithoutBody(usize),
    Held(u64),
    Released(u64),
    /// Mails that a drain leaves behind.
    Waiting(u64),
    TestInFolder,
    TestAccepted,
    TestDeferred,
    /// The relay takes no mail of ours.
    TestRelayRefused,
    TestRecipientRefused,
    TestUnfit,
    TestUncertain,
}

impl Display for MailResult {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Requeued(n) => write!(f, "{n} mails are queued again"),
            Self::PastUse(n) => write!(
                f,
                "{n} stay dead, since what they say is past; name one to send it all the same"
            ),
            Self::WithoutBody(n) => write!(
                f,
                "{n} stay dead, since what they say is no longer kept or is damaged"
            ),
            Self::Held(n) => write!(
                f,
                "{n} mails are held, and those to come; `sisan outbox release` lets them go"
            ),
            Self::Released(n) => write!(f, "{n} mails released"),
            Self::Waiting(n) => write!(
                f,
                "{n} mails wait for another attempt\nhint: look at `sisan outbox list`, then start again"
            ),
            Self::TestInFolder => f.write_str(
                "the test mail is a file: `mail.kind` is `folder`, so nobody is sent anything",
            ),
            Self::TestAccepted => f.write_str(
                "the relay has taken the test mail\nhint: look into the mailbox, and among its spam",
            ),
            Self::TestDeferred => f.write_str(
                "the relay did not take it now\nhint: try again; look at `mail.url` if it stays so",
            ),
            Self::TestRelayRefused => f.write_str(
                "the relay refuses us\nhint: look at `mail.url`, `mail.user`, its password and `mail.from`",
            ),
            Self::TestRecipientRefused => f.write_str(
                "the relay refuses the recipient or the message\nhint: look at --to and `mail.from`",
            ),
            Self::TestUnfit => {
                f.write_str("no message can be made\nhint: look at --to and `mail.from`")
            }
            Self::TestUncertain => f.write_str(
                "the last reply was lost: the mail may have been taken\nhint: look into the mailbox",
            ),
        }
    }
}
