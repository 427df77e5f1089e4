//! Bugs that the world can plant: the proof that the simulation finds such bugs.

/// A bug of the world, in the place of one in the product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bug {
    /// The mailer hands every mail over twice, as if claims meant nothing.
    MailsTwice,
    /// The table forgets all conditions.
    ConditionsLost,
    /// The table forgets the conditions on what a commit does not write.
    ChecksLost,
    /// Who loses the race for a claim is shown his own: claims without an id of their own.
    ClaimsLookAlike,
    /// Events are dropped, and nothing sweeps.
    EventsDroppedUnswept,
    /// A payment is stored under a new key each time.
    PaymentsUnderFreshKeys,
    /// Entries of the ledger are left out of commits.
    LedgerIncomplete,
    /// Receipts of requests are left out of commits.
    RequestReceiptsLost,
    /// Webhooks are acknowledged before they are taken in.
    WebhooksAcknowledgedUnread,
    /// The commit that bills a period forgets to move its subscription on.
    PeriodsNotMovedOn,
    /// The commit that bills a period forgets its invoice.
    PeriodsWithoutInvoice,
    /// The commit that charges a late fee forgets to note that.
    FeesNotNoted,
    /// Who sends a reminder that was held up does not see what was promised and paused meanwhile.
    FollowUpsUnread,
    /// The commit that finds a payout at the bank forgets to close it.
    PayoutsStayOpen,
    /// The commit that charges a bill forgets to note that in its period.
    ChargesNotNoted,
    /// The counter of a series moves on by two.
    NumbersLeftOut,
    /// The commit that issues forgets to move the counter on.
    NumbersTwice,
    /// The commit that takes a payment forgets the standings.
    StandingsBehind,
    /// Entries of the audit log are left out of commits.
    AuditIncomplete,
    /// The commit that takes a payment forgets the attempt that it is of.
    AttemptsStayOpen,
    /// What clients have is left out of commits.
    BalancesNotKept,
    /// The commit that credits forgets the credit note.
    CreditsNotKept,
    /// Each entry of the ledger is written twice.
    LedgerTwice,
    /// What a provider kept of a payment is booked, and not noted in it.
    FeesOfProvidersForgotten,
    /// The commit that asks for a monthly statement forgets to note the month.
    StatementsNotNoted,
    /// What was promised and paused is lost as soon as a standing is written again.
    WordsNotKept,
    /// The commit that bills on a client's day forgets to move that on.
    DaysNotMovedOn,
    /// The commit that bills a period forgets the period.
    PeriodsNotKept,
    /// Mails are stored without the time at which they are due.
    DuesLost,
    /// The commit that says what a mail is about forgets the mail.
    MailsNotAskedFor,
}

impl Bug {
    /// All of them.
    pub const ALL: &'static [Bug] = &[
        Bug::MailsTwice,
        Bug::ConditionsLost,
        Bug::ChecksLost,
        Bug::ClaimsLookAlike,
        Bug::EventsDroppedUnswept,
        Bug::PaymentsUnderFreshKeys,
        Bug::LedgerIncomplete,
        Bug::RequestReceiptsLost,
        Bug::WebhooksAcknowledgedUnread,
        Bug::PeriodsNotMovedOn,
        Bug::PeriodsWithoutInvoice,
        Bug::FeesNotNoted,
        Bug::FollowUpsUnread,
        Bug::PayoutsStayOpen,
        Bug::ChargesNotNoted,
        Bug::NumbersLeftOut,
        Bug::NumbersTwice,
        Bug::StandingsBehind,
        Bug::AuditIncomplete,
        Bug::AttemptsStayOpen,
        Bug::BalancesNotKept,
        Bug::CreditsNotKept,
        Bug::LedgerTwice,
        Bug::FeesOfProvidersForgotten,
        Bug::StatementsNotNoted,
        Bug::WordsNotKept,
        Bug::DaysNotMovedOn,
        Bug::PeriodsNotKept,
        Bug::DuesLost,
        Bug::MailsNotAskedFor,
    ];
}
