//! Who sends: the agency's name, colour and legal particulars, and anyone named on a document.

mod accent;

use remit_billing::account::Account;
use remit_billing::brand::LogoFacts;
use remit_billing::client::Client;
use remit_billing::ids::AccountId;
use remit_billing::invoice::PartyCopy;
use remit_billing::party::Language;

use crate::issued::parties;
use crate::locale::{LocaleError, Words};

pub use accent::Accent;

/// The agency as its clients see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agency {
    /// The name it is known by: the text that stands there without a logo.
    pub name: String,
    /// Its colour.
    pub accent: Accent,
    /// Its logo, where it has one.
    pub logo: Option<AgencyLogo>,
    /// Its legal particulars, as they stand on a document.
    pub party: Party,
}

impl Agency {
    /// The agency as it is now, to somebody who reads this language: abroad its country is named.
    ///
    /// # Errors
    /// When a word is missing.
    pub fn of(
        account: &Account,
        client: Option<&Client>,
        language: Language,
    ) -> Result<Self, LocaleError> {
        let seller = PartyCopy::of_account(account);
        let domestic =
            client.is_none_or(|of| parties::same_country(&seller, &PartyCopy::of_client(of)));
        let mut party = parties::party(Words::of(language)?, &seller, domestic)?;
        party.email = Some(account.email.to_string());
        Ok(Self::known_by(account, party))
    }

    /// Its name, colour and logo as they are now, above these particulars.
    pub(crate) fn known_by(account: &Account, party: Party) -> Self {
        Self {
            name: account.name.to_string(),
            accent: account.brand.colour.map(Accent::of).unwrap_or_default(),
            logo: AgencyLogo::of(account),
            party,
        }
    }

    /// No more than its name, and where to write to: for pages that are about no document.
    pub(crate) fn by_name(account: &Account) -> Self {
        let party = Party {
            name: account.name.to_string(),
            email: Some(account.email.to_string()),
            ..Party::default()
        };
        Self::known_by(account, party)
    }
}

/// An agency's logo: which it is, and not its picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AgencyLogo {
    /// Whose.
    pub account_id: AccountId,
    /// Which, and how large.
    pub facts: LogoFacts,
}

impl AgencyLogo {
    /// The one that an account has.
    pub fn of(account: &Account) -> Option<Self> {
        let facts = account.brand.logo?;
        Some(Self {
            account_id: account.id,
            facts,
        })
    }

    /// Where pages get its picture: beside them, under the name of its content.
    pub fn path(&self) -> String {
        format!("/portal/{}/logo/{}", self.account_id, self.facts.sha256)
    }
}

/// A supplier or a customer as named on a document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Party {
    /// The legal name.
    pub name: String,
    /// The address, line by line, in the order of its country; the country last if it is shown.
    pub address: Vec<String>,
    /// Tax ids and registrations, in the order in which they are shown.
    pub tax_ids: Vec<TaxIdentity>,
    /// Where to write.
    pub email: Option<String>,
    /// Where to call.
    pub phone: Option<String>,
    /// Where to look: an absolute `https` address.
    pub website: Option<String>,
}

/// A tax id or registration of a party.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaxIdentity {
    /// What it is called on the document, such as `VAT` or `EIN`; `None` shows the language's
    /// word for a tax id.
    pub label: Option<String>,
    /// The id as it is written.
    pub value: String,
}
