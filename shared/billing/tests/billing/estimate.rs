//! Estimates: what may be offered, who may let it out, and what a signature needs.

use jiff::{SignedDuration, ToSpan as _};
use remit_billing::actor::ActorId;
use remit_billing::approval::{ApprovalPolicy, ApprovalRefusal};
use remit_billing::canonical::ContentHash;
use remit_billing::client::Client;
use remit_billing::delivery::OfferTo;
use remit_billing::estimate::{
    Acceptance, AcceptanceFile, Accepted, AcceptedElsewhere, AnswerRefusal, CODE_TRIES, CODE_VALID,
    CODES_WITHIN, Choice, CodeRefusal, Estimate, EstimateContent, EstimateRefusal, EstimateState,
    SendContext, SentEstimate, Signature, SigningChallenge, SigningRequest, Written,
};
use remit_billing::file::MediaType;
use remit_billing::ids::{ScopeLineId, SignerId};
use serde_json::{Value, json};

use crate::document::fault_rows;
use crate::house::{agency, contact, customer, id, issued_at, money, of};

pub fn line_id(number: u128) -> ScopeLineId {
    id(number)
}

/// A site for 1,000.00 and, as the client likes, a shop for 500.00 and texts for 200.00; VAT 19%.
fn offer() -> Value {
    let vat = json!([{"name": "VAT", "rate": "19"}]);
    json!({
        "client_id": id::<remit_billing::ids::ClientId>(2),
        "project_id": id::<remit_billing::ids::ProjectId>(4),
        "currency": "EUR",
        "title": "A new site",
        "lines": [
            {"id": line_id(11), "section": "Build", "description": "Site", "quantity": "10",
             "unit_price": "100", "taxes": vat},
            {"id": line_id(12), "section": "Build", "description": "Shop", "quantity": "1",
             "unit_price": "500", "taxes": vat, "optional": true, "selected": true},
            {"id": line_id(13), "section": "Words", "description": "Texts", "quantity": "1",
             "unit_price": "200", "taxes": vat, "optional": true}
        ],
        "deliverables": [{"key": "launch", "title": "The site is live", "due_on": "2026-06-01"}],
        "schedule": {
            "deposit": {"percent": "30"},
            "milestones": [
                {"id": id::<remit_billing::ids::MilestoneId>(21), "title": "Design",
                 "percent": "33.33", "due_on": "2026-04-01"},
                {"id": id::<remit_billing::ids::MilestoneId>(22), "title": "Launch",
                 "remainder": true, "deliverable": "launch"}
            ]
        },
        "terms": null
    })
}

fn changed(change: impl FnOnce(&mut Value)) -> EstimateContent {
    let mut value = offer();
    value["terms"] = serde_json::to_value(agency().terms).unwrap();
    change(&mut value);
    serde_json::from_value(value).unwrap()
}

fn content() -> EstimateContent {
    changed(|_| {})
}

fn written(content: EstimateContent) -> Written {
    Written::new(content).unwrap()
}

fn member(number: u128) -> ActorId {
    ActorId::Member(id(number))
}

pub fn drafted(content: EstimateContent) -> Estimate {
    Estimate::new(id(1), id(5), written(content), member(31), issued_at())
}

pub fn send_to(
    estimate: Estimate,
    client: &Client,
    asked: bool,
) -> Result<(Estimate, SentEstimate), EstimateRefusal> {
    let account = agency();
    let ids: Vec<SignerId> = (0..client.contacts.len())
        .map(|n| id(41 + n as u128))
        .collect();
    let context = SendContext {
        account: &account,
        client,
        by: member(31),
        approval_asked: asked,
        signer_ids: &ids,
        now: issued_at(),
    };
    let checked = estimate.check_send(context);
    let sent = estimate.send(of("EST-2026-0001"), context);
    assert_eq!(checked.err(), sent.as_ref().err().cloned());
    sent
}

pub fn sent(content: EstimateContent) -> (Estimate, SentEstimate) {
    send_to(drafted(content), &customer(), false).unwrap()
}

fn choice(numbers: &[u128]) -> Choice {
    Choice(numbers.iter().map(|number| line_id(*number)).collect())
}

