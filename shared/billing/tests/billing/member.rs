//! The team: who handles whom, who stays, and what becomes of invitations.

use jiff::{SignedDuration, Timestamp};
use remit_billing::account::Role;
use remit_billing::delivery::CancelReason;
use remit_billing::identity::IdentityRefusal;
use remit_billing::ids::MemberId;
use remit_billing::invitation::{Invitation, InvitationRefusal};
use remit_billing::member::{MAX_MEMBERS, Member, MemberRefusal, MemberState, NewMember, Roster};

use crate::house::{id, of};

const ROLES: [Role; 4] = [Role::Viewer, Role::Biller, Role::Manager, Role::Owner];

fn now() -> Timestamp {
    of("2026-03-02T09:00:00Z")
}

fn later(hours: i64) -> Timestamp {
    now() + SignedDuration::from_hours(hours)
}

fn new(number: u128, role: Role) -> NewMember {
    NewMember {
        id: id(number),
        email: of(&format!("m{number}@studio.example")),
        name: of(&format!("M {number}")),
        role,
    }
}

fn invitation(hash: &str) -> Invitation {
    Invitation::new(hash.to_owned(), now())
}

fn founded() -> Roster {
    Roster::founded(id(1), new(1, Role::Owner), now())
}

/// With one more, who has accepted.
fn with(roster: Roster, number: u128, role: Role) -> Roster {
    let hash = format!("hash {number}");
    let invited = roster.invite(Role::Owner, new(number, role), invitation(&hash), now());
    invited.unwrap().accept(id(number), &hash, now()).unwrap()
}

fn state(roster: &Roster, number: u128) -> MemberState {
    roster.member(id(number)).unwrap().state()
}

fn change(roster: &Roster, by: Role, number: u128, role: Role) -> Result<Roster, MemberRefusal> {
    let name = roster.member(id(number)).unwrap().name.clone();
    let roster = roster.clone();
    roster.change(by, id(number), name, role, later(1))
}

#[test]
fn a_team_begins_with_its_owner() {
    let team = founded();
    assert_eq!((team.active_count(), team.members.len()), (1, 1));
    assert_eq!(team.role_of(id(1)), Some(Role::Owner));
    assert_eq!(team.role_of(id(2)), None);
    assert_eq!(Roster::empty(id(1)).active_count(), 0);
}

#[test]
fn who_is_invited_is_nobody_until_accepting() {
    let team = founded().invite(Role::Owner, new(2, Role::Biller), invitation("a"), now());
    let team = team.unwrap();
    assert_eq!(state(&team, 2), MemberState::Invited);
    assert_eq!((team.role_of(id(2)), team.active_count()), (None, 1));

    let unknown = |id: MemberId, hash: &str| team.clone().accept(id, hash, now());
    assert_eq!(unknown(id(2), "b"), Err(InvitationRefusal::Unknown));
    assert_eq!(unknown(id(1), "a"), Err(InvitationRefusal::Unknown));
    assert_eq!(unknown(id(9), "a"), Err(InvitationRefusal::Unknown));

    let expired_at = later(7 * 24);
    let too_late = team.clone().accept(id(2), "a", expired_at);
    assert_eq!(too_late, Err(InvitationRefusal::Expired { expired_at }));
    let last = expired_at - SignedDuration::from_secs(1);
    let team = team.accept(id(2), "a", last).unwrap();
    assert_eq!(team.role_of(id(2)), Some(Role::Biller));
    let member = team.member(id(2)).unwrap();
    assert_eq!((member.accepted_at, member.version), (Some(last), 2));
    for at in [last, expired_at] {
        let again = team.clone().accept(id(2), "a", at);
        assert_eq!(again, Err(InvitationRefusal::Used));
    }
}

#[test]
fn a_new_invitation_is_the_only_one() {
    let team = founded().invite(Role::Owner, new(2, Role::Biller), invitation("a"), now());
    let team = team.unwrap();
    let team = team.invite_again(Role::Manager, id(2), invitation("b"), later(1));
    let team = team.unwrap();
    let old = team.clone().accept(id(2), "a", later(2));
    assert_eq!(old, Err(InvitationRefusal::Unknown));
    let team = team.accept(id(2), "b", later(2)).unwrap();
    let again = team.invite_again(Role::Owner, id(2), invitation("c"), later(3));
    assert_eq!(again, Err(MemberRefusal::AlreadyAccepted));
}

