//! Events as structured CloudEvents in JSON, one a line, times local with the offset +08:00.
//!
//! The reverse of `decode`. Not serde over the domain's types, which would share their spelling with
//! `decode`: written apart, a mistake in one is found by the other. Invariant: the text contains the
//! whole value; a field that is absent or has its default is left out.

use chrono::{FixedOffset, SecondsFormat};

use super::fields::ObjectWriter;
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
    let mut envelope = ObjectWriter::open(&mut out);
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

fn write_data(f: &mut ObjectWriter<'_>, data: &EventData) {
    match data {
        EventData::SubscriberStatus(payload) => write_status(f, payload),
        EventData::PortOut(payload) => {
            f.text("subscriber_id", payload.subscriber_id.as_str());
            f.text("stage", payload.stage.name());
        }
        EventData::Membership(payload) => write_membership(f, payload),
        EventData::Bill(payload) => write_bill(f, payload),
        EventData::Payment(payload) => {
            f.text("payment_id", payload.payment_id.as_str());
            f.text("bill_id", payload.bill_id.as_str());
            f.plain("amount_fen", payload.amount_fen.get());
        }
        EventData::Complaint(payload) => write_complaint(f, payload),
        EventData::Survey(payload) => write_survey(f, payload),
        EventData::Contact(payload) => write_contact(f, payload),
        EventData::Unit(payload) => write_unit(f, payload),
        EventData::Group(payload) => write_group(f, payload),
        EventData::Manager(payload) => write_manager(f, payload),
        EventData::Project(payload) => write_project(f, payload),
        EventData::KeyDate(payload) => write_key_date(f, payload),
        EventData::Feed(payload) => {
            f.text("feed", &payload.feed);
            f.text("date", &payload.date.to_string());
            f.plain("events", payload.events);
        }
        EventData::Retraction(payload) => {
            f.text("source", &payload.source);
            f.text("id", &payload.id);
        }
    }
}

fn write_status(f: &mut ObjectWriter<'_>, payload: &SubscriberStatus) {
    f.text("subscriber_id", payload.subscriber_id.as_str());
    match &payload.code {
        Some(code) => {
            f.text("status_code", &code.code);
            f.text("code_set", &code.code_set);
        }
        None => f.text("status", payload.status.name()),
    }
    f.text_if("reason", payload.reason.map(StopReason::name));
}

fn write_membership(f: &mut ObjectWriter<'_>, payload: &Membership) {
    f.text("subscriber_id", payload.subscriber_id.as_str());
    f.text("group_id", payload.group_id.as_str());
    f.text("change", payload.change.name());
    f.name("role", payload.role, Role::name);
    f.flag("locked", payload.locked, false);
    f.name("population", payload.population, Population::name);
}

fn write_bill(f: &mut ObjectWriter<'_>, payload: &Bill) {
    f.text("bill_id", payload.bill_id.as_str());
    f.text("group_id", payload.group_id.as_str());
    f.text_if(
        "subscriber_id",
        payload.subscriber_id.as_ref().map(|id| id.as_str()),
    );
    f.text("period", &payload.period.to_string());
    f.plain("amount_fen", payload.amount_fen.get());
    f.text("due_on", &payload.due_on.to_string());
}

fn write_complaint(f: &mut ObjectWriter<'_>, payload: &Complaint) {
    f.text("complaint_id", payload.complaint_id.as_str());
    f.text("group_id", payload.group_id.as_str());
    f.text_if(
        "subscriber_id",
        payload.subscriber_id.as_ref().map(|id| id.as_str()),
    );
    f.text("state", payload.state.name());
    f.text_if("category", payload.category.as_deref());
    f.name("severity", payload.severity, ComplaintSeverity::name);
}

