//! The mappings that ship as examples: the program reads each one unchanged, and each accepts the
//! lines that it shows.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use crate::deployment::Deployment;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("config/mappings")
}

fn gb(text: &str) -> Vec<u8> {
    encoding_rs::GB18030.encode(text).0.into_owned()
}

/// Each example: a file as it comes, and how many lines of it are applied and left out.
fn samples() -> Vec<(&'static str, &'static str, Vec<u8>, u64, u64)> {
    let bill = |bill: &str, line: &str| {
        format!(
            "{bill:<16}{:<12}{line:<11}2026090000001234502026102520261001093000\n",
            "G1"
        )
    };
    vec![
        (
            "status_gb18030",
            "s_13100_20261015_21003_00_001.dat",
            gb("LINE_NO|STATUS|REASON|CHANGED|TAG\r\n13800008000|1|arrears|20261015093000|集团\r\n13800008001|0||20261015093001|客户\r\nEND|2\r\n"),
            2,
            2,
        ),
        ("bills_fixed", "BILL_202609.txt", gb(&(bill("B1", "") + &bill("B2", "13800008000"))), 2, 0),
        (
            "groups_csv",
            "groups_20261015.csv",
            "\u{feff}group,name,unit,manager,tier,industry,changed\r\nG00001,\"苏仙矿业, \"\"北\"\" 分公司\",U01,M0001,A,矿业,2026-10-15 09:30:00\r\n"
                .as_bytes()
                .to_vec(),
            1,
            1,
        ),
        ("check_file", "s_20261015_21003_00.CHK", gb("s_13100_20261015_21003_00_001.dat|20261015|1200|20261016013000\r\n"), 1, 0),
    ]
}

#[test]
fn every_mapping_that_ships_is_an_example_that_works() {
    let shipped: BTreeSet<String> = fs::read_dir(folder())
        .expect("the folder of examples")
        .map(|file| {
            file.expect("a file")
                .path()
                .file_stem()
                .expect("a name")
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    assert_eq!(
        shipped,
        samples()
            .into_iter()
            .map(|(name, ..)| name.to_owned())
            .collect()
    );
    for (example, file, content, applied, left_out) in samples() {
        let deployment = Deployment::new();
        let config = folder()
            .join(format!("{example}.toml"))
            .display()
            .to_string();
        deployment.run(&["--config", &config, "check-config"]);
        fs::write(deployment.path("events").join(file), &content).expect("a drop");
        deployment.run(&["--config", &config, "run", "--drain"]);
        let rows = deployment.json(&["--config", &config, "sources", "list"]);
        let counts = ["applied", "gaps", "rejected", "lag"].map(|field| rows[0][field].as_u64());
        let rejects = deployment.json(&["rejects", "list"]);
        assert_eq!(
            counts,
            [Some(applied), Some(left_out), Some(0), Some(0)],
            "{example}: {rows:?} {rejects:?}"
        );
    }
}