pub fn request(sent: &SentEstimate, options: &[u128]) -> SigningRequest {
    let choice = choice(options);
    SigningRequest {
        version: sent.version,
        signer_id: sent.signers[0].id,
        name: "Jo Smith".to_owned(),
        consent: true,
        statement: "I accept this estimate.".to_owned(),
        document_hash: sent.document(&choice).unwrap().0.hash,
        choice,
        ip: None,
        user_agent: None,
    }
}

#[test]
fn what_is_offered_follows_the_options() {
    let content = content();
    let sums = |options: &[u128]| {
        let offered = content.offered(&choice(options)).unwrap();
        let milestones = offered.milestones.iter().map(ToString::to_string);
        let mut row = vec![
            offered.totals.net.to_string(),
            offered.totals.total.to_string(),
        ];
        row.push(offered.deposit.unwrap().to_string());
        row.extend(milestones);
        row.join(" | ")
    };
    assert_eq!(
        sums(&[]),
        "1000.00 EUR | 1190.00 EUR | 357.00 EUR | 333.30 EUR | 666.70 EUR"
    );
    assert_eq!(
        sums(&[12]),
        "1500.00 EUR | 1785.00 EUR | 535.50 EUR | 499.95 EUR | 1000.05 EUR"
    );
    assert_eq!(
        sums(&[12, 13]),
        "1700.00 EUR | 2023.00 EUR | 606.90 EUR | 566.61 EUR | 1133.39 EUR"
    );
    assert_eq!(content.preselected(), choice(&[12]));
    // What is not optional cannot be picked, nor can what is not there.
    for unknown in [11, 99] {
        let faults = content.offered(&choice(&[unknown])).unwrap_err();
        assert_eq!(fault_rows(&faults), ["/options unknown_reference"]);
    }
}

#[test]
fn faults_name_their_place() {
    let cases: Vec<(EstimateContent, &[&str])> = vec![
        (
            changed(|offer| offer["lines"][0]["quantity"] = json!("-1")),
            &["/lines/0/quantity negative", " negative_total"],
        ),
        (
            changed(|offer| offer["lines"][0]["selected"] = json!(true)),
            &["/lines/0/selected unknown_field"],
        ),
        (
            changed(|offer| offer["lines"][1]["id"] = json!(line_id(11))),
            &["/lines/1/id duplicate"],
        ),
        (
            changed(|offer| offer["schedule"]["milestones"][1]["deliverable"] = json!("lunch")),
            &["/schedule/milestones/1/deliverable unknown_reference"],
        ),
        (
            changed(|offer| {
                let last = &mut offer["schedule"]["milestones"][1];
                last.as_object_mut().unwrap().remove("remainder");
                last["percent"] = json!("66.66");
            }),
            &["/schedule/milestones schedule_incomplete"],
        ),
        (
            changed(|offer| {
                let milestones = offer["schedule"]["milestones"].as_array_mut().unwrap();
                milestones.swap(0, 1);
            }),
            &[
                "/schedule/milestones/0/remainder remainder_not_last",
                "/schedule/milestones schedule_incomplete",
                "/schedule/milestones schedule_too_large",
            ],
        ),
        (
            // More than the whole only while the client leaves the options out.
            changed(|offer| {
                let first = &mut offer["schedule"]["milestones"][0];
                first.as_object_mut().unwrap().remove("percent");
                first["amount"] = json!("1200.00");
            }),
            &["/schedule/milestones schedule_too_large"],
        ),
        (
            changed(|offer| offer["schedule"]["deposit"] = json!({"amount": "0.00"})),
            &["/schedule/deposit/amount not_positive"],
        ),
    ];
    for (content, expected) in cases {
        assert_eq!(fault_rows(&content.check().unwrap_err()), expected);
    }
}

#[test]
fn a_line_fault_keeps_its_place_when_options_before_it_are_left_out() {
    let content = changed(|offer| {
        offer["lines"].as_array_mut().unwrap().push(json!({
            "id": line_id(14), "description": "Host", "quantity": "1", "unit_price": "10",
            "discount": {"amount": "20.00"}
        }));
    });
    let faults = content.offered(&Choice::default()).unwrap_err();
    assert!(
        fault_rows(&faults)[0].starts_with("/lines/3/discount"),
        "{faults:?}"
    );
}

