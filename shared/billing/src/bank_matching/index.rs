//! What is open, laid out so that a transfer is looked up and never searched for.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::civil::Date;

use super::payer::{LearnedPayer, PayerHash, normalised_name};
use super::{MatchWork, MatchedPart, OpenInvoice, Settled, SettledInvoice};
use crate::bank_text::normalised_number;
use crate::creditor_reference::CreditorReference;
use crate::ids::{ClientId, InvoiceId};
use crate::money::{Currency, Money, MoneyError};

/// From so many digits on, a number without its letters is worth a look.
const TELLING_TAIL: usize = 4;

/// An open invoice by its due day, then by its place: how invoices are told in order.
pub(super) type Slot = (Date, usize);

/// What a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Named {
    /// An invoice that was open when the index was built.
    Open(usize),
    /// One that was settled already.
    Settled(usize),
}

#[derive(Debug, Default)]
pub(super) struct OfClient {
    pub slots: BTreeSet<Slot>,
    /// Sum of what is due, in minor units.
    pub due_minor: i128,
}

/// The open invoices, by everything that a transfer may know of them.
#[derive(Debug, Default)]
pub struct MatchIndex {
    open: Vec<OpenInvoice>,
    settled: Vec<SettledInvoice>,
    places: HashMap<InvoiceId, usize>,
    by_number: HashMap<String, Vec<Named>>,
    by_digits: HashMap<String, Vec<Named>>,
    by_reference: HashMap<CreditorReference, Vec<Named>>,
    by_amount: HashMap<(Currency, i128), BTreeSet<Slot>>,
    by_client_amount: HashMap<(ClientId, Currency, i128), BTreeSet<Slot>>,
    by_client: HashMap<(ClientId, Currency), OfClient>,
    clients_by_name: HashMap<String, BTreeSet<ClientId>>,
    clients_by_payer: HashMap<PayerHash, BTreeSet<ClientId>>,
}

impl MatchIndex {
    /// Lays out the open invoices; one that is given twice counts once, one on which nothing is
    /// due not at all.
    pub fn new(open: impl IntoIterator<Item = OpenInvoice>) -> Self {
        let mut index = Self::default();
        for invoice in open {
            if invoice.balance_due.is_positive() && !index.places.contains_key(&invoice.invoice_id)
            {
                index.add(invoice);
            }
        }
        index
    }

    /// With invoices that are settled, so that a transfer that names one is recognised.
    #[must_use]
    pub fn with_settled(mut self, settled: impl IntoIterator<Item = SettledInvoice>) -> Self {
        for invoice in settled {
            let named = Named::Settled(self.settled.len());
            self.name(&invoice.number.clone(), named);
            self.settled.push(invoice);
        }
        self
    }

    /// With what was learned of payers.
    #[must_use]
    pub fn with_payers(mut self, payers: impl IntoIterator<Item = LearnedPayer>) -> Self {
        for learned in payers {
            let clients = self.clients_by_payer.entry(learned.payer).or_default();
            clients.insert(learned.client_id);
        }
        self
    }

    /// With the clients' names, the legal one beside the other where there are two.
    #[must_use]
    pub fn with_clients<'a>(
        mut self,
        clients: impl IntoIterator<Item = (ClientId, &'a str)>,
    ) -> Self {
        for (client_id, name) in clients {
            let name = normalised_name(name);
            if !name.is_empty() {
                self.clients_by_name
                    .entry(name)
                    .or_default()
                    .insert(client_id);
            }
        }
        self
    }

    fn add(&mut self, invoice: OpenInvoice) {
        let place = self.open.len();
        self.places.insert(invoice.invoice_id, place);
        self.name(&invoice.number.clone(), Named::Open(place));
        self.open.push(invoice);
        self.lay(place);
    }

    fn name(&mut self, number: &crate::numbering::DocumentNumber, named: Named) {
        let normalised = normalised_number(number);
        let digits: String = normalised.chars().filter(char::is_ascii_digit).collect();
        if digits.len() >= TELLING_TAIL && digits.len() < normalised.len() {
            self.by_digits.entry(digits).or_default().push(named);
        }
        if !normalised.is_empty() {
            self.by_number.entry(normalised).or_default().push(named);
        }
        if let Ok(reference) = CreditorReference::of_number(number) {
            self.by_reference.entry(reference).or_default().push(named);
        }
    }

    /// Puts an invoice where its due amount is looked up.
    fn lay(&mut self, place: usize) {
        let Some(invoice) = self.open.get(place) else {
            return;
        };
        let due = invoice.balance_due;
        let (client, currency, minor) = (invoice.client_id, due.currency(), due.minor());
        let slot = (invoice.due_on, place);
        self.by_amount
            .entry((currency, minor))
            .or_default()
            .insert(slot);
        let of_client = self.by_client_amount.entry((client, currency, minor));
        of_client.or_default().insert(slot);
        let of_client = self.by_client.entry((client, currency)).or_default();
        of_client.slots.insert(slot);
        of_client.due_minor += minor;
    }

