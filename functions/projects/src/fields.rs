//! A project's fields in a body.

use jiff::Timestamp;
use remit_billing::client::Client;
use remit_billing::fault::PointedFault;
use remit_billing::ids::{ClientId, ProjectId};
use remit_billing::money::Currency;
use remit_billing::party::Name;
use remit_billing::project::Project;
use remit_runtime::body::read;
use serde_json::Value;

/// A new project as its body says it, before its client is known.
#[derive(Debug, Clone)]
pub(crate) struct Written {
    pub client_id: ClientId,
    name: Name,
    team: Option<Name>,
    currency: Option<Currency>,
}

impl Written {
    pub(crate) fn read(body: &Value) -> Result<Self, Vec<PointedFault>> {
        read(body, |r| {
            let client_id = r.text("client_id", str::parse::<ClientId>);
            let name = r.text("name", Name::parse);
            let team = r.optional_text("team", Name::parse);
            let currency = r.optional_text("currency", Currency::parse);
            Some(Self {
                client_id: client_id?,
                name: name?,
                team,
                currency,
            })
        })
    }

    /// The project: a currency that is left out is the client's.
    pub(crate) fn project(self, client: &Client, id: ProjectId, now: Timestamp) -> Project {
        Project {
            account_id: client.account_id,
            id,
            client_id: client.id,
            name: self.name,
            team: self.team,
            currency: self.currency.unwrap_or(client.currency),
            created_at: now,
            updated_at: now,
            closed_at: None,
        }
    }
}

/// The project after a change. A field that is left out stays; null empties it, where it may be
/// empty. Client and currency stay: documents name them.
pub(crate) fn changed(body: &Value, present: &Project) -> Result<Project, Vec<PointedFault>> {
    read(body, |r| {
        let old = present.clone();
        let name = r.change_text("name", Name::parse);
        let team = r.change_text("team", Name::parse);
        Some(Project {
            name: name.apply_required(r, "name", old.name),
            team: team.apply(old.team),
            ..old
        })
    })
}