#[test]
fn disabling_withdraws_an_invitation() {
    let team = founded().invite(Role::Owner, new(2, Role::Biller), invitation("a"), now());
    let team = team
        .unwrap()
        .disable(Role::Manager, id(2), later(1))
        .unwrap();
    let out = team.clone().accept(id(2), "a", later(1));
    assert_eq!(out, Err(InvitationRefusal::Unknown));
    let again = team.clone();
    let again = again.invite_again(Role::Owner, id(2), invitation("b"), later(1));
    assert_eq!(again, Err(MemberRefusal::Disabled));
    let team = team.enable(Role::Manager, id(2), later(2)).unwrap();
    assert_eq!(state(&team, 2), MemberState::Invited);
    let old = team.clone().accept(id(2), "a", later(2));
    assert_eq!(old, Err(InvitationRefusal::Unknown));
    let team = team.invite_again(Role::Owner, id(2), invitation("b"), later(2));
    assert!(team.unwrap().accept(id(2), "b", later(2)).is_ok());
}

#[test]
fn an_address_is_there_once() {
    let team = with(founded(), 2, Role::Viewer);
    for (by, email) in [
        (Role::Owner, "m1@studio.example"),
        (Role::Manager, "M2@Studio.Example"),
    ] {
        let again = NewMember {
            email: of(email),
            ..new(3, Role::Viewer)
        };
        let refused = team.clone().invite(by, again, invitation("x"), now());
        let refusal = refused.unwrap_err();
        assert!(
            matches!(refusal, MemberRefusal::EmailTaken { .. }),
            "{email}: {refusal}"
        );
    }
    // Who is out keeps the address.
    let team = team.disable(Role::Owner, id(2), now()).unwrap();
    let again = NewMember {
        email: of("m2@studio.example"),
        ..new(3, Role::Viewer)
    };
    let member = id(2);
    assert_eq!(
        team.invite(Role::Owner, again, invitation("x"), now()),
        Err(MemberRefusal::EmailTaken { member })
    );
}

#[test]
fn a_team_is_not_without_end() {
    let mut team = founded();
    for number in 2..=u128::try_from(MAX_MEMBERS).unwrap() {
        let invited = team.invite(
            Role::Owner,
            new(number, Role::Viewer),
            invitation("x"),
            now(),
        );
        team = invited.unwrap();
    }
    let more = team.invite(
        Role::Owner,
        new(9_999, Role::Viewer),
        invitation("x"),
        now(),
    );
    assert_eq!(
        more,
        Err(MemberRefusal::TooManyMembers { max: MAX_MEMBERS })
    );
}

/// Every role on every role, in every way: an owner handles anybody, a manager billers and
/// viewers, and nobody comes to more than who raises them has.
#[test]
fn nobody_handles_who_is_above() {
    let mut team = with(founded(), 10, Role::Owner);
    for (number, role) in (2..).zip(ROLES) {
        team = with(team, number, role);
    }
    for by in [Role::Manager, Role::Owner] {
        for (number, role) in (2..).zip(ROLES) {
            let may = |other: Role| by == Role::Owner || other <= Role::Biller;
            let held = |result: Result<Roster, MemberRefusal>, may: bool| match may {
                true => assert!(result.is_ok(), "{by:?} on {role:?}: {result:?}"),
                false => assert_eq!(result, Err(MemberRefusal::OwnersOnly), "{by:?} on {role:?}"),
            };
            held(team.clone().disable(by, id(number), now()), may(role));
            held(team.clone().enable(by, id(number), now()), may(role));
            let invited = team.clone();
            let invited = invited.invite(by, new(20, role), invitation("x"), now());
            held(invited, may(role));
            for to in ROLES {
                held(change(&team, by, number, to), may(role) && may(to));
            }
        }
    }
    let nobody = team.disable(Role::Owner, id(99), now());
    assert_eq!(nobody, Err(MemberRefusal::Unknown));
}

#[test]
fn the_last_active_owner_stays() {
    let alone = with(founded(), 2, Role::Manager);
    let disabled = alone.clone().disable(Role::Owner, id(1), now());
    assert_eq!(disabled, Err(MemberRefusal::LastOwner));
    let lowered = change(&alone, Role::Owner, 1, Role::Manager);
    assert_eq!(lowered, Err(MemberRefusal::LastOwner));
    // An owner who is only invited, or who is out, is no owner yet.
    let invited = alone.clone();
    let invited = invited.invite(Role::Owner, new(3, Role::Owner), invitation("x"), now());
    let refused = invited.unwrap().disable(Role::Owner, id(1), now());
    assert_eq!(refused, Err(MemberRefusal::LastOwner));

    let two = with(alone, 3, Role::Owner);
    let one = two.clone().disable(Role::Owner, id(1), now()).unwrap();
    assert_eq!(one.role_of(id(1)), None);
    let none = one.clone().disable(Role::Owner, id(3), now());
    assert_eq!(none, Err(MemberRefusal::LastOwner));
    let none = change(&one, Role::Owner, 3, Role::Viewer);
    assert_eq!(none, Err(MemberRefusal::LastOwner));
    assert!(one.enable(Role::Owner, id(1), now()).is_ok());
    assert!(change(&two, Role::Owner, 3, Role::Viewer).is_ok());
}

