//! Files that are kept beside documents: `POST /v1/files`, `POST /v1/files/{file_id}/complete`, `GET
//! /v1/files/{file_id}`.
//!
//! The bytes go to the bucket and come from it by signed addresses, past the API. An upload
//! address takes exactly the bytes that were announced, by their SHA-256, and once.

mod bucket;

use std::sync::Arc;

use async_trait::async_trait;
use remit_billing::canonical::ContentHash;
use remit_billing::fault::Fault;
use remit_billing::file::{File, FileFacts, MAX_FILE_BYTES, MediaType};
use remit_billing::ids::FileId;
use remit_billing::party::Name;
use remit_runtime::body::read;
use remit_runtime::http::{Http, HttpApp, Request, Response};
use remit_runtime::idempotency::{Effect, perform};
use remit_runtime::{BoxError, Clock, Function, Ids, Platform, Principal, Problem, shown};
use remit_store::{Commit, Store, Versioned, keys};
use serde_json::{Value, json};

pub use bucket::Bucket;

/// What the function needs of the outside.
#[derive(Clone)]
pub struct App {
    /// The table.
    pub store: Store,
    /// Where the bytes are.
    pub bucket: Bucket,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// New ids.
    pub ids: Ids,
}

/// The function on a platform.
///
/// # Errors
/// None as yet: a start may fail.
pub fn function(platform: &Platform) -> Result<Arc<dyn Function>, BoxError> {
    Ok(Arc::new(Http(App {
        store: platform.store(),
        bucket: Bucket::of(platform),
        clock: Arc::clone(&platform.clock),
        ids: platform.ids(),
    })))
}

#[async_trait]
impl HttpApp for App {
    async fn answer(&self, request: &Request) -> Result<Response, Problem> {
        match request.route.as_str() {
            "POST /v1/files" => self.announce(request).await,
            "POST /v1/files/{file_id}/complete" => self.complete(request).await,
            "GET /v1/files/{file_id}" => self.get(request).await,
            _ => Err(Problem::not_found()),
        }
    }
}

impl App {
    async fn announce(&self, request: &Request) -> Result<Response, Problem> {
        let principal = request.principal()?;
        let facts = read(&request.json()?, |r| {
            let name = r.text("name", Name::parse);
            let media_type = r.text("media_type", MediaType::parse);
            let max = i64::try_from(MAX_FILE_BYTES).unwrap_or(i64::MAX);
            let bytes = r.integer("bytes", 1, max);
            if !r.has("bytes") {
                r.fault("bytes", Fault::Required);
            }
            let sha256 = r.text("sha256", ContentHash::parse);
            Some(FileFacts {
                name: name?,
                media_type: media_type?,
                bytes: u64::try_from(bytes?).ok()?,
                sha256: sha256?,
            })
        });
        let facts = facts.map_err(Problem::invalid_body)?;
        let keyed = request.keyed(principal)?;
        let now = self.clock.now();
        let id: FileId = self.ids.make(now).map_err(Problem::no_randomness)?;
        let file = File {
            account_id: principal.account_id,
            id,
            facts,
            created_by: Some(principal.actor_id()),
            created_at: now,
            stored_at: None,
        };
        let made = &file;
        let mut response = perform(&self.store, keyed, now, || async move {
            let response = Response::json(201, &shown::file(made))
                .header("location", format!("/v1/files/{id}"))
                .etag(1);
            let commit = Commit::new().create(made, Vec::new());
            Ok(Effect { commit, response })
        })
        .await?;
        // No receipt keeps the address: whoever reads the table must not find a way in.
        let mut body: Value = serde_json::from_str(&response.body).map_err(Problem::internal)?;
        let id = body["id"].as_str().and_then(|id| id.parse().ok());
        let id: FileId = id.ok_or_else(|| Problem::internal("a file without an id"))?;
        // What is asked for again is the same file, under the id that it got the first time.
        let file = File { id, ..file };
        body["upload"] = self.bucket.upload(&file, now).await?;
        response.body = body.to_string();
        Ok(response)
    }

    async fn complete(&self, request: &Request) -> Result<Response, Problem> {
        let principal = request.principal()?;
        let id: FileId = request.path_id("file_id")?;
        request.no_fields()?;
        let keyed = request.keyed(principal)?;
        let now = self.clock.now();
        perform(&self.store, keyed, now, || async move {
            let before = self.load(principal, id).await?;
            if before.value.stored_at.is_some() {
                return Ok(Effect {
                    commit: Commit::new(),
                    response: Response::json(200, &shown::file(&before.value)).etag(before.version),
                });
            }
            let found = self.bucket.look(&before.value).await?;
            let after = before.value.clone().stored(found, now)?;
            Ok(Effect {
                commit: Commit::new().replace(&before, &after, Vec::new()),
                response: Response::json(200, &shown::file(&after)).etag(before.version + 1),
            })
        })
        .await
    }

    async fn get(&self, request: &Request) -> Result<Response, Problem> {
        let principal = request.principal()?;
        let id: FileId = request.path_id("file_id")?;
        let file = self.load(principal, id).await?;
        let mut body = shown::file(&file.value);
        body["download"] = match file.value.stored_at {
            Some(_) => self.bucket.download(&file.value, self.clock.now()).await?,
            None => json!(null),
        };
        Ok(Response::json(200, &body).etag(file.version))
    }

    async fn load(&self, principal: &Principal, id: FileId) -> Result<Versioned<File>, Problem> {
        let key = keys::file(principal.account_id, id);
        let found = self.store.get::<File>(&key).await;
        found
            .map_err(|error| Problem::store(&error))?
            .ok_or_else(Problem::not_found)
    }
}
