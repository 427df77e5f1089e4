//! The transport of production against real sockets: what was sent, and what was not.

use bytes::Bytes;
use http::Request;
use remit_payments::{HttpsTransport, Outward, Transport, TransportError};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

fn request(port: u16) -> Request<Bytes> {
    Request::post(format!(
        "http://127.0.0.1:{port}/v1/checkout/sessions?secret=1"
    ))
    .header("idempotency-key", "att_1")
    .body(Bytes::from_static(b"mode=payment"))
    .unwrap()
}

/// To this port of the machine, and to a name that nobody has.
fn transport(port: u16) -> HttpsTransport {
    let here = format!("http://127.0.0.1:{port}");
    HttpsTransport::to(Outward::with(&[&here, "https://no-such-host.invalid"]))
}

/// Answers each connection with these bytes, then closes it; counts connections.
async fn server(answer: &'static [u8]) -> (u16, tokio::task::JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let served = tokio::spawn(async move {
        let mut seen = Vec::new();
        // Long enough for a client that repeats to show itself.
        let quiet = std::time::Duration::from_millis(300);
        while let Ok(Ok((mut socket, _))) = tokio::time::timeout(quiet, listener.accept()).await {
            let mut buffer = vec![0; 4096];
            let length = socket.read(&mut buffer).await.unwrap();
            seen.push(String::from_utf8_lossy(&buffer[..length]).into_owned());
            socket.write_all(answer).await.unwrap();
        }
        seen
    });
    (port, served)
}

#[tokio::test]
async fn an_answer_comes_back_as_it_is() {
    let (port, served) = server(
        b"HTTP/1.1 429 Too Many\r\nretry-after: 7\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}",
    )
    .await;
    let answer = transport(port).send(request(port)).await.unwrap();
    assert_eq!(answer.status(), 429);
    assert_eq!(answer.headers()["retry-after"], "7");
    assert_eq!(answer.body().as_ref(), b"{}");
    let seen = served.await.unwrap();
    assert_eq!(seen.len(), 1);
    assert!(
        seen[0].starts_with("POST /v1/checkout/sessions?secret=1 HTTP/1.1\r\n"),
        "{}",
        seen[0]
    );
    assert!(seen[0].contains("idempotency-key: att_1\r\n"));
    assert!(seen[0].ends_with("mode=payment"));
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_is_not_followed() {
    let (port, served) = server(
        b"HTTP/1.1 302 Found\r\nlocation: /elsewhere\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
    )
    .await;
    let answer = transport(port).send(request(port)).await.unwrap();
    assert_eq!(answer.status(), 302);
    assert_eq!(served.await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_refused_connection_was_not_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let error = transport(port).send(request(port)).await.unwrap_err();
    assert!(matches!(error, TransportError::NotSent { .. }), "{error:?}");
    assert!(!error.to_string().contains("secret"), "{error}");

    let nowhere = Request::get("https://no-such-host.invalid/")
        .body(Bytes::new())
        .unwrap();
    let error = transport(port).send(nowhere).await.unwrap_err();
    assert!(matches!(error, TransportError::NotSent { .. }), "{error:?}");
}

#[tokio::test]
async fn a_broken_answer_is_an_unknown_outcome_and_is_not_repeated() {
    let half: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n{\"id\":";
    for broken in [
        b"".as_slice(),
        b"HTTP/1.1 200 OK\r\ncont",
        half,
        b"what?\r\n\r\n",
    ] {
        let (port, served) = server(broken).await;
        let error = transport(port).send(request(port)).await.unwrap_err();
        assert!(matches!(error, TransportError::Unknown { .. }), "{error:?}");
        assert_eq!(served.await.unwrap().len(), 1, "{broken:?}");
    }
}

#[tokio::test]
async fn nothing_leaves_to_anywhere_else() {
    let (port, served) = server(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
    let elsewhere = HttpsTransport::to(Outward::with(&["https://no-such-host.invalid"]));
    let error = elsewhere.send(request(port)).await.unwrap_err();
    assert!(matches!(error, TransportError::NotSent { .. }), "{error:?}");
    assert_eq!(
        error.to_string(),
        "not sent: the address is none that may be asked"
    );
    assert!(served.await.unwrap().is_empty());
    // A name that leads to the machine itself, or to none, is asked nothing.
    let local = HttpsTransport::to(Outward::with(&["https://localhost:1"]));
    let request = Request::get("https://localhost:1/")
        .body(Bytes::new())
        .unwrap();
    let error = local.send(request).await.unwrap_err().to_string();
    assert!(
        error.ends_with("the name leads to no public address"),
        "{error}"
    );
}
