//! The embedded templates and the one way in which a value gets into them.
//!
//! Every value that is printed passes [`write_value`]: it is made harmless, without line breaks and
//! phone numbers, and in HTML it is escaped. Only what this crate marked as its own (ids, links, a
//! finished body) goes in as it is. Invariant: no template can switch that off: the filter `safe`
//! does not exist here.

use std::sync::LazyLock;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{
    AutoEscape, Environment, Error, Output, State, UndefinedBehavior, escape_formatter,
};
use serde::Serialize;

use super::clean;
use super::pending::ComposeContext;
use super::words::{self, dates};
use crate::domain::locale::Locale;

/// A mail as it reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rendered {
    /// Subject line, at most [`clean::SUBJECT_CHARS_MAX`] characters.
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// Why a mail could not be written.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// A template asks for what the mail does not have.
    #[error(
        "render `{template}`; hint: the template names a field that its struct under src/notify/kinds lacks"
    )]
    Template {
        template: String,
        /// The engine's error.
        #[source]
        source: Error,
    },
}

macro_rules! templates {
    ($($name:literal),* $(,)?) => { &[$(($name, include_str!(concat!("templates/", $name, ".j2"))),)*] };
}

/// Every template with its source.
pub(crate) const TEMPLATES: &[(&str, &str)] = templates![
    "frame.html",
    "frame.text",
    "parts/alert.html",
    "parts/alert.text",
    "parts/cause.html",
    "parts/cause.text",
    "parts/who.html",
    "parts/who.text",
    "parts/withheld.html",
    "parts/work.html",
    "parts/work.text",
    "parts/open.html",
    "alert_task/subject",
    "alert_task/text",
    "alert_task/html",
    "digest/subject",
    "digest/text",
    "digest/html",
    "daily_brief/subject",
    "daily_brief/text",
    "daily_brief/html",
    "reminder/subject",
    "reminder/text",
    "reminder/html",
    "approval_request/subject",
    "approval_request/text",
    "approval_request/html",
    "escalation/subject",
    "escalation/text",
    "escalation/html",
    "report_up/subject",
    "report_up/text",
    "report_up/html",
    "ops_notice/subject",
    "ops_notice/text",
    "ops_notice/html",
];

static ENGINE: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut engine = Environment::new();
    engine.set_undefined_behavior(UndefinedBehavior::Strict);
    let mut syntax = SyntaxConfig::builder();
    engine.set_syntax(
        syntax
            .trim_blocks(true)
            .lstrip_blocks(true)
            .build()
            .expect("the standard delimiters"),
    );
    engine.set_auto_escape_callback(|name| {
        if name.ends_with("html") {
            AutoEscape::Html
        } else {
            AutoEscape::None
        }
    });
    engine.set_formatter(write_value);
    engine.remove_filter("safe");
    for (name, source) in TEMPLATES {
        engine
            .add_template(name, source)
            .expect("the embedded templates parse, which a test checks");
    }
    engine
});

fn write_value(out: &mut Output, state: &mut State, value: &Value) -> Result<(), Error> {
    match value.as_str() {
        Some(text) if !value.is_safe() => {
            escape_formatter(out, state, &Value::from(clean::inert(text)))
        }
        _ => escape_formatter(out, state, value),
    }
}

/// A text of our own that is printed as it is: an id, a link, a finished body.
#[must_use]
pub(crate) fn own(text: &str) -> Value {
    Value::from_safe_string(text.to_owned())
}

fn render_one(name: &str, what: &Value) -> Result<String, RenderError> {
    let failed = |source| RenderError::Template {
        template: name.to_owned(),
        source,
    };
    ENGINE
        .get_template(name)
        .and_then(|template| template.render(what.clone()))
        .map_err(failed)
}

/// What the frame around every mail needs.
#[derive(Debug, Serialize)]
pub(crate) struct MailFrame {
    /// The words of the reader's language.
    pub w: &'static words::Words,
    /// What a mailbox shows beside the subject.
    pub preview: String,
    /// The person that the mail was for, where it goes to the fallback.
    pub instead_of: Option<String>,
    /// Whether its numbers are masked.
    pub masked: bool,
    /// Whether it has links.
    pub links: bool,
    /// In which all its times are.
    pub zone: &'static str,
}

impl MailFrame {
    /// Of a mail to people: their numbers are masked, and it has links if there are pages to link
    /// to.
    #[must_use]
    pub(crate) fn of_mail(
        locale: Locale,
        preview: String,
        instead_of: Option<String>,
        ctx: &ComposeContext<'_>,
    ) -> Self {
        Self {
            w: words::by_locale(locale),
            preview,
            instead_of,
            masked: true,
            links: ctx.base_url.is_some(),
            zone: dates::zone(locale, ctx.zone),
        }
    }
}

#[derive(Serialize)]
struct Framed<'a> {
    #[serde(flatten)]
    frame: &'a MailFrame,
    title: &'a str,
    body: Value,
}

/// Renders the three templates of a kind, and the frame around text and HTML.
///
/// # Errors
/// [`RenderError::Template`] when a template asks for a field that `what` lacks.
pub(crate) fn render(
    kind: &str,
    what: &impl Serialize,
    frame: &MailFrame,
) -> Result<Rendered, RenderError> {
    let what = Value::from(Serde(what));
    let subject = clean::header(
        &render_one(&format!("{kind}/subject"), &what)?,
        clean::SUBJECT_CHARS_MAX,
    );
    let framed = |part: &str| {
        let body = own(render_one(&format!("{kind}/{part}"), &what)?.trim_end());
        render_one(
            &format!("frame.{part}"),
            &Value::from(Serde(Framed {
                frame,
                title: &subject,
                body,
            })),
        )
    };
    let (text, html) = (framed("text")?, framed("html")?);
    Ok(Rendered {
        subject,
        text,
        html,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_parses_and_none_switches_the_escaping_off() {
        for (name, source) in TEMPLATES {
            ENGINE
                .get_template(name)
                .unwrap_or_else(|e| panic!("{name}: {e}"));
            let tight: String = source.chars().filter(|c| !c.is_whitespace()).collect();
            for banned in [
                "|safe",
                "autoescape",
                "|escape",
                "|e}",
                "<script",
                "<img",
                "<link",
                "@import",
                "url(",
                "src=",
                "javascript:",
            ] {
                assert!(!tight.contains(banned), "{name} holds `{banned}`");
            }
        }
    }

    #[test]
    fn the_filter_safe_does_not_exist() {
        let error = ENGINE
            .render_named_str("x.html", "{{ a|safe }}", Value::from(Serde([("a", 1)])))
            .expect_err("no such filter");
        assert!(error.to_string().contains("safe"), "{error}");
    }

    #[test]
    fn every_template_file_is_embedded() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/notify/templates");
        let mut found = 0;
        for entry in walk(&folder) {
            let name = entry
                .strip_prefix(&folder)
                .expect("below")
                .to_string_lossy()
                .replace(".j2", "");
            assert!(
                TEMPLATES.iter().any(|(known, _)| *known == name),
                "{name} is not in TEMPLATES"
            );
            found += 1;
        }
        assert_eq!(found, TEMPLATES.len());
    }

    fn walk(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
        let entries = std::fs::read_dir(folder)
            .expect("folder")
            .map(|entry| entry.expect("entry").path());
        entries
            .flat_map(|path| {
                if path.is_dir() {
                    walk(&path)
                } else {
                    vec![path]
                }
            })
            .collect()
    }
}
