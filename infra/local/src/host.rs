//! One running host: everything that the template deploys, behind one address.

use std::fs::File;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::serve::ListenerExt as _;
use remit_embedded_table::{EmbeddedTable, OpenError};
use remit_runtime::{BoxError, Clock, Config, Platform, Random, SystemRandom};
use remit_store::schema::create_table;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::aws;
use crate::cloud::Cloud;
use crate::first_start::{self, Agency, FirstStartError};
use crate::issuer::Issuer;
use crate::registry::{self, RegistryError};
use crate::shelf::{Shelf, ShelfError};
use crate::site::{Site, router};
use crate::template::{Names, Template, TemplateError, path_of_workspace};

const SECRETS_MANAGER: &str = "/aws/reference/secretsmanager/";

/// How a host is started.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The port; 0 takes any that is free.
    pub port: u16,
    /// Where data is kept; nothing of it outlives the process where this is none.
    pub data: Option<PathBuf>,
    /// No example clients.
    pub empty: bool,
    /// The owner's API key at the first start; made up if left out.
    pub api_key: Option<String>,
    /// The template; the workspace's if left out.
    pub template: Option<PathBuf>,
    /// What a key and a link may ask in a second, instead of what the template says; 0 is no limit.
    pub requests_per_s: RequestsPerS,
}

/// How often somebody may ask.
#[derive(Debug, Clone, Copy, Default)]
pub struct RequestsPerS {
    /// One key or member.
    pub key: u32,
    /// One link.
    pub link: u32,
}

/// Why a host does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The template.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// The host's own data.
    #[error(transparent)]
    Shelf(#[from] ShelfError),
    /// The embedded table.
    #[error(transparent)]
    Table(#[from] OpenError),
    /// The table could not be made.
    #[error("the table cannot be made: {0}")]
    Create(remit_store::TableError),
    /// A function.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// The example agency.
    #[error(transparent)]
    FirstStart(#[from] FirstStartError),
    /// The stand-in for the issuer of tokens.
    #[error(transparent)]
    Issuer(#[from] remit_oidc::model::ModelError),
    /// The port, or the folder.
    #[error("{what}: {cause}")]
    System {
        /// What was tried.
        what: String,
        /// What came of it.
        cause: std::io::Error,
    },
    /// Another host has the folder.
    #[error("{} is in use by another host: stop it, or take another --data", .0.display())]
    InUse(PathBuf),
}

/// The local values of the template's parameters.
pub fn local_names(base_url: &str) -> Names {
    Names::local(&[
        ("Stage", "local"),
        ("MailFrom", "billing@agency.example"),
        ("ReplyDomain", "replies.agency.example"),
        ("PublicBaseUrl", base_url),
        ("StripeApiBase", &format!("{base_url}/_local/stripe")),
        ("PayPalApiBase", &format!("{base_url}/_local/paypal")),
        (
            "GoCardlessApiBase",
            &format!("{base_url}/_local/gocardless"),
        ),
        ("TossApiBase", &format!("{base_url}/_local/toss")),
        ("OidcIssuer", &crate::issuer::url(base_url)),
        ("OidcAudiences", crate::issuer::AUDIENCE),
        ("OidcClientId", crate::issuer::AUDIENCE),
        ("DocumentsBucket", crate::aws::s3::BUCKET),
        ("DocumentsEndpoint", &format!("{base_url}/_local/s3")),
    ])
}

/// A running host.
pub struct Host {
    /// Where it answers, such as `http://127.0.0.1:3000`.
    pub url: String,
    /// The example agency.
    pub agency: Agency,
    /// Whether the agency was made by this start.
    pub is_first_start: bool,
    /// What runs, for tests that look inside.
    pub cloud: Arc<Cloud>,
    /// The stand-in for the issuer of tokens.
    pub issuer: Arc<Issuer>,
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
    /// Held for as long as the folder is in use.
    _lock: Option<File>,
}

impl Host {
    /// Starts one, and returns when it answers.
    ///
    /// # Errors
    /// [`StartError`].
    pub async fn start(options: Options) -> Result<Self, StartError> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port))
            .await
            .map_err(|cause| system(&format!("port {}", options.port), cause))?;
        let address = listener
            .local_addr()
            .map_err(|cause| system("the port", cause))?;
        let url = format!("http://{address}");
        let path = options.template.clone().unwrap_or_else(path_of_workspace);
        let template = Template::read(&path, &local_names(&url))?;
        let lock = options.data.as_deref().map(lock).transpose()?;
        let (shelf, table) = match &options.data {
            None => (Shelf::memory()?, EmbeddedTable::memory()?),
            Some(folder) => (
                Shelf::open(&folder.join("host.sqlite"))?,
                EmbeddedTable::open(&folder.join("table.sqlite"))?,
            ),
        };
        let rates = options.requests_per_s;
        let cloud = open(shelf, template, table, &url, rates).await?;
        let (stop, stopped) = watch::channel(false);
        let issuer = Arc::new(Issuer::new(&url)?);
        let site = Site {
            cloud: Arc::clone(&cloud),
            base_url: url.as_str().into(),
            issuer: Arc::clone(&issuer),
        };
        let mut tasks = vec![tokio::spawn(serve(listener, site, stopped.clone()))];
        let agency = first_start::agency(&cloud, &issuer, &options).await?;
        let driven = Arc::clone(&cloud);
        tasks.push(tokio::spawn(async move { driven.drive(stopped).await }));
        Ok(Self {
            url,
            is_first_start: agency.1,
            agency: agency.0,
            cloud,
            issuer,
            stop,
            tasks,
            _lock: lock,
        })
    }

    /// Stops: no new requests, and what is being done is done to its end.
    pub async fn stop(self) {
        // Nobody listening is fine: then all has ended already.
        let _all_ended = self.stop.send(true);
        for task in self.tasks {
            if let Err(error) = task.await {
                tracing::error!(%error, "a task of the host ended badly");
            }
        }
    }
}

