//! Invitations to the team: the token that a mail brings is made anew when the mail is, and stands
//! in the table only as its hash.

use remit_billing::ids::{AccountId, DeliveryId, MemberId};
use remit_billing::link::LinkSecret;
use remit_runtime::invitation::InvitationToken;
use remit_runtime::problem::Problem;

/// The token of the invitation that this mail brings.
///
/// # Errors
/// 500 where none can be made.
pub fn token(
    secret: &LinkSecret,
    account: AccountId,
    member: MemberId,
    delivery: DeliveryId,
) -> Result<InvitationToken, Problem> {
    let secret = secret.invitation(account, member, delivery);
    let secret = secret.ok_or_else(|| Problem::internal("no secret for an invitation"))?;
    Ok(InvitationToken::of_secret(secret))
}

/// The path of an invitation's page.
pub fn path(token: &InvitationToken) -> String {
    format!("/join/{}", token.reveal())
}
