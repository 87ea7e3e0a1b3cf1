//! `sisan test` as people run it: the scenarios of the rules, the summary, JUnit, exit codes.

use std::path::Path;

use crate::deployment::Deployment;

fn scenarios() -> String {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/scenarios")
        .display()
        .to_string()
}

#[test]
fn the_rules_hold_and_the_share_that_was_touched_is_told() {
    let deployment = Deployment::new();
    let junit = deployment.path("junit.xml");
    let said = deployment.run(&[
        "test",
        &scenarios(),
        "--junit",
        &junit.display().to_string(),
    ]);
    assert!(
        said.contains(" ok, 0 failed")
            && said.contains("signals and indicators raised: ")
            && said.contains("playbooks used: "),
        "{said}"
    );
    let xml = std::fs::read_to_string(junit).expect("JUnit");
    assert_eq!(
        xml.matches("<testcase ").count(),
        said.lines().filter(|line| line.starts_with("ok ")).count()
    );
}

#[test]
fn exit_codes_tell_what_does_not_hold_from_what_is_broken() {
    let deployment = Deployment::new();
    let write =
        |name: &str, text: &str| std::fs::write(deployment.path(name), text).expect("a file");
    write(
        "wrong.toml",
        "name = \"a\"\n[[step]]\nat = \"2026-09-03\"\n[step.expect]\nalerts = [{}]\n",
    );
    write("broken.toml", "name = \"a\"\n");
    let wrong = deployment.run_with(&["test", "wrong.toml"], &[]);
    assert_eq!(wrong.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&wrong.stdout).contains("FAILED  a"));
    let broken = deployment.run_with(&["test", "wrong.toml", "broken.toml"], &[]);
    assert_eq!(broken.status.code(), Some(2));
    assert!(
        String::from_utf8_lossy(&broken.stderr).contains("broken.toml: step: is missing"),
        "{broken:?}"
    );
}