    /// Takes an invoice from where its due amount is looked up.
    fn lift(&mut self, place: usize) {
        let Some(invoice) = self.open.get(place) else {
            return;
        };
        let due = invoice.balance_due;
        let (client, currency, minor) = (invoice.client_id, due.currency(), due.minor());
        let slot = (invoice.due_on, place);
        if let Some(slots) = self.by_amount.get_mut(&(currency, minor)) {
            slots.remove(&slot);
        }
        if let Some(slots) = self.by_client_amount.get_mut(&(client, currency, minor)) {
            slots.remove(&slot);
        }
        if let Some(of_client) = self.by_client.get_mut(&(client, currency))
            && of_client.slots.remove(&slot)
        {
            of_client.due_minor -= minor;
        }
    }

    /// Takes in what a transfer paid, decided here or by a person: what is due changes, and an
    /// invoice on which nothing is due any more counts as paid. Invoices that are not known are
    /// left out.
    ///
    /// # Errors
    /// A part in another currency than its invoice; the parts before it are taken in.
    pub fn apply(&mut self, parts: &[MatchedPart]) -> Result<(), MoneyError> {
        for part in parts {
            let Some(&place) = self.places.get(&part.invoice_id) else {
                continue;
            };
            let Some(before) = self.due(place) else {
                continue;
            };
            let zero = Money::zero(before.currency());
            let after = before.checked_sub(part.amount)?.max(zero)?;
            self.lift(place);
            if let Some(invoice) = self.open.get_mut(place) {
                invoice.balance_due = after;
            }
            if after.is_positive() {
                self.lay(place);
            }
        }
        Ok(())
    }

    /// What is due of an invoice now; none where it is not known as open.
    pub fn balance_due(&self, invoice_id: InvoiceId) -> Option<Money> {
        self.places
            .get(&invoice_id)
            .and_then(|&place| self.due(place))
    }

    pub(super) fn place(&self, invoice_id: InvoiceId) -> Option<usize> {
        self.places.get(&invoice_id).copied()
    }

    fn due(&self, place: usize) -> Option<Money> {
        self.open.get(place).map(|invoice| invoice.balance_due)
    }

    pub(super) fn invoice(&self, place: usize) -> Option<&OpenInvoice> {
        self.open.get(place)
    }

    /// An invoice that is named but not open: which, and how it ended.
    pub(super) fn ended(&self, named: Named) -> Option<(InvoiceId, Settled)> {
        match named {
            Named::Open(place) => self
                .open
                .get(place)
                .filter(|invoice| !invoice.balance_due.is_positive())
                .map(|invoice| (invoice.invoice_id, Settled::Paid)),
            Named::Settled(place) => self
                .settled
                .get(place)
                .map(|invoice| (invoice.invoice_id, invoice.settled)),
        }
    }

    pub(super) fn of_number(&self, normalised: &str, work: &mut MatchWork) -> Option<&[Named]> {
        work.look_ups += 1;
        self.by_number.get(normalised).map(Vec::as_slice)
    }

    /// What has these digits in its number, the letters left out.
    pub(super) fn of_digits(&self, digits: &str, work: &mut MatchWork) -> Option<&[Named]> {
        work.look_ups += 1;
        self.by_digits.get(digits).map(Vec::as_slice)
    }

    pub(super) fn of_reference(
        &self,
        reference: &CreditorReference,
        work: &mut MatchWork,
    ) -> Option<&[Named]> {
        work.look_ups += 1;
        self.by_reference.get(reference).map(Vec::as_slice)
    }

    pub(super) fn of_amount(&self, amount: Money, work: &mut MatchWork) -> Option<&BTreeSet<Slot>> {
        work.look_ups += 1;
        let slots = self.by_amount.get(&(amount.currency(), amount.minor()));
        slots.filter(|slots| !slots.is_empty())
    }

    pub(super) fn of_client_and_amount(
        &self,
        client_id: ClientId,
        amount: Money,
        work: &mut MatchWork,
    ) -> Option<&BTreeSet<Slot>> {
        work.look_ups += 1;
        let key = (client_id, amount.currency(), amount.minor());
        let slots = self.by_client_amount.get(&key);
        slots.filter(|slots| !slots.is_empty())
    }

    pub(super) fn of_client(
        &self,
        client_id: ClientId,
        currency: Currency,
        work: &mut MatchWork,
    ) -> Option<&OfClient> {
        work.look_ups += 1;
        let of_client = self.by_client.get(&(client_id, currency));
        of_client.filter(|of_client| !of_client.slots.is_empty())
    }

    /// The clients that a payer may be, and whether they were learned.
    pub(super) fn payers(
        &self,
        name: Option<&str>,
        account: Option<&str>,
        work: &mut MatchWork,
    ) -> BTreeMap<ClientId, bool> {
        let mut clients = BTreeMap::new();
        let learned = [
            account.and_then(PayerHash::of_account),
            name.and_then(PayerHash::of_name),
        ];
        if let Some(name) = name {
            work.look_ups += 1;
            if let Some(named) = self.clients_by_name.get(&normalised_name(name)) {
                clients.extend(named.iter().map(|&client_id| (client_id, false)));
            }
        }
        for payer in learned.into_iter().flatten() {
            work.look_ups += 1;
            if let Some(known) = self.clients_by_payer.get(&payer) {
                clients.extend(known.iter().map(|&client_id| (client_id, true)));
            }
        }
        clients
    }
}
