//! Sample documents: an agency in Leipzig that bills in euros and English, and one in Seoul that
//! bills in won and Korean. The gallery shows them, the tests read them.

use jiff::civil::{Date, date};
use remit_billing::money::{Currency, Money};
use remit_billing::saved_method::{MethodKind, MethodLabel};
use remit_documents::PaymentInstructions;
use remit_documents::agency::{Agency, Party, TaxIdentity};
use remit_documents::invoice::{
    Charge, Discount, Line, Payment, PaymentMethod, Relief, Standing, Tax, Totals, Withholding,
};
use remit_documents::mail::{
    InvoiceMail, MailLine, Own, ReceiptMail, ReminderMail, VoidNoticeMail,
};
use remit_documents::page::{
    AmountOf, InvoiceList, InvoicePage, ListedInvoice, ListedMethod, PageSection, PayAction,
    PayLabel, PayWay, TimesheetPage, WorkLine, WorkRow,
};
use rust_decimal::Decimal;

/// Whatever goes wrong with a sample.
pub type BoxError = Box<dyn std::error::Error>;
/// The samples' today.
pub const TODAY: Date = date(2026, 11, 23);
/// The samples' page.
pub const PAGE_URL: &str = "https://pay.northvale.example/p/inv_01kanr8d1xfyv9gq2hvz3m7c4e.q8Zk2";

/// An amount in euros, given in cents.
pub fn eur(cents: i64) -> Result<Money, BoxError> {
    Ok(Money::from_minor_units(cents, Currency::EUR)?)
}

/// An amount in won.
pub fn krw(won: i64) -> Result<Money, BoxError> {
    Ok(Money::from_minor_units(won, Currency::KRW)?)
}

fn owned(text: &str) -> Option<String> {
    Some(text.to_owned())
}

/// The agency in Leipzig.
pub fn north_vale() -> Result<Agency, BoxError> {
    Ok(Agency {
        name: "North & Vale".to_owned(),
        accent: "#1f6f5c".parse()?,
        logo: None,
        party: Party {
            name: "North & Vale Studio GmbH".to_owned(),
            address: ["Karl-Heine-Straße 55", "04229 Leipzig", "Germany"]
                .map(str::to_owned)
                .to_vec(),
            tax_ids: vec![
                TaxIdentity {
                    label: owned("VAT ID"),
                    value: "DE 312 845 906".to_owned(),
                },
                TaxIdentity {
                    label: owned("Amtsgericht Leipzig"),
                    value: "HRB 34821".to_owned(),
                },
            ],
            email: owned("billing@northvale.example"),
            phone: owned("+49 341 5550 142"),
            website: owned("https://northvale.example/"),
        },
    })
}

/// The agency in Seoul.
pub fn hanbit() -> Result<Agency, BoxError> {
    Ok(Agency {
        name: "한빛 스튜디오".to_owned(),
        accent: "#3d5afe".parse()?,
        logo: None,
        party: Party {
            name: "주식회사 한빛스튜디오".to_owned(),
            address: ["서울특별시 성동구 연무장길 47, 3층", "04782"]
                .map(str::to_owned)
                .to_vec(),
            tax_ids: vec![TaxIdentity {
                label: owned("사업자등록번호"),
                value: "214-88-01234".to_owned(),
            }],
            email: owned("billing@hanbit.example"),
            phone: owned("02-555-0142"),
            website: None,
        },
    })
}

fn way(title: &str, text: &str) -> Vec<PaymentInstructions> {
    vec![PaymentInstructions {
        title: title.to_owned(),
        text: text.to_owned(),
        ..PaymentInstructions::default()
    }]
}

