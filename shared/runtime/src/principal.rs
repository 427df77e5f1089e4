//! Who asks. The account comes from the principal and from nowhere else.

use remit_billing::account::Role;
use remit_billing::actor::ActorId;
use remit_billing::ids::{AccountId, ApiKeyId, MemberId, ProjectId};
use remit_billing::invoice::InvoiceContent;
use serde_json::{Map, Value, json};

use crate::problem::Problem;

/// Projects that a key can be limited to, at most: their ids have to fit the authorizer's context.
pub const MAX_KEY_PROJECTS: usize = 20;

/// A proved principal: an API key, a member, or a key of a member's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    /// The account that it acts for.
    pub account_id: AccountId,
    /// The API key, where it came with one.
    pub api_key_id: Option<ApiKeyId>,
    /// The member that it is, or that its key belongs to.
    pub member_id: Option<MemberId>,
    /// What it may do now: the least of what the key and the member may.
    pub role: Role,
    /// The projects that its key is limited to; all of the account, where there are none.
    pub projects: Option<Vec<ProjectId>>,
    actor: ActorId,
}

impl Principal {
    /// A principal; nothing where neither a key nor a member is named.
    pub fn new(
        account_id: AccountId,
        api_key_id: Option<ApiKeyId>,
        member_id: Option<MemberId>,
        role: Role,
        projects: Option<Vec<ProjectId>>,
    ) -> Option<Self> {
        let of_key = api_key_id.map(ActorId::ApiKey);
        let actor = member_id.map(ActorId::Member).or(of_key)?;
        Some(Self {
            account_id,
            api_key_id,
            member_id,
            role,
            projects,
            actor,
        })
    }

    /// Reads what the authorizer put into the request's context; nothing where it named nobody, or
    /// where anything of it cannot be read.
    pub fn from_context(context: &Value) -> Option<Self> {
        let text = |name: &str| match context.get(name) {
            None | Some(Value::Null) => Some(None),
            Some(value) => value.as_str().map(Some),
        };
        let key = text("api_key_id")?.map(str::parse).transpose().ok()?;
        let member = text("member_id")?.map(str::parse).transpose().ok()?;
        let projects = text("project_ids")?
            .map(|list| list.split(',').map(str::parse).collect::<Result<_, _>>())
            .transpose()
            .ok()?;
        let account = text("account_id")??.parse().ok()?;
        Self::new(account, key, member, Role::parse(text("role")??)?, projects)
    }

    /// What the authorizer puts into the request's context: texts only, which every gateway carries.
    pub fn to_context(&self) -> Value {
        let mut context = Map::new();
        let mut put = |name: &str, text: Option<String>| {
            if let Some(text) = text {
                context.insert(name.to_owned(), json!(text));
            }
        };
        put("account_id", Some(self.account_id.to_string()));
        put("api_key_id", self.api_key_id.map(|id| id.to_string()));
        put("member_id", self.member_id.map(|id| id.to_string()));
        put("role", Some(self.role.as_str().to_owned()));
        let projects = self.projects.as_ref().map(|projects| {
            let ids: Vec<String> = projects.iter().map(ToString::to_string).collect();
            ids.join(",")
        });
        put("project_ids", projects);
        Value::Object(context)
    }

    /// Who it is, as documents keep it: the member, or a key that belongs to nobody in particular.
    pub fn actor_id(&self) -> ActorId {
        self.actor
    }

    /// Asks for a role, or one above it.
    ///
    /// # Errors
    /// 403 `forbidden_role`.
    pub fn require(&self, role: Role) -> Result<(), Problem> {
        if self.role >= role {
            return Ok(());
        }
        Err(Problem::forbidden_role(role))
    }

    /// Whether a project is among those that its key is limited to.
    pub fn reaches(&self, project: ProjectId) -> bool {
        let projects = self.projects.as_ref();
        projects.is_none_or(|projects| projects.contains(&project))
    }

    /// Whether everything that an invoice bills is of projects that its key is limited to. A line
    /// of no project is out of its reach.
    pub fn reaches_all_of(&self, content: &InvoiceContent) -> bool {
        let mut lines = content.lines.iter();
        self.projects.is_none()
            || lines.all(|line| {
                let project = line.project_id.or(content.project_id);
                project.is_some_and(|project| self.reaches(project))
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACCOUNT: &str = "acc_01h455vb4pex5vsknk084sn02q";
    const KEY: &str = "key_01h455vb4pex5vsknk084sn02q";
    const MEMBER: &str = "mem_01h455vb4pex5vsknk084sn02q";
    const PROJECT: &str = "prj_01h455vb4pex5vsknk084sn02q";

    #[test]
    fn a_context_reads_back_as_the_principal() {
        let one = PROJECT.parse().unwrap();
        for (key, member, projects) in [
            (Some(KEY), None, None),
            (None, Some(MEMBER), None),
            (Some(KEY), Some(MEMBER), Some(vec![one, one])),
        ] {
            let principal = Principal::new(
                ACCOUNT.parse().unwrap(),
                key.map(|id| id.parse().unwrap()),
                member.map(|id| id.parse().unwrap()),
                Role::Biller,
                projects,
            );
            let principal = principal.unwrap();
            assert_eq!(
                Principal::from_context(&principal.to_context()),
                Some(principal.clone())
            );
            let actor = principal.actor_id().to_string();
            assert_eq!(Some(actor.as_str()), member.or(key));
        }
    }

    /// What limits a principal never gets lost on the way: what cannot be read is nobody.
    #[test]
    fn what_cannot_be_read_is_nobody() {
        let whole = json!({
            "account_id": ACCOUNT, "api_key_id": KEY, "member_id": MEMBER, "role": "owner",
            "project_ids": PROJECT,
        });
        assert!(Principal::from_context(&whole).is_some());
        for (name, bad) in [
            ("account_id", json!(null)),
            ("account_id", json!("acc_x")),
            ("api_key_id", json!(1)),
            ("member_id", json!("mem_x")),
            ("role", json!("king")),
            ("project_ids", json!("")),
            ("project_ids", json!([PROJECT])),
            ("project_ids", json!("prj_x")),
        ] {
            let mut context = whole.clone();
            context[name] = bad.clone();
            assert_eq!(Principal::from_context(&context), None, "{name} {bad}");
        }
        let nobody = json!({"account_id": ACCOUNT, "role": "owner"});
        assert_eq!(Principal::from_context(&nobody), None);
        assert_eq!(Principal::from_context(&Value::Null), None);
    }
}
