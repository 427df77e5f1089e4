//! Credit notes: what was too much goes back, and all of it together is the invoice.

use proptest::prelude::*;
use remit_billing::actor::ActorId;
use remit_billing::client::{Client, ClientBalance};
use remit_billing::credit_note::{
    CreditContext, CreditIssue, CreditNote, CreditRefusal, CreditRequest, Credited, Extent,
    NotCredited, SetFree, WantedLine, credit, set_free_entry,
};
use remit_billing::invoice::{InvoiceContent, IssuedInvoice, PartyCopy};
use remit_billing::ledger::{LedgerAccount, LedgerTransaction, Rail};
use remit_billing::money::{Currency, Money};
use remit_billing::payment::{Payment, Received};
use remit_billing::scope::{Billed, Scope, Unbillable, price};
use remit_billing::standing::{AppliedPayment, Standing, Status};
use remit_billing::statement::movements_of;
use remit_billing::terms::{Due, PaymentTerms};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::document::{fault_rows, inclusive_vat, line, vat};
use crate::house::{
    agency, booking, customer, draft, euros, id, issue, issue_in, issue_on, issued_at, money, of,
    rate,
};
use crate::invoice::tax_id;

/// An invoice, where it stands, and what was credited of it.
struct Books {
    invoice: IssuedInvoice,
    standing: Standing,
    notes: Vec<CreditNote>,
    scopes: Vec<Scope>,
    /// What came, and what of it became the client's.
    came: Vec<Money>,
    kept: Vec<Money>,
    /// The entries of the issue and of the credit notes.
    ledger: Vec<LedgerTransaction>,
}

impl Books {
    fn of(content: InvoiceContent) -> Self {
        let (invoice, standing) = issue_in(draft(content));
        Self::issued(invoice, standing)
    }

    fn issued(invoice: IssuedInvoice, standing: Standing) -> Self {
        let entry = invoice.ledger_entry(booking(invoice.rate.as_ref()));
        Self {
            ledger: vec![entry.unwrap()],
            invoice,
            standing,
            notes: Vec::new(),
            scopes: Vec::new(),
            came: Vec::new(),
            kept: Vec::new(),
        }
    }

    /// An invoice that bills of a scope.
    fn on_scope(content: InvoiceContent, billed: Billed) -> Self {
        let mut draft = draft(content);
        draft.id = id(4);
        draft.totals = billed.totals;
        draft.scope = billed.statements;
        let (invoice, standing) = issue_in(draft);
        Self {
            scopes: billed.after,
            ..Self::issued(invoice, standing)
        }
    }