fn write_survey(f: &mut ObjectWriter<'_>, payload: &Survey) {
    f.text("survey_id", payload.survey_id.as_str());
    f.text("group_id", payload.group_id.as_str());
    let (whole, part) = (
        payload.score_thousandths / 1_000,
        payload.score_thousandths % 1_000,
    );
    match part {
        0 => f.plain("score", whole),
        _ => f.plain("score", format!("{whole}.{part:03}").trim_end_matches('0')),
    }
    let scale = match payload.scale {
        Scale::Hundred => "100",
        Scale::Ten => "10",
        Scale::Five => "5",
    };
    f.text("scale", scale);
}

fn write_contact(f: &mut ObjectWriter<'_>, payload: &Contact) {
    f.text("contact_id", payload.contact_id.as_str());
    f.text("group_id", payload.group_id.as_str());
    f.text("manager_id", payload.manager_id.as_str());
    f.text("channel", payload.channel.name());
    f.text_if("note", payload.note.as_deref());
    f.date_if("promised_on", payload.promised_on);
    f.text_if("fulfils", payload.fulfils.as_ref().map(|id| id.as_str()));
    f.text_if("intent", payload.intent.map(Intent::name));
    f.text_if("opinion", payload.opinion.as_deref());
    f.text_if("effect", payload.effect.map(Effect::name));
}

fn write_unit(f: &mut ObjectWriter<'_>, payload: &Unit) {
    f.text("unit_id", payload.unit_id.as_str());
    f.text("name", &payload.name);
    f.text_if(
        "head_manager_id",
        payload.head_manager_id.as_ref().map(|id| id.as_str()),
    );
    f.text_if(
        "service_head_id",
        payload.service_head_id.as_ref().map(|id| id.as_str()),
    );
    f.text_if("chief_id", payload.chief_id.as_ref().map(|id| id.as_str()));
}

fn write_group(f: &mut ObjectWriter<'_>, payload: &Group) {
    f.text("group_id", payload.group_id.as_str());
    f.text("name", &payload.name);
    f.text("unit_id", payload.unit_id.as_str());
    f.text("manager_id", payload.manager_id.as_str());
    f.text("tier", payload.tier.name());
    f.text_if("industry", payload.industry.as_deref());
    f.text_if(
        "parent_group_id",
        payload.parent_group_id.as_ref().map(|id| id.as_str()),
    );
    f.name("visit_mode", payload.visit_mode, VisitMode::name);
    f.flag("closed", payload.closed, false);
}

fn write_manager(f: &mut ObjectWriter<'_>, payload: &Manager) {
    f.text("manager_id", payload.manager_id.as_str());
    f.text("name", &payload.name);
    f.text("email", &payload.email);
    f.text_if(
        "supervisor_id",
        payload.supervisor_id.as_ref().map(|id| id.as_str()),
    );
    f.flag("chief", payload.chief, false);
    f.text_if(
        "delegate_id",
        payload.delegate_id.as_ref().map(|id| id.as_str()),
    );
    f.date_if("away_until", payload.away_until);
    f.flag("active", payload.active, true);
    f.text_if("locale", payload.locale.as_deref());
}

fn write_project(f: &mut ObjectWriter<'_>, payload: &Project) {
    f.text("project_id", payload.project_id.as_str());
    f.text("group_id", payload.group_id.as_str());
    f.text("title", &payload.title);
    f.date_if("due_on", payload.due_on);
    f.flag("closed", payload.closed, false);
}

fn write_key_date(f: &mut ObjectWriter<'_>, payload: &KeyDate) {
    f.text("key_date_id", payload.key_date_id.as_str());
    f.text("group_id", payload.group_id.as_str());
    f.text("kind", payload.kind.name());
    f.text("title", &payload.title);
    f.text_if("contact", payload.contact.as_deref());
    match payload.day {
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
    f.text("every", payload.every.name());
    if let Some(days) = &payload.lead_days {
        let list: Vec<String> = days.iter().map(ToString::to_string).collect();
        f.plain("lead_days", format!("[{}]", list.join(",")));
    }
    f.flag("removed", payload.removed, false);
}
