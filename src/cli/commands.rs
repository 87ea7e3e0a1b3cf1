//! The arguments of the command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::alerts::AlertsCommand;
use super::check_config::CheckArgs;
use super::mail::MailCommand;
use super::one_of::one_of;
use super::output::ListArgs;
use super::output::OutputArgs;
use super::reports::{ChangesArgs, DailyArgs};
use super::tasks::TasksCommand;
use crate::demo::DemoArgs;
use crate::domain::ids::{GroupId, ManagerId};
use crate::domain::mail::MailState;
use crate::domain::reject::RejectClass;
use crate::domain::source_state::SourceStatus;
use crate::scenario::runner::{FORMAT, TestArgs};

/// sisan (四三): the retention worker beside a telecom operator's BOSS
#[derive(Debug, Parser)]
#[command(name = "sisan", version, about, max_term_width = 110)]
pub struct Cli {
    /// Configuration over the built-in defaults; may be given several times, the last one wins
    #[arg(long, global = true, value_name = "FILE")]
    pub(super) config: Vec<PathBuf>,
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Make a city and 90 days of events, run the whole worker over them, show what it found
    Demo(DemoArgs),
    /// The worker: stream, jobs, mails, health
    Run {
        /// Read all input there is, run the jobs that fall due, try each mail, and exit
        #[arg(long)]
        drain: bool,
        /// What this process does: many may share a store on PostgreSQL
        #[arg(long, value_delimiter = ',', default_values_t = ProcessRole::ALL)]
        roles: Vec<ProcessRole>,
    },
    /// Bring the store's schema up
    Migrate,
    /// Read all configuration, say all that is wrong, print what holds without secrets
    CheckConfig(CheckArgs),
    /// The configuration as such
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Test one's own limits, playbooks, status maps and calendars: given these events and this
    /// clock, expect that
    #[command(long_about = FORMAT)]
    Test(TestArgs),
    /// Reports
    #[command(subcommand)]
    Report(ReportCommand),
    /// Alerts
    #[command(subcommand)]
    Alerts(AlertsCommand),
    /// Tasks
    #[command(subcommand)]
    Tasks(TasksCommand),
    /// Group customers
    #[command(subcommand)]
    Groups(GroupsCommand),
    /// Reminders of key dates and public holidays
    #[command(subcommand)]
    Reminders(RemindersCommand),
    /// Mails
    #[command(subcommand)]
    Outbox(OutboxCommand),
    /// What a mail looks like, and whether one gets through
    #[command(subcommand)]
    Mail(MailCommand),
    /// Deliveries that were no events
    #[command(subcommand)]
    Rejects(RejectsCommand),
    /// Partitions and files
    #[command(subcommand)]
    Sources(SourcesCommand),
    /// The first load, and that of a source that joins later
    #[command(subcommand)]
    Load(LoadCommand),
    /// Scheduled jobs
    #[command(subcommand)]
    Job(JobCommand),
    /// The store as a whole
    #[command(subcommand)]
    Store(StoreCommand),
    /// Copy the store to one file, checked; the worker may be running
    Backup {
        /// The file to make
        file: PathBuf,
    },
    /// Make the store of a backup; mails are held until `outbox release`
    Restore {
        /// The backup
        file: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum ConfigCommand {
    /// Print every key with its default, its meaning and its reason; keys without a value stand
    /// there as examples
    Default,
}

/// What a process may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ProcessRole {
    /// Ingests events
    Stream,
    /// Evaluates figures, raises alerts, runs jobs and writes mails: one process at a time, the
    /// others stand by
    Jobs,
    /// Sends mails
    Mail,
    /// Serves health and numbers
    Http,
}

impl ProcessRole {
    pub(super) const ALL: [Self; 4] = [Self::Stream, Self::Jobs, Self::Mail, Self::Http];
}

impl std::fmt::Display for ProcessRole {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.to_possible_value()
            .map_or(Ok(()), |value| f.write_str(value.get_name()))
    }
}

#[derive(Debug, Subcommand)]
pub(super) enum ReportCommand {
    /// The daily report of a day
    Daily(DailyArgs),
    /// What changed between the published versions of a day
    Changes(ChangesArgs),
}

