//! sisan (四三): the retention worker beside a telecom operator's BOSS.
//!
//! Follow one event through the folders, which sort in the order that it travels: `consume` reads
//! bytes, `decode` makes them an event, `evaluate` judges the figures that it changed, `follow_up`
//! turns alerts into tasks, `notify` mails them, `report` writes the day, `schedule` says when,
//! `serve` shows how it goes, and `store` keeps it all in one transaction a batch, in a file for
//! one worker or on a server for many.
//!
//! ```text
//! Kafka ┐                        ┌─ timelines ─ contributions ─┐
//! files ┴─ consume ─ decode ─ plan                             ├─ one commit ─→ store
//!                                └─ evaluate ─ follow_up ──────┘                 │
//!                        mailbox ←─ notify (outbox) ←────────────────────────────┤
//!                   Parquet, XLSX ←─ report ←── schedule (jobs/) ←───────────────┘
//! ```
//!
//! # Glossary
//!
//! | term | meaning |
//! |---|---|
//! | subscriber | a line (a SIM) in BOSS |
//! | group customer (集团客户) | an enterprise; its subscribers are its members |
//! | opening base | members at the month's start |
//! | churn (离网) | a member of the opening base cancelled or ported out |
//! | member loss (成员流失) | a member of the opening base is no member any more, for whatever reason |
//! | suspension (停机) | stopped one way (单停) or both (双停); still in base |
//! | port-out (携号转网) | asked, authorised, ported, withdrawn |
//! | identity | (source, id) of an event; committed once |
//! | dead letter, rejection | a delivery that is no event, kept with class and reason |
//! | timeline | the events of one subscriber, complaint, answer or bill, in their total order |
//! | contribution | what a timeline adds to the day counters of the groups |
//! | write-ahead log | what is committed and in no sorted run yet: files beside the store, and one row a batch that says where |
//! | sorted run | timelines, identities or day counters in the order of their digests, in a file beside the store |
//! | memtable | what is in no sorted run yet, in the order of its digests, in memory |
//! | clock boundary | an instant at which the event clock stops for an evaluation: midnights and due jobs |
//! | evaluation | judging the figures as they are now known; with it alerts are raised and resolved |
//! | watch | over the limit, but too few members to tell from chance |
//! | named member | a member whom an alert named when it fired; kept if he is one still after 30 days |
//! | playbook | which task an alert makes: 三定 (item, means, resources) |
//! | occasion | what a reminder is of: one day of a key date, or a public holiday |
//! | paper | the State Council's notice of a year's days off; plans made before it is out are provisional |
//! | notice | what is to be told; a mail tells one or more |
//! | outbox | mails to send, each with one identity and one Message-ID |
//! | epoch | the ownership of a partition; taking it over raises it |
//! | leader | the worker that evaluates figures, runs jobs and composes mails: one at a time, by a lease |
//! | delta | what a batch adds to what the leader knows: counters, reference events, feeds, clocks |
//! | brief | what a manager reads in the morning: 三查 |
//! | news | where a batch changed something that a brief may tell; the timelines say what |
//! | bounds | what decides whether an event is too late: closed months, loads |
//! | race | another worker was faster: the batch is taken again |
//! | backup | a checked copy of an SQLite store in one file |
//! | access | who may read what the program writes |
//! | digest | one mail instead of those that piled up while the relay was down |
//! | restatement | a new version of a published day |
//! | scenario | a TOML file that says: given this, and these events at these times, expect that |

#[macro_use]
mod say;

mod access;
mod actions;
pub mod cli;
pub mod clock;
pub mod commands;
pub mod config;
pub mod consume;
mod decode;
pub mod demo;
pub mod domain;
mod evaluate;
pub mod follow_up;
pub mod notify;
pub mod pipeline;
pub mod plan;
pub mod report;
pub mod runtime;
mod scenario;
pub mod schedule;
mod serve;
pub mod simulate;
mod small_file;
pub mod store;
pub mod telemetry;
pub mod views;
