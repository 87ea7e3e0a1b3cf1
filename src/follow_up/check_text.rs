//! 三查: the texts of what to check first, with placeholders for the figures of the alert.
//!
//! It does not know which playbook a text belongs to. Invariant: a text that was read has only
//! placeholders that its alert can fill; a figure that an alert lacks reads `—`, and what is filled
//! in is never read as a placeholder again.

use crate::domain::alert::Alert;
use crate::domain::digits::telling_decimals;
use crate::domain::indicator::ScopeKind;
use crate::domain::indicator::{AlertKind, Indicator, Signal};
use crate::domain::names::names;
use crate::domain::phones::mask_phones_in;
use crate::domain::task::{Check, CheckPart};
use crate::domain::timeline::SubscriberTrouble;

/// Most subscribers that a text names; the rest are counted.
const LINES_MAX: usize = 5;
/// Printed for a figure that the alert does not carry.
const NONE: &str = "—";

names! {
    enum Placeholder {
        K = "k",
        N = "n",
        Value = "value",
        Limit = "limit",
        Expected = "expected",
        P = "p",
        Needed = "needed",
        Period = "period",
        Group = "group",
        Unit = "unit",
        Line = "line",
        Trouble = "trouble",
        Subject = "subject",
        Fen = "fen",
        How = "how",
        Window = "window",
    }
}

impl Placeholder {
    /// Whether an alert of that kind and level has it at all.
    fn fits(self, scope: ScopeKind, kind: AlertKind) -> bool {
        let is_one_of = |signals: &[Signal]| matches!(kind, AlertKind::Signal(signal) if signals.contains(&signal));
        match self {
            Self::Value | Self::Limit => {
                matches!(kind, AlertKind::Indicator(_))
                    || is_one_of(&[Signal::RevenueDrop, Signal::LowScore])
            }
            Self::Group => matches!(scope, ScopeKind::Group),
            Self::Unit => matches!(scope, ScopeKind::Unit),
            Self::Line => {
                matches!(kind, AlertKind::Signal(signal) if signal.is_about_a_subscriber() || signal == Signal::BatchLeave)
            }
            Self::Trouble => is_one_of(&[Signal::KeyLine, Signal::PreCancel, Signal::PortOut]),
            Self::Subject => is_one_of(&[
                Signal::MajorComplaint,
                Signal::ComplaintOpen,
                Signal::ComplaintHotspot,
                Signal::LowScore,
            ]),
            Self::Fen => is_one_of(&[Signal::Arrears, Signal::RevenueDrop]),
            Self::How => is_one_of(&[Signal::BatchLeave]),
            Self::Window => is_one_of(&[Signal::BatchLeave, Signal::SuspensionBurst]),
            _ => true,
        }
    }
}

/// Why a text is not one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum CheckTextError {
    /// Nothing to read in it.
    #[error("is empty")]
    Empty,
    /// A brace without its partner.
    #[error("has a brace without its partner")]
    Brace,
    #[error("has the unknown placeholder {{{0}}}, expected {one_of}", one_of = Placeholder::ONE_OF)]
    Unknown(String),
    /// Alerts of this kind and level have no such figure.
    #[error("has the placeholder {{{0}}}, which a {1} alert of kind `{2}` never fills")]
    NeverFilled(String, &'static str, &'static str),
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum TextPart {
    Text(String),
    Figure(Placeholder),
}

/// A text of what to check first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckText(Vec<TextPart>);

impl CheckText {
    /// Reads a text such as `本月已离网 {k} 人` for alerts of a kind and level.
    ///
    /// # Errors
    /// [`CheckTextError`] names the first thing that is wrong.
    pub(crate) fn parse(
        text: &str,
        scope: ScopeKind,
        kind: AlertKind,
    ) -> Result<Self, CheckTextError> {
        if text.trim().is_empty() {
            return Err(CheckTextError::Empty);
        }
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            let (before, from) = rest.split_at(at);
            let inside = from.strip_prefix('{').ok_or(CheckTextError::Brace)?;
            let (name, after) = inside.split_once('}').ok_or(CheckTextError::Brace)?;
            let figure =
                Placeholder::parse(name).ok_or_else(|| CheckTextError::Unknown(name.to_owned()))?;
            if !figure.fits(scope, kind) {
                return Err(CheckTextError::NeverFilled(
                    name.to_owned(),
                    scope.name(),
                    kind.name(),
                ));
            }
            pieces.push(TextPart::Text(before.to_owned()));
            pieces.push(TextPart::Figure(figure));
            rest = after;
        }
        pieces.push(TextPart::Text(rest.to_owned()));
        pieces.retain(|piece| !matches!(piece, TextPart::Text(text) if text.is_empty()));
        Ok(Self(pieces))
    }

    /// The line with the figures of an alert; `name` is the group's or unit's.
    #[must_use]
    pub(crate) fn fill(&self, alert: &Alert, name: &str) -> Check {
        let part = |piece: &TextPart| match piece {
            TextPart::Text(text) => CheckPart::Text(text.clone()),
            TextPart::Figure(figure) => {
                fill(*figure, alert, name).unwrap_or_else(|| CheckPart::Text(NONE.to_owned()))
            }
        };
        self.0.iter().map(part).collect()
    }
}

