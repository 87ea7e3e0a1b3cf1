//! The form of the HTML of every kind: well nested, nothing fetched from elsewhere, and the text
//! part has the same words.

use crate::domain::locale::Locale;
use crate::domain::mail::{Mail, MailKind};
use crate::notify::samples;

/// Tags without an end.
const VOID: [&str; 3] = ["meta", "br", "!DOCTYPE"];

fn samples() -> Vec<Mail> {
    let each = |locale| MailKind::ALL.map(|kind| samples::mail(kind, locale).expect("rendered"));
    Locale::ALL.into_iter().flat_map(each).collect()
}

/// Each tag with its attributes, without the angle brackets.
fn tags(html: &str) -> impl Iterator<Item = &str> {
    html.split('<')
        .skip(1)
        .map(|rest| rest.split_once('>').expect("a closed tag").0)
}

/// The texts between tags, each on its own, entities read.
fn texts(html: &str) -> Vec<String> {
    let body = html.split_once("</div>").expect("a preview").1;
    let read = |text: &str| {
        text.replace("&nbsp;", " ")
            .replace("&#x2f;", "/")
            .replace("&#x27;", "'")
            .replace("&quot;", "\"")
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&amp;", "&")
    };
    body.split('<')
        .skip(1)
        .filter_map(|rest| rest.split_once('>'))
        .map(|(_, text)| read(text).trim().to_owned())
        .collect()
}

#[test]
fn every_tag_is_closed_in_its_turn_and_every_attribute_quoted() {
    for mail in samples() {
        let mut open = Vec::new();
        for tag in tags(&mail.html) {
            let name = tag.split(' ').next().expect("a name");
            if let Some(name) = name.strip_prefix('/') {
                assert_eq!(open.pop(), Some(name), "{} of {}", tag, mail.kind.name());
            } else if !VOID.contains(&name) {
                open.push(name);
            }
            assert!(tag.matches('"').count().is_multiple_of(2), "{tag}");
            let unquoted = tag
                .split('"')
                .step_by(2)
                .any(|outside| outside.trim_end().contains("= ") || outside.ends_with("='"));
            assert!(!unquoted, "{tag}");
        }
        assert!(open.is_empty(), "{open:?}");
    }
}

#[test]
fn a_cell_stands_in_a_row_and_a_row_in_a_table() {
    for mail in samples() {
        let mut open: Vec<&str> = Vec::new();
        for tag in tags(&mail.html) {
            let name = tag.split(' ').next().expect("a name");
            match name {
                "tr" => assert_eq!(open.last(), Some(&"table"), "{tag} of {}", mail.kind.name()),
                "td" => assert_eq!(open.last(), Some(&"tr"), "{tag} of {}", mail.kind.name()),
                _ if name.starts_with('/') => drop(open.pop()),
                _ => {}
            }
            if !name.starts_with('/') && !VOID.contains(&name) {
                open.push(name);
            }
        }
    }
}

#[test]
fn nothing_is_fetched_and_links_lead_only_to_tasks() {
    for mail in samples() {
        let lower = mail.html.to_lowercase();
        for banned in [
            "<img",
            "<script",
            "<style",
            "<link",
            "<svg",
            "src=",
            "url(",
            "@import",
            "@font",
            "<form",
            "<input",
            "onclick",
            "http-equiv",
        ] {
            assert!(!lower.contains(banned), "{banned} in {}", mail.kind.name());
        }
        for link in mail.html.split("href=\"").skip(1) {
            assert!(
                link.starts_with("https://sisan.gz.example.cn/tasks/T"),
                "{link}"
            );
        }
    }
}

#[test]
fn no_mail_is_so_long_that_a_mailbox_cuts_it() {
    for mail in samples() {
        assert!(
            mail.html.len() < 100_000,
            "{} has {} bytes",
            mail.kind.name(),
            mail.html.len()
        );
    }
}

#[test]
fn no_phone_number_stands_in_any_part() {
    for mail in samples() {
        for part in [&mail.subject, &mail.text, &mail.html] {
            let digits = part.split(|c: char| !c.is_ascii_digit());
            assert_eq!(
                digits
                    .filter(|run| run.len() == 11 && run.starts_with('1'))
                    .count(),
                0,
                "{}",
                mail.kind.name()
            );
        }
    }
}

#[test]
fn every_figure_of_the_html_stands_in_the_text() {
    for mail in samples() {
        let text: String = mail.text.split_whitespace().collect();
        for shown in texts(&mail.html) {
            for word in shown
                .split_whitespace()
                .filter(|word| word.chars().any(|c| c.is_ascii_digit()))
            {
                let word = word.trim_matches([
                    '·', '，', '：', '（', '）', '(', ')', ',', ';', '；', '。', '.',
                ]);
                // Where the HTML counts what it lists, the list itself is the text's.
                assert!(
                    text.contains(word) || word.chars().count() <= 2,
                    "`{word}` of {} {}:\n{}",
                    mail.kind.name(),
                    mail.subject,
                    mail.text
                );
            }
        }
    }
}