fn lines_eur() -> Result<Vec<Line>, BoxError> {
    Ok(vec![
        Line {
            description: "Website relaunch: design system and page templates".to_owned(),
            quantity: Decimal::new(40, 0),
            unit: owned("HUR"),
            unit_price: Decimal::new(95, 0),
            discount: Some(Discount {
                percent: Some(Decimal::new(10, 0)),
                amount: eur(38_000)?,
            }),
            period: Some((date(2026, 10, 1), date(2026, 10, 31))),
            taxes: None,
            amount: eur(342_000)?,
        },
        Line {
            description: "Photography, one day on site".to_owned(),
            quantity: Decimal::ONE,
            unit: owned("DAY"),
            unit_price: Decimal::new(880, 0),
            discount: None,
            period: None,
            taxes: None,
            amount: eur(88_000)?,
        },
        Line {
            description: "Copy editing, per page".to_owned(),
            quantity: Decimal::new(12, 0),
            unit: owned("C62"),
            unit_price: Decimal::new(83_333, 4),
            discount: None,
            period: None,
            taxes: None,
            amount: eur(10_000)?,
        },
    ])
}

/// An open invoice of the agency in Leipzig, due in 30 days, payable online and by transfer.
pub fn invoice() -> Result<InvoicePage, BoxError> {
    Ok(InvoicePage {
        agency: north_vale()?,
        customer: Party {
            name: "Lindqvist & Daughters AB".to_owned(),
            address: ["Hornsgatan 84", "118 21 Stockholm", "Sweden"]
                .map(str::to_owned)
                .to_vec(),
            tax_ids: vec![TaxIdentity {
                label: owned("VAT ID"),
                value: "SE 556677889901".to_owned(),
            }],
            email: None,
            phone: None,
            website: None,
        },
        number: "INV-2026-00042".to_owned(),
        issued_on: TODAY,
        document_due_on: date(2026, 12, 23),
        due_on: date(2026, 12, 23),
        today: TODAY,
        standing: Standing::Open,
        about: owned("Website relaunch 2026"),
        purchase_order: owned("PO-4711"),
        buyer_reference: owned("M. Lindqvist"),
        supply_period: Some((date(2026, 10, 1), date(2026, 11, 20))),
        sections: vec![PageSection::plain(lines_eur()?)],
        prices_include_tax: false,
        agreed: Vec::new(),
        totals: Totals {
            subtotal: eur(440_000)?,
            discount: None,
            charges: Vec::new(),
            net: eur(440_000)?,
            taxes: vec![Tax {
                name: "VAT".to_owned(),
                rate: Decimal::new(19, 0),
                base: eur(440_000)?,
                amount: eur(83_600)?,
                relief: None,
                reason: None,
            }],
            tax_in_books: None,
            total: eur(523_600)?,
            withheld: Vec::new(),
            rounding: eur(0)?,
            payable: eur(523_600)?,
            paid_earlier: eur(0)?,
            payments: Vec::new(),
            credited: eur(0)?,
            written_off: eur(0)?,
            balance_due: eur(523_600)?,
        },
        pay: Some(PayAction {
            action: "/p/inv_01kanr8d1xfyv9gq2hvz3m7c4e.q8Zk2/checkout".to_owned(),
            request_id: "01997f2c-9a4e-7d31-8d5f-0c6f9b1f2a77".to_owned(),
            version: 3,
            proof: "aXo1Q2x6".to_owned(),
            checkout_origins: vec!["https://checkout.stripe.com".to_owned()],
            ways: vec![PayWay {
                name: "stripe",
                label: PayLabel::Card,
            }],
            is_agreed: false,
            chosen: None,
            part: None,
            keepers: vec!["Stripe"],
        }),
        instructions: way(
            "Bank transfer",
            "You can also transfer the amount to our account.\n\
             Account holder: North & Vale Studio GmbH\n\
             IBAN: DE02 1203 0000 0000 2020 51\n\
             BIC: BYLADEM1001",
        ),
        notes: owned(
            "Thank you for trusting us with your relaunch.\nThe source files are in your shared folder.",
        ),
        terms: owned("Net 30 days. Rights of use pass with full payment."),
        instalments: Vec::new(),
        credits: Vec::new(),
        disputes: Vec::new(),
        disputable: None,
        asked: eur(523_600)?,
        questions: remit_documents::Questions::default(),
        timesheet_path: owned("/p/inv_01kanr8d1xfyv9gq2hvz3m7c4e.q8Zk2/timesheet"),
        pdf_path: owned("/p/inv_01kanr8d1xfyv9gq2hvz3m7c4e.q8Zk2/pdf"),
        invoices_path: owned("/p/inv_01kanr8d1xfyv9gq2hvz3m7c4e.q8Zk2/invoices"),
        promised_on: None,
        promise: None,
        notice: None,
    })
}

