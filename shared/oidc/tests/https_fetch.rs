//! The fetch of production against real sockets.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use remit_oidc::fetch::MAX_DOCUMENT_BYTES;
use remit_oidc::{Fetch, HttpsFetch};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// Answers one connection with these bytes; what it was asked comes back.
async fn server(answer: Vec<u8>) -> (String, tokio::task::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let served = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        let mut buffer = vec![0; 4096];
        let length = socket.read(&mut buffer).await.unwrap();
        // Who has read enough hangs up.
        let _hung_up = socket.write_all(&answer).await;
        String::from_utf8_lossy(&buffer[..length]).into_owned()
    });
    (format!("http://127.0.0.1:{port}/jwks.json?v=1"), served)
}

fn answer(status: &str, more: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\n{more}content-length: {length}\r\nconnection: close\r\n\r\n{body}"
    )
    .into_bytes()
}

#[tokio::test]
async fn a_document_comes_with_how_long_it_may_be_kept() {
    let (url, served) = server(answer("200 OK", "cache-control: max-age=60\r\n", "{}")).await;
    let fetched = HttpsFetch::new().get(&url).await.unwrap();
    assert_eq!(
        (fetched.body.as_ref(), fetched.max_age_s),
        (&b"{}"[..], Some(60))
    );
    let asked = served.await.unwrap();
    assert!(
        asked.starts_with("GET /jwks.json?v=1 HTTP/1.1\r\n"),
        "{asked}"
    );
}

#[tokio::test]
async fn what_is_no_document_is_a_failure() {
    let long = " ".repeat(MAX_DOCUMENT_BYTES + 1);
    for odd in [
        answer("404 Not Found", "", "{}"),
        answer("204 No Content", "", ""),
        // A redirect is not followed: it would lead to where the settings do not.
        answer("302 Found", "location: http://127.0.0.1:1/\r\n", ""),
        answer("200 OK", "", &long),
        b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{}".to_vec(),
        b"nonsense".to_vec(),
    ] {
        let (url, _served) = server(odd).await;
        assert!(HttpsFetch::new().get(&url).await.is_err());
    }
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let nobody = format!("http://127.0.0.1:{port}/");
    assert!(HttpsFetch::new().get(&nobody).await.is_err());
}
