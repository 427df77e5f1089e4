//! Contacts of clients who sign in.

use remit_billing::portal_access::{ContactOf, PortalAccess};

use crate::keys;
use crate::record::Record;
use crate::table::Key;

impl Record for PortalAccess {
    const TYPE: &'static str = "portal_access";
    fn key(&self) -> Key {
        keys::portal_access(self.account_id, self.contact_id)
    }
}

impl Record for ContactOf {
    const TYPE: &'static str = "contact_of";
    fn key(&self) -> Key {
        keys::contact_of(self.account_id, self.contact_id, self.client_id)
    }
}