/// The same, overdue and partly paid.
pub fn part_paid() -> Result<InvoicePage, BoxError> {
    let mut page = invoice()?;
    page.issued_on = date(2026, 10, 12);
    page.due_on = date(2026, 11, 11);
    page.totals.payments = vec![
        Payment {
            received_on: date(2026, 10, 30),
            amount: eur(150_000)?,
            method: PaymentMethod::Card,
        },
        Payment {
            received_on: date(2026, 11, 9),
            amount: eur(100_000)?,
            method: PaymentMethod::Bank,
        },
    ];
    page.totals.balance_due = eur(273_600)?;
    page.asked = eur(273_600)?;
    Ok(page)
}

/// The same, paid.
pub fn paid() -> Result<InvoicePage, BoxError> {
    let mut page = invoice()?;
    page.standing = Standing::Paid { on: TODAY };
    page.totals.payments = vec![Payment {
        received_on: TODAY,
        amount: eur(523_600)?,
        method: PaymentMethod::Card,
    }];
    page.totals.balance_due = eur(0)?;
    page.pay = None;
    page.instructions.clear();
    Ok(page)
}

/// The same, withdrawn.
pub fn void() -> Result<InvoicePage, BoxError> {
    let mut page = invoice()?;
    page.standing = Standing::Void { on: TODAY };
    page.totals.balance_due = eur(0)?;
    page.pay = None;
    page.instructions.clear();
    Ok(page)
}

/// Everything at once: long words, large sums, every kind of row, two ways to pay.
pub fn crowded() -> Result<InvoicePage, BoxError> {
    let mut page = part_paid()?;
    page.customer.name = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft mbH & Co. KGaA".to_owned();
    page.purchase_order = owned("PO-2026-EU-CENTRAL-0000004711-0815-REV-B/7");
    let mut lines: Vec<Line> = (0..9)
        .map(|_| lines_eur())
        .collect::<Result<Vec<_>, _>>()?
        .concat();
    lines.push(Line {
        description: "https://share.example.com/f/0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f9\nMigration of the archive, including everything that was found in the old content management system, its images, and their captions in four languages".to_owned(),
        quantity: Decimal::new(-1_234_567_890_123, 6),
        unit: owned("KWH"),
        unit_price: Decimal::new(999_999_123_456, 6),
        discount: None,
        period: Some((date(2025, 12, 1), date(2026, 1, 31))),
        taxes: None,
        amount: eur(-123_456_789_012)?,
    });
    page.sections = vec![PageSection::plain(lines)];
    page.totals.discount = Some(Discount {
        percent: Some(Decimal::new(25, 1)),
        amount: eur(11_000)?,
    });
    page.totals.charges = vec![Charge {
        description: "Travel to Stockholm and back, second class, with two changes".to_owned(),
        amount: eur(42_000)?,
    }];
    page.totals.taxes.push(Tax {
        name: "VAT".to_owned(),
        rate: Decimal::ZERO,
        base: eur(42_000)?,
        amount: eur(0)?,
        relief: Some(Relief::ReverseCharge),
        reason: owned("Article 196, Council Directive 2006/112/EC"),
    });
    page.totals.withheld = vec![Withholding {
        name: "Income tax".to_owned(),
        rate: Decimal::new(15, 0),
        amount: eur(66_000)?,
    }];
    page.totals.rounding = eur(-2)?;
    page.totals.payable = eur(123_456_789_098)?;
    page.totals.balance_due = eur(123_456_539_098)?;
    page.totals.credited = eur(1_000)?;
    page.totals.written_off = eur(2)?;
    page.instructions
        .extend(way("Cheque", "Payable to North & Vale Studio GmbH."));
    page.terms = owned(
        "2% discount for payment by 22 October 2026.\nAfter the due date we charge interest of nine percentage points above the base rate.",
    );
    Ok(page)
}