    fn context(&self) -> CreditContext<'_> {
        CreditContext {
            invoice: &self.invoice,
            standing: &self.standing,
            before: &self.notes,
            scopes: &self.scopes,
        }
    }

    fn credit(&mut self, extent: Extent) -> Result<Credited, NotCredited> {
        let (credited, _) = self.credit_as(extent, false)?;
        Ok(credited)
    }

    /// Issues a credit note; what of which payment it sets free.
    fn credit_as(
        &mut self,
        extent: Extent,
        goodwill: bool,
    ) -> Result<(Credited, Vec<AppliedPayment>), NotCredited> {
        let credited = credit(self.context(), &extent)?;
        let request = CreditRequest {
            extent,
            reason: of("Not delivered"),
            goodwill,
        };
        let client = customer();
        let issue = CreditIssue {
            id: id(500 + self.notes.len() as u128),
            number: of(&format!("CN-2026-{:04}", self.notes.len() + 1)),
            issue_on: issue_on(),
            seller: PartyCopy::of_account(&agency()),
            client: &client,
            by: ActorId::Member(id(9)),
            now: issued_at(),
        };
        let note = CreditNote::issue(self.context(), &request, credited.clone(), issue).unwrap();
        let rate = self.invoice.rate.clone();
        let other = rate.as_ref();
        let due = self.standing.balance_due().unwrap();
        let entry = note.ledger_entry(&self.invoice, &self.notes, due, booking(other));
        let entry = entry.unwrap();
        entry.check().unwrap();
        self.ledger.push(entry.clone());
        let standing = self.standing.clone();
        let (standing, freed) = standing
            .after_credit(&note, &self.invoice, &agency().reminder_ladder, issued_at())
            .unwrap();
        // What the books say is owed is what the invoice says is due.
        let moved = entry.postings.iter();
        let moved = moved
            .filter(|of| of.account == LedgerAccount::Receivable)
            .map(|of| of.amount);
        let moved = Money::sum(credited.net.currency(), moved).unwrap();
        let balance = ClientBalance::empty(id(1), id(2), credited.net.currency());
        let freed_in_all = freed.iter().map(|of| {
            let payment = crate::books::kept_by_the_client(of.amount);
            let free = SetFree {
                payment: &payment,
                invoice: &self.invoice,
                amount: of.amount,
                due: standing.balance_due().unwrap(),
            };
            let client = self.invoice.content.client_id;
            let (entry, after) = set_free_entry(free, client, &balance, booking(other)).unwrap();
            entry.check().unwrap();
            assert_eq!(after.amount, of.amount);
            of.amount
        });
        let freed_in_all = Money::sum(credited.net.currency(), freed_in_all).unwrap();
        let moved = moved.checked_add(freed_in_all).unwrap();
        let due = self
            .standing
            .balance_due()
            .unwrap()
            .checked_add(moved)
            .unwrap();
        assert_eq!(standing.balance_due().unwrap(), due);
        let scopes = note.scopes_after(&self.invoice, &self.scopes).unwrap();
        self.scopes = scopes;
        self.standing = standing;
        self.kept.push(note.kept);
        self.notes.push(note);
        Ok((credited, freed))
    }

    fn pay(&mut self, number: u128, amount: Money) -> Payment {
        let received = Received {
            account_id: id(1),
            id: id(number),
            rail: Rail::BankTransfer,
            reference: remit_billing::payment::RailReference::parse(&format!("ref-{number}"))
                .unwrap(),
            amount,
            received_at: issued_at(),
            received_on: issue_on(),
            invoice_id: Some(self.invoice.id),
            attempt_id: None,
            note: None,
        };
        let settlement =
            Payment::receive(received, Some(self.standing.clone()), issued_at()).unwrap();
        self.standing = settlement.standings.into_iter().next().unwrap();
        self.came.push(amount);
        self.kept.push(settlement.payment.to_balance);
        settlement.payment
    }
}

fn content(currency: &str, lines: Vec<Value>) -> InvoiceContent {
    serde_json::from_value(json!({
        "client_id": id::<remit_billing::ids::ClientId>(2), "currency": currency,
        "lines": lines, "terms": {"kind": "net", "days": 14},
    }))
    .unwrap()
}

fn part(place: usize, amount: Option<Money>) -> Extent {
    Extent::Lines(vec![WantedLine { place, amount }])
}

/// Net, tax, total and what is less to pay.
fn sums(credited: &Credited) -> [String; 4] {
    [credited.net, credited.tax, credited.total, credited.payable].map(|of| of.amount_text())
}

#[test]
fn a_line_is_credited_with_its_tax_and_the_whole_takes_the_rest() {
    let mut books = Books::of(content(
        "EUR",
        vec![
            line("1", "0.33", json!([vat("19")])),
            line("1", "0.33", json!([vat("19")])),
            line("1", "0.33", json!([vat("19")])),
            line("1", "50", json!([vat("7")])),
        ],
    ));
    // 0.99 at 19 % is 0.19: by line 0.06, then 0.13 - 0.06, then what is left.
    assert_eq!(
        sums(&books.credit(part(0, None)).unwrap()),
        ["0.33", "0.06", "0.39", "0.39"]
    );
    assert_eq!(
        sums(&books.credit(part(1, None)).unwrap()),
        ["0.33", "0.07", "0.40", "0.40"]
    );
    let twenty = Some(money("20.00 EUR"));
    assert_eq!(
        sums(&books.credit(part(3, twenty)).unwrap()),
        ["20.00", "1.40", "21.40", "21.40"]
    );
    let rest = books.credit(Extent::Whole).unwrap();
    assert_eq!(sums(&rest), ["30.33", "2.16", "32.49", "32.49"]);
    assert!(rest.completes);
    assert!(matches!(books.standing.status, Status::Paid { .. }));
    assert_eq!(books.standing.reminders.next, None);
    let again = books.credit(Extent::Whole);
    assert_eq!(again, Err(CreditRefusal::NothingLeft.into()));
}