#[test]
fn what_is_as_it_was_keeps_its_version() {
    let team = with(founded(), 2, Role::Biller);
    assert_eq!(change(&team, Role::Owner, 2, Role::Biller).unwrap(), team);
    assert_eq!(
        team.clone().enable(Role::Owner, id(2), later(1)).unwrap(),
        team
    );
    let out = team.clone().disable(Role::Owner, id(2), later(1)).unwrap();
    let again = out.clone().disable(Role::Owner, id(2), later(2)).unwrap();
    assert_eq!(again, out);
    let of = |team: &Roster| -> Member { team.member(id(2)).unwrap().clone() };
    let (before, after) = (of(&team), of(&out));
    assert_eq!(after.version, before.version + 1);
    assert_eq!(after.updated_at, later(1));
    assert_eq!(after.disabled_at, Some(later(1)));
    // The others are as they were.
    assert_eq!(out.member(id(1)), team.member(id(1)));
}

#[test]
fn an_identity_is_a_members_own_while_it_is_active() {
    let team = with(founded(), 2, Role::Biller);
    let linked = team.clone().link(id(2), "a", later(1)).unwrap();
    let member = linked.member(id(2)).unwrap();
    let identity = member.identity.as_ref().unwrap();
    assert_eq!((identity.linked_at, member.version), (later(1), 3));
    assert_eq!(linked.role_by_identity(id(2), "a"), Some(Role::Biller));
    assert_eq!(linked.role_by_identity(id(2), "b"), None);
    assert_eq!(linked.role_by_identity(id(1), "a"), None);
    assert!(!linked.has_owner_with_identity());
    // The same again is no change.
    assert_eq!(
        linked.clone().link(id(2), "a", later(2)),
        Ok(linked.clone())
    );

    let other = linked.clone().link(id(2), "b", later(2)).unwrap();
    assert_eq!(other.role_by_identity(id(2), "a"), None);
    assert_eq!(other.role_by_identity(id(2), "b"), Some(Role::Biller));
    let out = linked
        .clone()
        .disable(Role::Owner, id(2), later(2))
        .unwrap();
    assert_eq!(out.role_by_identity(id(2), "a"), None);
    let free = linked.unlink(id(2), later(2)).unwrap();
    assert_eq!(free.role_by_identity(id(2), "a"), None);
    assert_eq!(free.clone().unlink(id(2), later(3)), Ok(free));

    let unknown = Err(IdentityRefusal::Unknown);
    assert_eq!(team.clone().link(id(9), "a", later(1)), unknown);
    assert_eq!(team.unlink(id(9), later(1)), unknown);
}

#[test]
fn an_owner_with_an_identity_is_told_from_one_who_is_out() {
    let team = with(founded(), 2, Role::Owner);
    let team = team.link(id(2), "a", later(1)).unwrap();
    assert!(team.has_owner_with_identity());
    let lowered = change(&team, Role::Owner, 2, Role::Manager).unwrap();
    assert!(!lowered.has_owner_with_identity());
    let out = team.disable(Role::Owner, id(2), later(1)).unwrap();
    assert!(!out.has_owner_with_identity());
}

#[test]
fn the_mail_of_an_invitation_is_right_while_it_is_the_one_that_counts() {
    let mailed = |number: u128, hash: &str| invitation(hash).mailed(id(number));
    let team = founded().invite(Role::Owner, new(2, Role::Biller), mailed(7, "a"), now());
    let team = team.unwrap();
    let over = |team: &Roster, delivery: u128, at: Timestamp| {
        let member = team.member(id(2)).unwrap();
        member.invitation_mail_is_over(id(delivery), at)
    };
    let closed = Some(CancelReason::InvitationClosed);
    let superseded = Some(CancelReason::Superseded);
    assert_eq!(over(&team, 7, now()), None);
    assert_eq!(over(&team, 7, later(7 * 24)), closed);
    assert_eq!(over(&team, 8, now()), superseded);
    // One that was only handed over is brought by no mail.
    let handed = team.clone();
    let handed = handed.invite_again(Role::Owner, id(2), invitation("b"), later(1));
    assert_eq!(over(&handed.unwrap(), 7, later(1)), superseded);

    let accepted = team.clone().accept(id(2), "a", later(1)).unwrap();
    let out = team.disable(Role::Owner, id(2), later(1)).unwrap();
    let back = out.clone().enable(Role::Owner, id(2), later(2)).unwrap();
    for team in [accepted, out, back] {
        assert_eq!(over(&team, 7, later(2)), closed);
    }
}
