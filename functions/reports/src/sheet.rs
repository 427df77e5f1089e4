//! The form of a report: JSON, or CSV (RFC 4180) that a spreadsheet may open.

use remit_billing::fault::Fault;
use remit_billing::refusal::{Refusal, RefusalKind};
pub(crate) use remit_documents::{Cell, Sheet};
use remit_runtime::Problem;
use remit_runtime::http::{QueryReader, Response};
use serde_json::Value;

const FORMATS: &[&str] = &["json", "csv"];

/// The form of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Json,
    Csv,
}

impl Format {
    pub(crate) fn read(parameters: &mut QueryReader<'_>) -> Self {
        let read = parameters.optional("format", |text| match text {
            "json" => Ok(Self::Json),
            "csv" => Ok(Self::Csv),
            _ => Err(Fault::UnknownValue { allowed: FORMATS }),
        });
        read.unwrap_or(Self::Json)
    }
}

/// A word of an enum, as JSON writes it.
pub(crate) fn word(value: impl serde::Serialize) -> Cell {
    let word = value.serialize(serde_json::value::Serializer).ok();
    let word = word.as_ref().and_then(Value::as_str).unwrap_or_default();
    Cell::plain(word)
}

/// Bytes of one answer. Lambda's own limit is 6 MB, quotes and base64 included.
const MAX_BYTES: usize = 4_000_000;

/// The answer is larger than a function can give.
#[derive(Debug, thiserror::Error)]
#[error("this report is larger than one answer: take a shorter period")]
struct AnswerTooLarge;

impl Refusal for AnswerTooLarge {
    fn code(&self) -> &'static str {
        "report_too_large"
    }
    fn kind(&self) -> RefusalKind {
        RefusalKind::Conflict
    }
}

fn bounded(response: Response) -> Result<Response, Problem> {
    match response.body.len() > MAX_BYTES {
        true => Err(AnswerTooLarge.into()),
        false => Ok(response),
    }
}

/// A file of bytes.
pub(crate) fn file(name: &str, media_type: &str, bytes: &[u8]) -> Result<Response, Problem> {
    let disposition = format!("attachment; filename=\"{name}.csv\"");
    let response = Response::bytes(200, media_type, bytes);
    bounded(response.header("content-disposition", disposition))
}

/// The answer in the form that is wanted.
pub(crate) fn answer(format: Format, view: &Value, sheet: &Sheet) -> Result<Response, Problem> {
    match format {
        Format::Json => bounded(Response::json(200, view)),
        Format::Csv => csv(sheet),
    }
}

/// A file that a spreadsheet may open.
pub(crate) fn csv(sheet: &Sheet) -> Result<Response, Problem> {
    let text = sheet.to_csv().map_err(Problem::internal)?;
    let disposition = format!("attachment; filename=\"{}\"", sheet.file_name());
    let response = Response::text(200, Sheet::MEDIA_TYPE, text);
    bounded(response.header("content-disposition", disposition))
}
