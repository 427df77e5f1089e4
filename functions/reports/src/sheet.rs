//! The form of a report: JSON, or CSV (RFC 4180) that a spreadsheet may open.

use remit_billing::fault::Fault;
use remit_billing::refusal::{Refusal, RefusalKind};
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

/// The rows of a report.
pub(crate) struct Sheet {
    /// What the file is called, without its ending.
    pub name: String,
    pub columns: Vec<&'static str>,
    pub rows: Vec<Vec<Cell>>,
}

/// A cell.
pub(crate) enum Cell {
    /// A number, a day, a code or an id: of Remit's own making.
    Plain(String),
    /// What somebody wrote: a spreadsheet must not take it for a formula.
    Written(String),
}

impl Cell {
    pub(crate) fn plain(text: impl ToString) -> Self {
        Self::Plain(text.to_string())
    }

    /// A word of an enum, as JSON writes it.
    pub(crate) fn word(value: impl serde::Serialize) -> Self {
        let word = value.serialize(serde_json::value::Serializer).ok();
        let word = word.as_ref().and_then(Value::as_str).unwrap_or_default();
        Self::Plain(word.to_owned())
    }

    fn shown(&self) -> String {
        match self {
            Cell::Plain(text) => text.clone(),
            // <https://owasp.org/www-community/attacks/CSV_Injection>
            Cell::Written(text) if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) => {
                format!("'{text}")
            }
            Cell::Written(text) => text.clone(),
        }
    }
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
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    writer
        .write_record(&sheet.columns)
        .map_err(Problem::internal)?;
    for row in &sheet.rows {
        let cells = row.iter().map(Cell::shown);
        writer.write_record(cells).map_err(Problem::internal)?;
    }
    let bytes = writer.into_inner().map_err(Problem::internal)?;
    let text = String::from_utf8(bytes).map_err(Problem::internal)?;
    let disposition = format!("attachment; filename=\"{}.csv\"", sheet.name);
    let response = Response::text(200, "text/csv; charset=utf-8; header=present", text);
    bounded(response.header("content-disposition", disposition))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    #[test]
    fn no_cell_is_a_formula_and_numbers_stay_numbers() {
        let sheet = Sheet {
            name: "x".to_owned(),
            columns: vec!["name", "amount"],
            rows: vec![
                vec![Cell::Written("=1+1".to_owned()), Cell::plain("-5.00")],
                vec![Cell::Written("@SUM(A1)".to_owned()), Cell::plain("1")],
                vec![Cell::Written("Müller, \"Co\"".to_owned()), Cell::plain("2")],
            ],
        };
        let csv = answer(Format::Csv, &Value::Null, &sheet).unwrap();
        assert_eq!(
            csv.body,
            "name,amount\r\n'=1+1,-5.00\r\n'@SUM(A1),1\r\n\"Müller, \"\"Co\"\"\",2\r\n"
        );
    }
}
