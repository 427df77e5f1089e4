//! Which roots a certificate chain must lead to.

use std::fmt;
use std::sync::OnceLock;

use rustls_pki_types::{CertificateDer, TrustAnchor};

/// The roots that are trusted for chains which providers sign with.
pub struct TrustedRoots {
    anchors: OnceLock<Vec<TrustAnchor<'static>>>,
}

impl TrustedRoots {
    /// Exactly these certificates (DER), for tests and stand-ins; one that cannot be read trusts
    /// nobody.
    pub fn of(certificates: &[Vec<u8>]) -> Self {
        let certificates = certificates.iter().cloned().map(CertificateDer::from);
        Self {
            anchors: OnceLock::from(anchors(certificates)),
        }
    }

    /// The roots of the machine, as every call to a provider trusts them. Read at the first use.
    pub fn of_the_system() -> Self {
        Self {
            anchors: OnceLock::new(),
        }
    }

    pub(crate) fn anchors(&self) -> &[TrustAnchor<'static>] {
        self.anchors
            .get_or_init(|| anchors(rustls_native_certs::load_native_certs().certs.into_iter()))
    }
}

impl fmt::Debug for TrustedRoots {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.anchors.get().map(Vec::len);
        f.debug_struct("TrustedRoots")
            .field("count", &count)
            .finish()
    }
}

fn anchors(
    certificates: impl Iterator<Item = CertificateDer<'static>>,
) -> Vec<TrustAnchor<'static>> {
    certificates
        .filter_map(|certificate| {
            let anchor = webpki::anchor_from_trusted_cert(&certificate).ok()?;
            Some(anchor.to_owned())
        })
        .collect()
}
