//! What agencies bill: kinds of tax, prices that hold them, discounts, charges, currencies, corrections.

use jiff::Timestamp;
use remit_billing::account::Account;
use remit_billing::actor::ActorId;
use remit_billing::client::Client;
use remit_billing::credit_note::{
    CreditContext, CreditIssue, CreditNote, CreditRequest, Extent, WantedLine, credit,
};
use remit_billing::e_invoice::Profile;
use remit_billing::ids::{CreditNoteId, MemberId, PaymentId, TypedId};
use remit_billing::instalment::{Instalment, InstalmentPlan};
use remit_billing::invoice::{
    DraftInvoice, InvoiceContent, IssueContext, IssuedInvoice, PartyCopy,
};
use remit_billing::ledger::Rail;
use remit_billing::money::{Currency, Money};
use remit_billing::numbering::DocumentNumber;
use remit_billing::party::Paragraph;
use remit_billing::standing::{AppliedPayment, Standing};
use remit_documents::paper::{Paper, Received};
use remit_documents::{EInvoiceError, Issued};
use serde_json::{Value, json};
use uuid::Uuid;

/// An invoice, and what of it is credited.
pub struct Case {
    pub name: String,
    pub account: Account,
    pub client: Client,
    pub content: Value,
    /// What of the client's balance settles it as it is issued.
    pub applied: Option<Money>,
    pub extents: Vec<Extent>,
}

/// What a document comes to, in the words of whoever compares.
pub struct Sums {
    pub currency: Currency,
    pub net: Money,
    pub tax: Money,
    pub total: Money,
    pub prepaid: Money,
    pub rounding: Money,
    pub due: Money,
    pub tax_in_books: Option<Money>,
    pub is_inclusive: bool,
    /// Whether taxes of several names have one rate: each was rounded by itself.
    pub shares_rates: bool,
}

/// A document of a case.
pub struct Document<'a> {
    case: &'a Case,
    invoice: IssuedInvoice,
    standing: Standing,
    note: Option<(usize, CreditNote)>,
}

fn now() -> Timestamp {
    "2026-11-24T10:00:00Z".parse().unwrap()
}

fn account() -> Account {
    serde_json::from_value(json!({
        "id": "acc_01h455vb4pex5vsknk084sn02q",
        "name": "North & Vale",
        "legal_name": "North & Vale Studio GmbH",
        "email": "billing@northvale.example",
        "phone": "+49 341 5550 100",
        "address": {"line1": "Karl-Heine-Straße 55", "line2": "Hinterhaus", "city": "Leipzig",
                    "postal_code": "04229", "country": "DE"},
        "tax_ids": [{"scheme": "VAT", "value": "DE312845906"}, {"value": "232/133/54321"}],
        "electronic_address": {"scheme": "9930", "value": "DE312845906"},
        "time_zone": "Europe/Berlin",
        "currency": "EUR",
        "language": "en",
        "terms": {"kind": "net", "days": 30},
        "invoice_numbers": "INV-{year}-{seq:5}",
        "reminder_ladder": [-3, 0, 7, 14, 30],
        "transfer_accounts": [
            {"id": "bac_01h455vb4pex5vsknk084sn02q", "identifier": "DE02120300000000202051",
             "bic": "BYLADEM1001", "currency": "EUR"},
            {"id": "bac_01h455vb4pex5vsknk084sn02r", "identifier": "000123456789",
             "holder": "North & Vale Inc.", "currency": "USD"}
        ],
        "created_at": "2026-01-01T00:00:00Z",
        "updated_at": "2026-01-01T00:00:00Z"
    }))
    .unwrap()
}

fn client(country: &str) -> Client {
    let vat = match country {
        "GR" => "EL123456789".to_owned(),
        country => format!("{country}123456789"),
    };
    serde_json::from_value(json!({
        "account_id": "acc_01h455vb4pex5vsknk084sn02q",
        "id": "cli_01h455vb4pex5vsknk084sn02q",
        "name": "Aurora & Söhne <Holding>",
        "contacts": [{"email": "books@aurora.example"}],
        "currency": "EUR",
        "language": "en",
        "time_zone": "Europe/Berlin",
        "terms": {"kind": "net", "days": 14},
        "address": {"line1": "Rue de l'Été 5", "city": "Wherever", "region": "North",
                    "postal_code": "10115", "country": country},
        "tax_ids": [{"scheme": "eu_vat", "value": vat}, {"scheme": "hrb", "value": "HRB 12345"}],
        "electronic_address": {"scheme": "0088", "value": "4035811991021"},
        "reminders": true,
        "created_at": "2026-01-01T00:00:00Z",
        "updated_at": "2026-01-01T00:00:00Z"
    }))
    .unwrap()
}

