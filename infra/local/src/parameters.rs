//! Secrets, as SSM Parameter Store keeps them. On this machine they lie in the host's own file,
//! readable to its owner only.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

use crate::shelf::{Shelf, ShelfError};

const KIND: &str = "parameter";

/// One parameter.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Parameter {
    /// Its value.
    pub value: String,
    /// Counted from 1.
    pub version: u64,
}

/// All parameters.
pub struct Parameters {
    shelf: Shelf,
    known: Mutex<BTreeMap<String, Parameter>>,
}

impl Parameters {
    /// The parameters as they were left.
    ///
    /// # Errors
    /// The shelf's.
    pub fn open(shelf: Shelf) -> Result<Self, ShelfError> {
        let known = Mutex::new(shelf.all(KIND)?.into_iter().collect());
        Ok(Self { shelf, known })
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Parameter>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One parameter.
    pub fn get(&self, name: &str) -> Option<Parameter> {
        self.lock().get(name).cloned()
    }

    /// Sets a parameter; `None` if there is one that is not to be replaced.
    ///
    /// # Errors
    /// The shelf's.
    pub fn put(&self, name: &str, value: &str, replace: bool) -> Result<Option<u64>, ShelfError> {
        let mut known = self.lock();
        let before = known.get(name).map(|parameter| parameter.version);
        if before.is_some() && !replace {
            return Ok(None);
        }
        let version = before.unwrap_or_default() + 1;
        let parameter = Parameter {
            value: value.to_owned(),
            version,
        };
        self.shelf.put(KIND, name, &parameter)?;
        known.insert(name.to_owned(), parameter);
        Ok(Some(version))
    }

    /// Removes a parameter; whether there was one.
    ///
    /// # Errors
    /// The shelf's.
    pub fn delete(&self, name: &str) -> Result<bool, ShelfError> {
        self.shelf.delete(KIND, name)?;
        Ok(self.lock().remove(name).is_some())
    }

    /// Every name that ends so, with its value.
    pub fn named(&self, ending: &str) -> Vec<(String, String)> {
        let known = self.lock();
        let named = known.iter().filter(|(name, _)| name.ends_with(ending));
        named
            .map(|(name, parameter)| (name.clone(), parameter.value.clone()))
            .collect()
    }

    /// Every value.
    pub fn values(&self) -> Vec<String> {
        self.lock()
            .values()
            .map(|parameter| parameter.value.clone())
            .collect()
    }
}
