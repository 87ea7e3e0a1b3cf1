//! Events as structured CloudEvents in JSON, one a line, times local with the offset +08:00.
//!
//! The reverse of `decode`, written apart from it. Invariant: the text contains the whole value; a
//! field that is absent or has its default is left out.

use chrono::{FixedOffset, SecondsFormat};

use super::fields::Fields;
use crate::domain::event::{
    Bill, Complaint, ComplaintSeverity, Contact, Effect, Event, EventData, Group, Intent, KeyDate,
    KeyDay, LunarDay, Manager, Membership, Population, Project, Role, Scale, StopReason,
    SubscriberStatus, Survey, Unit, VisitMode,
};
use crate::domain::local_day::Timestamp;

/// Hours that Chinese local time is ahead of UTC.
const OFFSET_HOURS: i32 = 8;

/// An event as one line of JSON, without the newline.
#[must_use]
pub fn to_json_line(event: &Event) -> String {
    let mut out = String::with_capacity(360);
    let mut envelope = Fields::open(&mut out);
    envelope.text("specversion", "1.0");
    envelope.text("id", &event.order.id);
    envelope.text("source", &event.order.source);
    envelope.text("type", event.data.type_name());
    envelope.text("time", &local_time(event.order.time));
    let mut data = envelope.object("data");
    write_data(&mut data, &event.data);
    data.close();
    envelope.close();
    out
}

/// RFC 3339 with +08:00.
pub(super) fn local_time(time: Timestamp) -> String {
    let zone = FixedOffset::east_opt(OFFSET_HOURS * 3600).expect("eight hours are an offset");
    time.utc()
        .with_timezone(&zone)
        .to_rfc3339_opts(SecondsFormat::AutoSi, false)
}

fn write_data(f: &mut Fields<'_>, data: &EventData) {
    match data {
        EventData::SubscriberStatus(told) => write_status(f, told),
        EventData::PortOut(told) => {
            f.text("subscriber_id", told.subscriber_id.as_str());
            f.text("stage", told.stage.name());
        }
        EventData::Membership(told) => write_membership(f, told),
        EventData::Bill(told) => write_bill(f, told),
        EventData::Payment(told) => {
            f.text("payment_id", told.payment_id.as_str());
            f.text("bill_id", told.bill_id.as_str());
            f.plain("amount_fen", told.amount_fen.get());
        }
        EventData::Complaint(told) => write_complaint(f, told),
        EventData::Survey(told) => write_survey(f, told),
        EventData::Contact(told) => write_contact(f, told),
        EventData::Unit(told) => write_unit(f, told),
        EventData::Group(told) => write_group(f, told),
        EventData::Manager(told) => write_manager(f, told),
        EventData::Project(told) => write_project(f, told),
        EventData::KeyDate(told) => write_key_date(f, told),
        EventData::Feed(told) => {
            f.text("feed", &told.feed);
            f.text("date", &told.date.to_string());
            f.plain("events", told.events);
        }
        EventData::Retraction(told) => {
            f.text("source", &told.source);
            f.text("id", &told.id);
        }
    }
}

fn write_status(f: &mut Fields<'_>, told: &SubscriberStatus) {
    f.text("subscriber_id", told.subscriber_id.as_str());
    match &told.code {
        Some(code) => {
            f.text("status_code", &code.code);
            f.text("code_set", &code.code_set);
        }
        None => f.text("status", told.status.name()),
    }
    f.text_if("reason", told.reason.map(StopReason::name));
}

fn write_membership(f: &mut Fields<'_>, told: &Membership) {
    f.text("subscriber_id", told.subscriber_id.as_str());
    f.text("group_id", told.group_id.as_str());
    f.text("change", told.change.name());
    f.name("role", told.role, Role::name);
    f.flag("locked", told.locked, false);
    f.name("population", told.population, Population::name);
}

fn write_bill(f: &mut Fields<'_>, told: &Bill) {
    f.text("bill_id", told.bill_id.as_str());
    f.text("group_id", told.group_id.as_str());
    f.text_if(
        "subscriber_id",
        told.subscriber_id.as_ref().map(|id| id.as_str()),
    );
    f.text("period", &told.period.to_string());
    f.plain("amount_fen", told.amount_fen.get());
    f.text("due_on", &told.due_on.to_string());
}

