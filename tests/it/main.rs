//! The one integration binary: the built program and the library against real services.
//!
//! `tests/run` starts the services and sets the variables that [`services`] reads; without it these
//! tests fail with a message that names `tests/run`. A new scenario is one more module here, named
//! after what it is about.

mod cases;
mod deployment;
mod ledger;
mod ports;
mod running;
mod services;
mod store_fixture;

mod architecture;
mod backups;
mod closing;
mod closing_jobs;
mod commands;
mod conformance;
mod damage;
mod deliveries;
mod demo;
mod demo_lines;
mod demo_tasks;
mod demo_truth;
mod demo_words;
mod documents;
mod drops;
mod early_signals;
mod evenly;
mod event_clock;
mod faults;
mod idle;
mod input_files;
mod input_text;
mod kafka_source;
mod kills;
mod large_store;
mod late_signals;
mod listings;
mod loading;
mod malformed;
mod many_workers;
mod mappings;
mod migrations;
mod operators;
mod overlap;
mod port_out_guard;
mod private;
mod pure_rooms;
mod query_plans;
mod relay_trouble;
mod report_files;
mod said;
mod scenarios;
mod screens;
mod service_round_trips;
mod serving;
mod simulator;
mod stopping;
mod store_contract;
mod store_files;
mod store_forgetting;
mod store_tls;
mod years;