fn tax(rate: &str, kind: &str) -> Value {
    json!({"name": "VAT", "rate": rate, "kind": kind})
}

fn line(quantity: &str, price: &str, taxes: Value) -> Value {
    json!({"description": "Design of the shop\nTwo rounds of <changes> & \"words\"", "quantity": quantity,
           "unit_price": price, "unit": "HUR", "taxes": taxes})
}

fn content(lines: Value) -> Value {
    json!({
        "client_id": "cli_01h455vb4pex5vsknk084sn02q",
        "currency": "EUR",
        "lines": lines,
        "terms": {"kind": "net", "days": 14, "early_payment": {"percent": "2", "days": 7}},
        "purchase_order": "PO-4711",
        "buyer_reference": "04011000-12345-03",
        "notes": "Thank you.\nSee you in spring.",
    })
}

/// A case of one taxed line, credited in whole.
pub fn plain() -> Case {
    Case {
        name: "plain".to_owned(),
        account: account(),
        client: client("DE"),
        content: content(json!([line("12.5", "80", json!([tax("19", "standard")]))])),
        applied: None,
        extents: vec![Extent::Whole],
    }
}

fn named(name: &str, change: impl FnOnce(&mut Case)) -> Case {
    let mut case = plain();
    case.name = name.to_owned();
    change(&mut case);
    case
}

fn euros(amount: &str) -> Money {
    Money::parse(amount, "EUR".parse().unwrap()).unwrap()
}

/// Kinds of tax, each by itself.
fn kinds() -> Vec<Case> {
    let of = |name: &str, country: &str, taxes: Value| {
        named(name, |case| {
            case.client = client(country);
            case.content["lines"] = json!([line("3", "99.99", taxes)]);
        })
    };
    let exempt = json!([{"name": "VAT", "rate": "0", "kind": "exempt", "reason": "Small business, § 19 UStG"}]);
    let mut within = of("within", "FR", json!([tax("0", "intra_community")]));
    within.content["supply"] = json!({"on": "2026-11-20"});
    let mut small = of("small-business", "DE", exempt.clone());
    small.account.tax_ids.remove(0);
    let mut untaxed_with_register = of("untaxed-with-register", "DE", json!([]));
    let register = json!({"scheme": "hrb", "value": "HRB 999"});
    untaxed_with_register.account.tax_ids = vec![serde_json::from_value(register).unwrap()];
    vec![
        of("standard", "DE", json!([tax("19", "standard")])),
        of("zero", "DE", json!([tax("0", "zero")])),
        of("standard-at-nothing", "DE", json!([tax("0", "standard")])),
        of("exempt", "DE", exempt),
        of("reverse-charge", "GR", json!([tax("20", "reverse_charge")])),
        of("export", "US", json!([tax("0", "export")])),
        of("out-of-scope", "DE", json!([tax("0", "out_of_scope")])),
        of("untaxed", "DE", json!([])),
        within,
        small,
        untaxed_with_register,
    ]
}

