//! Every `crm.*` type in its shortest and in its longest valid form.

use super::*;
use crate::domain::event::*;
use crate::domain::ids::*;

#[test]
fn complaints_surveys_and_contacts_are_read_in_full_and_with_defaults() {
    complaints();
    surveys();
    contacts();
}

fn complaints() {
    let least = Complaint {
        complaint_id: id!(ComplaintId, "C"),
        group_id: id!(GroupId, "G"),
        subscriber_id: None,
        state: ComplaintState::Filed,
        category: None,
        severity: ComplaintSeverity::Normal,
    };
    assert_eq!(
        data_of(
            "crm.complaint.v1",
            r#"{"complaint_id":"C","group_id":"G","state":"filed"}"#
        ),
        EventData::Complaint(least.clone())
    );
    let most = Complaint {
        subscriber_id: Some(id!(SubscriberId, "1")),
        state: ComplaintState::Resolved,
        category: Some("资费".into()),
        severity: ComplaintSeverity::Major,
        ..least
    };
    let data = r#"{"complaint_id":"C","group_id":"G","subscriber_id":"1","state":"resolved","category":"资费","severity":"major"}"#;
    assert_eq!(
        data_of("crm.complaint.v1", data),
        EventData::Complaint(most)
    );
}

fn surveys() {
    for (score, scale, thousandths, on) in [
        ("80.0", "\"100\"", 80_000, Scale::Hundred),
        ("8.5000", "\"10\"", 8_500, Scale::Ten),
        ("85e-1", "10", 8_500, Scale::Ten),
        ("76.41", "100.0", 76_410, Scale::Hundred),
        ("1", "5", 1_000, Scale::Five),
        ("-0", "100", 0, Scale::Hundred),
    ] {
        let data = format!(r#"{{"survey_id":"S","group_id":"G","score":{score},"scale":{scale}}}"#);
        let expected = Survey {
            survey_id: id!(SurveyId, "S"),
            group_id: id!(GroupId, "G"),
            score_thousandths: thousandths,
            scale: on,
        };
        assert_eq!(data_of("crm.survey.v1", &data), EventData::Survey(expected));
    }
}

fn contacts() {
    let least = Contact {
        contact_id: id!(ContactId, "K"),
        group_id: id!(GroupId, "G"),
        manager_id: id!(ManagerId, "M"),
        channel: Channel::Event,
        note: None,
        promised_on: None,
        fulfils: None,
        intent: None,
        opinion: None,
        effect: None,
    };
    assert_eq!(
        data_of(
            "crm.contact.v1",
            r#"{"contact_id":"K","group_id":"G","manager_id":"M","channel":"event"}"#
        ),
        EventData::Contact(least.clone())
    );
    let data = r#"{"contact_id":"K","group_id":"G","manager_id":"M","channel":"visit","note":"说\n\u597d","promised_on":"2026-09-01","fulfils":"K0","intent":"none","opinion":"","effect":"neutral"}"#;
    let most = Contact {
        channel: Channel::Visit,
        note: Some("说\n好".into()),
        promised_on: Some(day("2026-09-01")),
        fulfils: Some(id!(ContactId, "K0")),
        intent: Some(Intent::None),
        opinion: Some("".into()),
        effect: Some(Effect::Neutral),
        ..least
    };
    assert_eq!(data_of("crm.contact.v1", data), EventData::Contact(most));
}

#[test]
fn units_groups_managers_and_projects_are_read_in_full_and_with_defaults() {
    units();
    groups();
    managers();
    projects();
}

fn units() {
    let least = Unit {
        unit_id: id!(UnitId, "U"),
        name: "".into(),
        head_manager_id: None,
        service_head_id: None,
        chief_id: None,
    };
    assert_eq!(
        data_of("crm.unit.v1", r#"{"unit_id":"U","name":""}"#),
        EventData::Unit(least)
    );
    let most = Unit {
        unit_id: id!(UnitId, "U"),
        name: "北".into(),
        head_manager_id: Some(id!(ManagerId, "H")),
        service_head_id: Some(id!(ManagerId, "S")),
        chief_id: Some(id!(ManagerId, "C")),
    };
    assert_eq!(
        data_of(
            "crm.unit.v1",
            r#"{"unit_id":"U","name":"北","head_manager_id":"H","service_head_id":"S","chief_id":"C"}"#
        ),
        EventData::Unit(most)
    );
}

fn groups() {
    let least = Group {
        group_id: id!(GroupId, "G"),
        name: "n".into(),
        unit_id: id!(UnitId, "U"),
        manager_id: id!(ManagerId, "M"),
        tier: Tier::D,
        industry: None,
        parent_group_id: None,
        visit_mode: VisitMode::Visit,
        closed: false,
    };
    assert_eq!(
        data_of(
            "crm.group.v1",
            r#"{"group_id":"G","name":"n","unit_id":"U","manager_id":"M","tier":"D"}"#
        ),
        EventData::Group(least.clone())
    );
    let most = Group {
        tier: Tier::A,
        industry: Some("教育".into()),
        parent_group_id: Some(id!(GroupId, "G0")),
        visit_mode: VisitMode::Call,
        closed: true,
        ..least
    };
    let data = r#"{"group_id":"G","name":"n","unit_id":"U","manager_id":"M","tier":"A","industry":"教育","parent_group_id":"G0","visit_mode":"call","closed":true}"#;
    assert_eq!(data_of("crm.group.v1", data), EventData::Group(most));
}

fn managers() {
    let least = Manager {
        manager_id: id!(ManagerId, "M"),
        name: "n".into(),
        email: "no address".into(),
        supervisor_id: None,
        chief: false,
        delegate_id: None,
        away_until: None,
        active: true,
        locale: None,
    };
    assert_eq!(
        data_of(
            "crm.manager.v1",
            r#"{"manager_id":"M","name":"n","email":"no address"}"#
        ),
        EventData::Manager(least.clone())
    );
    let most = Manager {
        supervisor_id: Some(id!(ManagerId, "S")),
        chief: true,
        delegate_id: Some(id!(ManagerId, "D")),
        away_until: Some(day("2026-10-08")),
        active: false,
        locale: Some("en".into()),
        ..least
    };
    let data = r#"{"manager_id":"M","name":"n","email":"no address","supervisor_id":"S","chief":true,"delegate_id":"D","away_until":"2026-10-08","active":false,"locale":"en"}"#;
    assert_eq!(data_of("crm.manager.v1", data), EventData::Manager(most));
}

fn projects() {
    let least = Project {
        project_id: id!(ProjectId, "P"),
        group_id: id!(GroupId, "G"),
        title: "t".into(),
        due_on: None,
        closed: false,
    };
    assert_eq!(
        data_of(
            "crm.project.v1",
            r#"{"project_id":"P","group_id":"G","title":"t"}"#
        ),
        EventData::Project(least.clone())
    );
    let most = Project {
        due_on: Some(day("2026-12-31")),
        closed: true,
        ..least
    };
    assert_eq!(
        data_of(
            "crm.project.v1",
            r#"{"project_id":"P","group_id":"G","title":"t","due_on":"2026-12-31","closed":true}"#
        ),
        EventData::Project(most)
    );
}

#[test]
fn key_dates_are_read_in_both_calendars() {
    let least = KeyDate {
        key_date_id: id!(KeyDateId, "k"),
        group_id: id!(GroupId, "G"),
        kind: KeyDateKind::ContractEnd,
        title: "t".into(),
        contact: None,
        day: KeyDay::Solar(day("1960-02-29")),
        every: Every::Once,
        lead_days: None,
        removed: false,
    };
    let data = r#"{"key_date_id":"k","group_id":"G","kind":"contract_end","title":"t","calendar":"solar","date":"1960-02-29","every":"once"}"#;
    assert_eq!(
        data_of("crm.key_date.v1", data),
        EventData::KeyDate(least.clone())
    );
    let most = KeyDate {
        kind: KeyDateKind::Birthday,
        contact: Some("王".into()),
        day: KeyDay::Lunar(LunarDay {
            month: 12,
            day: 30,
            leap: true,
        }),
        every: Every::Year,
        lead_days: Some(vec![30, 7, 0, -1]),
        removed: true,
        ..least
    };
    let data = r#"{"key_date_id":"k","group_id":"G","kind":"birthday","title":"t","contact":"王","calendar":"lunar",
        "date":{"leap":true, "day":30, "month":12, "x":[]},"every":"year","lead_days":[30, 7,0,-1],"removed":true}"#;
    assert_eq!(data_of("crm.key_date.v1", data), EventData::KeyDate(most));
}