fn system(what: &str, cause: std::io::Error) -> StartError {
    StartError::System {
        what: what.to_owned(),
        cause,
    }
}

/// Makes the folder, for its owner only, and takes it.
fn lock(folder: &Path) -> Result<File, StartError> {
    let shown = || folder.display().to_string();
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(folder)
        .map_err(|cause| system(&shown(), cause))?;
    let file = File::create(folder.join("lock")).map_err(|cause| system(&shown(), cause))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => Err(StartError::InUse(folder.to_owned())),
        Err(std::fs::TryLockError::Error(cause)) => Err(system(&shown(), cause)),
    }
}

async fn open(
    shelf: Shelf,
    template: Template,
    table: EmbeddedTable,
    url: &str,
    rates: RequestsPerS,
) -> Result<Arc<Cloud>, StartError> {
    let tables = aws_sdk_dynamodb::Client::new(&table.sdk_config());
    for name in &template.tables {
        create_table(&tables, name)
            .await
            .map_err(StartError::Create)?;
    }
    let cloud = Arc::new(Cloud::open(shelf, template, table, url)?);
    for name in &cloud.template.secrets {
        // Generated once, as Secrets Manager would.
        let value = format!("{}{}", cloud.random_id(), cloud.random_id());
        cloud
            .parameters
            .put(&format!("{SECRETS_MANAGER}{name}"), &value, false)?;
    }
    let clock: Arc<dyn Clock> = Arc::new(cloud.clock.clone());
    let random: Arc<dyn Random> = Arc::new(SystemRandom);
    let functions = registry::functions(&cloud.template, |id, environment| {
        let config = Config {
            key_requests_per_s: rates.key,
            link_requests_per_s: rates.link,
            ..Config::from_vars(|name| environment.get(name).cloned())?
        };
        let (clock, random) = (Arc::clone(&clock), Arc::clone(&random));
        Ok::<_, BoxError>(Platform {
            config,
            sdk: aws::sdk_config(Arc::downgrade(&cloud), id),
            clock,
            random,
        })
    })?;
    cloud.install(functions);
    Ok(cloud)
}

async fn serve(listener: TcpListener, site: Site, mut stop: watch::Receiver<bool>) {
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "answers may be held back a little");
        }
    });
    let stopped = async move {
        // A sender that is gone stops it too.
        let _gone = stop.wait_for(|stop| *stop).await;
    };
    let served = axum::serve(listener, router(site))
        .with_graceful_shutdown(stopped)
        .await;
    if let Err(error) = served {
        tracing::error!(%error, "the host does not answer any more");
    }
}