#[test]
fn an_approval_is_of_a_content_and_not_by_its_author() {
    let estimate = drafted(content());
    let hash = estimate.draft().unwrap().content_hash;
    let now = issued_at();
    let refusal = |found: Result<Estimate, EstimateRefusal>| found.unwrap_err();
    assert_eq!(
        refusal(estimate.clone().approve(member(31), hash, now)),
        EstimateRefusal::Approval(ApprovalRefusal::AuthorCannotApprove)
    );
    let key = ActorId::ApiKey(id(7));
    assert_eq!(
        refusal(estimate.clone().approve(key, hash, now)),
        EstimateRefusal::Approval(ApprovalRefusal::NotAMember)
    );
    let other = ContentHash::of(b"what was read before");
    assert_eq!(
        refusal(estimate.clone().approve(member(32), other, now)),
        EstimateRefusal::Approval(ApprovalRefusal::ContentChanged)
    );
    assert_eq!(
        send_to(estimate.clone(), &customer(), true).unwrap_err(),
        EstimateRefusal::Approval(ApprovalRefusal::Required)
    );

    let approved = estimate.submit(member(31), now).unwrap();
    assert_eq!(approved.state(now), EstimateState::InReview);
    let approved = approved.approve(member(32), hash, now).unwrap();
    assert_eq!(approved.state(now), EstimateState::Approved);
    let (_, sent) = send_to(approved.clone(), &customer(), true).unwrap();
    assert!(matches!(
        sent.checked,
        remit_billing::approval::Checked::Approved(_)
    ));

    // Writing the same again changes nothing; any edit voids it, and makes its writer an author.
    let same = approved
        .clone()
        .write(written(content()), member(32), now)
        .unwrap();
    assert_eq!(same, approved);
    let edit = changed(|offer| offer["title"] = json!("A new site, and a logo"));
    let edited = approved.write(written(edit), member(32), now).unwrap();
    assert_eq!(edited.state(now), EstimateState::Draft);
    assert!(send_to(edited.clone(), &customer(), true).is_err());
    let hash = edited.draft().unwrap().content_hash;
    assert_eq!(
        refusal(edited.approve(member(32), hash, now)),
        EstimateRefusal::Approval(ApprovalRefusal::AuthorCannotApprove)
    );
}

#[test]
fn a_policy_above_an_amount_does_not_wave_through_what_it_cannot_compare() {
    let above = ApprovalPolicy::Above { amount: of("1000") };
    assert!(!above.asks(Some(money("1000.00 EUR"))));
    assert!(above.asks(Some(money("1000.01 EUR"))));
    assert!(above.asks(None));
    assert!(ApprovalPolicy::Always.asks(Some(money("0.00 EUR"))));
    assert!(!ApprovalPolicy::Never.asks(None));
}

#[test]
fn one_of_the_contacts_signs_where_nobody_is_named() {
    let mut client = customer();
    client.contacts.push(contact("li@acme.example", false));
    client.contacts.push(contact("copies@acme.example", true));
    let (estimate, sent) = send_to(drafted(content()), &client, false).unwrap();
    let emails: Vec<&str> = sent
        .signers
        .iter()
        .map(|signer| signer.email.as_str())
        .collect();
    assert_eq!(emails, ["jo@acme.example", "li@acme.example"]);
    let (estimate, acceptance) = estimate
        .sign(request(&sent, &[13]), &sent, issued_at())
        .unwrap();
    assert_eq!(estimate.state(issued_at()), EstimateState::Accepted);
    let acceptance = acceptance.unwrap();
    assert_eq!(acceptance.total, money("1428.00 EUR"));
    // The record proves itself: its text has its hash.
    assert_eq!(
        ContentHash::of(acceptance.document.as_bytes()),
        acceptance.document_hash
    );
    assert!(acceptance.document.contains("\"chosen_options\""));
}

