//! sisan (四三): the retention worker beside a telecom operator's BOSS.
//!
//! Follow one event through the folders, which sort in the order that it travels: `consume` reads
//! bytes, `decode` makes them an event, `evaluate` judges the figures that it changed, `follow_up`
//! turns alerts into tasks, `notify` mails them, `report` writes the daily figures, `schedule`
//! decides when a job is due, `serve` exposes health and metrics, and `store` commits everything in
//! one transaction per batch, in a file for one worker or on a server for many. `plan` decides;
//! `pipeline` loads before it and saves after it; `runtime` is the running worker, `actions` what
//! its jobs do, `commands` what people do, `views` what they see. `CONTRIBUTING.md` has the map
//! with function names.
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
//! | term | Chinese | meaning |
//! |---|---|---|
//! | subscriber | 用户 | a SIM in BOSS |
//! | group customer | 集团客户 | an enterprise; its subscribers are its members (成员) |
//! | opening base | 期初用户 | members at the month's start |
//! | churn | 离网 | a member of the opening base cancelled or ported out |
//! | member loss | 成员流失 | a member of the opening base is no longer a member, for whatever reason |
//! | suspension | 停机 | stopped one way (单停) or both (双停); still in base |
//! | port-out | 携号转网 | queried, authorised, ported, withdrawn |
//! | locked number, key person | 锁定号码、关键人 | a subscriber whose loss is an alert by itself |
//! | identity | 事件标识 | (source, id) of an event; committed once |
//! | rejection (dead letter) | 拒收 | a delivery that is no event, kept with class and reason |
//! | timeline | 时间线 | the events of one subscriber, complaint, answer or bill, in their total order |
//! | contribution | | what a timeline adds to the day counters of the groups |
//! | lateness policy | | what decides whether an event is too late: closed months, loads |
//! | closing | 关账 | a month becomes final: events before its end are too late |
//! | indicator, limit, verdict | 指标、限值、判定 | a rate of a month, the value that it may reach, and the judgement |
//! | watch | 关注 | over the limit, but too few members to tell from chance |
//! | evaluation | 评估 | judging the figures as they are now known: it raises and resolves alerts |
//! | clock boundary | | an instant at which the event clock stops for an evaluation: midnights and due jobs |
//! | alert | 预警 | what a limit or a signal raises; firing, acknowledged, resolved |
//! | named member | 点名成员 | a member whom an alert named when it fired; kept if still a member after 30 days |
//! | silence | 静默 | a period in which alerts of a scope send no mail |
//! | playbook | 处置模板 | which task an alert makes: 三定 (item, means, resources) |
//! | task | 任务 | 三落实: relationship, retention, expansion; 三处理 ends it |
//! | sweep | 巡检 | the changes that time alone makes to tasks: escalations, planned work that begins |
//! | port-out guard | 携转保护 | nothing is offered to a subscriber that may be ported |
//! | occasion | 关键时刻 | the subject of a reminder: one day of a key date, or a public holiday |
//! | holiday notice | 放假通知 | the State Council's notice of a year's days off; plans made before it are provisional |
//! | notice | 通知 | one thing to notify somebody of; a mail covers one or more |
//! | outbox | 发件箱 | mails to send, each with one identity and one Message-ID |
//! | digest | 汇总 | one mail instead of those that piled up while the relay was down |
//! | brief, brief hint | 晨报 | what a manager reads in the morning (三查); a place where a batch changed something for it |
//! | epoch | 任期 | the ownership of a partition; taking it over raises it |
//! | leader, lease | | the worker that evaluates, runs jobs and composes mails: one at a time, while it renews its lease |
//! | read model | | what the leader has in memory: reference events, counters, feeds, clocks |
//! | delta | | the changes that a batch makes to the read model |
//! | commit conflict | | another worker was faster: the batch is applied again |
//! | write-ahead log | | what is committed but in no sorted run yet: files beside the store, and one row per batch with its place |
//! | memtable | | the same in memory, sorted by digest |
//! | sorted run | | timelines, identities or day counters sorted by digest, in a file beside the store |
//! | compaction | | merging a new run with the older ones that are not much larger |
//! | backup | 备份 | a checked copy of an SQLite store in one file |
//! | restatement | 更正 | a new version of a published day |
//! | scenario | 场景 | a TOML file: given this, and these events at these times, expect that |

// `pub` is what another crate uses (the program, tests, benches), so that the compiler finds what
// nobody does.
#![warn(unreachable_pub)]

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

#[cfg(test)]
mod daily_files_tests;
#[cfg(test)]
mod language_tests;
#[cfg(test)]
mod names_tests;
