//! Reads a JSON body into domain values and collects all its faults, each with its JSON pointer.
//!
//! Reading goes on after a fault; what could not be read is `None`, and whoever builds the value
//! asks in the end whether there were faults. Unknown fields are faults: a mistyped `discont`
//! would otherwise be lost in silence.

use remit_billing::fault::{Fault, PointedFault};
use serde_json::{Map, Value};

use crate::table_body::{Kinds, rows};

/// The faults of a body, as they are found.
#[derive(Debug, Default)]
pub struct Faults(Vec<PointedFault>);

impl Faults {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one.
    pub fn add(&mut self, pointer: impl Into<String>, fault: Fault) {
        self.0.push(PointedFault::new(pointer, fault));
    }

    /// Adds many.
    pub fn extend(&mut self, faults: Vec<PointedFault>) {
        self.0.extend(faults);
    }

    /// The value, if it could be read and nothing else was at fault.
    ///
    /// # Errors
    /// All the faults.
    pub fn finish<T>(self, value: Option<T>) -> Result<T, Vec<PointedFault>> {
        match value {
            Some(value) if self.0.is_empty() => Ok(value),
            _ => Err(self.0),
        }
    }
}

/// What a change says about one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change<T> {
    /// Nothing.
    Keep,
    /// `null`: it is to be empty.
    Clear,
    /// A new value.
    Set(T),
}

impl<T> Change<T> {
    /// A field that must not be empty after the change: clearing it is a fault.
    pub fn apply_required(self, reader: &mut Reader<'_>, name: &str, present: T) -> T {
        match self {
            Change::Keep => present,
            Change::Set(value) => value,
            Change::Clear => {
                reader.fault(name, Fault::Required);
                present
            }
        }
    }

    /// An optional field after the change.
    pub fn apply(self, present: Option<T>) -> Option<T> {
        match self {
            Change::Keep => present,
            Change::Clear => None,
            Change::Set(value) => Some(value),
        }
    }
}

/// Reads one JSON object.
pub struct Reader<'a> {
    object: &'a Map<String, Value>,
    pointer: String,
    known: Vec<&'static str>,
    faults: &'a mut Faults,
}

const DECIMAL: &str = "a text; decimal numbers are texts too, such as \"12.50\"";

