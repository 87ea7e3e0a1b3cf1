//! The way to a database server that speaks TLS.

use crate::deployment::Deployment;
use crate::running::{Running, wait_until};
use crate::services::{OwnServer, smtp_ca_file};
use crate::serving::status;

#[test]
fn the_way_to_the_database_is_encrypted_and_the_servers_certificate_is_checked() {
    // The mail server's certificate is for this machine, too.
    let authority = smtp_ca_file();
    let folder = authority
        .parent()
        .expect("its folder")
        .display()
        .to_string();
    let server = OwnServer::start_with(&[("POSTGRES_TLS", folder)]);
    let mut deployment = Deployment::new();
    let address = deployment.listen();
    deployment.set("STORE__URL", server.url("sisan") + "?sslmode=require");
    let refused = deployment.run_with(&["migrate"], &[]);
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(
        !refused.status.success() && said.contains("certificate"),
        "without its authority: {said}"
    );

    let worker = Running::start_with(
        &deployment,
        &[("SSL_CERT_FILE", &*authority.display().to_string())],
    );
    let connections = |are: &str| {
        let of_worker =
            "FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name = 'sisan'";
        server.ask(&format!("SELECT count(*) {of_worker} AND {are}"))
    };
    wait_until(|| status(address, "/readyz") == Some(200));
    assert_ne!(connections("ssl"), "0");
    assert_eq!(connections("NOT ssl"), "0");
    worker.stop();
}