/// The trouble of the alert's subscriber now; why it has none any more, where the alert is over and
/// the subscriber has not gone.
fn trouble(alert: &Alert) -> Option<CheckPart> {
    let trouble = alert.explanation.trouble?;
    let over = alert.resolved_because.filter(|_| !alert.state.is_open());
    Some(match (trouble, over) {
        (SubscriberTrouble::Gone(_) | SubscriberTrouble::InBase(_), _) | (_, None) => {
            CheckPart::Trouble(trouble)
        }
        (_, Some(because)) => CheckPart::Over(because),
    })
}

fn fill(figure: Placeholder, alert: &Alert, name: &str) -> Option<CheckPart> {
    let e = &alert.explanation;
    let text = match figure {
        Placeholder::Line => return named_subscribers(alert),
        Placeholder::Trouble => return trouble(alert),
        Placeholder::Fen => return e.fen.map(CheckPart::Fen),
        Placeholder::How => {
            let (churned, left) = e.leavers();
            return Some(CheckPart::Leavers { churned, left });
        }
        Placeholder::Window => {
            let (first, last) = e.window?;
            return Some(CheckPart::Days { first, last });
        }
        Placeholder::K => e.k.to_string(),
        Placeholder::N => e.n.to_string(),
        Placeholder::Value => in_unit(alert.key.kind, e.value?, e.limit),
        Placeholder::Limit => in_unit(alert.key.kind, e.limit?, e.value),
        Placeholder::Expected => {
            let expected = e.expected?;
            decimals(
                expected,
                telling_decimals(expected, Some(e.k as f64), 1.0, 1),
            )
        }
        Placeholder::P => percent(e.p?),
        Placeholder::Needed => e.needed?.to_string(),
        Placeholder::Period => alert.key.period.to_string(),
        Placeholder::Group | Placeholder::Unit => name.to_owned(),
        Placeholder::Subject => mask_phones_in(alert.key.subject.as_str()),
    };
    Some(CheckPart::Text(text))
}

/// A probability.
fn percent(p: f64) -> String {
    if p < 0.0001 {
        "<0.01%".to_owned()
    } else {
        format!("{}%", decimals(p * 100.0, 2))
    }
}

/// A figure as people read it: rates in percent, the others as they are; with as many digits as
/// tell it from the one beside it.
fn in_unit(kind: AlertKind, figure: f64, beside: Option<f64>) -> String {
    let places = |scale| telling_decimals(figure, beside, scale, 2);
    match kind {
        AlertKind::Indicator(Indicator::ChurnRate | Indicator::MemberLossRate)
        | AlertKind::Signal(Signal::RevenueDrop) => {
            format!("{}%", decimals(figure * 100.0, places(100.0)))
        }
        _ => decimals(figure, places(1.0)),
    }
}

/// At most so many decimals, without zeros at the end.
fn decimals(figure: f64, most: usize) -> String {
    let text = format!("{figure:.most$}");
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

/// The subscriber that is the alert's subject, else those that it names.
fn named_subscribers(alert: &Alert) -> Option<CheckPart> {
    let (subscribers, unnamed) = match alert.key.subject.subscriber() {
        Some(subscriber) => (std::slice::from_ref(subscriber), 0),
        None => (alert.members.as_slice(), alert.unnamed()),
    };
    let first: Vec<_> = subscribers.iter().take(LINES_MAX).cloned().collect();
    let more = (subscribers.len() - first.len()) as u64 + unnamed;
    (!first.is_empty()).then_some(CheckPart::Subscribers { first, more })
}
