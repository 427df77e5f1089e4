//! A test authority in the place of those that sign PayPal's certificates, and what it seals.

use std::sync::OnceLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, HeaderValue};
use jiff::Timestamp;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, SigningKey};

pub const WEBHOOK_ID: &str = "1JE4291016473214C";
pub const CERT_URL: &str = "https://api.sandbox.paypal.com/v1/notifications/certs/CERT-360caa42-1";
const SIGNER: &str = "messageverificationcerts.sandbox.paypal.com";

/// A root, an authority below it, and signers.
pub struct Authority {
    pub root: Vec<u8>,
    pub chain_pem: String,
    pub key: KeyPair,
    /// The same key under another name.
    pub misnamed_pem: String,
    /// The same key, a year ago.
    pub expired_pem: String,
    /// A stranger's key in PayPal's name, below a stranger's root.
    pub forged_pem: String,
    pub stranger: KeyPair,
}

fn rsa() -> KeyPair {
    KeyPair::generate_for(&rcgen::PKCS_RSA_SHA256).unwrap()
}

fn authority_params(name: &str) -> CertificateParams {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params
        .distinguished_name
        .push(rcgen::DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params
}

pub fn authority() -> &'static Authority {
    static AUTHORITY: OnceLock<Authority> = OnceLock::new();
    AUTHORITY.get_or_init(|| {
        let root_key = KeyPair::generate().unwrap();
        let root_params = authority_params("Test Root");
        let root = root_params.self_signed(&root_key).unwrap();
        let root_issuer = Issuer::new(root_params, root_key);
        let middle_key = KeyPair::generate().unwrap();
        let middle_params = authority_params("Test Authority");
        let middle = middle_params.signed_by(&middle_key, &root_issuer).unwrap();
        let issuer = Issuer::new(middle_params, middle_key);

        let key = rsa();
        let named = |name: &str| CertificateParams::new(vec![name.to_owned()]).unwrap();
        let with_middle = |leaf: rcgen::Certificate| format!("{}{}", leaf.pem(), middle.pem());
        let leaf = named(SIGNER).signed_by(&key, &issuer).unwrap();
        let misnamed = named("www.paypal.example")
            .signed_by(&key, &issuer)
            .unwrap();
        let mut old = named(SIGNER);
        old.not_before = rcgen::date_time_ymd(2024, 1, 1);
        old.not_after = rcgen::date_time_ymd(2025, 9, 1);
        let expired = old.signed_by(&key, &issuer).unwrap();

        let stranger = rsa();
        let forger_key = KeyPair::generate().unwrap();
        let forger = Issuer::new(authority_params("Test Root"), forger_key);
        let forged = named(SIGNER).signed_by(&stranger, &forger).unwrap();
        Authority {
            root: root.der().to_vec(),
            chain_pem: with_middle(leaf),
            misnamed_pem: with_middle(misnamed),
            expired_pem: with_middle(expired),
            forged_pem: with_middle(forged),
            key,
            stranger,
        }
    })
}

/// CRC-32 by its polynomial, independent of the crate's own.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xedb8_8320 & 0_u32.wrapping_sub(crc & 1))
        })
    })
}

pub fn signature(key: &KeyPair, id: &str, time: &str, body: &[u8]) -> String {
    let message = format!("{id}|{time}|{WEBHOOK_ID}|{}", crc32(body));
    STANDARD.encode(key.sign(message.as_bytes()).unwrap())
}

/// The headers of a delivery.
pub fn sealed(body: &[u8], key: &KeyPair, at: Timestamp) -> HeaderMap {
    let (id, time) = ("69cd13f0-d67a-11e5-baa3-778b53f4ae55", at.to_string());
    let mut headers = HeaderMap::new();
    for (name, value) in [
        ("paypal-transmission-id", id.to_owned()),
        ("paypal-transmission-time", time.clone()),
        ("paypal-transmission-sig", signature(key, id, &time, body)),
        ("paypal-cert-url", CERT_URL.to_owned()),
        ("paypal-auth-algo", "SHA256withRSA".to_owned()),
    ] {
        headers.insert(name, HeaderValue::try_from(value).unwrap());
    }
    headers
}
