//! Where an estimate stands, in the words of the contract.

/// Where an estimate stands, as the contract says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EstimateState {
    /// It is being written and was never sent.
    Draft,
    /// It waits for approval.
    InReview,
    /// Another member approved it, and it was not sent yet.
    Approved,
    /// The client has it.
    Sent,
    /// The client accepted it.
    Accepted,
    /// The client declined it.
    Declined,
    /// The agency took it back.
    Withdrawn,
    /// Its last day is over.
    Expired,
}

impl EstimateState {
    /// The words of the contract.
    pub const WORDS: &'static [&'static str] = &[
        "draft",
        "in_review",
        "approved",
        "sent",
        "accepted",
        "declined",
        "withdrawn",
        "expired",
    ];

    /// Every state.
    const ALL: [Self; 8] = [
        EstimateState::Draft,
        EstimateState::InReview,
        EstimateState::Approved,
        EstimateState::Sent,
        EstimateState::Accepted,
        EstimateState::Declined,
        EstimateState::Withdrawn,
        EstimateState::Expired,
    ];

    /// Reads the word of the contract.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }

    /// The state that is stored: an expired estimate is a sent one whose last day is over.
    pub fn stored(self) -> Self {
        match self {
            EstimateState::Expired => EstimateState::Sent,
            state => state,
        }
    }

    /// The word of the contract.
    pub fn as_str(self) -> &'static str {
        match self {
            EstimateState::Draft => "draft",
            EstimateState::InReview => "in_review",
            EstimateState::Approved => "approved",
            EstimateState::Sent => "sent",
            EstimateState::Accepted => "accepted",
            EstimateState::Declined => "declined",
            EstimateState::Withdrawn => "withdrawn",
            EstimateState::Expired => "expired",
        }
    }
}
