//! Reading the fields that are used out of JSON that others write.
//!
//! Lenient to what is not used, strict to what is: a missing or mistyped field is a fault that
//! names its place and never quotes its value, which may be personal.

use serde_json::{Map, Value};

/// A field that is not as documented.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FieldFault {
    /// The field is missing or null.
    #[error("{pointer} is missing")]
    Missing {
        /// JSON pointer of RFC 6901.
        pointer: String,
    },
    /// The field has another type or form.
    #[error("{pointer} is not {expected}")]
    Unexpected {
        /// JSON pointer of RFC 6901.
        pointer: String,
        /// What it should be, in words.
        expected: &'static str,
    },
}

/// A JSON object and where it stands.
#[derive(Debug, Clone)]
pub struct Object<'a> {
    fields: &'a Map<String, Value>,
    pointer: String,
}

impl<'a> Object<'a> {
    /// The whole document.
    pub fn root(value: &'a Value) -> Result<Self, FieldFault> {
        Self::at(value, String::new())
    }

    fn at(value: &'a Value, pointer: String) -> Result<Self, FieldFault> {
        match value.as_object() {
            Some(fields) => Ok(Self { fields, pointer }),
            None => Err(FieldFault::Unexpected {
                pointer,
                expected: "an object",
            }),
        }
    }

    /// Whether it has no field at all.
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// The JSON pointer of a field of this object.
    pub fn pointer(&self, name: &str) -> String {
        format!(
            "{}/{}",
            self.pointer,
            name.replace('~', "~0").replace('/', "~1")
        )
    }

    /// The fault of a field whose value is not what it should be.
    pub fn unexpected(&self, name: &str, expected: &'static str) -> FieldFault {
        FieldFault::Unexpected {
            pointer: self.pointer(name),
            expected,
        }
    }

    fn present(&self, name: &str) -> Option<&'a Value> {
        self.fields.get(name).filter(|value| !value.is_null())
    }

    fn required<T>(&self, name: &str, found: Option<T>) -> Result<T, FieldFault> {
        found.ok_or_else(|| FieldFault::Missing {
            pointer: self.pointer(name),
        })
    }

    /// A text, or nothing if the field is missing or null.
    pub fn optional_text(&self, name: &str) -> Result<Option<&'a str>, FieldFault> {
        match self.present(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(self.unexpected(name, "a string")),
        }
    }

    /// A text.
    pub fn text(&self, name: &str) -> Result<&'a str, FieldFault> {
        let found = self.optional_text(name)?;
        self.required(name, found)
    }

    /// A text that reads as `T`, or nothing.
    pub fn optional_parsed<T: std::str::FromStr>(
        &self,
        name: &str,
        expected: &'static str,
    ) -> Result<Option<T>, FieldFault> {
        match self.optional_text(name)? {
            None => Ok(None),
            Some(text) => match text.parse() {
                Ok(value) => Ok(Some(value)),
                Err(_) => Err(self.unexpected(name, expected)),
            },
        }
    }

    /// A text that reads as `T`.
    pub fn parsed<T: std::str::FromStr>(
        &self,
        name: &str,
        expected: &'static str,
    ) -> Result<T, FieldFault> {
        let found = self.optional_parsed(name, expected)?;
        self.required(name, found)
    }

    /// A whole number. A JSON number with a fraction or an exponent is a fault.
    pub fn integer(&self, name: &str) -> Result<i64, FieldFault> {
        let value = self.required(name, self.present(name))?;
        value
            .as_i64()
            .ok_or_else(|| self.unexpected(name, "an integer"))
    }

    /// True or false.
    pub fn boolean(&self, name: &str) -> Result<bool, FieldFault> {
        let value = self.required(name, self.present(name))?;
        value
            .as_bool()
            .ok_or_else(|| self.unexpected(name, "true or false"))
    }

    /// True or false, or nothing if the field is missing or null.
    pub fn optional_boolean(&self, name: &str) -> Result<Option<bool>, FieldFault> {
        match self.present(name) {
            None => Ok(None),
            Some(_) => self.boolean(name).map(Some),
        }
    }

    /// An object, or nothing if the field is missing or null.
    pub fn optional_object(&self, name: &str) -> Result<Option<Object<'a>>, FieldFault> {
        match self.present(name) {
            None => Ok(None),
            Some(value) => Object::at(value, self.pointer(name)).map(Some),
        }
    }

    /// An object.
    pub fn object(&self, name: &str) -> Result<Object<'a>, FieldFault> {
        let found = self.optional_object(name)?;
        self.required(name, found)
    }

    /// The objects of a list.
    pub fn objects(&self, name: &str) -> Result<Vec<Object<'a>>, FieldFault> {
        let value = self.required(name, self.present(name))?;
        let items = value
            .as_array()
            .ok_or_else(|| self.unexpected(name, "a list"))?;
        let place = self.pointer(name);
        items
            .iter()
            .enumerate()
            .map(|(index, item)| Object::at(item, format!("{place}/{index}")))
            .collect()
    }
}
