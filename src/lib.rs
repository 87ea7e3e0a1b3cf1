//! sisan (四三): the retention worker beside a telecom operator's BOSS.
//!
//! Follow one event through the folders, which sort in the order that it travels: `consume` reads
//! bytes, `decode` makes them an event, `evaluate` judges the figures that it changed, `follow_up`
//! turns alerts into tasks, `notify` mails them, `report` writes the day, `schedule` says when,
//! `serve` shows how it goes, and `store` keeps it all in one transaction a batch, in a file for
//! one worker or on a server for many. `plan` decides and `pipeline` loads before it and saves
//! after it; `runtime` is the running worker, `actions` what its jobs do, `commands` what people
//! do, `views` what they see. `CONTRIBUTING.md` has the map with function names.
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
//! | subscriber | 用户 | a line (a SIM) in BOSS |
//! | group customer | 集团客户 | an enterprise; its subscribers are its members (成员) |
//! | opening base | 期初用户 | members at the month's start |
//! | churn | 离网 | a member of the opening base cancelled or ported out |
//! | member loss | 成员流失 | a member of the opening base is no member any more, for whatever reason |
//! | suspension | 停机 | stopped one way (单停) or both (双停); still in base |
//! | port-out | 携号转网 | asked, authorised, ported, withdrawn |
//! | locked number, key person | 锁定号码、关键人 | a subscriber whose loss is an alert by itself |
//! | identity | 事件标识 | (source, id) of an event; committed once |
//! | rejection (dead letter) | 拒收 | a delivery that is no event, kept with class and reason |
//! | timeline | 时间线 | the events of one subscriber, complaint, answer or bill, in their total order |
//! | contribution | | what a timeline adds to the day counters of the groups |
//! | lateness policy | | what decides whether an event is too late: closed months, loads |
//! | closing | 关账 | a month becomes final: events of before are too late |
//! | indicator, limit, verdict | 指标、限值、判定 | a rate of a month, what it may be, and what it is held to be |
//! | watch | 关注 | over the limit, but too few members to tell from chance |
//! | evaluation | 评估 | judging the figures as they are now known: it raises and resolves alerts |
//! | clock boundary | | an instant at which the event clock stops for an evaluation: midnights and due jobs |
//! | alert | 预警 | what a limit or a signal raises; firing, acknowledged, resolved |
//! | named member | 点名成员 | a member whom an alert named when it fired; kept if he is one still after 30 days |
//! | silence | 静默 | alerts of a scope that mail nobody for a while |
//! | playbook | 处置模板 | which task an alert makes: 三定 (item, means, resources) |
//! | task | 任务 | 三落实: relationship, retention, expansion; 三处理 ends it |
//! | sweep | 巡检 | what time alone does to tasks: escalations, planned work that begins |
//! | port-out guard | 携转保护 | nothing is offered to a subscriber that may be ported |
//! | occasion | 关键时刻 | what a reminder is of: one day of a key date, or a public holiday |
//! | holiday notice | 放假通知 | the State Council's notice of a year's days off; plans made before it are provisional |
//! | notice | 通知 | what is to be told; a mail tells one or more |
//! | outbox | 发件箱 | mails to send, each with one identity and one Message-ID |
//! | digest | 汇总 | one mail instead of those that piled up while the relay was down |
//! | brief, brief hint | 晨报 | what a manager reads in the morning (三查); where a batch changed something that it may tell |
//! | epoch | 任期 | the ownership of a partition; taking it over raises it |
//! | leader, lease | | the worker that evaluates, runs jobs and composes mails: one at a time, while it renews its lease |
//! | read model | | what the leader has in memory: reference events, counters, feeds, clocks |
//! | delta | | what a batch adds to the read model |
//! | commit conflict | | another worker was faster: the batch is applied again |
//! | write-ahead log | | what is committed and in no sorted run yet: files beside the store, and one row a batch that says where |
//! | memtable | | the same in memory, in the order of its digests |
//! | sorted run | | timelines, identities or day counters in the order of their digests, in a file beside the store |
//! | compaction | | merging a new run with the older ones that are not much larger |
//! | backup | 备份 | a checked copy of an SQLite store in one file |
//! | restatement | 更正 | a new version of a published day |
//! | scenario | 场景 | a TOML file that says: given this, and these events at these times, expect that |

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
mod names_tests;
