//! Where a call to the webhook comes from.
//!
//! PayPal signs `transmission id|time|webhook id|CRC-32 of the raw body` with RSA and SHA-256, and
//! names the certificate. Two ways lead to a verdict. By the certificate: it is fetched from PayPal
//! once, must lead to a trusted root, be valid now and bear the name that PayPal signs under. By
//! asking: `POST /v1/notifications/verify-webhook-signature`. The first is the default, as it costs
//! no call and gives nobody a way to make Remit call PayPal; what it cannot judge is asked.
//! Source: <https://developer.paypal.com/api/rest/webhooks/rest/>.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, Method, Request};
use jiff::{SignedDuration, Timestamp};
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};
use serde_json::{Value, json};
use webpki::{ALL_VERIFICATION_ALGS, EndEntityCert, KeyUsage};

use super::PayPalProvider;
use super::call::accepted;
use super::credentials::WebhookCheck;
use crate::delivery::DeliveryFault;
use crate::mode::Mode;
use crate::notification::SignatureFault;
use crate::object::Object;
use crate::provider::CheckoutError;
use crate::transport::TransportError;
use crate::wire::unreadable;

/// PayPal repeats a delivery for three days; whether under a new time is not documented.
pub const MAX_AGE: SignedDuration = SignedDuration::from_hours(4 * 24);

/// How far PayPal's clock may be ahead of ours.
pub const MAX_AHEAD: SignedDuration = SignedDuration::from_mins(5);

/// Longest header that is looked at, in bytes.
const MAX_HEADER_BYTES: usize = 1024;

/// Most bytes of certificates, and most certificates of a chain.
const MAX_PEM_BYTES: usize = 64 * 1024;
const MAX_CHAIN: usize = 8;

/// The five headers.
struct Signed<'a> {
    transmission_id: &'a str,
    time: &'a str,
    signature: &'a str,
    certificate_url: &'a str,
    algorithm: &'a str,
}

/// What the certificate says.
enum Judgement {
    Genuine,
    Refused(SignatureFault),
    /// It leads to no root that is known here.
    Undecided,
}

impl PayPalProvider {
    pub(super) async fn verify(
        &self,
        headers: &HeaderMap,
        raw_body: &[u8],
        now: Timestamp,
    ) -> Result<(), DeliveryFault> {
        let signed = Signed::read(headers)?;
        check_time(signed.time, now)?;
        check_certificate_url(signed.certificate_url, self.mode)?;
        let judgement = match self.webhook_check {
            WebhookCheck::Certificate => self.judge(&signed, raw_body, now).await?,
            WebhookCheck::AskPayPal => Judgement::Undecided,
        };
        match judgement {
            Judgement::Genuine => Ok(()),
            Judgement::Refused(fault) => Err(fault.into()),
            Judgement::Undecided => self.ask(&signed, raw_body).await,
        }
    }

    async fn judge(
        &self,
        signed: &Signed<'_>,
        raw_body: &[u8],
        now: Timestamp,
    ) -> Result<Judgement, DeliveryFault> {
        let signature = STANDARD
            .decode(signed.signature)
            .map_err(|_| SignatureFault::MalformedHeader)?;
        let message = format!(
            "{}|{}|{}|{}",
            signed.transmission_id,
            signed.time,
            self.webhook_id,
            crc32fast::hash(raw_body)
        );
        let pem = self.certificates(signed.certificate_url).await?;
        Ok(self.judge_by(&pem, message.as_bytes(), &signature, now))
    }

