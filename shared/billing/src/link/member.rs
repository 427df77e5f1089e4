//! What a member signs in to the pages with: the attempt that goes to the issuer and comes back, and the session that
//! it becomes. Both are cookies of the member's browser and nothing else: what an attempt is answered with is made again from it
//! and the secret, and whether a session counts, the team says at each request.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::Mac;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{ID_BYTES, LinkSecret};
use crate::ids::{AccountId, MemberId, TypedId};

/// How long somebody may take at the issuer.
pub const ATTEMPT_VALID: SignedDuration = SignedDuration::from_mins(15);
/// How long a member stays signed in: a day's work.
pub const MEMBER_SESSION_VALID: SignedDuration = SignedDuration::from_hours(8);

const SEED_BYTES: usize = 32;
const MOMENT_BYTES: usize = 8;
const PROOF_BYTES: usize = 32;
const ATTEMPT_CLAIM_BYTES: usize = SEED_BYTES + MOMENT_BYTES;
/// SHA-256 in hex.
const HASH_BYTES: usize = 64;
/// Account, member, identity, and the second at which it ends.
const SESSION_CLAIM_BYTES: usize = 2 * ID_BYTES + HASH_BYTES + MOMENT_BYTES;

/// An attempt to sign in, from the button to the way back.
///
/// Source: OpenID Connect Core, 3.1.2.1 (state, nonce), and RFC 7636 (the verifier). All three are HMACs over the
/// attempt, so that they fit this browser's cookie and no other.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct SignInAttempt {
    seed: [u8; SEED_BYTES],
    until: Timestamp,
}

impl std::fmt::Debug for SignInAttempt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SignInAttempt(..)")
    }
}

impl SignInAttempt {
    /// A new attempt, of randomness.
    pub fn new(seed: [u8; SEED_BYTES], now: Timestamp) -> Self {
        Self {
            seed,
            until: now + ATTEMPT_VALID,
        }
    }

    fn claim(&self) -> Vec<u8> {
        let mut bytes = self.seed.to_vec();
        bytes.extend_from_slice(&self.until.as_second().to_be_bytes());
        bytes
    }

    fn text(&self, secret: &LinkSecret, purpose: &str) -> Option<String> {
        let mac = secret.mac(purpose, &[&self.claim()])?;
        Some(URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
    }

    /// The token, to be kept as a cookie.
    pub fn token(&self, secret: &LinkSecret) -> Option<String> {
        let mut bytes = self.claim();
        let mac = secret.mac("remit member attempt 1", &[&bytes])?;
        bytes.extend_from_slice(&mac.finalize().into_bytes());
        Some(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// The attempt that a token stands for, where it is proved and its time is not over; in constant time.
    pub fn proved(token: &str, secret: &LinkSecret, now: Timestamp) -> Option<Self> {
        let bytes: [u8; ATTEMPT_CLAIM_BYTES + PROOF_BYTES] =
            URL_SAFE_NO_PAD.decode(token).ok()?.try_into().ok()?;
        let (claim, proof) = bytes.split_first_chunk::<ATTEMPT_CLAIM_BYTES>()?;
        let mac = secret.mac("remit member attempt 1", &[claim])?;
        mac.verify_slice(proof).ok()?;
        let (seed, until) = claim.split_first_chunk::<SEED_BYTES>()?;
        let attempt = Self {
            seed: *seed,
            until: moment(until)?,
        };
        (now < attempt.until).then_some(attempt)
    }

    /// What the issuer gives back with its answer.
    pub fn state(&self, secret: &LinkSecret) -> Option<String> {
        self.text(secret, "remit member state 1")
    }

    /// Whether an answer is one to this attempt, in constant time.
    pub fn is_answered_by(&self, secret: &LinkSecret, state: &str) -> bool {
        let proof = URL_SAFE_NO_PAD.decode(state).ok();
        let mac = secret.mac("remit member state 1", &[&self.claim()]);
        let checked = proof.zip(mac);
        checked.is_some_and(|(proof, mac)| mac.verify_slice(&proof).is_ok())
    }

    /// What the issuer's token has to say.
    pub fn nonce(&self, secret: &LinkSecret) -> Option<String> {
        self.text(secret, "remit member nonce 1")
    }

    /// What whoever takes the token has to know (RFC 7636).
    pub fn verifier(&self, secret: &LinkSecret) -> Option<String> {
        self.text(secret, "remit member verifier 1")
    }

    /// What the issuer is told of it beforehand: S256 of it.
    pub fn challenge(&self, secret: &LinkSecret) -> Option<String> {
        let verifier = self.verifier(secret)?;
        Some(URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)))
    }
}

/// A member who signed in, by which identity, and until when it counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberSession {
    /// The agency.
    pub account_id: AccountId,
    /// Who signed in.
    pub member_id: MemberId,
    /// SHA-256 of the identity, in hex: unlinked, or another one linked, it counts no more.
    identity_hash: String,
    /// When it ends (UTC), to the second.
    pub until: Timestamp,
}