#[test]
fn all_named_signers_sign_the_same() {
    let two = changed(|offer| {
        offer["signers"] = json!([
            {"id": id::<SignerId>(51), "email": "jo@acme.example"},
            {"id": id::<SignerId>(52), "email": "chief@acme.example"}
        ]);
    });
    let (estimate, sent) = sent(two);
    let (estimate, none) = estimate
        .sign(request(&sent, &[12]), &sent, issued_at())
        .unwrap();
    assert_eq!(none, None);
    assert_eq!(estimate.state(issued_at()), EstimateState::Sent);
    // Only who has not signed is told that it ends soon, three days before, and once.
    let told = |estimate: &Estimate, now| {
        let signers = estimate.to_be_told(&sent, now);
        signers.iter().map(|of| of.id).collect::<Vec<_>>()
    };
    assert_eq!(told(&estimate, issued_at()), [id::<SignerId>(52)]);
    let notice_at = estimate.expiry_notice_at().unwrap();
    let zone = &estimate.offer.as_ref().unwrap().time_zone;
    assert_eq!(zone.date_of(notice_at) + 3.days(), sent.valid_until);
    assert_eq!(told(&estimate, of("2027-01-01T00:00:00Z")), []);
    assert_eq!(estimate.clone().expiry_noticed().expiry_notice_at(), None);
    let by_second = |options: &[u128]| SigningRequest {
        signer_id: sent.signers[1].id,
        ..request(&sent, options)
    };
    let again = estimate
        .clone()
        .sign(request(&sent, &[12]), &sent, issued_at());
    assert_eq!(again.unwrap_err(), AnswerRefusal::AlreadySigned);
    let other = estimate.clone().sign(by_second(&[]), &sent, issued_at());
    assert_eq!(other.unwrap_err(), AnswerRefusal::OtherChoice);
    let (estimate, acceptance) = estimate.sign(by_second(&[12]), &sent, issued_at()).unwrap();
    assert_eq!(estimate.state(issued_at()), EstimateState::Accepted);
    assert_eq!(estimate.expiry_notice_at(), None);
    assert_eq!(told(&estimate, issued_at()), []);
    let accepted = acceptance.unwrap().accepted;
    assert!(matches!(accepted, Accepted::Signed(signatures) if signatures.len() == 2));
}

#[test]
fn a_signature_that_is_none_is_refused() {
    let (estimate, sent) = sent(content());
    let good = request(&sent, &[12]);
    let refused = |request: SigningRequest| {
        let signed = estimate.clone().sign(request, &sent, issued_at());
        signed.unwrap_err()
    };
    for blank in ["", "   ", "\u{200b}", "—", "1"] {
        let request = SigningRequest {
            name: blank.to_owned(),
            ..good.clone()
        };
        assert_eq!(refused(request), AnswerRefusal::BlankName, "{blank:?}");
    }
    assert_eq!(
        refused(SigningRequest {
            consent: false,
            ..good.clone()
        }),
        AnswerRefusal::NoConsent
    );
    assert_eq!(
        refused(SigningRequest {
            signer_id: id(99),
            ..good.clone()
        }),
        AnswerRefusal::UnknownSigner
    );
    assert_eq!(
        refused(SigningRequest {
            version: 2,
            ..good.clone()
        }),
        AnswerRefusal::Superseded
    );
    assert_eq!(
        refused(SigningRequest {
            choice: choice(&[99]),
            ..good.clone()
        }),
        AnswerRefusal::UnknownChoice
    );
    // What was read had other options than what is signed.
    let other = SigningRequest {
        choice: choice(&[12, 13]),
        ..good.clone()
    };
    assert_eq!(refused(other), AnswerRefusal::DocumentChanged);
    // The last day ends where the client is: 16 April 2026 in Berlin.
    let last = estimate
        .clone()
        .sign(good.clone(), &sent, of("2026-04-16T21:59:59Z"));
    assert!(last.is_ok());
    let late = estimate
        .clone()
        .sign(good, &sent, of("2026-04-16T22:00:00Z"));
    assert_eq!(
        late.unwrap_err(),
        AnswerRefusal::Expired {
            valid_until: of("2026-04-16")
        }
    );
    assert_eq!(
        estimate.state(of("2026-04-16T22:00:00Z")),
        EstimateState::Expired
    );
}

