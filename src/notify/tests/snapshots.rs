//! Every kind in both languages, as it reads.

use crate::notify::compose::{Composed, PendingNotice, compose};
use crate::notify::fixtures::{self, City};
use crate::notify::locale::Locale;

/// The one mail about `pending`, to a reader of `locale`.
fn only_mail(pending: &[PendingNotice], locale: Locale) -> Composed {
    let city = City::new();
    let composition = compose(pending, &crate::notify::compose::ComposeContext { default_locale: locale, ..city.ctx() }).expect("rendered");
    assert_eq!(composition.dropped, []);
    let [mail] = <[Composed; 1]>::try_from(composition.mails).expect("one mail");
    mail
}

fn check(name: &str, pending: impl Fn(&str) -> Vec<PendingNotice>) {
    for (locale, manager) in [(Locale::ZhCn, "M001"), (Locale::En, "M002")] {
        let mail = only_mail(&pending(manager), locale).mail;
        let language = locale.name();
        insta::assert_snapshot!(format!("{name}.{language}.text"), format!("Subject: {}\n\n{}", mail.subject, mail.text));
        insta::assert_snapshot!(format!("{name}.{language}.html"), mail.html);
    }
}

#[test]
fn a_task_with_two_alerts_reads_well() {
    check("alert_task", |manager| vec![fixtures::about_alerts(vec![fixtures::churn_alert(), fixtures::batch_alert()], manager)]);
}

#[test]
fn two_tasks_of_a_customer_read_well_in_one_mail() {
    check("alert_task_two", |manager| {
        let mut first = fixtures::task(&[fixtures::key_line_alert()], manager);
        first.approval = crate::domain::task::Approval::None;
        first.state = crate::domain::task::TaskState::Accepted;
        first.remark = Some("号码 13800008000 已复机".to_owned());
        let mut alert = fixtures::key_line_alert();
        alert.state = crate::domain::alert::AlertState::Resolved;
        alert.resolved_because = Some(crate::domain::alert::ResolvedBecause::Restored);
        let mut second = fixtures::task(&[fixtures::satisfaction_alert()], manager);
        second.item = crate::domain::task::Item::Retention { plan: "逐一回访低分答卷".to_owned() };
        second.resources = Vec::new();
        second.approval = crate::domain::task::Approval::None;
        vec![fixtures::about_task(first, vec![alert]), fixtures::about_task(second, vec![fixtures::satisfaction_alert()])]
    });
}

#[test]
fn what_piled_up_reads_well_in_one_digest() {
    for locale in [Locale::ZhCn, Locale::En] {
        let city = City::new();
        let ctx = crate::notify::compose::ComposeContext { default_locale: locale, ..city.ctx() };
        let manager = if locale == Locale::ZhCn { "M001" } else { "M002" };
        let made = crate::notify::digest::digests(&fixtures::three_waiting(manager), &ctx).expect("rendered");
        let [mail] = <[crate::domain::mail::Mail; 1]>::try_from(made.mails).expect("one digest");
        let language = locale.name();
        insta::assert_snapshot!(format!("digest.{language}.text"), format!("Subject: {}\n\n{}", mail.subject, mail.text));
        insta::assert_snapshot!(format!("digest.{language}.html"), mail.html);
    }
}

#[test]
fn the_key_dates_of_a_morning_read_well() {
    check("reminder", fixtures::three_reminders);
}

#[test]
fn public_holidays_and_a_lunar_birthday_read_well() {
    check("reminder_holidays", fixtures::holiday_reminders);
}

#[test]
fn an_ops_notice_reads_well() {
    check("ops_notice", |_| vec![fixtures::about_ops("source stopped", fixtures::ops_text())]);
}
