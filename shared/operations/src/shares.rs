//! Attempts for several invoices: their standings, and money that comes for all of them at once.

use jiff::Timestamp;
use remit_billing::attempt::Attempt;
use remit_billing::ids::InvoiceId;
use remit_billing::payment::{Payment, Received, Settlement};
use remit_billing::standing::Standing;
use remit_runtime::problem::Problem;
use remit_store::{Versioned, keys};

use crate::load::Batch;
use crate::ports::Ports;

/// The standings of an attempt's invoices beside the one that it stands with, in its order; nothing is
/// read where it is for one alone.
///
/// # Errors
/// 404 where one is not issued, which no attempt names; 503.
pub(crate) async fn others(
    ports: &Ports,
    attempt: &Attempt,
) -> Result<Vec<Versioned<Standing>>, Problem> {
    let others = attempt.shares.iter().skip(1);
    let wanted: Vec<_> = others
        .map(|share| keys::invoice_standing(attempt.account_id, share.invoice_id))
        .collect();
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let mut batch = Batch::read(&ports.store, &wanted).await?;
    wanted.iter().map(|_| batch.need::<Standing>()).collect()
}

/// An attempt for several invoices with their standings.
pub(crate) struct Several {
    attempt: Attempt,
    /// In the order of its shares.
    pub standings: Vec<Versioned<Standing>>,
}

impl Several {
    /// The attempt, if it is for several; `lead` is the standing of the invoice that it stands with.
    ///
    /// # Errors
    /// As [`others`].
    pub(crate) async fn of(
        ports: &Ports,
        attempt: &Attempt,
        lead: Versioned<Standing>,
    ) -> Result<Option<Self>, Problem> {
        if attempt.shares.is_empty() {
            return Ok(None);
        }
        let mut standings = vec![lead];
        standings.extend(others(ports, attempt).await?);
        Ok(Some(Self {
            attempt: attempt.clone(),
            standings,
        }))
    }

    /// The invoices, in its order.
    pub(crate) fn invoices(&self) -> Vec<InvoiceId> {
        let shares = self.attempt.shares.iter();
        shares.map(|share| share.invoice_id).collect()
    }

    /// What money that came of it settles.
    ///
    /// # Errors
    /// 500 for amounts that cannot be added up.
    pub(crate) fn receive(
        &self,
        received: Received,
        now: Timestamp,
    ) -> Result<Settlement, Problem> {
        let standings = self.standings.iter().map(|standing| standing.value.clone());
        let shares = self.attempt.shares.iter().map(|share| share.amount);
        let shares = standings.zip(shares).collect();
        Payment::receive_shares(received, self.attempt.client_id, shares, now)
            .map_err(Problem::internal)
    }
}