#[test]
fn what_was_answered_stays_answered() {
    let (open, sent) = sent(content());
    let now = issued_at();
    let sign = |estimate: Estimate| estimate.sign(request(&sent, &[]), &sent, now);
    let (accepted, _) = sign(open.clone()).unwrap();
    let declined = open.clone().decline(1, of("Too much for us"), now).unwrap();
    let withdrawn = open.clone().withdraw(member(31), None, now).unwrap();
    for (estimate, code) in [
        (&accepted, EstimateRefusal::AlreadyAccepted),
        (&declined, EstimateRefusal::AlreadyDeclined),
        (&withdrawn, EstimateRefusal::AlreadyWithdrawn),
    ] {
        let signed = sign(estimate.clone()).unwrap_err();
        let answered = estimate.clone().decline(1, of("No"), now).unwrap_err();
        let taken_back = estimate
            .clone()
            .withdraw(member(31), None, now)
            .unwrap_err();
        for refusal in [signed, answered, taken_back.into()] {
            assert_eq!(refusal, AnswerRefusal::Closed(code.clone()));
        }
    }
    let next = accepted.revise(&sent, member(31), now);
    assert_eq!(next.unwrap_err(), EstimateRefusal::AlreadyAccepted);
}

#[test]
fn a_new_version_supersedes_and_keeps_what_was_sent() {
    let (first, sent_first) = sent(content());
    let now = issued_at();
    let revised = first.revise(&sent_first, member(31), now).unwrap();
    assert_eq!(revised.state(now), EstimateState::Sent);
    // Until the next is sent, the client may still take the first.
    assert!(
        revised
            .clone()
            .sign(request(&sent_first, &[]), &sent_first, now)
            .is_ok()
    );
    let again = revised.clone().revise(&sent_first, member(31), now);
    assert_eq!(again.unwrap_err(), EstimateRefusal::DraftExists);
    let cheaper = changed(|offer| offer["lines"][0]["unit_price"] = json!("90"));
    let revised = revised.write(written(cheaper), member(31), now).unwrap();
    let (second, sent_second) = send_to(revised, &customer(), false).unwrap();
    assert_eq!((sent_second.version, second.past.len()), (2, 1));
    assert_eq!(sent_second.number, sent_first.number);
    let old = second
        .clone()
        .sign(request(&sent_first, &[]), &sent_first, now);
    assert_eq!(old.unwrap_err(), AnswerRefusal::Superseded);
    // The same options, the same name: yet another document, so another hash.
    let hash_of = |sent: &SentEstimate| sent.document(&choice(&[])).unwrap().0.hash;
    assert_ne!(hash_of(&sent_first), hash_of(&sent_second));
}

#[test]
fn a_purchase_order_accepts_even_after_the_last_day() {
    let (estimate, sent) = sent(content());
    let elsewhere = AcceptedElsewhere {
        name: of("Jo Smith"),
        reference: Some(of("PO-4711")),
        accepted_on: of("2026-04-01"),
        recorded_by: member(31),
        file: AcceptanceFile {
            name: of("po-4711.pdf"),
            id: None,
            media_type: MediaType::parse("application/pdf").unwrap(),
            bytes: 3,
            sha256: ContentHash::of(b"pdf"),
        },
    };
    let late = of("2026-05-01T08:00:00Z");
    let accept = |estimate: Estimate| {
        estimate.accept_elsewhere(&sent, choice(&[12]), elsewhere.clone(), late)
    };
    let (accepted, acceptance) = accept(estimate).unwrap();
    assert_eq!(acceptance.total, money("1785.00 EUR"));
    assert_eq!(
        accept(accepted).unwrap_err(),
        AnswerRefusal::Closed(EstimateRefusal::AlreadyAccepted)
    );
}

#[test]
fn nothing_is_sent_to_nobody_or_too_late() {
    let mut client = customer();
    client.contacts.clear();
    let refusal = |found: Result<(Estimate, SentEstimate), EstimateRefusal>| found.unwrap_err();
    assert_eq!(
        refusal(send_to(drafted(content()), &client, false)),
        EstimateRefusal::NoRecipient
    );
    let mut client = customer();
    client.archived_at = Some(issued_at());
    assert_eq!(
        refusal(send_to(drafted(content()), &client, false)),
        EstimateRefusal::ClientArchived
    );
    let late = changed(|offer| offer["valid_until"] = json!("2026-03-16"));
    assert_eq!(
        refusal(send_to(drafted(late), &customer(), false)),
        EstimateRefusal::ValidUntilPast {
            valid_until: of("2026-03-16")
        }
    );
    let today = changed(|offer| offer["valid_until"] = json!("2026-03-17"));
    assert!(send_to(drafted(today), &customer(), false).is_ok());
}

