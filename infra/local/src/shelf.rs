//! Where the host keeps what AWS and Stripe would keep: messages, mails, secrets, sessions, time.
//!
//! One table of JSON values by kind and id, in SQLite, as the embedded DynamoDB next to it is.
//! What the host holds in memory is written through, so a kill loses nothing that was taken.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The shelf cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum ShelfError {
    /// The database failed.
    #[error("the host's own database: {0}")]
    Database(#[from] rusqlite::Error),
    /// A value is not what this version writes.
    #[error("a value of the host's own database: {0}")]
    Value(#[from] serde_json::Error),
}

/// Keeps JSON values. Clones share it.
#[derive(Clone)]
pub struct Shelf(Arc<Mutex<Connection>>);

impl Shelf {
    /// One that is gone with the process.
    ///
    /// # Errors
    /// The database's.
    pub fn memory() -> Result<Self, ShelfError> {
        Self::prepare(Connection::open_in_memory()?)
    }

    /// The one in this file.
    ///
    /// # Errors
    /// The database's.
    pub fn open(path: &Path) -> Result<Self, ShelfError> {
        let connection = Connection::open(path)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        // A crash of the machine may lose the last moments, a kill of the process does not.
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        Self::prepare(connection)
    }

    fn prepare(connection: Connection) -> Result<Self, ShelfError> {
        connection.execute_batch(
            "CREATE TABLE IF NOT EXISTS shelf (
                 kind TEXT NOT NULL, id TEXT NOT NULL, value TEXT NOT NULL,
                 PRIMARY KEY (kind, id)
             ) WITHOUT ROWID",
        )?;
        Ok(Self(Arc::new(Mutex::new(connection))))
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One value.
    ///
    /// # Errors
    /// [`ShelfError`].
    pub fn get<T: DeserializeOwned>(&self, kind: &str, id: &str) -> Result<Option<T>, ShelfError> {
        let text: Option<String> = self
            .connection()
            .prepare_cached("SELECT value FROM shelf WHERE kind = ?1 AND id = ?2")?
            .query_row(params![kind, id], |row| row.get(0))
            .optional()?;
        Ok(text.map(|text| serde_json::from_str(&text)).transpose()?)
    }

    /// Every value of a kind, by id.
    ///
    /// # Errors
    /// [`ShelfError`].
    pub fn all<T: DeserializeOwned>(&self, kind: &str) -> Result<Vec<(String, T)>, ShelfError> {
        let connection = self.connection();
        let mut statement =
            connection.prepare_cached("SELECT id, value FROM shelf WHERE kind = ?1 ORDER BY id")?;
        let rows = statement.query_map(params![kind], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
        })?;
        let mut all = Vec::new();
        for row in rows {
            let (id, text) = row?;
            all.push((id, serde_json::from_str(&text)?));
        }
        Ok(all)
    }

    /// Sets one value.
    ///
    /// # Errors
    /// [`ShelfError`].
    pub fn put<T: Serialize>(&self, kind: &str, id: &str, value: &T) -> Result<(), ShelfError> {
        let text = serde_json::to_string(value)?;
        self.connection()
            .prepare_cached("INSERT OR REPLACE INTO shelf (kind, id, value) VALUES (?1, ?2, ?3)")?
            .execute(params![kind, id, text])?;
        Ok(())
    }

    /// Removes one value; that there is none is fine.
    ///
    /// # Errors
    /// [`ShelfError`].
    pub fn delete(&self, kind: &str, id: &str) -> Result<(), ShelfError> {
        self.connection()
            .prepare_cached("DELETE FROM shelf WHERE kind = ?1 AND id = ?2")?
            .execute(params![kind, id])?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_outlive_the_process_that_wrote_them() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("host.sqlite");
        let shelf = Shelf::open(&path).unwrap();
        shelf.put("mail", "2", &"b").unwrap();
        shelf.put("mail", "1", &"a").unwrap();
        shelf.put("other", "1", &7).unwrap();
        shelf.delete("mail", "9").unwrap();
        drop(shelf);
        let shelf = Shelf::open(&path).unwrap();
        let mails: Vec<(String, String)> = shelf.all("mail").unwrap();
        assert_eq!(mails, [("1".into(), "a".into()), ("2".into(), "b".into())]);
        assert_eq!(shelf.get::<i32>("other", "1").unwrap(), Some(7));
        assert_eq!(shelf.get::<i32>("other", "2").unwrap(), None);
    }
}
