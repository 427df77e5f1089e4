//! The archives of one step: lines of JSON by the kind of their record, and files.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Write as _};

use remit_billing::canonical::ContentHash;
use remit_billing::export::{Export, ExportOf, ExportPart};
use remit_runtime::Problem;
use serde_json::{Value, json};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::ZIP;
use crate::App;

/// An archive that holds so many bytes is closed: it is held in memory until then.
const FULL: usize = 24_000_000;

/// An archive that is being filled, and those that were.
pub(super) struct Archives<'a> {
    app: &'a App,
    export: &'a Export,
    open: Open,
    kept: Vec<ExportPart>,
    counts: BTreeMap<String, u64>,
}

struct Open {
    zip: ZipWriter<Cursor<Vec<u8>>>,
    lines: BTreeMap<&'static str, (u64, Vec<u8>)>,
    names: BTreeSet<String>,
    bytes: usize,
}

impl Open {
    fn new() -> Self {
        Self {
            zip: ZipWriter::new(Cursor::new(Vec::new())),
            lines: BTreeMap::new(),
            names: BTreeSet::new(),
            bytes: 0,
        }
    }
}

/// Files are compressed in themselves, as PDFs are, and lines are read by programs: nothing is compressed here.
/// Every entry bears the first day that a ZIP knows: the same content is the same archive.
fn options() -> SimpleFileOptions {
    SimpleFileOptions::default().compression_method(CompressionMethod::Stored)
}

impl<'a> Archives<'a> {
    pub(super) fn of(app: &'a App, export: &'a Export) -> Self {
        Self {
            app,
            export,
            open: Open::new(),
            kept: Vec::new(),
            counts: BTreeMap::new(),
        }
    }

    /// Whether one was full, and is kept.
    pub(super) fn has_kept(&self) -> bool {
        !self.kept.is_empty()
    }

    /// Whether there is anything to keep.
    pub(super) fn has_any(&self) -> bool {
        self.has_kept() || self.open.bytes > 0
    }

    /// A record, of a kind that is named as the contract names its list.
    pub(super) async fn record(
        &mut self,
        kind: &'static str,
        record: &Value,
    ) -> Result<(), Problem> {
        let line = record.to_string();
        let (count, lines) = self.open.lines.entry(kind).or_default();
        *count += 1;
        lines.extend_from_slice(line.as_bytes());
        lines.push(b'\n');
        self.open.bytes += line.len() + 1;
        self.close_where_full().await
    }

    /// Whether this archive has a file of this name.
    pub(super) fn has_file(&self, name: &str) -> bool {
        self.open.names.contains(name)
    }

    /// A file, once in an archive.
    pub(super) async fn file(&mut self, name: &str, bytes: &[u8]) -> Result<(), Problem> {
        if !self.open.names.insert(name.to_owned()) {
            return Ok(());
        }
        self.open
            .zip
            .start_file(name, options())
            .map_err(Problem::internal)?;
        self.open.zip.write_all(bytes).map_err(Problem::internal)?;
        self.open.bytes += bytes.len();
        self.close_where_full().await
    }

    async fn close_where_full(&mut self) -> Result<(), Problem> {
        match self.open.bytes >= FULL {
            true => self.keep().await,
            false => Ok(()),
        }
    }

    /// Puts what is open into the bucket, and begins the next.
    async fn keep(&mut self) -> Result<(), Problem> {
        let Open { mut zip, lines, .. } = std::mem::replace(&mut self.open, Open::new());
        let mut records = BTreeMap::new();
        for (kind, (count, lines)) in lines {
            *self.counts.entry(kind.to_owned()).or_default() += count;
            records.insert(kind, count);
            zip.start_file(format!("{kind}.jsonl"), options())
                .map_err(Problem::internal)?;
            zip.write_all(&lines).map_err(Problem::internal)?;
        }
        let client_id = match self.export.of {
            ExportOf::Account => None,
            ExportOf::Client { client_id } => Some(client_id),
        };
        let about = json!({
            "export_id": self.export.id,
            "account_id": self.export.account_id,
            "client_id": client_id,
            "part": self.export.parts.len() + self.kept.len() + 1,
            "requested_at": self.export.requested_at,
            "records": records,
        });
        zip.start_file("export.json", options())
            .map_err(Problem::internal)?;
        zip.write_all(about.to_string().as_bytes())
            .map_err(Problem::internal)?;
        let bytes = zip.finish().map_err(Problem::internal)?.into_inner();
        let part = ExportPart {
            sha256: ContentHash::of(&bytes),
            bytes: u64::try_from(bytes.len()).map_err(Problem::internal)?,
        };
        let key = self.export.object_key(&part);
        self.app.objects.keep(&key, ZIP, &bytes).await?;
        self.kept.push(part);
        Ok(())
    }

    /// Keeps what is open too: the parts in their order, and how many records of which kind are in them.
    pub(super) async fn close(
        mut self,
    ) -> Result<(Vec<ExportPart>, BTreeMap<String, u64>), Problem> {
        if self.open.bytes > 0 {
            self.keep().await?;
        }
        Ok((self.kept, self.counts))
    }
}
