//! `mail render` and `mail test`: shows a mail as its readers see it, and tests delivery.
//!
//! Neither touches the store: a sample is made up, and a test mail is in no outbox.

use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, anyhow};

use crate::access::Access;
use crate::clock::wall_now;
use crate::domain::alert::digest_id;
use crate::domain::indicator::Severity;
use crate::domain::local_day::Timestamp;
use crate::domain::locale::Locale;
use crate::domain::mail::{Mail, MailKind};
use crate::domain::mailbox::mailbox;
use crate::domain::ops_notice::OpsNotice;
use crate::domain::reference::Reference;
use crate::notify::compose::{ComposeContext, UsefulFor};
use crate::notify::kinds::OpsNoticeMail;
use crate::notify::mailer::{Letter, Mailer};
use crate::notify::mime::{message_id, to_message};
use crate::notify::retry::Outcome;
use crate::notify::room::Room;
use crate::notify::{samples, words};

use crate::runtime::Setup;
use crate::runtime::error::{AppError, Exit};
use crate::views::command_results::MailResult;

/// Arguments of `mail render`.
#[derive(Debug, clap::Args)]
pub(crate) struct RenderArgs {
    /// Which kind: alert_task, digest, daily_brief, reminder, approval_request, report_up,
    /// escalation or ops_notice
    #[arg(value_parser = kind)]
    pub kind: MailKind,
    /// zh-CN or en; by default as configured
    #[arg(long, value_parser = locale)]
    pub locale: Option<Locale>,
    /// How to show it
    #[arg(long, default_value = "text")]
    pub format: MailFormat,
    /// Write to this file instead of stdout
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// How a mail is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum MailFormat {
    /// Subject and text part
    Text,
    /// HTML part, for a browser
    Html,
    /// The whole message, for a mail program
    Eml,
}

/// Arguments of `mail test`.
#[derive(Debug, clap::Args)]
pub(crate) struct MailTestArgs {
    /// To which address
    #[arg(long, value_name = "ADDRESS")]
    pub to: String,
    /// The sample of this kind instead of a plain test
    #[arg(long, value_parser = kind)]
    pub kind: Option<MailKind>,
    /// zh-CN or en; by default as configured
    #[arg(long, value_parser = locale)]
    pub locale: Option<Locale>,
}

fn kind(name: &str) -> Result<MailKind, String> {
    MailKind::parse(name).ok_or_else(|| format!("expected {}", MailKind::ONE_OF))
}

fn locale(name: &str) -> Result<Locale, &'static str> {
    Locale::parse(name).ok_or("expected zh-CN or en")
}

/// `mail render`: the sample of a kind.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn render(setup: &Setup, args: &RenderArgs) -> Result<(), AppError> {
    let mail = samples::mail(args.kind, args.locale.unwrap_or(setup.config.locale))?;
    let bytes = match args.format {
        MailFormat::Text => {
            format!("Subject: {}\n\n{}\n", mail.subject, mail.text.trim_end()).into_bytes()
        }
        MailFormat::Html => mail.html.into_bytes(),
        MailFormat::Eml => message_of(setup, &mail)?,
    };
    match &args.output {
        Some(path) => Access::PRIVATE
            .write_file(path, &bytes)
            .with_context(|| format!("write {}", path.display()))?,
        None => std::io::stdout()
            .lock()
            .write_all(&bytes)
            .context("write to stdout")?,
    }
    Ok(())
}

/// `mail test`: sends a marked mail and prints the SMTP dialogue.
///
/// # Errors
/// Bad usage when the address or the relay's settings cannot be used.
pub(crate) fn test(setup: &Setup, args: &MailTestArgs) -> Result<Exit, AppError> {
    let no_address = || {
        AppError::usage(anyhow!(
            "--to: `{}` is no mail address\nhint: write it as name@example.com",
            args.to
        ))
    };
    let mail = Mail {
        recipient: mailbox(&args.to).ok_or_else(no_address)?,
        ..test_mail(setup, args, wall_now())?
    };
    let (mut mailer, message) = (setup.mailer()?.recorded(), message_of(setup, &mail)?);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let outcome = runtime.block_on(async {
        let outcome = mailer
            .send(
                Letter {
                    mail: &mail,
                    from: &setup.from,
                    message: &message,
                },
                &mut || true,
            )
            .await;
        mailer.close().await;
        outcome
    });
    let mut out = std::io::stdout().lock();
    for line in mailer.dialogue() {
        writeln!(out, "{line}").context("write to stdout")?;
    }
    if let (Mailer::Folder(folder), Outcome::Accepted { .. }) = (&mailer, &outcome) {
        writeln!(out, "{}", folder.path_of(&mail).display()).context("write to stdout")?;
        say!("{}", MailResult::TestInFolder);
        return Ok(Exit::Done);
    }
    Ok(report_outcome(&outcome))
}

/// Reports the outcome.
fn report_outcome(outcome: &Outcome) -> Exit {
    let reply = outcome.reply();
    let (result, exit) = match outcome {
        Outcome::Accepted { .. } => (MailResult::TestAccepted, Exit::Done),
        Outcome::Deferred { .. } => (MailResult::TestDeferred, Exit::Temporary),
        Outcome::RelayRefused { .. } => (MailResult::TestRelayRefused, Exit::Failed),
        Outcome::RecipientRefused { .. } => (MailResult::TestRecipientRefused, Exit::Failed),
        Outcome::Unfit { .. } => (MailResult::TestUnfit, Exit::Failed),
        Outcome::Uncertain { .. } => (MailResult::TestUncertain, Exit::Temporary),
    };
    if exit == Exit::Done {
        say!("{result}")
    } else {
        say!("error: {reply}\n{result}")
    }
    exit
}

