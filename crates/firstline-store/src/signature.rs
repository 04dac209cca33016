//! Signed checkpoints. The only place that knows the crate that signs.

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use firstline_core::Timestamp;
use serde::{Deserialize, Serialize};

use crate::error::StoreError;
use crate::journal::Head;
use crate::record::Hash;

/// What stands before every text that is signed, so that the key can be used for other things, too.
const CONTEXT: &str = "firstline checkpoint 1";

/// A host's word that a journal stood at this point: an Ed25519 signature (RFC 8032) over where it
/// ended. Kept elsewhere, or given to somebody else, it proves later that no record up to there was
/// altered, taken out or put in.
///
/// What is signed is the text `firstline checkpoint 1`, the number of records, the time of the last
/// in milliseconds since 1970 and its hash in hexadecimal digits, each followed by a line feed.
///
/// ```
/// use firstline_store::{Hash, Head, SignedCheckpoint, public_key};
///
/// let secret = [7; 32]; // 32 random bytes, kept by the host
/// let head = Head { seq: 42, at: "2026-03-02T09:00:00Z".parse()?, hash: Hash::ORIGIN };
/// let checkpoint = SignedCheckpoint::sign(head, &secret);
/// checkpoint.check(&public_key(&secret))?;
/// assert!(checkpoint.check(&public_key(&[8; 32])).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignedCheckpoint {
    /// How many records there were, which is the number of the last.
    pub records: u64,
    /// When the last of them was recorded.
    pub at: Timestamp,
    /// Its hash.
    pub hash: Hash,
    /// The signature in 128 hexadecimal digits.
    pub signature: String,
}

/// The public key that belongs to a secret one. Both are 32 bytes.
#[must_use]
pub fn public_key(secret: &[u8; 32]) -> [u8; 32] {
    SigningKey::from_bytes(secret).verifying_key().to_bytes()
}

impl SignedCheckpoint {
    /// Signs where a journal ends, with a secret key of 32 bytes.
    #[must_use]
    pub fn sign(head: Head, secret: &[u8; 32]) -> Self {
        let Head { seq: records, at, hash } = head;
        let signed = SigningKey::from_bytes(secret).sign(text(records, at, hash).as_bytes());
        let signature = signed.to_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        Self { records, at, hash, signature }
    }

    /// Checks that it was signed with the secret key that belongs to this public one.
    ///
    /// # Errors
    ///
    /// [`StoreError::BadSignature`].
    pub fn check(&self, public_key: &[u8; 32]) -> Result<(), StoreError> {
        let bad = |what: &str| StoreError::BadSignature { what: what.to_owned() };
        let key = VerifyingKey::from_bytes(public_key).map_err(|_| bad("that is no public key"))?;
        let bytes = from_digits(&self.signature).ok_or_else(|| bad("it is not 128 digits"))?;
        let text = text(self.records, self.at, self.hash);
        key.verify_strict(text.as_bytes(), &Signature::from_bytes(&bytes))
            .map_err(|_| bad("it was not signed with this key, or was changed since"))
    }
}

fn text(records: u64, at: Timestamp, hash: Hash) -> String {
    format!("{CONTEXT}\n{records}\n{}\n{hash}\n", at.as_millis())
}

fn from_digits(digits: &str) -> Option<[u8; 64]> {
    if digits.len() != 128 || !digits.is_ascii() {
        return None;
    }
    let mut bytes = [0; 64];
    for (byte, place) in bytes.iter_mut().zip((0..128).step_by(2)) {
        *byte = u8::from_str_radix(&digits[place..place + 2], 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checkpoint_holds_for_one_key_and_one_point() {
        let at = Timestamp::from_millis(1_772_443_800_000).unwrap();
        let head = Head { seq: 42, at, hash: Hash([9; 32]) };
        let (secret, public) = ([7; 32], public_key(&[7; 32]));
        let signed = SignedCheckpoint::sign(head, &secret);
        signed.check(&public).unwrap();
        let json = serde_json::to_string(&signed).unwrap();
        assert_eq!(serde_json::from_str::<SignedCheckpoint>(&json).unwrap(), signed);
        let forged = [
            SignedCheckpoint { records: 43, ..signed.clone() },
            SignedCheckpoint { hash: Hash([8; 32]), ..signed.clone() },
            SignedCheckpoint { signature: signed.signature.replace('0', "1"), ..signed.clone() },
            SignedCheckpoint { signature: "+".repeat(128), ..signed.clone() },
            SignedCheckpoint { signature: String::new(), ..signed.clone() },
        ];
        for forged in forged {
            assert!(matches!(forged.check(&public), Err(StoreError::BadSignature { .. })));
        }
        assert!(signed.check(&[0xFF; 32]).is_err());
    }
}