/// Documents with something of their own.
fn single() -> Vec<Case> {
    let vat = json!([tax("19", "standard")]);
    let reduced = json!([tax("7", "standard")]);
    let several = json!([
        line("12.5", "83.333333", vat.clone()),
        line("1", "19.99", reduced.clone()),
        line("2", "4.995", json!([tax("0", "zero")])),
    ]);
    vec![
        named("several-rates", |case| {
            case.content["lines"] = several.clone()
        }),
        named("discount-on-several-rates", |case| {
            case.content["lines"] = several.clone();
            case.content["discount"] = json!({"percent": "7.5"});
        }),
        named("charges", |case| {
            case.content["charges"] = json!([
                {"description": "Travel", "amount": "49.90", "taxes": vat},
                {"description": "Books\nfor the team", "amount": "12.34", "taxes": reduced},
            ]);
        }),
        named("everything", |case| {
            case.content["lines"] = several.clone();
            case.content["lines"][0]["discount"] = json!({"percent": "10"});
            case.content["lines"][0]["period"] = json!({"from": "2026-10-05", "to": "2026-10-09"});
            case.content["discount"] = json!({"amount": "33.33"});
            case.content["charges"] =
                json!([{"description": "Travel", "amount": "49.90", "taxes": vat}]);
            case.content["supply"] = json!({"period": {"from": "2026-10-01", "to": "2026-10-31"}});
            case.extents = vec![
                Extent::Lines(vec![WantedLine {
                    place: 0,
                    amount: Some(euros("100.00")),
                }]),
                Extent::Amount(euros("77.77")),
                Extent::Whole,
            ];
        }),
        named("a-line-that-takes-off", |case| {
            case.content["lines"] = json!([
                line("1", "1000", vat.clone()),
                line("-1", "250.50", vat.clone())
            ]);
        }),
        named("deposit", |case| {
            case.content["deposit_of"] = json!("est_01h455vb4pex5vsknk084sn02q");
        }),
        named("names-of-one-rate", |case| {
            let other = json!([{"name": "USt.", "rate": "19.00"}]);
            case.content["lines"] =
                json!([line("1", "10.01", vat.clone()), line("1", "10.02", other)]);
        }),
        named("two-reasons", |case| {
            let of = |reason: &str| json!([{"name": reason, "rate": "0", "kind": "exempt", "reason": reason}]);
            case.content["lines"] = json!([
                line("1", "10", of("Teaching")),
                line("1", "20", of("Health"))
            ]);
        }),
        named("paid-in-part-from-the-balance", |case| {
            case.applied = Some(euros("190.50"));
        }),
        named("paid-from-the-balance", |case| {
            case.applied = Some(euros("1190.00"));
            case.extents.clear();
        }),
        named("without-account", |case| {
            case.client = client("FR");
            case.account.transfer_accounts.clear();
        }),
        named("korean-words", |case| {
            case.client.language = "ko".parse().unwrap();
            case.content["lines"][0]["description"] = json!("웹사이트 디자인\n세 번 수정");
        }),
        named("hostile", |case| {
            let words = "]]>&lt;<!-- \u{fffe} ' \" </cbc:Name>";
            case.content["lines"][0]["description"] = json!(words);
            case.content["notes"] = json!(words);
            case.content["buyer_reference"] = json!("<x>&y;");
        }),
        named("rounded-to-cash", |case| {
            case.client = client("CH");
            case.account.currency = "CHF".parse().unwrap();
            case.account.cash_rounding =
                serde_json::from_value(json!({"CHF": {"to": "0.05", "mode": "half_up"}})).unwrap();
            case.content["currency"] = json!("CHF");
            case.content["lines"] = json!([line("1", "33.33", json!([tax("8.1", "standard")]))]);
        }),
        named("other-currency", |case| {
            case.client = client("US");
            case.account.exchange_rates = serde_json::from_value(json!({
                "USD": {"currency": "EUR", "rate": "0.861234", "on": "2026-11-23", "source": "ecb"}
            }))
            .unwrap();
            case.content["currency"] = json!("USD");
        }),
        named("many-lines", |case| {
            let lines = (1..=60).map(|n| {
                let price = format!("{n}.{:02}", n * 7 % 100);
                line("1.25", &price, vat.clone())
            });
            case.content["lines"] = lines.collect();
            case.content["discount"] = json!({"percent": "3.333"});
        }),
    ]
}