impl MemberSession {
    /// A session from now on; none for what is no hash.
    pub fn new(
        account_id: AccountId,
        member_id: MemberId,
        identity_hash: &str,
        now: Timestamp,
    ) -> Option<Self> {
        let is_hash = identity_hash.len() == HASH_BYTES && identity_hash.is_ascii();
        is_hash.then(|| Self {
            account_id,
            member_id,
            identity_hash: identity_hash.to_owned(),
            until: now + MEMBER_SESSION_VALID,
        })
    }

    /// SHA-256 of the identity, in hex.
    pub fn identity_hash(&self) -> &str {
        &self.identity_hash
    }

    fn claim(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(SESSION_CLAIM_BYTES + PROOF_BYTES);
        bytes.extend_from_slice(self.account_id.uuid().as_bytes());
        bytes.extend_from_slice(self.member_id.uuid().as_bytes());
        bytes.extend_from_slice(self.identity_hash.as_bytes());
        bytes.extend_from_slice(&self.until.as_second().to_be_bytes());
        bytes
    }

    /// The token, to be kept as a cookie.
    pub fn token(&self, secret: &LinkSecret) -> Option<String> {
        let mut bytes = self.claim();
        let mac = secret.mac("remit member session 1", &[&bytes])?;
        bytes.extend_from_slice(&mac.finalize().into_bytes());
        Some(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// The session that a token stands for, where it is proved and has not ended; in constant time.
    pub fn proved(token: &str, secret: &LinkSecret, now: Timestamp) -> Option<Self> {
        let bytes: [u8; SESSION_CLAIM_BYTES + PROOF_BYTES] =
            URL_SAFE_NO_PAD.decode(token).ok()?.try_into().ok()?;
        let (claim, proof) = bytes.split_first_chunk::<SESSION_CLAIM_BYTES>()?;
        let mac = secret.mac("remit member session 1", &[claim])?;
        mac.verify_slice(proof).ok()?;
        let (account, rest) = claim.split_first_chunk::<ID_BYTES>()?;
        let (member, rest) = rest.split_first_chunk::<ID_BYTES>()?;
        let (hash, until) = rest.split_first_chunk::<HASH_BYTES>()?;
        let session = Self {
            account_id: AccountId::from_uuid(Uuid::from_bytes(*account)),
            member_id: MemberId::from_uuid(Uuid::from_bytes(*member)),
            identity_hash: str::from_utf8(hash).ok()?.to_owned(),
            until: moment(until)?,
        };
        (now < session.until).then_some(session)
    }

    fn form_mac(&self, secret: &LinkSecret, form: &str) -> Option<hmac::Hmac<Sha256>> {
        let claim = self.claim();
        secret.mac("remit member form 1", &[&claim, form.as_bytes()])
    }

    /// The proof that a form came from a page of this session.
    pub fn form_proof(&self, secret: &LinkSecret, form: &str) -> String {
        self.form_mac(secret, form).map_or_else(String::new, |mac| {
            URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
        })
    }

    /// Checks a form's proof, in constant time.
    pub fn form_is_proved(&self, secret: &LinkSecret, form: &str, proof: &str) -> bool {
        let proof = URL_SAFE_NO_PAD.decode(proof).ok();
        let checked = proof.zip(self.form_mac(secret, form));
        checked.is_some_and(|(proof, mac)| mac.verify_slice(&proof).is_ok())
    }
}

/// The second that eight bytes say.
fn moment(bytes: &[u8]) -> Option<Timestamp> {
    let second = i64::from_be_bytes(bytes.try_into().ok()?);
    Timestamp::from_second(second).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-11-30T12:00:00Z".parse().unwrap()
    }

    fn secret() -> LinkSecret {
        LinkSecret::new(*b"secret")
    }

    fn session() -> MemberSession {
        let account = AccountId::from_uuid(Uuid::from_u128(1));
        let member = MemberId::from_uuid(Uuid::from_u128(2));
        MemberSession::new(account, member, &"ab".repeat(32), now()).unwrap()
    }

    /// The token with one character changed, at each place.
    fn changes(token: &str) -> impl Iterator<Item = String> {
        (0..token.len()).map(|place| {
            let mut changed = token.to_owned().into_bytes();
            changed[place] = if changed[place] == b'A' { b'B' } else { b'A' };
            String::from_utf8(changed).unwrap()
        })
    }

    #[test]
    fn an_attempt_is_its_browsers_own_until_its_time_is_over() {
        let attempt = SignInAttempt::new([7; 32], now());
        let token = attempt.token(&secret()).unwrap();
        let proved = |token: &str, at| SignInAttempt::proved(token, &secret(), at);
        assert_eq!(proved(&token, now()), Some(attempt));
        let last = now() + ATTEMPT_VALID;
        assert_eq!(proved(&token, last), None);
        assert_eq!(
            SignInAttempt::proved(&token, &LinkSecret::new(*b"other"), now()),
            None
        );
        for changed in changes(&token) {
            assert_eq!(proved(&changed, now()), None, "{changed}");
        }
        let state = attempt.state(&secret()).unwrap();
        assert!(attempt.is_answered_by(&secret(), &state));
        let other = SignInAttempt::new([8; 32], now());
        assert!(!other.is_answered_by(&secret(), &state));
        let of = [
            Some(token),
            Some(state),
            attempt.nonce(&secret()),
            attempt.verifier(&secret()),
            attempt.challenge(&secret()),
        ];
        for (at, one) in of.iter().enumerate() {
            // RFC 7636, 4.1: 43 to 128 characters.
            assert!((43..=128).contains(&one.as_ref().unwrap().len()));
            assert!(!of[..at].contains(one), "{at} is none of the others");
            assert!(at == 1 || !attempt.is_answered_by(&secret(), one.as_ref().unwrap()));
        }
    }

    /// RFC 7636, appendix B, by the same steps.
    #[test]
    fn a_challenge_is_the_hash_of_its_verifier() {
        let attempt = SignInAttempt::new([7; 32], now());
        let verifier = attempt.verifier(&secret()).unwrap();
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()));
        assert_eq!(attempt.challenge(&secret()), Some(challenge));
        let known = Sha256::digest("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
        assert_eq!(
            URL_SAFE_NO_PAD.encode(known),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        );
    }

