//! TLS towards a relay: which certificates hold.
//!
//! Invariant: a certificate holds if an authority of this machine, or of `mail.ca_file`, vouches
//! for it and for the name.

use std::sync::Arc;

use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use super::relay::{Relay, RelayError};

/// What makes connections to one relay encrypted.
#[derive(Clone)]
pub(crate) struct Tls {
    pub connector: TlsConnector,
    /// Whom the relay's certificate must name.
    pub name: ServerName<'static>,
}

impl Tls {
    /// Reads the authorities' certificates.
    ///
    /// # Errors
    /// [`RelayError`] when the CA file, the relay's name or TLS is not usable.
    pub(crate) fn new(relay: &Relay) -> Result<Self, RelayError> {
        let unusable = |source: Box<dyn std::error::Error + Send + Sync>| RelayError::Tls {
            host: relay.host.clone(),
            source,
        };
        let mut roots = RootCertStore::empty();
        // An authority of this machine that cannot be read vouches for nobody; whoever needs it
        // sees his relay refused.
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        if let Some(pem) = &relay.ca_pem {
            let wrong = |e: &dyn std::fmt::Display| RelayError::Certificates {
                problem: e.to_string(),
            };
            let of_file: Vec<_> = CertificateDer::pem_slice_iter(pem)
                .collect::<Result<_, _>>()
                .map_err(|e| wrong(&e))?;
            if of_file.is_empty() {
                return Err(wrong(&"there is none in it"));
            }
            of_file
                .into_iter()
                .try_for_each(|one| roots.add(one))
                .map_err(|e| wrong(&e))?;
        }
        let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|e| unusable(e.into()))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let name = ServerName::try_from(relay.host.clone()).map_err(|e| unusable(e.into()))?;
        Ok(Self {
            connector: TlsConnector::from(Arc::new(config)),
            name,
        })
    }
}