#[derive(Debug, Subcommand)]
pub(super) enum GroupsCommand {
    /// Show one's file: members, indicators, alerts, tasks, contacts, promises, key dates, projects
    /// and notes
    Show {
        /// Which
        #[arg(value_parser = GroupId::parse)]
        group_id: GroupId,
        #[command(flatten)]
        output: OutputArgs,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum RemindersCommand {
    /// List them
    List {
        /// Only those of this group customer
        #[arg(long, value_parser = GroupId::parse)]
        group: Option<GroupId>,
        /// Only those for this manager
        #[arg(long, value_name = "MANAGER", value_parser = ManagerId::parse)]
        assignee: Option<ManagerId>,
        #[command(flatten)]
        list: ListArgs,
    },
}

/// Which mails.
#[derive(Debug, Args)]
pub(super) struct MailFilter {
    /// Only those in this state
    #[arg(long, value_parser = one_of!(MailState))]
    pub(super) state: Option<MailState>,
    #[command(flatten)]
    pub(super) list: ListArgs,
}

/// Which partitions and files.
#[derive(Debug, Args)]
pub(super) struct SourceListArgs {
    /// Only those in this state; those that are ignored lie in the folder of files and are not read
    #[arg(long, value_parser = one_of!(SourceStatus))]
    pub(super) state: Option<SourceStatus>,
    #[command(flatten)]
    pub(super) list: ListArgs,
}

#[derive(Debug, Subcommand)]
pub(super) enum SourcesCommand {
    /// List them, and what lies in the folder of files and is not read
    List(SourceListArgs),
    /// Go on at another offset after E_OFFSET_GONE or E_TOPIC_REPLACED; the operators are notified
    Seek {
        /// Which: topic-partition, as listed
        source: String,
        /// The offset to read next
        #[arg(long)]
        to: u64,
    },
    /// Read a file anew from its beginning after E_FILE_REPLACED; its counts begin anew, the
    /// operators are notified
    Accept {
        /// Which, as listed
        file: String,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum StoreCommand {
    /// Copy it from SQLite to an empty database of a PostgreSQL server; the worker must not be
    /// running
    Copy {
        /// sqlite:PATH
        #[arg(long)]
        from: String,
        /// postgres://USER@HOST/DATABASE; its password is that of store.password
        #[arg(long)]
        to: String,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum OutboxCommand {
    /// List them
    List(MailFilter),
    /// Show one: its state, the attempts so far, and its text with phone numbers masked
    Show {
        /// Which
        mail_id: String,
        #[command(flatten)]
        output: OutputArgs,
    },
    /// Send dead ones again, after what was wrong is mended
    Retry {
        /// Which; by default all that are dead
        mail_id: Vec<String>,
    },
    /// Hold every mail that waits, and those to come: before a restored database is used
    Hold,
    /// Let mails go that were held: the store was loading, or is a restored one
    Release,
}

#[derive(Debug, Subcommand)]
pub(super) enum RejectsCommand {
    /// List them
    List {
        /// Conflicts instead: an identity that came again with another meaning
        #[arg(long, conflicts_with = "class")]
        conflicts: bool,
        /// Only those of this class
        #[arg(long, value_parser = one_of!(RejectClass))]
        class: Option<RejectClass>,
        /// Only those of this partition or file
        #[arg(long)]
        source: Option<String>,
        #[command(flatten)]
        list: ListArgs,
    },
    /// Show one with its raw bytes, phone numbers masked
    Show {
        /// Its number
        reject_id: i64,
    },
    /// Try them again after a fix; the worker must not be running
    Retry {
        /// Only these numbers; by default all
        reject_id: Vec<i64>,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum LoadCommand {
    /// A source joins: until `load done` its old events are applied too, and no month closes
    Begin {
        /// The CloudEvents source, e.g. /boss/chenzhou
        #[arg(long)]
        source: String,
    },
    /// All that is being loaded is there: months may close, and mails for a relay may be released
    Done,
}

#[derive(Debug, Subcommand)]
pub(super) enum JobCommand {
    /// List them with their last and next run
    List(ListArgs),
    /// Run one by hand; the worker must not be running
    Run {
        /// Which
        name: String,
        /// For this due time (RFC 3339), not later than now; by default now
        #[arg(long)]
        at: Option<String>,
        /// `close_month`: close though the clocks do not agree
        #[arg(long)]
        confirm: bool,
    },
}