    fn judge_by(&self, pem: &[u8], message: &[u8], signature: &[u8], now: Timestamp) -> Judgement {
        let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem)
            .take(MAX_CHAIN)
            .collect();
        let Ok(chain) = chain else {
            return Judgement::Undecided;
        };
        let Some((leaf, intermediates)) = chain.split_first() else {
            return Judgement::Undecided;
        };
        let Ok(leaf) = EndEntityCert::try_from(leaf) else {
            return Judgement::Undecided;
        };
        if !self.is_paypals(&leaf, intermediates, now) {
            return Judgement::Undecided;
        }
        let algorithm = webpki::aws_lc_rs::RSA_PKCS1_2048_8192_SHA256;
        match leaf.verify_signature(algorithm, message, signature) {
            Ok(()) => Judgement::Genuine,
            Err(_) => Judgement::Refused(SignatureFault::Mismatch),
        }
    }

    /// Leads to a root, is valid now, and bears the name that PayPal signs under in this mode.
    fn is_paypals(
        &self,
        leaf: &EndEntityCert<'_>,
        intermediates: &[CertificateDer<'_>],
        now: Timestamp,
    ) -> bool {
        let Ok(seconds) = u64::try_from(now.as_second()) else {
            return false;
        };
        let time = UnixTime::since_unix_epoch(std::time::Duration::from_secs(seconds));
        let chain = leaf.verify_for_usage(
            ALL_VERIFICATION_ALGS,
            self.shared.roots().anchors(),
            intermediates,
            time,
            KeyUsage::server_auth(),
            None,
            None,
        );
        let name = ServerName::try_from(signer_name(self.mode));
        chain.is_ok() && name.is_ok_and(|name| leaf.verify_is_valid_for_subject_name(&name).is_ok())
    }

    /// The chain behind a URL that has been checked; kept, as its content belongs to its name.
    async fn certificates(&self, url: &str) -> Result<bytes::Bytes, DeliveryFault> {
        if let Some(pem) = self.shared.certificates(url) {
            return Ok(pem);
        }
        let request = Request::get(url)
            .body(bytes::Bytes::new())
            .map_err(|_| SignatureFault::MalformedHeader)?;
        let answer = self.transport.send(request).await.map_err(|error| {
            let (TransportError::NotSent { reason } | TransportError::Unknown { reason }) = error;
            unavailable(reason)
        })?;
        let status = answer.status();
        if status.is_client_error() && status != http::StatusCode::TOO_MANY_REQUESTS {
            // PayPal does not sign with a certificate that it does not have.
            return Err(SignatureFault::Mismatch.into());
        }
        if !status.is_success() {
            return Err(unavailable(format!("status {}", status.as_u16())));
        }
        let pem = answer.into_body();
        if pem.len() > MAX_PEM_BYTES {
            return Err(SignatureFault::Mismatch.into());
        }
        self.shared.keep_certificates(url, pem.clone());
        Ok(pem)
    }

    async fn ask(&self, signed: &Signed<'_>, raw_body: &[u8]) -> Result<(), DeliveryFault> {
        // The body goes as it came, byte by byte; so it has to be JSON by itself, or it could say
        // something else beside.
        let Ok(event) = std::str::from_utf8(raw_body) else {
            return Err(SignatureFault::Mismatch.into());
        };
        if serde_json::from_str::<Value>(event).is_err() {
            return Err(SignatureFault::Mismatch.into());
        }
        let question = json!({
            "auth_algo": signed.algorithm,
            "cert_url": signed.certificate_url,
            "transmission_id": signed.transmission_id,
            "transmission_sig": signed.signature,
            "transmission_time": signed.time,
            "webhook_id": self.webhook_id,
        });
        let mut question = question.to_string();
        question.pop();
        let body = format!("{question},\"webhook_event\":{event}}}");
        let path = "/v1/notifications/verify-webhook-signature";
        let answer = self.call(Method::POST, path, Some(body), None).await;
        let answer = answer
            .and_then(|answer| accepted(&answer))
            .map_err(DeliveryFault::Unavailable)?;
        let verdict = Object::root(&answer).and_then(|answer| answer.text("verification_status"));
        match verdict {
            Ok("SUCCESS") => Ok(()),
            Ok("FAILURE") => Err(SignatureFault::Mismatch.into()),
            Ok(_) => Err(DeliveryFault::Unavailable(unreadable("no known verdict"))),
            Err(fault) => Err(DeliveryFault::Unavailable(unreadable(fault))),
        }
    }
}