fn write_complaint(f: &mut Fields<'_>, told: &Complaint) {
    f.text("complaint_id", told.complaint_id.as_str());
    f.text("group_id", told.group_id.as_str());
    f.text_if(
        "subscriber_id",
        told.subscriber_id.as_ref().map(|id| id.as_str()),
    );
    f.text("state", told.state.name());
    f.text_if("category", told.category.as_deref());
    f.name("severity", told.severity, ComplaintSeverity::name);
}

fn write_survey(f: &mut Fields<'_>, told: &Survey) {
    f.text("survey_id", told.survey_id.as_str());
    f.text("group_id", told.group_id.as_str());
    let (whole, part) = (
        told.score_thousandths / 1_000,
        told.score_thousandths % 1_000,
    );
    match part {
        0 => f.plain("score", whole),
        _ => f.plain("score", format!("{whole}.{part:03}").trim_end_matches('0')),
    }
    let scale = match told.scale {
        Scale::Hundred => "100",
        Scale::Ten => "10",
        Scale::Five => "5",
    };
    f.text("scale", scale);
}

fn write_contact(f: &mut Fields<'_>, told: &Contact) {
    f.text("contact_id", told.contact_id.as_str());
    f.text("group_id", told.group_id.as_str());
    f.text("manager_id", told.manager_id.as_str());
    f.text("channel", told.channel.name());
    f.text_if("note", told.note.as_deref());
    f.date_if("promised_on", told.promised_on);
    f.text_if("fulfils", told.fulfils.as_ref().map(|id| id.as_str()));
    f.text_if("intent", told.intent.map(Intent::name));
    f.text_if("opinion", told.opinion.as_deref());
    f.text_if("effect", told.effect.map(Effect::name));
}

fn write_unit(f: &mut Fields<'_>, told: &Unit) {
    f.text("unit_id", told.unit_id.as_str());
    f.text("name", &told.name);
    f.text_if(
        "head_manager_id",
        told.head_manager_id.as_ref().map(|id| id.as_str()),
    );
    f.text_if(
        "service_head_id",
        told.service_head_id.as_ref().map(|id| id.as_str()),
    );
    f.text_if("chief_id", told.chief_id.as_ref().map(|id| id.as_str()));
}

fn write_group(f: &mut Fields<'_>, told: &Group) {
    f.text("group_id", told.group_id.as_str());
    f.text("name", &told.name);
    f.text("unit_id", told.unit_id.as_str());
    f.text("manager_id", told.manager_id.as_str());
    f.text("tier", told.tier.name());
    f.text_if("industry", told.industry.as_deref());
    f.text_if(
        "parent_group_id",
        told.parent_group_id.as_ref().map(|id| id.as_str()),
    );
    f.name("visit_mode", told.visit_mode, VisitMode::name);
    f.flag("closed", told.closed, false);
}

fn write_manager(f: &mut Fields<'_>, told: &Manager) {
    f.text("manager_id", told.manager_id.as_str());
    f.text("name", &told.name);
    f.text("email", &told.email);
    f.text_if(
        "supervisor_id",
        told.supervisor_id.as_ref().map(|id| id.as_str()),
    );
    f.flag("chief", told.chief, false);
    f.text_if(
        "delegate_id",
        told.delegate_id.as_ref().map(|id| id.as_str()),
    );
    f.date_if("away_until", told.away_until);
    f.flag("active", told.active, true);
    f.text_if("locale", told.locale.as_deref());
}

fn write_project(f: &mut Fields<'_>, told: &Project) {
    f.text("project_id", told.project_id.as_str());
    f.text("group_id", told.group_id.as_str());
    f.text("title", &told.title);
    f.date_if("due_on", told.due_on);
    f.flag("closed", told.closed, false);
}

fn write_key_date(f: &mut Fields<'_>, told: &KeyDate) {
    f.text("key_date_id", told.key_date_id.as_str());
    f.text("group_id", told.group_id.as_str());
    f.text("kind", told.kind.name());
    f.text("title", &told.title);
    f.text_if("contact", told.contact.as_deref());
    match told.day {
        KeyDay::Solar(date) => {
            f.text("calendar", "solar");
            f.text("date", &date.to_string());
        }
        KeyDay::Lunar(LunarDay { month, day, leap }) => {
            f.text("calendar", "lunar");
            let mut date = f.object("date");
            date.plain("month", month);
            date.plain("day", day);
            date.plain("leap", leap);
            date.close();
        }
    }
    f.text("every", told.every.name());
    if let Some(days) = &told.lead_days {
        let list: Vec<String> = days.iter().map(ToString::to_string).collect();
        f.plain("lead_days", format!("[{}]", list.join(",")));
    }
    f.flag("removed", told.removed, false);
}