#[test]
fn an_amount_is_spread_over_the_taxes_by_gross_and_stands() {
    let lines = vec![
        line("1", "100", json!([vat("19")])),
        line("1", "100", json!([vat("7")])),
    ];
    let mut books = Books::of(content("EUR", lines));
    let amount = money("50.00 EUR");
    // 119 and 107 of 226: 26.33 and 23.67, of which 22.13 and 22.12 are net.
    let credited = books.credit(Extent::Amount(amount)).unwrap();
    assert_eq!(sums(&credited), ["44.25", "5.75", "50.00", "50.00"]);
    let rest = books.credit(Extent::Amount(money("176.00 EUR"))).unwrap();
    assert!(rest.completes, "all that is left is the whole");
    assert_eq!(sums(&rest), ["155.75", "20.25", "176.00", "176.00"]);
}

#[test]
fn a_gross_price_is_credited_gross() {
    let lines = vec![line("1", "119", json!([inclusive_vat("19")]))];
    let mut books = Books::of(content("EUR", lines));
    let ten = Some(money("10.00 EUR"));
    assert_eq!(
        sums(&books.credit(part(0, ten)).unwrap()),
        ["8.40", "1.60", "10.00", "10.00"]
    );
    assert_eq!(
        sums(&books.credit(Extent::Whole).unwrap()),
        ["91.60", "17.40", "109.00", "109.00"]
    );
}

#[test]
fn what_was_paid_becomes_the_clients_the_newest_payment_first() {
    let mut books = Books::of(content("EUR", vec![line("1", "100", json!([]))]));
    books.pay(71, euros(6_000));
    let newest = books.pay(72, euros(3_000));
    let (_, freed) = books.credit_as(part(0, Some(euros(5_000))), false).unwrap();
    // 10 were due, so 40 were paid too much: 30 of the last payment and 10 of the first.
    assert_eq!(books.notes[0].kept, euros(4_000));
    assert_eq!(
        freed
            .iter()
            .map(|of| (of.id, of.amount))
            .collect::<Vec<_>>(),
        [(id(72), euros(3_000)), (id(71), euros(1_000)),]
    );
    assert_eq!(freed[0].reference.as_ref(), Some(&newest.reference));
    assert_eq!(books.standing.paid, euros(5_000));
    assert_eq!(books.standing.payments.len(), 1);
    assert!(matches!(books.standing.status, Status::Paid { .. }));
    let free = newest
        .set_free(books.invoice.id, euros(3_000))
        .unwrap()
        .unwrap();
    assert_eq!((free.to_balance, free.allocations.len()), (euros(3_000), 0));
    assert_eq!(free.set_free(books.invoice.id, euros(1)).unwrap(), None);
    // A statement tells what was paid as it was, and what the credit note made of it.
    let told = movements_of(&books.standing, &agency().time_zone).unwrap();
    let told: Vec<_> = told
        .iter()
        .map(|of| (of.kind.as_str(), of.amount))
        .collect();
    assert_eq!(
        told,
        [
            ("invoice", euros(10_000)),
            ("payment", euros(-6_000)),
            ("payment", euros(-3_000)),
            ("set_free", euros(3_000)),
            ("set_free", euros(1_000)),
            ("credit_note", euros(-5_000)),
        ]
    );
}

#[test]
fn what_cannot_be_credited_is_said_all_at_once() {
    let lines = vec![line("2", "50", json!([])), line("-1", "30", json!([]))];
    let mut books = Books::of(content("EUR", lines));
    let wanted = |place, amount| WantedLine { place, amount };
    let all = Extent::Lines(vec![
        wanted(7, None),
        wanted(0, Some(euros(10_001))),
        wanted(0, None),
        wanted(1, Some(euros(100))),
    ]);
    let Err(NotCredited::Faults(faults)) = books.credit(all) else {
        unreachable!("it is refused");
    };
    let expected = [
        "/lines/0/line unknown_reference",
        "/lines/1/amount credit_too_large",
        "/lines/2/line duplicate",
        "/lines/3/line credit_too_large",
    ];
    assert_eq!(fault_rows(&faults), expected);
    for (amount, code) in [
        (euros(0), "/amount not_positive"),
        (euros(7_001), "/amount credit_too_large"),
        (money("1 JPY"), "/amount currency_mismatch"),
    ] {
        let Err(NotCredited::Faults(faults)) = books.credit(Extent::Amount(amount)) else {
            unreachable!("it is refused");
        };
        assert_eq!(fault_rows(&faults), [code]);
    }
    // The line alone is more than what the invoice comes to.
    let over = books.credit(part(0, None)).unwrap_err();
    let NotCredited::Refused(CreditRefusal::BeyondInvoice { left, wanted }) = over else {
        unreachable!("{over:?}");
    };
    assert_eq!((left, wanted), (euros(7_000), euros(10_000)));
    books.standing = books.standing.void(None, issued_at()).unwrap();
    assert_eq!(books.credit(Extent::Whole), Err(CreditRefusal::Void.into()));
}

