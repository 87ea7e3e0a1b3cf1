//! Relays whose replies are unusual, and workers that die while they speak with one: what is sent,
//! how often, and what the outbox records. The relay is scripted and speaks without TLS on
//! this machine.

use std::collections::BTreeMap;
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::os::unix::process::ExitStatusExt as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::Value;

use crate::deliveries::small_world;
use crate::deployment::Deployment;

/// `abort`, which is what a fault point does.
const SIGABRT: i32 = 6;
/// "用户不存在" in GBK.
const NO_SUCH_USER: &[u8] = b"550 \xd3\xc3\xbb\xa7\xb2\xbb\xb4\xe6\xd4\xda\r\n";

/// What the relay answers to a line that it was sent (`.` for a whole message, empty for the
/// greeting); none: as usual.
type Answers = Arc<dyn Fn(&str) -> Option<Vec<u8>> + Send + Sync>;

struct Relay {
    port: u16,
    taken: Arc<Mutex<BTreeMap<String, usize>>>,
}

impl Relay {
    fn start(answers: impl Fn(&str) -> Option<Vec<u8>> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let (answers, taken): (Answers, Arc<Mutex<BTreeMap<String, usize>>>) =
            (Arc::new(answers), Arc::default());
        let all = Arc::clone(&taken);
        thread::spawn(move || {
            for tcp in listener.incoming() {
                let (answers, taken) = (Arc::clone(&answers), Arc::clone(&all));
                // Whatever the worker does to the connection is the worker's to report.
                thread::spawn(move || drop(serve(tcp.expect("a connection"), &answers, &taken)));
            }
        });
        Self { port, taken }
    }

    /// How often each Message-ID was taken.
    fn taken(&self) -> BTreeMap<String, usize> {
        self.taken.lock().expect("not poisoned").clone()
    }

    /// A deployment that sends here, whose mails are queued and none is sent.
    fn deployment(&self, events: &str) -> Deployment {
        let mut deployment = Deployment::new();
        std::fs::write(deployment.path("events/000.jsonl"), events).expect("a file of events");
        for (key, value) in [
            ("MAIL__KIND", "smtp".to_owned()),
            ("MAIL__URL", format!("smtp://127.0.0.1:{}", self.port)),
            ("MAIL__INSECURE_PLAINTEXT", "true".to_owned()),
            ("MAIL__FROM", "sisan@operator.test".to_owned()),
            ("FALLBACK__ID", "F1".to_owned()),
            ("FALLBACK__ADDRESS", "fallback@operator.test".to_owned()),
        ] {
            deployment.set(key, value);
        }
        // Held, since it is the first load.
        deployment.run(&["run", "--drain"]);
        deployment.run(&["load", "done"]);
        deployment.run(&["outbox", "release"]);
        deployment
    }
}

fn serve(
    tcp: TcpStream,
    answers: &Answers,
    taken: &Mutex<BTreeMap<String, usize>>,
) -> io::Result<()> {
    let mut tcp = BufReader::new(tcp);
    let say = |tcp: &mut BufReader<TcpStream>, to: &str, usual: &str| {
        let answer = answers(to).unwrap_or_else(|| format!("{usual}\r\n").into_bytes());
        tcp.get_mut().write_all(&answer)
    };
    say(&mut tcp, "", "220 relay.test ESMTP")?;
    let mut line = String::new();
    while tcp.read_line(&mut line)? > 0 {
        let command = std::mem::take(&mut line).trim_end().to_owned();
        if command != "DATA" {
            say(&mut tcp, &command, "250 ok")?;
            continue;
        }
        say(&mut tcp, &command, "354 go ahead")?;
        let (mut message, mut begin) = (String::new(), 0);
        while message[begin..] != *".\r\n" {
            begin = message.len();
            if tcp.read_line(&mut message)? == 0 {
                return Ok(());
            }
        }
        let id = message
            .lines()
            .find_map(|line| line.strip_prefix("Message-ID: "))
            .expect("a Message-ID")
            .to_owned();
        *taken.lock().expect("not poisoned").entry(id).or_default() += 1;
        say(&mut tcp, ".", "250 queued")?;
    }
    Ok(())
}

fn drained(deployment: &Deployment) -> Option<i32> {
    deployment.run_with(&["run", "--drain"], &[]).status.code()
}

