//! A project's fields in a body.

use jiff::Timestamp;
use remit_billing::client::Client;
use remit_billing::fault::{Fault, PointedFault};
use remit_billing::ids::{ClientId, MemberId, ProjectId};
use remit_billing::member::Roster;
use remit_billing::money::Currency;
use remit_billing::party::Name;
use remit_billing::project::{MAX_PROJECT_MEMBERS, Project};
use remit_runtime::body::read;
use serde_json::Value;

/// A new project as its body says it, before its client is known.
#[derive(Debug, Clone)]
pub(crate) struct Written {
    pub client_id: ClientId,
    name: Name,
    team: Option<Name>,
    pub member_ids: Vec<MemberId>,
    currency: Option<Currency>,
}

impl Written {
    pub(crate) fn read(body: &Value) -> Result<Self, Vec<PointedFault>> {
        read(body, |r| {
            let client_id = r.text("client_id", str::parse::<ClientId>);
            let name = r.text("name", Name::parse);
            let team = r.optional_text("team", Name::parse);
            let member_ids = r.values("member_ids", MAX_PROJECT_MEMBERS, member);
            let currency = r.optional_text("currency", Currency::parse);
            Some(Self {
                client_id: client_id?,
                name: name?,
                team,
                member_ids: member_ids.unwrap_or_default(),
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
            member_ids: self.member_ids,
            currency: self.currency.unwrap_or(client.currency),
            created_at: now,
            updated_at: now,
            closed_at: None,
            thanked_at: None,
        }
    }
}

fn member(value: &Value) -> Result<MemberId, Fault> {
    let expected = "a text";
    let text = value.as_str().ok_or(Fault::WrongType { expected })?;
    text.parse()
}

/// Each member is of the team, and named once.
pub(crate) fn check_members(named: &[MemberId], roster: Option<&Roster>) -> Vec<PointedFault> {
    let mut faults = Vec::new();
    for (index, id) in named.iter().enumerate() {
        let known = roster.is_some_and(|roster| roster.members.iter().any(|of| of.id == *id));
        let fault = match named.iter().take(index).any(|earlier| earlier == id) {
            true => Fault::Duplicate,
            false if known => continue,
            false => Fault::UnknownReference,
        };
        faults.push(PointedFault::new(format!("/member_ids/{index}"), fault));
    }
    faults
}

/// The project after a change. A field that is left out stays; null empties it, where it may be
/// empty. Client and currency stay: documents name them.
pub(crate) fn changed(body: &Value, present: &Project) -> Result<Project, Vec<PointedFault>> {
    read(body, |r| {
        let old = present.clone();
        let name = r.change_text("name", Name::parse);
        let team = r.change_text("team", Name::parse);
        let named = r.has("member_ids");
        let member_ids = r.values("member_ids", MAX_PROJECT_MEMBERS, member);
        Some(Project {
            name: name.apply_required(r, "name", old.name),
            team: team.apply(old.team),
            member_ids: match named {
                true => member_ids.unwrap_or_default(),
                false => old.member_ids,
            },
            ..old
        })
    })
}
