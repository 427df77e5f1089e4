//! The time of a local host: its clock is moved, and what an operator does there is done at its time.

use jiff::Timestamp;
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::error::OperateError;

/// An answer is a few words.
const ANSWER_BYTES_MAX: u64 = 16 * 1024;

/// The time of the host at an address such as `http://127.0.0.1:3000`.
///
/// # Errors
/// [`OperateError::NoTime`].
pub async fn local_time(url: &str) -> Result<Timestamp, OperateError> {
    let asked = ask(url).await.map_err(|error| error.to_string());
    let answer = asked.and_then(|answer| read(&answer).ok_or_else(|| answer.clone()));
    answer.map_err(|why| OperateError::NoTime(url.to_owned(), why))
}

async fn ask(url: &str) -> std::io::Result<String> {
    let host = url.trim_start_matches("http://").trim_end_matches('/');
    let mut stream = TcpStream::connect(host).await?;
    let request =
        format!("GET /_local/clock HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    stream
        .take(ANSWER_BYTES_MAX)
        .read_to_string(&mut answer)
        .await?;
    Ok(answer)
}

fn read(answer: &str) -> Option<Timestamp> {
    let (_, body) = answer.split_once("\r\n\r\n")?;
    let body = body.get(body.find('{')?..=body.rfind('}')?)?;
    let body: Value = serde_json::from_str(body).ok()?;
    body["now"].as_str()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_says_the_time_or_it_does_not() {
        let said = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n{\"now\":\"2040-03-05T10:00:00Z\"}";
        assert_eq!(
            read(said).map(|at| at.to_string()).as_deref(),
            Some("2040-03-05T10:00:00Z")
        );
        for silent in ["", "HTTP/1.1 404 Not Found\r\n\r\n{}", "{\"now\": 1}"] {
            assert_eq!(read(silent), None, "{silent:?}");
        }
    }
}