fn message_of(setup: &Setup, mail: &Mail) -> Result<Vec<u8>, AppError> {
    let id = message_id(&mail.mail_id(), &setup.from);
    Ok(to_message(
        mail,
        &setup.from,
        &setup.config.mail.list_id,
        &id,
    )?)
}

/// A mail marked as a test; each has a Message-ID of its own.
fn test_mail(setup: &Setup, args: &MailTestArgs, now: Timestamp) -> Result<Mail, AppError> {
    let settings = setup.mail_settings();
    let locale = args.locale.unwrap_or(settings.locale);
    let w = words::by_locale(locale);
    let mail = match args.kind {
        Some(kind) => samples::mail(kind, locale)?,
        None => {
            let reference = Reference::default();
            let ctx = ComposeContext {
                zone: setup.config.timezone,
                reference: &reference,
                default_locale: locale,
                fallback: &settings.fallback,
                ops: &settings.ops,
                base_url: None,
                id_domain: setup.from.domain(),
                useful_for: UsefulFor::default(),
                cap: None,
                room: Room::default(),
                now,
                read_until: None,
            };
            let rendered = OpsNoticeMail::new(
                Severity::Notice,
                &[(now, &OpsNotice::TestMail)],
                locale,
                &ctx,
            )
            .render()?;
            Mail {
                subject: rendered.subject,
                text: rendered.text,
                html: rendered.html,
                ..samples::mail(MailKind::OpsNotice, locale)?
            }
        }
    };
    Ok(Mail {
        recipient_name: String::new(),
        subject: format!("{}{}{}{}", w.open, w.frame.test, w.close, mail.subject),
        subject_key: digest_id('K', &["test", &now.to_string()]),
        topics: Vec::new(),
        local_day: setup.config.timezone.day_of(now),
        queued_at: now,
        useful_until: None,
        ..mail
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn setup(folder: &std::path::Path) -> Setup {
        let variables = [(
            "SISAN__MAIL__FOLDER".to_owned(),
            folder.display().to_string(),
        )];
        Setup::from_config(
            crate::config::load(&[], variables.into_iter()).expect("a configuration"),
        )
        .expect("a setup")
    }

    #[test]
    fn a_test_mail_into_a_folder_is_a_marked_file_and_the_next_one_another() {
        let dir = tempfile::tempdir().expect("a folder");
        let (folder, setup) = (dir.path().join("mails"), setup(&dir.path().join("mails")));
        for (kind, locale) in [
            (None, Locale::ZhCn),
            (Some(MailKind::DailyBrief), Locale::En),
        ] {
            let args = MailTestArgs {
                to: "wang.fang@gz.example.cn".into(),
                kind,
                locale: Some(locale),
            };
            assert_eq!(test(&setup, &args).expect("written"), Exit::Done);
        }
        let files: Vec<_> = std::fs::read_dir(&folder)
            .expect("a folder")
            .map(|entry| entry.expect("an entry").path())
            .collect();
        let mut subjects: Vec<String> = files
            .iter()
            .map(|file| {
                let bytes = std::fs::read(file).expect("a file");
                let message = mail_parser::MessageParser::default()
                    .parse(&bytes)
                    .expect("a message")
                    .into_owned();
                assert_eq!(
                    message
                        .to()
                        .and_then(|to| to.first())
                        .and_then(|to| to.address()),
                    Some("wang.fang@gz.example.cn")
                );
                message.subject().expect("a subject").to_owned()
            })
            .collect();
        subjects.sort();
        assert!(
            subjects[0].starts_with("[test] [Morning brief] Jul 15: "),
            "{subjects:?}"
        );
        assert!(
            subjects[1].starts_with("【测试】【运维】邮件通道"),
            "{subjects:?}"
        );
    }

    #[test]
    fn a_test_mail_to_no_address_is_bad_usage() {
        let dir = tempfile::tempdir().expect("a folder");
        let args = MailTestArgs {
            to: "a@b.cn\r\nRCPT TO:<c@d.cn>".into(),
            kind: None,
            locale: None,
        };
        assert_eq!(
            test(&setup(dir.path()), &args)
                .expect_err("no address")
                .exit,
            Exit::Usage
        );
    }

    #[test]
    fn every_kind_is_rendered_in_every_format() {
        let dir = tempfile::tempdir().expect("a folder");
        let setup = setup(dir.path());
        for kind in MailKind::ALL {
            for (format, begins) in [
                (MailFormat::Text, "Subject: "),
                (MailFormat::Html, "<!DOCTYPE html>"),
                (MailFormat::Eml, "From: "),
            ] {
                let file = dir.path().join("mail");
                let args = RenderArgs {
                    kind,
                    locale: None,
                    format,
                    output: Some(file.clone()),
                };
                render(&setup, &args).expect("rendered");
                let text = std::fs::read_to_string(&file).expect("a file");
                assert!(
                    text.starts_with(begins),
                    "{} {format:?}: {}",
                    kind.name(),
                    &text[..60.min(text.len())]
                );
            }
        }
    }
}
