//! Who may silence what, for how long.

use super::act::{by, fixture, ops};
use super::{CHURN, alert, at, day, group, unit};
use crate::domain::indicator::{Scope, Severity};
use crate::domain::local_day::LocalDay;
use crate::domain::silence::Silence;
use crate::domain::task::Actor;
use crate::follow_up::act::Authority;
use crate::follow_up::silencing::{SilenceRefusal, SilenceRequest, silence};

fn on(text: &str) -> LocalDay {
    LocalDay::from_date(day(text))
}

fn asked(scope: Scope, until: &str, reason: &str, by: Actor) -> Result<Silence, SilenceRefusal> {
    let fixture = fixture();
    let authority = Authority {
        reference: &fixture.reference,
        company_head: fixture.company_head.as_ref(),
    };
    let request = SilenceRequest {
        scope,
        kind: Some(CHURN),
        until: on(until),
        reason: reason.to_owned(),
        by,
    };
    silence(
        request,
        authority,
        30,
        on("2026-08-03"),
        at("2026-08-03 10:00"),
    )
}

#[test]
fn a_silence_holds_to_the_end_of_its_last_day() {
    let made = asked(group("G1"), "2026-08-10", " 机房搬迁 ", by("sun")).expect("silenced");
    assert_eq!(
        (made.reason.as_str(), &made.by, made.made_at),
        ("机房搬迁", &by("sun"), at("2026-08-03 10:00"))
    );
    let firing = alert(group("G1"), CHURN, Severity::Warning);
    assert!(made.covers(&firing, on("2026-08-10")) && !made.covers(&firing, on("2026-08-11")));
}

#[test]
fn nobody_silences_his_own_groups_whoever_is_above_does() {
    for (who, may) in [
        ("wang", false),
        ("li", false),
        ("hu", false),
        ("sun", true),
        ("zhao", true),
        ("chen", true),
    ] {
        let asked = asked(group("G1"), "2026-08-10", "机房搬迁", by(who));
        assert_eq!(asked.is_ok(), may, "{who}");
        assert!(may || matches!(asked, Err(SilenceRefusal::NotAbove { .. })));
    }
    assert!(asked(group("G1"), "2026-08-10", "机房搬迁", ops()).is_ok());
    // A unit's alerts are its head's.
    assert!(asked(unit(), "2026-08-10", "机房搬迁", by("zhao")).is_err());
    assert!(asked(unit(), "2026-08-10", "机房搬迁", by("chen")).is_ok());
}

#[test]
fn a_silence_lasts_at_most_thirty_days_and_is_not_over_when_it_begins() {
    let until = |text| asked(group("G1"), text, "机房搬迁", ops());
    assert!(until("2026-08-03").is_ok() && until("2026-09-02").is_ok());
    let too_long = until("2026-09-03").expect_err("too long");
    assert!(
        too_long
            .to_string()
            .contains("hint: give 2026-09-02 at the latest"),
        "{too_long}"
    );
    assert!(matches!(
        until("2026-08-02"),
        Err(SilenceRefusal::Over { .. })
    ));
}

#[test]
fn a_silence_has_an_author_a_reason_and_something_to_silence() {
    assert_eq!(
        asked(group("G1"), "2026-08-10", "机房搬迁", Actor::default()),
        Err(SilenceRefusal::Nameless)
    );
    assert_eq!(
        asked(group("G1"), "2026-08-10", "  ", ops()),
        Err(SilenceRefusal::NoReason)
    );
    assert!(matches!(
        asked(group("G404"), "2026-08-10", "机房搬迁", ops()),
        Err(SilenceRefusal::Unknown { .. })
    ));
    assert!(matches!(
        asked(group("G1"), "2026-08-10", "机房搬迁", by("M404")),
        Err(SilenceRefusal::NoManager { .. })
    ));
}
