//! The contract, for people and programs: `GET /docs` and `GET /docs/{page}` are pages of it, one for each tag and one
//! for what goes wrong; `GET /docs/openapi.yaml` is the document itself. Nobody needs a key, and nothing is read but
//! the document that the binary was built with: as it was written, and as JSON, which is read in a fraction of the time.

mod page;
mod prose;
mod reference;
mod schema;
mod view;

use std::borrow::Cow;
use std::io::Write;
use std::sync::{Arc, OnceLock};

use async_trait::async_trait;
use flate2::Compression;
use flate2::write::GzEncoder;
use remit_runtime::http::{Http, HttpApp, Request, Response};
use remit_runtime::{BoxError, Function, Platform, Problem};

use crate::reference::Reference;

/// The contract that this binary was built with.
pub const CONTRACT: &str = include_str!("../../../infra/openapi.yaml");
/// The same as JSON: `build.rs` writes it.
pub const CONTRACT_AS_JSON: &str = include_str!(concat!(env!("OUT_DIR"), "/contract.json"));
const HTML: &str = "text/html; charset=utf-8";
/// RFC 9512.
const YAML: &str = "application/yaml";

/// What the function needs of the outside: nothing but the document.
#[derive(Clone)]
pub struct App {
    document: Cow<'static, str>,
    json: Cow<'static, str>,
    /// The document as it was read for the first page: to start has no need of it.
    reference: Arc<OnceLock<Reference>>,
}

/// The function on a platform.
///
/// # Errors
/// None as yet: a start may fail.
pub fn function(_: &Platform) -> Result<Arc<dyn Function>, BoxError> {
    Ok(Arc::new(Http(App::of(CONTRACT, CONTRACT_AS_JSON))))
}

#[async_trait]
impl HttpApp for App {
    async fn answer(&self, request: &Request) -> Result<Response, Problem> {
        match request.route.as_str() {
            "GET /docs" => {
                let page = page::start(self.reference()?).map_err(Problem::internal)?;
                html(request, page)
            }
            "GET /docs/{page}" => {
                let name = request.path_text("page").unwrap_or_default();
                let page = page::named(self.reference()?, name).map_err(Problem::internal)?;
                html(request, page.ok_or_else(Problem::not_found)?)
            }
            "GET /docs/openapi.yaml" => answer(request, YAML, self.document.to_string()),
            _ => Err(Problem::not_found()),
        }
    }
}

impl App {
    /// The function on a contract: as it was written in YAML, and the same as JSON.
    pub fn of(document: impl Into<Cow<'static, str>>, json: impl Into<Cow<'static, str>>) -> Self {
        Self {
            document: document.into(),
            json: json.into(),
            reference: Arc::default(),
        }
    }

    fn reference(&self) -> Result<&Reference, Problem> {
        if let Some(reference) = self.reference.get() {
            return Ok(reference);
        }
        let read = Reference::read(&self.json).map_err(Problem::internal)?;
        Ok(self.reference.get_or_init(|| read))
    }
}

fn html(request: &Request, page: String) -> Result<Response, Problem> {
    let headers = [
        ("content-security-policy", page::content_security_policy()),
        ("referrer-policy", "same-origin".to_owned()),
        ("x-frame-options", "DENY".to_owned()),
        ("cross-origin-opener-policy", "same-origin".to_owned()),
    ];
    let answer = answer(request, HTML, page)?;
    Ok(headers
        .into_iter()
        .fold(answer, |answer, (name, value)| answer.header(name, value)))
}

/// Packed where the caller reads that: the gateway does not.
fn answer(request: &Request, media_type: &str, body: String) -> Result<Response, Problem> {
    let answer = match takes_gzip(request.header("accept-encoding").unwrap_or_default()) {
        true => {
            let packed = gzip(body.as_bytes()).map_err(Problem::internal)?;
            Response::bytes(200, media_type, &packed).header("content-encoding", "gzip")
        }
        false => Response::text(200, media_type, body),
    };
    Ok(answer
        .header("vary", "accept-encoding")
        .header("cache-control", "public, max-age=300"))
}

/// RFC 9110, section 12.5.3, as far as it is about gzip by its name.
fn takes_gzip(accepted: &str) -> bool {
    accepted.split(',').any(|entry| {
        let mut parts = entry.split(';').map(str::trim);
        let named = parts
            .next()
            .is_some_and(|name| name.eq_ignore_ascii_case("gzip"));
        let refused = parts.any(|part| {
            let weight = part.strip_prefix("q=").or_else(|| part.strip_prefix("Q="));
            weight.is_some_and(|weight| !weight.contains(|digit| ('1'..='9').contains(&digit)))
        });
        named && !refused
    })
}

fn gzip(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(bytes)?;
    packed.finish()
}

#[cfg(test)]
mod tests {
    use super::takes_gzip;

    #[test]
    fn it_is_packed_for_who_reads_that() {
        for yes in [
            "gzip",
            "gzip, deflate, br, zstd",
            "br;q=1.0, GZIP;q=0.8",
            "gzip ; q=1",
        ] {
            assert!(takes_gzip(yes), "{yes}");
        }
        for no in [
            "",
            "identity",
            "gzip;q=0",
            "gzip; q=0.000",
            "x-gzipped",
            "br",
        ] {
            assert!(!takes_gzip(no), "{no}");
        }
    }
}