/// An invoice of the agency in Seoul, with tax and withholding.
pub fn invoice_korean() -> Result<InvoicePage, BoxError> {
    let english = invoice()?;
    Ok(InvoicePage {
        agency: hanbit()?,
        customer: Party {
            name: "도담출판사".to_owned(),
            address: vec!["경기도 파주시 회동길 145".to_owned(), "10881".to_owned()],
            tax_ids: vec![TaxIdentity {
                label: owned("사업자등록번호"),
                value: "141-81-56789".to_owned(),
            }],
            ..Party::default()
        },
        number: "2026-0117".to_owned(),
        about: owned("어린이 도서 앱 리뉴얼"),
        purchase_order: None,
        buyer_reference: None,
        supply_period: Some((date(2026, 11, 1), date(2026, 11, 20))),
        sections: vec![PageSection::plain(vec![
            Line {
                description: "앱 화면 디자인 및 프로토타입 제작".to_owned(),
                quantity: Decimal::new(12, 0),
                unit: owned("DAY"),
                unit_price: Decimal::new(450_000, 0),
                discount: None,
                period: Some((date(2026, 11, 1), date(2026, 11, 20))),
                taxes: None,
                amount: krw(5_400_000)?,
            },
            Line {
                description: "캐릭터 일러스트레이션".to_owned(),
                quantity: Decimal::ONE,
                unit: owned("LS"),
                unit_price: Decimal::new(1_600_000, 0),
                discount: Some(Discount {
                    percent: None,
                    amount: krw(100_000)?,
                }),
                period: None,
                taxes: None,
                amount: krw(1_500_000)?,
            },
        ])],
        totals: Totals {
            subtotal: krw(6_900_000)?,
            discount: None,
            charges: Vec::new(),
            net: krw(6_900_000)?,
            taxes: vec![Tax {
                name: "부가가치세".to_owned(),
                rate: Decimal::new(10, 0),
                base: krw(6_900_000)?,
                amount: krw(690_000)?,
                relief: None,
                reason: None,
            }],
            tax_in_books: None,
            total: krw(7_590_000)?,
            withheld: vec![
                Withholding {
                    name: "소득세".to_owned(),
                    rate: Decimal::new(3, 0),
                    amount: krw(207_000)?,
                },
                Withholding {
                    name: "지방소득세".to_owned(),
                    rate: Decimal::new(3, 1),
                    amount: krw(20_700)?,
                },
            ],
            rounding: krw(0)?,
            payable: krw(7_362_300)?,
            paid_earlier: krw(0)?,
            payments: Vec::new(),
            credited: krw(0)?,
            written_off: krw(0)?,
            balance_due: krw(7_362_300)?,
        },
        instructions: way(
            "계좌 이체",
            "아래 계좌로 입금하셔도 됩니다.\n은행: 국민은행\n계좌 번호: 123456-04-789012\n예금주: 주식회사 한빛스튜디오",
        ),
        notes: owned("이번 프로젝트를 믿고 맡겨 주셔서 감사합니다."),
        terms: owned("발행일로부터 30일 이내 납부."),
        ..english
    })
}