impl<'a> Signed<'a> {
    fn read(headers: &'a HeaderMap) -> Result<Self, SignatureFault> {
        let header = |name: &str| {
            let value = headers.get(name).ok_or(SignatureFault::MissingHeader)?;
            let text = value
                .to_str()
                .map_err(|_| SignatureFault::MalformedHeader)?;
            match text.is_empty() || text.len() > MAX_HEADER_BYTES {
                true => Err(SignatureFault::MalformedHeader),
                false => Ok(text),
            }
        };
        let signed = Self {
            transmission_id: header("paypal-transmission-id")?,
            time: header("paypal-transmission-time")?,
            signature: header("paypal-transmission-sig")?,
            certificate_url: header("paypal-cert-url")?,
            algorithm: header("paypal-auth-algo")?,
        };
        // A `|` would move the borders of what was signed.
        if signed.transmission_id.contains('|') || signed.time.contains('|') {
            return Err(SignatureFault::MalformedHeader);
        }
        if signed.algorithm != "SHA256withRSA" {
            return Err(SignatureFault::MissingSignature);
        }
        Ok(signed)
    }
}

fn check_time(text: &str, now: Timestamp) -> Result<(), SignatureFault> {
    let at: Timestamp = text.parse().map_err(|_| SignatureFault::MissingTimestamp)?;
    let age = now.duration_since(at);
    if age > MAX_AGE {
        return Err(SignatureFault::TooOld {
            age_s: age.as_secs(),
        });
    }
    if -age > MAX_AHEAD {
        return Err(SignatureFault::InTheFuture {
            ahead_s: -age.as_secs(),
        });
    }
    Ok(())
}

/// Certificates come from one place per mode, and from nowhere else: who chose the place would
/// choose the key.
fn check_certificate_url(url: &str, mode: Mode) -> Result<(), SignatureFault> {
    let base = match mode {
        Mode::Live => "https://api.paypal.com/v1/notifications/certs/",
        Mode::Test => "https://api.sandbox.paypal.com/v1/notifications/certs/",
    };
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    match url.strip_prefix(base) {
        Some(name) if !name.is_empty() && name.bytes().all(plain) => Ok(()),
        _ => Err(SignatureFault::MalformedHeader),
    }
}

fn signer_name(mode: Mode) -> &'static str {
    match mode {
        Mode::Live => "messageverificationcerts.paypal.com",
        Mode::Test => "messageverificationcerts.sandbox.paypal.com",
    }
}

fn unavailable(reason: String) -> DeliveryFault {
    DeliveryFault::Unavailable(CheckoutError::NotMade {
        reason: format!("no certificate: {reason}"),
        retry_after: None,
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    #[test]
    fn certificates_come_from_paypal_and_from_nowhere_else() {
        let good = "https://api.paypal.com/v1/notifications/certs/CERT-360caa42-fca2a594-7a8d5bf8";
        assert_eq!(check_certificate_url(good, Mode::Live), Ok(()));
        assert!(check_certificate_url(good, Mode::Test).is_err());
        for bad in [
            "http://api.paypal.com/v1/notifications/certs/CERT-1",
            "https://api.paypal.com.evil.example/v1/notifications/certs/CERT-1",
            "https://api.paypal.com@evil.example/v1/notifications/certs/CERT-1",
            "https://evil.example/https://api.paypal.com/v1/notifications/certs/CERT-1",
            "https://api.paypal.com/v1/notifications/certs/",
            "https://api.paypal.com/v1/notifications/certs/../../../redirect?to=evil",
            "https://api.paypal.com/v1/notifications/certs/CERT-1?x=1",
            "https://api.paypal.com:8443/v1/notifications/certs/CERT-1",
            "https://api.sandbox.paypal.com/v1/notifications/certs/CERT-1",
            "",
        ] {
            let refused = Err(SignatureFault::MalformedHeader);
            assert_eq!(check_certificate_url(bad, Mode::Live), refused, "{bad}");
        }
    }

    #[test]
    fn a_time_is_near_enough_or_not() {
        let now: Timestamp = "2026-09-21T14:13:20Z".parse().unwrap();
        for (time, expected) in [
            ("2026-09-21T14:13:20Z", Ok(())),
            ("2026-09-18T14:13:20Z", Ok(())),
            ("2026-09-21T14:18:20Z", Ok(())),
            (
                "2026-09-21T14:18:21Z",
                Err(SignatureFault::InTheFuture { ahead_s: 301 }),
            ),
            (
                "2026-09-17T14:13:19Z",
                Err(SignatureFault::TooOld { age_s: 345_601 }),
            ),
            ("yesterday", Err(SignatureFault::MissingTimestamp)),
        ] {
            assert_eq!(check_time(time, now), expected, "{time}");
        }
    }
}