/// The same work in many ways: currencies, prices with and without tax, discounts.
fn matrix() -> Vec<Case> {
    let mut all = Vec::new();
    for currency in ["EUR", "JPY", "SEK", "GBP"] {
        for inclusive in [false, true] {
            for discount in [
                Value::Null,
                json!({"percent": "12.5"}),
                json!({"amount": "7"}),
            ] {
                for own in [Value::Null, json!({"percent": "33.3333"})] {
                    let name = format!("matrix-{}", all.len());
                    all.push(named(&name, |case| {
                        let vat = json!([{"name": "VAT", "rate": "19", "inclusive": inclusive}]);
                        let reduced = json!([{"name": "VAT", "rate": "7", "inclusive": inclusive}]);
                        case.client = client("AT");
                        case.account.currency = currency.parse().unwrap();
                        let lines = [
                            ("7.3", "11", &vat),
                            ("0.25", "333", &vat),
                            ("19", "3", &reduced),
                        ];
                        case.content["lines"] = lines
                            .iter()
                            .map(|(quantity, price, taxes)| line(quantity, price, (*taxes).clone()))
                            .collect();
                        case.content["lines"][1]["discount"] = own.clone();
                        case.content["discount"] = discount.clone();
                        case.content["currency"] = json!(currency);
                        let third =
                            Money::rounded("50".parse().unwrap(), currency.parse().unwrap());
                        case.extents = vec![Extent::Amount(third.unwrap()), Extent::Whole];
                    }));
                }
            }
        }
    }
    all
}

/// All of them.
pub fn all() -> Vec<Case> {
    let all = [vec![plain()], kinds(), single(), matrix()];
    all.into_iter().flatten().collect()
}

impl Case {
    /// Whether there is an account of its currency to pay to.
    pub fn has_account(&self) -> bool {
        let mut accounts = self.account.transfer_accounts.iter();
        accounts.any(|account| self.content["currency"] == account.currency.code())
    }

    fn issued(&self) -> (IssuedInvoice, Standing) {
        let content: InvoiceContent = serde_json::from_value(self.content.clone()).unwrap();
        let rounding = self.account.cash_rounding(content.currency);
        let draft = DraftInvoice {
            account_id: self.account.id,
            id: "inv_01h455vb4pex5vsknk084sn02q".parse().unwrap(),
            totals: content.totals_rounded(rounding).unwrap(),
            content,
            scope: Vec::new(),
            sections: Vec::new(),
            work_entries: 0,
            content_hash: None,
            review: remit_billing::approval::Review::default(),
            created_on: self.account.today(now()),
            created_at: now(),
            updated_at: now(),
        };
        let context = IssueContext {
            account: &self.account,
            client: &self.client,
            rate: self.account.rate_from(draft.content.currency),
            deposit_rates: &[],
            issue_on: self.account.today(now()),
            send: false,
            approval_asked: false,
            now: now(),
        };
        let number = DocumentNumber::parse("INV-2026-00042").unwrap();
        let (invoice, mut standing) = draft.issue(number, context).unwrap();
        if let Some(amount) = self.applied {
            standing.paid = amount;
            standing.payments.push(AppliedPayment {
                id: PaymentId::from_uuid(Uuid::from_u128(8)),
                on: self.account.today(now()),
                amount,
                rail: Rail::BankTransfer,
                reference: None,
                applied_at: Some(now()),
                from_balance: true,
            });
        }
        (invoice, standing)
    }

    /// The invoice, and its credit notes one after the other.
    pub fn documents(&self) -> Vec<Document<'_>> {
        let (invoice, standing) = self.issued();
        let mut notes: Vec<CreditNote> = Vec::new();
        let mut documents = vec![Document {
            case: self,
            invoice: invoice.clone(),
            standing: standing.clone(),
            note: None,
        }];
        let mut standing = standing;
        for (place, extent) in self.extents.iter().enumerate() {
            let context = CreditContext {
                invoice: &invoice,
                standing: &standing,
                before: &notes,
                scopes: &[],
            };
            let Ok(credited) = credit(context, extent) else {
                // Of a document that the norm has no place for.
                continue;
            };
            let request = CreditRequest {
                extent: extent.clone(),
                reason: Paragraph::parse("Not delivered").unwrap(),
                goodwill: false,
            };
            let number = format!("CN-2026-{:04}", place + 1);
            let issue = CreditIssue {
                id: CreditNoteId::from_uuid(Uuid::from_u128(place as u128 + 1)),
                number: DocumentNumber::parse(&number).unwrap(),
                issue_on: invoice.issue_on,
                seller: PartyCopy::of_account(&self.account),
                client: &self.client,
                by: ActorId::Member(MemberId::from_uuid(Uuid::from_u128(9))),
                now: now(),
            };
            let note = CreditNote::issue(context, &request, credited, issue).unwrap();
            let ladder = &self.account.reminder_ladder;
            let after = standing.after_credit(&note, &invoice, ladder, now());
            standing = after.unwrap().0;
            documents.push(Document {
                case: self,
                invoice: invoice.clone(),
                standing: standing.clone(),
                note: Some((place, note.clone())),
            });
            notes.push(note);
        }
        documents
    }
}