/// The list of a client's invoices.
pub fn list() -> Result<InvoiceList, BoxError> {
    let entry = |number: &str, about: &str, issued_on: Date, standing, payable, balance_due| {
        ListedInvoice {
            number: number.to_owned(),
            about: owned(about),
            issued_on,
            due_on: issued_on.saturating_add(jiff::Span::new().days(30)),
            standing,
            payable,
            balance_due,
            path: owned("/p/inv_01kanr8d1xfyv9gq2hvz3m7c4e.q8Zk2"),
            choice: None,
        }
    };
    let paid = |on| Standing::Paid { on };
    Ok(InvoiceList {
        agency: north_vale()?,
        client_name: "Lindqvist & Daughters AB".to_owned(),
        today: TODAY,
        invoices: vec![
            entry(
                "INV-2025-00018",
                "Brand refresh",
                date(2025, 9, 2),
                paid(date(2025, 9, 20)),
                eur(1_250_000)?,
                eur(0)?,
            ),
            entry(
                "INV-2026-00042",
                "Website relaunch 2026",
                TODAY,
                Standing::Open,
                eur(523_600)?,
                eur(523_600)?,
            ),
            entry(
                "INV-2026-00031",
                "Website relaunch 2026, first part",
                date(2026, 10, 12),
                Standing::Open,
                eur(380_000)?,
                eur(130_000)?,
            ),
            entry(
                "INV-2026-00040",
                "Hosting, November",
                date(2026, 11, 2),
                Standing::Processing,
                eur(4_900)?,
                eur(4_900)?,
            ),
            entry(
                "INV-2026-00012",
                "Hosting, March",
                date(2026, 3, 2),
                paid(date(2026, 3, 9)),
                eur(4_900)?,
                eur(0)?,
            ),
            entry(
                "INV-2026-00011",
                "Workshop",
                date(2026, 2, 17),
                Standing::Void {
                    on: date(2026, 2, 18),
                },
                eur(180_000)?,
                eur(0)?,
            ),
        ],
        open_sums: vec![eur(658_500)?],
        more: true,
        back_path: owned("/p/inv_01kanr8d1xfyv9gq2hvz3m7c4e.q8Zk2"),
        choose_path: None,
        notice: None,
        methods: vec![
            ListedMethod {
                label: MethodLabel::new(
                    MethodKind::Card,
                    Some("visa"),
                    Some("4242"),
                    Some((2031, 4)),
                ),
                saved_on: date(2026, 9, 20),
                with: "1".to_owned(),
            },
            ListedMethod {
                label: MethodLabel::new(MethodKind::SepaDebit, Some("N26 BANK"), Some("11"), None),
                saved_on: date(2026, 10, 12),
                with: "2".to_owned(),
            },
        ],
        methods_action: "/p/inv_01kanr8d1xfyv9gq2hvz3m7c4e.q8Zk2/payment-methods".to_owned(),
        balances: vec![eur(6_200)?],
        statement_path: Some("/p/inv_01kanr8d1xfyv9gq2hvz3m7c4e.q8Zk2/statement".to_owned()),
        portal_path: Some("/portal/acc_01kanr8d1xfyv9gq2hvz3m7c4e".to_owned()),
    })
}

/// The work behind an invoice: time of two, a way, an expense.
pub fn timesheet() -> Result<TimesheetPage, BoxError> {
    let row = |day: i8, member: &str, what: &str, amount_of: AmountOf, cents: i64| {
        Ok::<_, BoxError>(WorkRow {
            on: date(2026, 11, day),
            member: member.to_owned(),
            task: owned("Web design"),
            description: what.to_owned(),
            amount_of,
            amount: eur(cents)?,
        })
    };
    let line = |what: &str, quantity: &str, unit: Option<&str>, price: &str, cents: i64, rows| {
        Ok::<_, BoxError>(WorkLine {
            project: owned("Relaunch"),
            description: what.to_owned(),
            quantity: quantity.parse()?,
            unit: unit.map(str::to_owned),
            unit_price: price.parse()?,
            net: eur(cents)?,
            rows,
        })
    };
    let minutes = AmountOf::Minutes;
    let time = vec![
        row(
            2,
            "Maja Lindqvist",
            "Start page: two drafts, and a call about which of them to build on",
            minutes(390),
            61_750,
        )?,
        row(3, "Jonas Weber", "Icons", minutes(45), 7_125)?,
        row(
            5,
            "Maja Lindqvist",
            "Start page: the one that was chosen, for narrow and for wide screens",
            minutes(480),
            76_000,
        )?,
    ];
    let way = AmountOf::Way("187.4".parse()?, "KMT".to_owned());
    let way = vec![row(
        6,
        "Maja Lindqvist",
        "To the workshop in Halle and back",
        way,
        7_871,
    )?];
    let spent = AmountOf::Spent {
        merchant: owned("Deutsche Bahn"),
        receipt: owned("ticket-2026-11-06.pdf"),
    };
    let spent = vec![row(
        6,
        "Jonas Weber",
        "Train to the workshop",
        spent,
        5_990,
    )?];
    Ok(TimesheetPage {
        agency: north_vale()?,
        number: "INV-2026-0042".to_owned(),
        lines: vec![
            line("Web design", "15.25", Some("HUR"), "95", 144_875, time)?,
            line("Travel", "187.4", Some("KMT"), "0.42", 7_871, way)?,
            line(
                "Train to the workshop (Deutsche Bahn)",
                "1",
                None,
                "59.90",
                5_990,
                spent,
            )?,
        ],
        minutes: 915,
        total: eur(158_736)?,
        back_path: owned("/p/inv_01kanr8d1xfyv9gq2hvz3m7c4e.q8Zk2"),
    })
}