#[test]
fn what_was_accepted_is_proved_or_found_broken() {
    let (estimate, sent) = sent(content());
    let signed = estimate.sign(request(&sent, &[12]), &sent, issued_at());
    let (estimate, acceptance) = signed.unwrap();
    let acceptance = acceptance.unwrap();
    assert!(acceptance.verify(&estimate, &sent).is_intact());
    let broken = |change: &dyn Fn(&mut Acceptance)| {
        let mut acceptance = acceptance.clone();
        change(&mut acceptance);
        let checks = serde_json::to_value(acceptance.verify(&estimate, &sent)).unwrap();
        let checks = checks.as_object().unwrap().clone().into_iter();
        let failed = checks.filter(|(_, holds)| *holds == json!(false));
        failed.map(|(name, _)| name).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(broken(&|_| {}), "");
    assert_eq!(
        broken(&|of| of.document = of.document.replace("1785", "1185")),
        "document sent_version"
    );
    // Who changes the document and its hash has not changed the estimate, nor the signatures.
    assert_eq!(
        broken(&|of| {
            of.document = of.document.replace("1785", "1185");
            of.document_hash = ContentHash::of(of.document.as_bytes());
        }),
        "sent_version signatures estimate"
    );
    assert_eq!(
        broken(&|of| of.total = money("1.00 EUR")),
        "sent_version estimate"
    );
    assert_eq!(broken(&|of| of.choice = choice(&[])), "sent_version");
    let with_signature = |change: &dyn Fn(&mut Signature)| {
        broken(&|of| {
            if let Accepted::Signed(signatures) = &mut of.accepted {
                change(&mut signatures[0]);
            }
        })
    };
    assert_eq!(with_signature(&|of| of.signer_id = id(99)), "signatures");
    let email = "else@acme.example";
    assert_eq!(with_signature(&|to| to.email = of(email)), "signatures");
    assert_eq!(
        broken(&|of| of.accepted = Accepted::Signed(Vec::new())),
        "signatures"
    );
}

#[test]
fn a_code_counts_once_for_a_while_and_not_for_ever() {
    let (start, offer) = (
        issued_at(),
        OfferTo {
            estimate_id: id(5),
            version: 1,
            signer_id: id(6),
        },
    );
    let none = SigningChallenge::new(id(1), offer);
    assert_eq!(none.live(1, start), None);
    let asked = none.ask(1, id(70), start).unwrap();
    let code = asked.live(1, start).unwrap();
    assert_eq!(code.delivery_id, id(70));
    assert_eq!(asked.live(2, start), None, "of another version");
    let end = start + CODE_VALID;
    assert!(asked.live(1, end - SignedDuration::from_nanos(1)).is_some());
    assert_eq!(asked.live(1, end), None);
    assert_eq!(asked.clone().used().live(1, start), None);
    let mut tried = asked.clone();
    for _ in 0..CODE_TRIES {
        assert!(tried.live(1, start).is_some());
        tried = tried.after_wrong();
    }
    assert_eq!(tried.live(1, start), None);
    // A new code has new tries, and counts among the day's.
    let mut again = tried.ask(1, id(71), start).unwrap();
    assert_eq!(again.live(1, start).unwrap().delivery_id, id(71));
    for number in 2..10 {
        again = again.used().ask(1, id(70 + number), start).unwrap();
    }
    let again_at = start + CODES_WITHIN;
    let refused = again.clone().ask(1, id(90), start);
    assert_eq!(refused.unwrap_err(), CodeRefusal::TooMany { again_at });
    let before = again_at - SignedDuration::from_nanos(1);
    assert!(again.clone().ask(1, id(90), before).is_err());
    let next_day = again.ask(1, id(90), again_at).unwrap();
    assert_eq!(next_day.asked, [again_at]);
}