/// One of several ways to credit a part, by thousandths of what is left.
#[derive(Debug, Clone)]
enum Step {
    Line(usize, u32),
    Amount(u32),
    Pay(u32),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let line = (0_usize..7, 0_u32..1_100).prop_map(|(place, of)| Step::Line(place, of));
    let amount = (0_u32..900).prop_map(Step::Amount);
    let pay = (0_u32..1_200).prop_map(Step::Pay);
    prop::collection::vec(prop_oneof![3 => line, 1 => amount, 1 => pay], 0..8)
}

fn share(of: Money, thousandths: u32) -> Money {
    let share = of.amount() * Decimal::new(i64::from(thousandths), 3);
    Money::rounded(share, of.currency()).unwrap()
}

/// Takes some steps, refused or not; after each the books agree.
fn walk(books: &mut Books, steps: &[Step]) {
    let payable = books.invoice.totals.payable;
    for (number, step) in steps.iter().enumerate() {
        let extent = match step {
            Step::Pay(of) => {
                let amount = share(payable, *of);
                if amount.is_positive() {
                    books.pay(600 + number as u128, amount);
                }
                continue;
            }
            Step::Line(place, of) => {
                let lines = &books.invoice.totals.lines;
                let of_line = lines[place % lines.len()].total;
                part(place % lines.len(), Some(share(of_line, *of)))
            }
            Step::Amount(of) => Extent::Amount(share(books.invoice.totals.total, *of)),
        };
        if let Ok((credited, freed)) = books.credit_as(extent.clone(), false) {
            assert!(credited.payable.is_positive());
            assert_eq!(
                credited.net.checked_add(credited.tax).unwrap(),
                credited.total
            );
            if let Extent::Amount(amount) = extent {
                assert_eq!(credited.total, amount);
            }
            let note = books.notes.last().unwrap();
            let all = Money::sum(note.kept.currency(), freed.iter().map(|of| of.amount)).unwrap();
            assert_eq!(all, note.kept);
        }
        let due = books.standing.balance_due().unwrap();
        assert!(!due.is_negative() && !books.standing.paid.is_negative());
        let is_paid = matches!(books.standing.status, Status::Paid { .. });
        assert_eq!(is_paid, due.is_zero());
    }
}

