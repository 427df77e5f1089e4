//! Rows as CSV (RFC 4180), for a spreadsheet to open.

/// The rows of a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// What the file is called, without its ending.
    pub name: String,
    /// The head.
    pub columns: Vec<&'static str>,
    /// The rows, each as wide as the head.
    pub rows: Vec<Vec<Cell>>,
}

/// A cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// A number, a day, a code or an id: of Remit's own making.
    Plain(String),
    /// What somebody wrote: a spreadsheet must not take it for a formula.
    Written(String),
}

impl Cell {
    /// A number, a day, a code or an id.
    pub fn plain(text: impl ToString) -> Self {
        Self::Plain(text.to_string())
    }

    /// What somebody wrote.
    pub fn written(text: impl ToString) -> Self {
        Self::Written(text.to_string())
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

/// The rows are no table: never, where each row is as wide as the head.
#[derive(Debug, thiserror::Error)]
#[error("these rows are no table: {0}")]
pub struct NoTable(String);

impl Sheet {
    /// The media type of [`Sheet::to_csv`].
    pub const MEDIA_TYPE: &'static str = "text/csv; charset=utf-8; header=present";

    /// The name of the file.
    pub fn file_name(&self) -> String {
        format!("{}.csv", self.name)
    }

    /// The table, in UTF-8.
    ///
    /// # Errors
    /// [`NoTable`] for a row of another width than the head.
    pub fn to_csv(&self) -> Result<String, NoTable> {
        let mut writer = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .from_writer(Vec::new());
        let wrong = |error: &dyn std::fmt::Display| NoTable(error.to_string());
        writer.write_record(&self.columns).map_err(|e| wrong(&e))?;
        for row in &self.rows {
            let cells = row.iter().map(Cell::shown);
            writer.write_record(cells).map_err(|e| wrong(&e))?;
        }
        let bytes = writer.into_inner().map_err(|e| wrong(&e))?;
        String::from_utf8(bytes).map_err(|e| wrong(&e))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula_and_numbers_stay_numbers() {
        let mut sheet = Sheet {
            name: "x".to_owned(),
            columns: vec!["name", "amount"],
            rows: vec![
                vec![Cell::written("=1+1"), Cell::plain("-5.00")],
                vec![Cell::written("@SUM(A1)"), Cell::plain("1")],
                vec![Cell::written("Müller, \"Co\""), Cell::plain("2")],
            ],
        };
        assert_eq!(
            sheet.to_csv().unwrap(),
            "name,amount\r\n'=1+1,-5.00\r\n'@SUM(A1),1\r\n\"Müller, \"\"Co\"\"\",2\r\n"
        );
        sheet.rows.push(vec![Cell::plain("alone")]);
        assert!(sheet.to_csv().is_err());
    }
}