impl<'a> Reader<'a> {
    /// Reads the object at a pointer; whatever else stands there is a fault.
    pub fn read<T>(
        value: &'a Value,
        pointer: String,
        faults: &'a mut Faults,
        read: impl FnOnce(&mut Reader<'_>) -> Option<T>,
    ) -> Option<T> {
        let Value::Object(object) = value else {
            faults.add(
                pointer,
                Fault::WrongType {
                    expected: "an object",
                },
            );
            return None;
        };
        let mut reader = Reader {
            object,
            pointer,
            known: Vec::new(),
            faults,
        };
        let result = read(&mut reader);
        reader.refuse_unknown();
        result
    }

    /// The pointer of a field.
    pub fn at(&self, name: &str) -> String {
        format!(
            "{}/{}",
            self.pointer,
            name.replace('~', "~0").replace('/', "~1")
        )
    }

    /// Adds a fault at a field.
    pub fn fault(&mut self, name: &str, fault: Fault) {
        let pointer = self.at(name);
        self.faults.add(pointer, fault);
    }

    /// Adds a fault at a pointer that is relative to this object, such as `/lines/0/quantity`.
    pub fn fault_within(&mut self, pointer: &str, fault: Fault) {
        let pointer = format!("{}{pointer}", self.pointer);
        self.faults.add(pointer, fault);
    }

    /// Adds faults whose pointers are relative to this object.
    pub fn relative_faults(&mut self, faults: Vec<PointedFault>) {
        for fault in faults {
            let pointer = format!("{}{}", self.pointer, fault.pointer);
            self.faults.add(pointer, fault.fault);
        }
    }

    /// Whether the field is there and not null.
    pub fn has(&self, name: &str) -> bool {
        self.object.get(name).is_some_and(|value| !value.is_null())
    }

    /// Refuses null where a field that is left out stands for all there is: whoever sends null did not mean
    /// that.
    pub fn no_null(&mut self, name: &'static str, expected: &'static str) {
        if self.object.get(name).is_some_and(Value::is_null) {
            self.fault(name, Fault::WrongType { expected });
        }
    }

    fn field(&mut self, name: &'static str) -> Option<&'a Value> {
        self.known.push(name);
        self.object.get(name)
    }

    /// What stands there, as it is, for whoever has a form of its own; none where it is missing or null.
    pub fn value(&mut self, name: &'static str) -> Option<&'a Value> {
        self.present(name)
    }

    fn present(&mut self, name: &'static str) -> Option<&'a Value> {
        self.field(name).filter(|value| !value.is_null())
    }

    fn text_of<T>(
        &mut self,
        name: &str,
        value: &Value,
        parse: impl FnOnce(&str) -> Result<T, Fault>,
    ) -> Option<T> {
        let parsed = match value {
            Value::String(text) => parse(text),
            _ => Err(Fault::WrongType { expected: DECIMAL }),
        };
        match parsed {
            Ok(parsed) => Some(parsed),
            Err(fault) => {
                self.fault(name, fault);
                None
            }
        }
    }

    /// A text that must be there.
    pub fn text<T>(
        &mut self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Result<T, Fault>,
    ) -> Option<T> {
        match self.present(name) {
            Some(value) => self.text_of(name, value, parse),
            None => {
                self.fault(name, Fault::Required);
                None
            }
        }
    }

    /// A text that may be missing or null.
    pub fn optional_text<T>(
        &mut self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Result<T, Fault>,
    ) -> Option<T> {
        let value = self.present(name)?;
        self.text_of(name, value, parse)
    }

    /// What a change says about a text.
    pub fn change_text<T>(
        &mut self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Result<T, Fault>,
    ) -> Change<T> {
        match self.field(name) {
            None => Change::Keep,
            Some(Value::Null) => Change::Clear,
            Some(value) => self
                .text_of(name, value, parse)
                .map_or(Change::Keep, Change::Set),
        }
    }

    /// A truth value that may be missing.
    pub fn boolean(&mut self, name: &'static str) -> Option<bool> {
        match self.present(name)? {
            Value::Bool(value) => Some(*value),
            _ => {
                self.fault(
                    name,
                    Fault::WrongType {
                        expected: "true or false",
                    },
                );
                None
            }
        }
    }

    /// What a change says about a truth value.
    pub fn change_boolean(&mut self, name: &'static str) -> Change<bool> {
        match self.object.get(name) {
            Some(Value::Null) => {
                self.known.push(name);
                Change::Clear
            }
            _ => self.boolean(name).map_or(Change::Keep, Change::Set),
        }
    }

    /// A whole number that may be missing, within bounds.
    pub fn integer(&mut self, name: &'static str, min: i64, max: i64) -> Option<i64> {
        let value = self.present(name)?;
        match value.as_i64() {
            Some(number) if (min..=max).contains(&number) => Some(number),
            Some(_) => {
                self.fault(
                    name,
                    Fault::OutOfRange {
                        min: min.into(),
                        max: max.into(),
                    },
                );
                None
            }
            None => {
                self.fault(
                    name,
                    Fault::WrongType {
                        expected: "a whole number",
                    },
                );
                None
            }
        }
    }

    /// An object that may be missing.
    pub fn object<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&mut Reader<'_>) -> Option<T>,
    ) -> Option<T> {
        let value = self.present(name)?;
        let pointer = self.at(name);
        Reader::read(value, pointer, self.faults, read)
    }

    /// What a change says about an object, which is replaced in whole.
    pub fn change_object<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&mut Reader<'_>) -> Option<T>,
    ) -> Change<T> {
        match self.field(name) {
            None => Change::Keep,
            Some(Value::Null) => Change::Clear,
            Some(value) => {
                let pointer = self.at(name);
                Reader::read(value, pointer, self.faults, read).map_or(Change::Keep, Change::Set)
            }
        }
    }

    fn elements(&mut self, name: &'static str, max: usize) -> Option<&'a Vec<Value>> {
        match self.present(name)? {
            Value::Array(values) if values.len() <= max => Some(values),
            Value::Array(_) => {
                self.fault(name, Fault::TooLong { max });
                None
            }
            _ => {
                self.fault(name, Fault::WrongType { expected: "a list" });
                None
            }
        }
    }

    /// A list of objects that may be missing. Every element is read, whatever the others are.
    pub fn list<T>(
        &mut self,
        name: &'static str,
        max: usize,
        mut read: impl FnMut(&mut Reader<'_>) -> Option<T>,
    ) -> Option<Vec<T>> {
        let values = self.elements(name, max)?;
        let mut all = Vec::with_capacity(values.len());
        for (index, value) in values.iter().enumerate() {
            let pointer = format!("{}/{index}", self.at(name));
            all.push(Reader::read(value, pointer, self.faults, &mut read));
        }
        all.into_iter().collect()
    }

    /// The rows of a table ([`crate::table_body`]) that may be missing, each with its place, such as
    /// `/csv/4` for that on the fourth line. Every row is read, whatever the others are.
    pub fn table<T>(
        &mut self,
        name: &'static str,
        max: usize,
        kinds: Kinds,
        mut read: impl FnMut(&mut Reader<'_>) -> Option<T>,
    ) -> Option<Vec<(String, T)>> {
        let value = self.present(name)?;
        let Value::String(text) = value else {
            self.fault(name, Fault::WrongType { expected: "CSV" });
            return None;
        };
        let place = self.at(name);
        let rows = match rows(text, max, kinds) {
            Ok(rows) => rows,
            Err((pointer, fault)) => {
                self.faults.add(format!("{place}{pointer}"), fault);
                return None;
            }
        };
        let mut all = Vec::with_capacity(rows.len());
        for row in &rows {
            let at = format!("{place}/{}", row.line);
            let read = Reader::read(&row.value, at.clone(), self.faults, &mut read);
            all.push(read.map(|read| (at, read)));
        }
        all.into_iter().collect()
    }

    /// What a change says about a list of objects, which is replaced in whole.
    pub fn change_list<T>(
        &mut self,
        name: &'static str,
        max: usize,
        read: impl FnMut(&mut Reader<'_>) -> Option<T>,
    ) -> Change<Vec<T>> {
        match self.field(name) {
            None => Change::Keep,
            Some(Value::Null) => Change::Clear,
            Some(_) => self.list(name, max, read).map_or(Change::Keep, Change::Set),
        }
    }

    /// A list of plain values that may be missing.
    pub fn values<T>(
        &mut self,
        name: &'static str,
        max: usize,
        mut parse: impl FnMut(&Value) -> Result<T, Fault>,
    ) -> Option<Vec<T>> {
        let values = self.elements(name, max)?;
        let mut all = Vec::with_capacity(values.len());
        for (index, value) in values.iter().enumerate() {
            match parse(value) {
                Ok(value) => all.push(Some(value)),
                Err(fault) => {
                    let pointer = format!("{}/{index}", self.at(name));
                    self.faults.add(pointer, fault);
                    all.push(None);
                }
            }
        }
        all.into_iter().collect()
    }

    /// A list of plain values and objects that may be missing.
    pub fn values_or_objects<T>(
        &mut self,
        name: &'static str,
        max: usize,
        mut parse: impl FnMut(&Value) -> Result<T, Fault>,
        mut read: impl FnMut(&mut Reader<'_>) -> Option<T>,
    ) -> Option<Vec<T>> {
        let values = self.elements(name, max)?;
        let mut all = Vec::with_capacity(values.len());
        for (index, value) in values.iter().enumerate() {
            let pointer = format!("{}/{index}", self.at(name));
            if value.is_object() {
                all.push(Reader::read(value, pointer, self.faults, &mut read));
                continue;
            }
            let parsed = parse(value).map_err(|fault| self.faults.add(pointer, fault));
            all.push(parsed.ok());
        }
        all.into_iter().collect()
    }

    /// What a change says about a field that is read as a whole.
    pub fn change<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Change<T> {
        match self.field(name) {
            None => Change::Keep,
            Some(Value::Null) => Change::Clear,
            Some(_) => read(self).map_or(Change::Keep, Change::Set),
        }
    }

    /// The fields of an object whose names are values, such as currencies.
    pub fn entries<T>(
        &mut self,
        name: &'static str,
        mut read: impl FnMut(&str, &mut Reader<'_>) -> Option<T>,
    ) -> Option<Vec<T>> {
        let value = self.present(name)?;
        let pointer = self.at(name);
        let Value::Object(object) = value else {
            self.faults.add(
                pointer,
                Fault::WrongType {
                    expected: "an object",
                },
            );
            return None;
        };
        let mut all = Vec::with_capacity(object.len());
        for (key, value) in object {
            let pointer = format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"));
            all.push(Reader::read(value, pointer, self.faults, |reader| {
                read(key, reader)
            }));
        }
        all.into_iter().collect()
    }

    fn refuse_unknown(self) {
        for name in self.object.keys() {
            if !self.known.iter().any(|known| known == name) {
                let pointer = self.at(name);
                self.faults.add(pointer, Fault::UnknownField);
            }
        }
    }
}

/// Reads a whole body.
///
/// # Errors
/// All its faults.
pub fn read<T>(
    body: &Value,
    read: impl FnOnce(&mut Reader<'_>) -> Option<T>,
) -> Result<T, Vec<PointedFault>> {
    let mut faults = Faults::new();
    let value = Reader::read(body, String::new(), &mut faults, read);
    faults.finish(value)
}

/// Reads a civil date.
///
/// # Errors
/// [`Fault::BadDate`].
pub fn date(text: &str) -> Result<jiff::civil::Date, Fault> {
    // Only the plain form: jiff also reads instants as dates.
    let plain = text.len() == 10;
    text.parse().ok().filter(|_| plain).ok_or(Fault::BadDate)
}

#[cfg(test)]
mod tests {
    use remit_billing::money::Currency;
    use remit_billing::party::Name;
    use serde_json::json;

    use super::*;

    fn thing(body: &Value) -> Result<(Name, Currency, Vec<Name>), Vec<PointedFault>> {
        read(body, |r| {
            let name = r.text("name", Name::parse);
            let currency = r.text("currency", Currency::parse);
            let tags = r.list("tags", 2, |r| r.text("tag", Name::parse));
            Some((name?, currency?, tags.unwrap_or_default()))
        })
    }

    #[test]
    fn all_faults_are_told_at_once() {
        let faults = thing(&json!({
            "name": 1.5, "currency": "XXZ", "tags": [{"tag": ""}, {"tog": "x"}], "na/me": 1
        }))
        .unwrap_err();
        let told: Vec<_> = faults
            .iter()
            .map(|f| (f.pointer.as_str(), f.fault.code()))
            .collect();
        assert_eq!(
            told,
            [
                ("/name", "wrong_type"),
                ("/currency", "unknown_currency"),
                ("/tags/0/tag", "empty"),
                ("/tags/1/tag", "required"),
                ("/tags/1/tog", "unknown_field"),
                ("/na~1me", "unknown_field"),
            ]
        );
    }

    #[test]
    fn a_body_that_is_no_object_is_a_fault_of_the_whole() {
        for body in [json!([]), json!("x"), json!(null), json!(1)] {
            assert_eq!(thing(&body).unwrap_err()[0].pointer, "");
        }
    }

    #[test]
    fn null_clears_and_absence_keeps() {
        let body = json!({"a": null, "b": "x"});
        let changes = read(&body, |r| {
            Some([
                r.change_text("a", |s| Ok(s.to_owned())),
                r.change_text("b", |s| Ok(s.to_owned())),
                r.change_text("c", |s| Ok(s.to_owned())),
            ])
        });
        assert_eq!(
            changes.unwrap(),
            [Change::Clear, Change::Set("x".to_owned()), Change::Keep]
        );
    }

    #[test]
    fn a_date_is_a_plain_day() {
        assert!(date("2026-02-28").is_ok());
        for bad in ["2026-02-30", "2026-2-3", "2026-02-28T00:00:00Z", ""] {
            assert_eq!(date(bad), Err(Fault::BadDate), "{bad}");
        }
    }
}