proptest! {
    /// Whatever is credited of whatever document, in whatever order, and paid in between: all credit
    /// notes together are the invoice, each tax of it too, and what was paid is the client's.
    #[test]
    fn all_credit_notes_are_the_invoice(document in crate::properties::document(), steps in steps()) {
        let Ok(totals) = document.compute() else { return Ok(()); };
        if !totals.payable.is_positive() {
            return Ok(());
        }
        let mut content = content(totals.currency.code(), Vec::new());
        content.lines = document.lines.clone();
        content.discount = document.discount;
        content.charges = document.charges.clone();
        content.terms = PaymentTerms::of(Due::Net { days: 14 });
        let mut draft = draft(content);
        draft.totals = totals.clone();
        let mut account = agency();
        account.tax_ids = vec![tax_id("DE1")];
        let per_unit = rate(Currency::EUR, "0.9217");
        account.exchange_rates.insert(totals.currency.code().to_owned(), per_unit);
        let client = Client { tax_ids: vec![tax_id("FR1")], ..customer() };
        let (invoice, standing) = issue(draft, &account, &client);
        let mut books = Books::issued(invoice, standing);
        walk(&mut books, &steps);
        match books.credit_as(Extent::Whole, false) {
            Ok(_) | Err(NotCredited::Refused(CreditRefusal::NothingLeft)) => {}
            Err(other) => prop_assert!(false, "{:?}", other),
        }
        let credited = || books.notes.iter().map(|note| &note.credited);
        let sum = |part: fn(&Credited) -> Money| Money::sum(totals.currency, credited().map(part)).unwrap();
        prop_assert_eq!(sum(|of| of.payable), totals.payable);
        // Only where lines below zero are left, nothing is left to pay and the rest stays as it is.
        if books.notes.last().is_some_and(|note| note.credited.completes) {
            prop_assert_eq!(sum(|of| of.net), totals.net);
            prop_assert_eq!(sum(|of| of.tax), totals.tax);
            prop_assert_eq!(sum(|of| of.withheld), totals.withheld);
            prop_assert_eq!(sum(|of| of.rounding), totals.rounding);
            for group in &totals.taxes {
                let parts = credited().flat_map(|of| of.taxes().unwrap());
                let of_group: Vec<_> = parts.filter(|part| {
                    part.tax.name == group.name && part.tax.rate == group.rate && part.tax.kind == group.kind
                }).collect();
                let all = |amounts: Vec<Money>| Money::sum(totals.currency, amounts).unwrap();
                prop_assert_eq!(all(of_group.iter().map(|part| part.amount).collect()), group.amount);
                prop_assert_eq!(all(of_group.iter().map(|part| part.base).collect()), group.base);
            }
            // In the books nothing is left of it either, and the tax that the notes state is the invoice's.
            let posted = books.ledger.iter().flat_map(|entry| &entry.postings);
            for account in [LedgerAccount::Revenue, LedgerAccount::TaxPayable, LedgerAccount::WithholdingReceivable] {
                let of = posted.clone().filter(|posting| posting.account == account);
                prop_assert!(Money::sum(Currency::EUR, of.filter_map(|of| of.books)).unwrap().is_zero(), "{:?}", account);
            }
            let stated = books.notes.iter().filter_map(|note| note.tax_in_books);
            let stated = Money::sum(Currency::EUR, stated).unwrap();
            let whole = books.invoice.tax_in_books().unwrap();
            prop_assert_eq!(stated, whole.unwrap_or(Money::zero(Currency::EUR)));
            prop_assert_eq!(whole.is_some(), totals.currency != Currency::EUR);
        }
        prop_assert!(books.standing.balance_due().unwrap().is_zero());
        prop_assert!(books.standing.paid.is_zero());
        prop_assert!(books.standing.payments.is_empty());
        let all = |amounts: Vec<Money>| Money::sum(totals.currency, amounts).unwrap();
        prop_assert_eq!(all(books.came), all(books.kept));
    }

    /// What is credited of a scope can be billed again, and all that counts in the end is what was
    /// accepted, tax included.
    #[test]
    fn what_is_credited_is_billed_again_to_the_cent(
        offer in crate::scope::offers(),
        bills in prop::collection::vec((prop::collection::vec(0_u32..1_000, 6), steps()), 1..4),
    ) {
        let mut scope = crate::scope::scope_of(&offer);
        let currency = scope.currency;
        let mut counted = Vec::new();
        for (number, (shares, steps)) in bills.iter().enumerate() {
            let lines = scope.lines.iter().zip(shares.iter().cycle());
            let wanted = lines.map(|(line, of)| (line.id, share(line.left().unwrap(), *of)));
            let wanted: Vec<_> = wanted.filter(|(_, net)| net.is_positive()).collect();
            let content = crate::scope::invoice(&scope, &wanted);
            let billed = match price(&content, std::slice::from_ref(&scope), None, of("2026-03-20")) {
                Ok(billed) => billed,
                Err(Unbillable::Faults(_)) => continue,
                Err(other) => { prop_assert!(false, "{:?}", other); return Ok(()); }
            };
            if wanted.is_empty() || !billed.totals.payable.is_positive() {
                continue;
            }
            let mut books = Books::on_scope(content, billed);
            walk(&mut books, steps);
            if number == 1 {
                let whole = books.credit_as(Extent::Whole, false);
                prop_assert!(whole.is_ok() || books.standing.balance_due().unwrap().is_zero());
            }
            scope = books.scopes[0].clone();
            let credited = books.notes.iter().map(|note| note.credited.total);
            let credited = Money::sum(currency, credited).unwrap();
            counted.push(books.invoice.totals.total.checked_sub(credited).unwrap());
            for line in &scope.lines {
                prop_assert!(!line.billed.is_negative() && line.billed.amount() <= line.agreed.amount());
            }
        }
        let rest: Vec<_> = scope.lines.iter().map(|line| (line.id, line.left().unwrap())).collect();
        let content = crate::scope::invoice(&scope, &rest);
        match price(&content, std::slice::from_ref(&scope), None, of("2026-03-20")) {
            Ok(last) => counted.push(last.totals.total),
            // Nothing but a cent too much is left.
            Err(Unbillable::Faults(_)) => return Ok(()),
            Err(other) => prop_assert!(false, "{:?}", other),
        }
        prop_assert_eq!(Money::sum(currency, counted).unwrap(), scope.offers[0].total);
    }
}

