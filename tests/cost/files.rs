//! The steps of a file, through the real function over the S3 of the local host, as the template deploys it.

use std::sync::Arc;

use jiff::Timestamp;
use remit_billing::account::Role;
use remit_billing::canonical::ContentHash;
use remit_embedded_table::EmbeddedTable;
use remit_files::Bucket;
use remit_local::aws::{s3, sdk_config};
use remit_local::cloud::Cloud;
use remit_local::host::local_names;
use remit_local::shelf::Shelf;
use remit_local::template::Template;
use remit_runtime::audited::Audited;
use remit_runtime::config::Config;
use remit_runtime::http::Http;
use remit_runtime::model::{Answer, Call, SeededRandom};
use remit_runtime::{Clock as _, Platform};
use serde_json::{Value, json};

use crate::agency::Agency;

const TEMPLATE: &str = include_str!("../../template.yaml");
/// The function, as the template names it: its policies are what it may do.
const FUNCTION: &str = "FilesFunction";
const RECEIPT: &[u8] = b"%PDF-1.7 a receipt of the train to Bath";
const PDF: &str = "application/pdf";

/// The function, and the S3 that it signs addresses for.
pub struct Files {
    function: Audited,
    cloud: Arc<Cloud>,
}

impl Files {
    /// Over the agency's table.
    pub fn of(agency: &Agency) -> Self {
        let url = "http://127.0.0.1:3000";
        let template = Template::parse(TEMPLATE, &local_names(url)).unwrap();
        let shelf = Shelf::memory().unwrap();
        let table = EmbeddedTable::memory().unwrap();
        let cloud = Arc::new(Cloud::open(shelf, template, table, url).unwrap());
        let environment = &cloud.template.functions[FUNCTION].environment;
        let platform = Platform {
            config: Config::from_vars(|name| environment.get(name).cloned()).unwrap(),
            sdk: sdk_config(Arc::downgrade(&cloud), FUNCTION),
            clock: Arc::clone(&agency.ports.clock),
            random: Arc::new(SeededRandom::of(3)),
        };
        let function = Http(remit_files::App {
            store: agency.ports.store.clone(),
            bucket: Bucket::of(&platform),
            clock: Arc::clone(&agency.ports.clock),
            ids: agency.ports.ids.clone(),
        });
        Self {
            function: agency.audited("files", Arc::new(function)),
            cloud,
        }
    }

    async fn ask(&self, agency: &Agency, route: &str, path: &str, body: &Value) -> Answer {
        let key = format!("5d0e7a31-2b64-4c9f-8e17-{:012}", agency.next());
        let call = Call::new(route, path)
            .by(agency.account, Role::Biller)
            .header("idempotency-key", &key)
            .json(body);
        let answer = call.send(&self.function).await.unwrap();
        assert!(answer.status < 300, "{}", answer.text);
        answer
    }

    /// Says that a file will come; its id.
    pub async fn announce(&self, agency: &Agency) -> String {
        let facts = json!({
            "name": "train.pdf", "media_type": PDF, "bytes": RECEIPT.len(),
            "sha256": ContentHash::of(RECEIPT),
        });
        let path = "/v1/files";
        let announced = self.ask(agency, "POST /v1/files", path, &facts).await.body;
        let upload = announced["upload"]["url"].as_str().unwrap();
        assert!(upload.contains(s3::PREFIX), "{upload}");
        announced["id"].as_str().unwrap().to_owned()
    }

    /// Its bytes come.
    pub fn bring(&self, agency: &Agency, id: &str) {
        let key = format!("{}/{id}", agency.account);
        s3::keep(&self.cloud, &key, PDF, RECEIPT).unwrap();
    }

    /// Says that they are there.
    pub async fn complete(&self, agency: &Agency, id: &str) {
        let route = "POST /v1/files/{file_id}/complete";
        let path = format!("/v1/files/{id}/complete");
        let stored = self.ask(agency, route, &path, &json!({})).await.body;
        assert_eq!(stored["state"], "stored");
        let at: Timestamp = stored["stored_at"].as_str().unwrap().parse().unwrap();
        assert_eq!(at, agency.clock.now());
    }
}