fn killed_at(deployment: &Deployment, point: &str) {
    let output = deployment.run_with(
        &["run", "--drain"],
        &[("SISAN_FAULT_POINT", &format!("{point}:1"))],
    );
    assert_eq!(
        output.status.signal(),
        Some(SIGABRT),
        "{point}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// The mails that were tried: some are too old when the load is done.
fn tried(deployment: &Deployment) -> Vec<Value> {
    deployment
        .json(&["outbox", "list"])
        .into_iter()
        .filter(|mail| mail["attempts"] != 0)
        .collect()
}

/// How many mails are in each state.
fn states(mails: &[Value]) -> BTreeMap<&str, usize> {
    let mut states = BTreeMap::new();
    for mail in mails {
        *states
            .entry(mail["state"].as_str().expect("a state"))
            .or_default() += 1;
    }
    states
}

#[test]
fn mails_that_were_only_claimed_when_the_worker_died_are_sent_once_and_one_in_flight_is_uncertain()
{
    let relay = Relay::start(|_| None);
    let deployment = relay.deployment(&small_world("ouyang@customer.test"));
    // Only the operators had a mail: the notice that mails are held.
    let mails = relay.taken();
    assert_eq!(mails.len(), 1, "{mails:?}");
    // More often than a mail that may have been taken is repeated.
    (0..3).for_each(|_| killed_at(&deployment, "mail_claimed"));
    assert_eq!(relay.taken(), mails);
    killed_at(&deployment, "mail_in_flight");
    assert_eq!(relay.taken(), mails, "its end was not written");
    assert_eq!(drained(&deployment), Some(75), "one repetition is to come");
    let (mails, taken) = (tried(&deployment), relay.taken());
    assert_eq!(
        states(&mails),
        BTreeMap::from([("sent", taken.len()), ("uncertain", 1)])
    );
    assert!(
        mails.iter().all(|mail| mail["attempts"] == 1),
        "no attempt was counted for a claim: {mails:?}"
    );
    assert!(
        taken.len() > 1 && taken.values().all(|times| *times == 1),
        "{taken:?}"
    );
}

/// That of somebody whom the relay knows, and of somebody whom it does not.
fn two_worlds() -> String {
    let someone = small_world("someone@customer.test");
    let nobody = ["\"G1\"", "\"M1\"", "\"K1\"", "\"U1\""]
        .iter()
        .fold(small_world("nobody@customer.test"), |events, id| {
            events.replace(id, &id.replace('1', "2"))
        });
    let nobody = nobody
        .replace("/boss/test", "/boss/test2")
        .replace("138000080", "138002080")
        .replace("13912345678", "13922345678");
    [nobody, someone].concat()
}

fn is_shown_with_its_reply(deployment: &Deployment, mail_id: &str) {
    let shown = &deployment.json(&["outbox", "show", mail_id])[0];
    assert_eq!(shown["delivery"]["last_reply"], "550 用户不存在", "{shown}");
    let text: Vec<&str> = shown["text"]
        .as_array()
        .expect("lines")
        .iter()
        .filter_map(|row| row["line"].as_str())
        .collect();
    assert!(
        text.iter().any(|line| line.contains("系统自动发送")),
        "{text:?}"
    );
}

#[test]
fn a_refusal_in_gbk_is_its_recipients_and_holds_up_nobody_until_an_operator_sends_it_again() {
    let moved_in = Arc::new(AtomicBool::new(false));
    let is_there = Arc::clone(&moved_in);
    let relay = Relay::start(move |line| {
        (line.contains("nobody@") && !is_there.load(Ordering::Relaxed))
            .then(|| NO_SUCH_USER.to_vec())
    });
    let deployment = relay.deployment(&two_worlds());
    assert_eq!(drained(&deployment), Some(0));
    let mails = tried(&deployment);
    for mail in mails.iter().filter(|mail| mail["kind"] != "ops_notice") {
        let (state, reply) = (mail["state"].as_str(), mail["last_reply"].as_str());
        match mail["recipient"].as_str() {
            Some("nobody@customer.test") => {
                assert_eq!((state, reply), (Some("dead"), Some("550 用户不存在")))
            }
            _ => assert_eq!(state, Some("sent"), "{mail}"),
        }
    }
    assert!(
        states(&mails)["dead"] >= 1 && states(&mails)["sent"] >= 1,
        "{mails:?}"
    );
    assert!(
        mails
            .iter()
            .any(|mail| mail["kind"] == "ops_notice" && mail["state"] == "sent"),
        "the operators are mailed: {mails:?}"
    );

    let id = |state: &str| {
        let mail = mails
            .iter()
            .find(|mail| mail["state"] == state && mail["kind"] != "ops_notice")
            .expect("a mail");
        mail["mail_id"].as_str().expect("an id").to_owned()
    };
    is_shown_with_its_reply(&deployment, &id("dead"));
    let refused = deployment.run_with(&["outbox", "retry", &id("sent")], &[]);
    assert!(
        refused.status.code() == Some(1)
            && String::from_utf8_lossy(&refused.stderr).contains("is sent"),
        "{refused:?}"
    );
    moved_in.store(true, Ordering::Relaxed);
    deployment.run(&["outbox", "retry", &id("dead")]);
    deployment.run(&["outbox", "retry"]);
    assert_eq!(drained(&deployment), Some(0));
    let again = tried(&deployment);
    assert!(
        again.iter().all(|mail| mail["state"] == "sent"),
        "{again:?}"
    );
    assert!(
        relay.taken().values().all(|times| *times == 1),
        "each once: {:?}",
        relay.taken()
    );
}

#[test]
fn no_mail_is_sent_twice_for_a_reply_without_text_or_in_gbk() {
    for answer in [b"250\r\n".as_slice(), b"250\n", b"250 \xb3\xc9\xb9\xa6\r\n"] {
        let relay = Relay::start(move |line| (line == ".").then(|| answer.to_vec()));
        let deployment = relay.deployment(&small_world("ouyang@customer.test"));
        assert_eq!(drained(&deployment), Some(0), "{}", answer.escape_ascii());
        assert_eq!(
            states(&tried(&deployment)).keys().collect::<Vec<_>>(),
            [&"sent"]
        );
        let taken = relay.taken();
        assert!(
            !taken.is_empty() && taken.values().all(|times| *times == 1),
            "{taken:?}"
        );
    }
}