    #[test]
    fn a_session_proves_all_that_it_says_until_it_ends() {
        let token = session().token(&secret()).unwrap();
        let proved = |token: &str, at| MemberSession::proved(token, &secret(), at);
        assert_eq!(proved(&token, now()), Some(session()));
        assert_eq!(proved(&token, session().until), None);
        assert_eq!(
            MemberSession::proved(&token, &LinkSecret::new(*b"other"), now()),
            None
        );
        for changed in changes(&token) {
            assert_eq!(proved(&changed, now()), None, "{changed}");
        }
        // Neither cookie is the other.
        let attempt = SignInAttempt::new([7; 32], now());
        assert_eq!(proved(&attempt.token(&secret()).unwrap(), now()), None);
        assert_eq!(SignInAttempt::proved(&token, &secret(), now()), None);
        assert_eq!(proved("", now()), None);
        let account = session().account_id;
        let member = session().member_id;
        assert_eq!(MemberSession::new(account, member, "short", now()), None);
    }

    #[test]
    fn a_form_is_bound_to_its_session_and_its_purpose() {
        let proof = session().form_proof(&secret(), "sign-out");
        assert!(session().form_is_proved(&secret(), "sign-out", &proof));
        assert!(!session().form_is_proved(&secret(), "other", &proof));
        assert!(!session().form_is_proved(&secret(), "sign-out", ""));
        let later = now() + SignedDuration::from_secs(1);
        let other = MemberSession::new(
            session().account_id,
            session().member_id,
            &"ab".repeat(32),
            later,
        );
        assert!(!other.unwrap().form_is_proved(&secret(), "sign-out", &proof));
    }
}