#[test]
fn goodwill_leaves_the_work_billed() {
    let offer = json!([{
        "id": crate::estimate::line_id(11), "description": "Design", "quantity": "1",
        "unit_price": "1000", "taxes": [vat("19")],
    }]);
    let scope = crate::scope::accepted("EUR", offer, json!({}));
    let line = scope.lines[0].id;
    let content = crate::scope::invoice(&scope, &[(line, euros(60_000))]);
    let billed = price(
        &content,
        std::slice::from_ref(&scope),
        None,
        of("2026-03-20"),
    )
    .unwrap();
    let mut books = Books::on_scope(content, billed);
    books.credit_as(part(0, Some(euros(10_000))), true).unwrap();
    assert_eq!(books.scopes[0].lines[0].billed, euros(60_000));
    books
        .credit_as(part(0, Some(euros(20_000))), false)
        .unwrap();
    assert_eq!(books.scopes[0].lines[0].billed, euros(40_000));
    assert_eq!(books.notes[1].scope[0].this, euros(20_000));
    books.credit_as(Extent::Whole, false).unwrap();
    assert_eq!(
        books.scopes[0].lines[0].billed,
        euros(10_000),
        "what was given stays given"
    );
}

#[test]
fn a_deposit_is_credited_down_to_what_is_left_to_bill() {
    let offer = json!([{
        "id": crate::estimate::line_id(11), "description": "Design", "quantity": "1",
        "unit_price": "1000", "taxes": [vat("19")],
    }]);
    let more = json!({"schedule": {"deposit": {"percent": "50"}}});
    let scope = crate::scope::accepted("EUR", offer, more);
    let estimate = scope.offers[0].estimate_id;
    let line = scope.lines[0].id;
    // 900 are billed before the deposit of 595 is asked for: 119 are left, tax included.
    let content = crate::scope::invoice(&scope, &[(line, euros(90_000))]);
    let billed = price(
        &content,
        std::slice::from_ref(&scope),
        None,
        of("2026-03-20"),
    )
    .unwrap();
    let scope = billed.after[0].clone();
    let content = InvoiceContent {
        deposit_of: Some(estimate),
        lines: scope.deposit_lines(estimate).unwrap(),
        ..crate::scope::invoice(&scope, &[])
    };
    let mut books = Books::of(content);
    books.scopes = vec![scope.deposit_issued(estimate, &books.invoice)];
    books.pay(71, euros(59_500));
    let credited = books.credit(Extent::Amount(euros(47_600))).unwrap();
    assert_eq!(sums(&credited), ["400.00", "76.00", "476.00", "476.00"]);
    assert_eq!(
        books.notes[0].kept,
        euros(47_600),
        "it was paid, so it is the client's"
    );
    let last = |books: &Books| {
        let scope = &books.scopes[0];
        let mut content = crate::scope::invoice(scope, &[(line, euros(10_000))]);
        content.lines.extend(scope.offers[0].deduction().unwrap());
        let billed = price(&content, &books.scopes, None, of("2026-03-20")).unwrap();
        (content, billed)
    };
    let (_, billed) = last(&books);
    assert_eq!(billed.totals.total, euros(0));
    let before = std::mem::replace(&mut books.scopes, billed.after);
    let deducted = books.credit(Extent::Whole);
    assert_eq!(deducted, Err(CreditRefusal::DepositDeducted.into()));

    // Whoever credits the bill that took it off has it to take off again.
    books.scopes = before;
    books.credit(Extent::Amount(euros(2_380))).unwrap();
    let (content, billed) = last(&books);
    assert_eq!(billed.totals.total, euros(2_380));
    let mut bill = Books::on_scope(content, billed);
    let rest = bill.credit(Extent::Whole).unwrap();
    assert_eq!(sums(&rest), ["20.00", "3.80", "23.80", "23.80"]);
    assert!(bill.scopes[0].offers[0].open_deposit().is_some());
    assert_eq!(bill.scopes[0].lines[0].billed, euros(90_000));
}