impl Document<'_> {
    pub fn kind(&self) -> String {
        match &self.note {
            Some((place, _)) => format!("credit-{place}"),
            None => "invoice".to_owned(),
        }
    }

    pub fn number(&self) -> &str {
        match &self.note {
            Some((_, note)) => note.number.as_str(),
            None => self.invoice.number.as_str(),
        }
    }

    /// Whether its taxes are what is left of a whole's.
    pub fn is_part(&self) -> bool {
        self.note.is_some()
    }

    pub fn as_xml(&self, profile: Profile) -> Result<Vec<u8>, EInvoiceError> {
        match &self.note {
            Some((_, note)) => self.issued().credit_note_as_xml(note, profile),
            None => self.issued().as_xml(profile),
        }
    }

    fn issued(&self) -> Issued<'_> {
        Issued {
            account: &self.case.account,
            invoice: &self.invoice,
            standing: &self.standing,
            now: now(),
        }
    }

    pub fn paper(&self) -> Paper {
        let paper = match &self.note {
            Some((_, note)) => self.issued().credit_note_paper(note),
            None => self.issued().paper(),
        };
        paper.unwrap()
    }

    /// The receipt of a payment of all that it came to.
    pub fn receipt(&self) -> Paper {
        let received = Received {
            payment_id: PaymentId::from_uuid(Uuid::from_u128(8)),
            amount: self.invoice.totals.payable,
            on: self.invoice.issue_on,
            rail: Rail::BankTransfer,
            covers: &[],
        };
        self.issued().receipt_paper(&received).unwrap()
    }

    /// Two instalments of all that it came to.
    pub fn plan(&self) -> Paper {
        let payable = self.invoice.totals.payable;
        let zero = Money::zero(payable.currency());
        let first = Money::rounded("10".parse().unwrap(), payable.currency()).unwrap();
        let plan = InstalmentPlan {
            agreed_at: now(),
            parts: vec![
                Instalment {
                    due_on: "2027-01-15".parse().unwrap(),
                    amount: first,
                },
                Instalment {
                    due_on: "2027-02-15".parse().unwrap(),
                    amount: payable.checked_sub(first).unwrap(),
                },
            ],
            settled_before: zero,
            document_due_on: self.invoice.due_on,
        };
        self.issued().plan_paper(&plan).unwrap()
    }

    /// What its lines say, as people wrote it.
    pub fn line_texts(&self) -> Vec<String> {
        let shown = |text: &str| text.replace('\u{fffe}', "\u{fffd}");
        match &self.note {
            Some((_, note)) => {
                let parts = note.credited.lines.iter().chain(&note.credited.charges);
                parts.map(|part| shown(part.description.as_str())).collect()
            }
            None => {
                let lines = self.invoice.content.lines.iter();
                lines.map(|line| shown(line.description.as_str())).collect()
            }
        }
    }

    pub fn totals(&self) -> Sums {
        match &self.note {
            Some((_, note)) => {
                let of = &note.credited;
                Sums {
                    currency: of.net.currency(),
                    net: of.net,
                    tax: of.tax,
                    total: of.total,
                    prepaid: Money::zero(of.net.currency()),
                    rounding: of.rounding,
                    due: of.payable,
                    tax_in_books: note.tax_in_books,
                    is_inclusive: false,
                    shares_rates: false,
                }
            }
            None => {
                let of = &self.invoice.totals;
                let prepaid = self.case.applied.unwrap_or(Money::zero(of.currency));
                Sums {
                    currency: of.currency,
                    net: of.net,
                    tax: of.tax,
                    total: of.total,
                    prepaid,
                    rounding: of.rounding,
                    due: of.payable.checked_sub(prepaid).unwrap(),
                    tax_in_books: self.invoice.tax_in_books().unwrap(),
                    is_inclusive: of.inclusive,
                    shares_rates: {
                        let mut rates: Vec<_> = of.taxes.iter().map(|tax| tax.rate).collect();
                        rates.sort_unstable();
                        rates.windows(2).any(|pair| pair[0] == pair[1])
                    },
                }
            }
        }
    }
}