/// The mail that brings an invoice.
pub fn invoice_mail(page: &InvoicePage, recipient: &str) -> InvoiceMail {
    InvoiceMail {
        agency: page.agency.clone(),
        recipient: owned(recipient),
        number: page.number.clone(),
        about: page.about.clone(),
        purchase_order: page.purchase_order.clone(),
        due_on: page.due_on,
        instalments: page.instalments.clone(),
        asked: page.asked,
        totals: page.totals.clone(),
        prices_include_tax: page.prices_include_tax,
        lines: page.sections[0]
            .lines
            .iter()
            .map(|line| MailLine {
                description: line.description.clone(),
                amount: line.amount,
            })
            .collect(),
        message: None,
        own: Own::default(),
        page_url: PAGE_URL.to_owned(),
        can_pay_online: page.pay.is_some(),
        instructions: page.instructions.clone(),
    }
}

/// The receipt of a payment; what is left is given.
pub fn receipt_mail(page: &InvoicePage, recipient: &str, paid: Money, left: Money) -> ReceiptMail {
    ReceiptMail {
        agency: page.agency.clone(),
        recipient: owned(recipient),
        number: page.number.clone(),
        about: page.about.clone(),
        paid,
        received_on: TODAY,
        kept: Money::zero(paid.currency()),
        method: PaymentMethod::Card,
        reference: owned("pi_3QNbT2eZvKYlo2C1"),
        covers: Vec::new(),
        payable: page.totals.payable,
        balance_due: left,
        asked: left,
        void: false,
        due_on: page.due_on,
        own: Own::default(),
        page_url: PAGE_URL.to_owned(),
    }
}

/// A reminder of an invoice on a day.
pub fn reminder_mail(page: &InvoicePage, recipient: &str, today: Date) -> ReminderMail {
    ReminderMail {
        agency: page.agency.clone(),
        recipient: owned(recipient),
        number: page.number.clone(),
        about: page.about.clone(),
        issued_on: page.issued_on,
        due_on: page.due_on,
        today,
        tone: None,
        promised_on: None,
        own: Own::default(),
        payable: page.totals.payable,
        balance_due: page.totals.balance_due,
        page_url: PAGE_URL.to_owned(),
        can_pay_online: page.pay.is_some(),
        instructions: page.instructions.clone(),
    }
}

/// The notice that an invoice is withdrawn.
pub fn void_mail(page: &InvoicePage, recipient: &str) -> VoidNoticeMail {
    VoidNoticeMail {
        agency: page.agency.clone(),
        recipient: owned(recipient),
        number: page.number.clone(),
        about: page.about.clone(),
        voided_on: TODAY,
        payable: page.totals.payable,
        reason: owned("The purchase order was missing."),
        replaced_by: owned("INV-2026-00043"),
        page_url: PAGE_URL.to_owned(),
    }
}
