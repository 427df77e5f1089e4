//! A value that is kept and seldom read, as deflated JSON in one binary attribute. The answer in a
//! receipt is mostly names of fields: packed, it takes a third of the write units.

use std::fmt;
use std::marker::PhantomData;

use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::decompress_to_vec_with_limit;
use serde::de::{DeserializeOwned, Visitor};
use serde::ser::Error as _;
use serde::{Deserializer, Serialize, Serializer};

/// A good deal smaller than the fastest; more would cost ten times as long for one per cent.
const LEVEL: u8 = 6;
/// Far above what a function may answer (6 MB).
const BYTES_MAX: usize = 8 * 1024 * 1024;

pub(crate) fn serialize<T: Serialize, S: Serializer>(
    value: &T,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let json = serde_json::to_vec(value).map_err(S::Error::custom)?;
    serializer.serialize_bytes(&compress_to_vec(&json, LEVEL))
}

pub(crate) fn deserialize<'de, T: DeserializeOwned, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    deserializer.deserialize_byte_buf(Packed(PhantomData))
}

struct Packed<T>(PhantomData<T>);

impl<T: DeserializeOwned> Visitor<'_> for Packed<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("deflated JSON")
    }

    fn visit_bytes<E: serde::de::Error>(self, bytes: &[u8]) -> Result<T, E> {
        // What the library says of the bytes is of no use to whoever reads the log.
        let json = decompress_to_vec_with_limit(bytes, BYTES_MAX)
            .map_err(|_| E::custom("it cannot be unpacked"))?;
        serde_json::from_slice(&json).map_err(E::custom)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests fail by panicking")]
    use aws_sdk_dynamodb::types::AttributeValue;
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Kept {
        #[serde(with = "super")]
        text: String,
    }

    #[test]
    fn a_value_comes_back_and_is_smaller() {
        let text = r#"{"amount":"0.00","currency":"EUR"}"#.repeat(100);
        let kept = Kept { text };
        let stored: AttributeValue = serde_dynamo::to_attribute_value(&kept).unwrap();
        let bytes = stored.as_m().unwrap()["text"]
            .as_b()
            .unwrap()
            .as_ref()
            .len();
        assert!(bytes < 200, "{bytes} bytes");
        assert_eq!(
            serde_dynamo::from_attribute_value::<_, Kept>(stored).unwrap(),
            kept
        );
    }

    #[test]
    fn what_is_not_packed_is_refused() {
        let stored = AttributeValue::B(vec![1, 2, 3].into());
        let item = std::collections::HashMap::from([("text".to_owned(), stored)]);
        assert!(serde_dynamo::from_item::<_, Kept>(item).is_err());
    }
}
