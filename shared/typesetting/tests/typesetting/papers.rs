//! Papers of all kinds.

use jiff::civil::date;
use remit_billing::brand::LogoFacts;
use remit_billing::canonical::ContentHash;
use remit_billing::party::Language;
use remit_documents::paper::{
    Block, Content, Entry, Han, LineGroup, LineTable, Paper, PaperCode, PaperLine, PaperLogo,
    PaperParty, Prose, Qr, Section, Sheet, Sum, Weight,
};

/// A logo as it is kept: a mark of 60 by 12 pixels, or a sign of 12 by 12, in one colour.
pub fn logo(is_sign: bool) -> PaperLogo {
    let png: &[u8] = match is_sign {
        true => include_bytes!("sign.png"),
        false => include_bytes!("mark.png"),
    };
    PaperLogo {
        facts: LogoFacts {
            sha256: ContentHash::of(png),
            width: if is_sign { 12 } else { 60 },
            height: 12,
        },
        png: png.to_vec(),
    }
}

/// An English invoice of one sheet.
pub fn english() -> Paper {
    Paper {
        id: "inv_1".to_owned(),
        language: Language::En,
        han: Han::Japanese,
        sheet: Sheet::A4,
        title: "Invoice AC-2026-0042".to_owned(),
        agency: "Studio Nord".to_owned(),
        logo: None,
        accent: [0x1f, 0x6f, 0x5c],
        dated: date(2026, 3, 2),
        parties: vec![
            party(
                "Billed to",
                "Hallmark & Sons Ltd",
                &["1 Bank End", "London", "SE1 9BU", "United Kingdom", "VAT ID GB123456789"],
            ),
            party(
                "From",
                "Studio Nord GmbH",
                &["Karl-Heine-Straße 55", "04229 Leipzig", "Germany", "VAT ID DE136695976", "hello@studionord.example"],
            ),
        ],
        facts: pairs(&[
            ("For", "Website relaunch, second stage"),
            ("Issued", "2 March 2026"),
            ("Due", "16 March 2026"),
            ("Service period", "1 to 28 February 2026"),
            ("Purchase order", "PO-7781"),
        ]),
        e_invoice: None,
        blocks: vec![
            Block::Lines(table(
                ["Description", "Quantity", "Unit price", "Amount"],
                vec![
                    line("Design of the start page and of three templates, with two rounds of changes", &["1 to 14 February 2026"], ["16 hours", "€95.00", "€1,520.00"]),
                    line("Development", &["Discount 10 %: −€190.00"], ["20 hours", "€95.00", "€1,710.00"]),
                    line("Licence of the type, a year\nfor two domains", &[], ["2", "€120.00", "€240.00"]),
                ],
                sums(&[
                    ("Total before tax", None, "€3,470.00", Weight::Plain),
                    ("VAT 19 %", Some("on €3,470.00"), "€659.30", Weight::Plain),
                    ("Total", None, "€4,129.30", Weight::Last),
                ]),
            )),
            Block::Section(Section {
                title: "Bank transfer".to_owned(),
                content: vec![
                    Content::Code(PaperCode {
                        alternative: "QR code: a banking app that scans it fills in this transfer".to_owned(),
                        caption: "Scan with your banking app".to_owned(),
                        code: Qr::of("BCD\n002\n1\nSCT\nBYLADEM1001\nStudio Nord GmbH\nDE02120300000000202051\nEUR4129.30\n\nRF18539007547034").unwrap(),
                    }),
                    Content::Text("Please transfer the amount to this account.".to_owned()),
                    Content::Pairs(pairs(&[
                        ("Account holder", "Studio Nord GmbH"),
                        ("IBAN", "DE02 1203 0000 0000 2020 51"),
                        ("BIC", "BYLADEM1001"),
                        ("Amount", "€4,129.30"),
                        ("Reference", "RF18 5390 0754 7034"),
                    ])),
                ],
            }),
            Block::Beside(vec![
                Prose {
                    title: "Notes".to_owned(),
                    text: "Thank you for your trust.".to_owned(),
                },
                Prose {
                    title: "Terms".to_owned(),
                    text: "Overdue amounts bear interest of 8 % a year, reckoned by the day.\nFor collecting, €40.00 are charged once.".to_owned(),
                },
            ]),
        ],
    }
}

/// A Korean invoice of so many lines.
pub fn korean(lines: usize) -> Paper {
    let lines = (1..=lines).map(|n| {
        let what = match n % 3 {
            0 => format!("홈페이지 유지보수 및 콘텐츠 업데이트 작업 {n}회차 — 모바일 화면 최적화와 접근성 개선을 포함합니다"),
            1 => format!("웹사이트 개편 디자인 {n}"),
            _ => format!("검색 최적화 보고서 {n} (分析報告)"),
        };
        line(&what, &[], ["1.5시간", "₩120,000", "₩180,000"])
    });
    Paper {
        language: Language::Ko,
        han: Han::Korean,
        title: "청구서 한빛-2026-0007".to_owned(),
        agency: "한빛 스튜디오".to_owned(),
        parties: vec![
            party(
                "받는 분",
                "주식회사 가나다 뷁쀍",
                &[
                    "서울특별시 성동구 연무장길 47, 3층",
                    "04782",
                    "사업자등록번호 123-45-67890",
                ],
            ),
            party(
                "보내는 분",
                "한빛 스튜디오",
                &["부산광역시 해운대구 센텀중앙로 90", "48059"],
            ),
        ],
        facts: pairs(&[("발행일", "2026년 3월 2일"), ("기한", "2026년 3월 16일")]),
        e_invoice: None,
        blocks: vec![Block::Lines(table(
            ["내용", "수량", "단가", "금액"],
            lines.collect(),
            sums(&[
                ("세전 합계", None, "₩90,000,000", Weight::Plain),
                (
                    "부가세 10%",
                    Some("₩90,000,000 기준"),
                    "₩9,000,000",
                    Weight::Plain,
                ),
                ("합계", None, "₩99,000,000", Weight::Last),
            ]),
        ))],
        ..english()
    }
}

/// Long words, long texts and two projects.
pub fn german() -> Paper {
    let long = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaftsübernahmevertrag";
    let essay = format!(
        "Grundstücksverkehrsgenehmigungszuständigkeitsübertragungsverordnung. {}",
        "Wir haben die Übertragung vorbereitet, geprüft und mit allen Beteiligten abgestimmt. "
            .repeat(70)
    );
    let group = |title: &str, lines, subtotal: &str| LineGroup {
        title: Some(title.to_owned()),
        lines,
        subtotal: Some(("Zwischensumme".to_owned(), subtotal.to_owned())),
    };
    let mut of = table(
        ["Beschreibung", "Menge", "Einzelpreis", "Betrag"],
        Vec::new(),
        sums(&[
            (
                "Zwischensumme vor Steuern",
                None,
                "12.345.678,90 €",
                Weight::Plain,
            ),
            (
                "Umsatzsteuer 19 %",
                Some(
                    "auf 12.345.678,90 € · Steuerschuldnerschaft des Leistungsempfängers nach § 13b UStG",
                ),
                "2.345.678,99 €",
                Weight::Plain,
            ),
            ("Gesamtbetrag", None, "14.691.357,89 €", Weight::Last),
        ]),
    );
    of.groups = vec![
        group(
            "Verwaltungsmodernisierung · Berlin",
            vec![
                line(
                    long,
                    &["vom 1. bis 14. Februar 2026"],
                    ["1.234,5 Stunden", "1.234,567891 €", "1.524.073,96 €"],
                ),
                line(&essay, &[], ["1", "95,00 €", "95,00 €"]),
            ],
            "1.524.168,96 €",
        ),
        group(
            "Übriges",
            vec![line("Reisekosten", &[], ["3", "95,00 €", "285,00 €"])],
            "285,00 €",
        ),
    ];
    Paper {
        title: "Rechnung 2026-0001".to_owned(),
        agency: long.to_owned(),
        e_invoice: None,
        blocks: vec![
            Block::Lines(of),
            Block::Section(Section {
                title: "Was vereinbart war, und was davon diese Rechnung abrechnet".to_owned(),
                content: vec![
                    Content::Text("Vor Steuern.".to_owned()),
                    Content::Entries(
                        (1..=30)
                            .map(|n| Entry {
                                what: format!("Leistung {n}"),
                                amount: "1.000,00 €".to_owned(),
                                note: Some(
                                    "vereinbart 3.000,00 € · davor 1.000,00 € · offen 1.000,00 €"
                                        .to_owned(),
                                ),
                            })
                            .collect(),
                    ),
                ],
            }),
        ],
        ..english()
    }
}

/// Many scripts on one sheet, and two characters that no font has.
pub fn mixed() -> Paper {
    let texts = [
        "日本語の請求書：ウェブサイトの制作、直・骨・角・画（全角ＡＢＣ、半角ｶﾅ）",
        "简体中文：网站设计与开发，直接、骨头、角色、画面",
        "Ελληνικά: Σχεδιασμός ιστοσελίδας, ανάλυση και υποστήριξη",
        "Русский: разработка сайта, поддержка; Українська: їжак, ґанок",
        "Tiếng Việt: thiết kế trang web; Türkçe: ağırlıklı; Polski: zażółć gęślą jaźń; Čeština: příliš žluťoučký",
        "Missing: \u{0e01}\u{0e02} and \u{1f600}, and from here → there ✓ № 5 ™ ½",
    ];
    Paper {
        han: Han::Chinese,
        sheet: Sheet::Letter,
        title: "Invoice 混合-1".to_owned(),
        agency: "Студия Δέλτα 北京".to_owned(),
        e_invoice: None,
        blocks: vec![Block::Lines(table(
            ["Description", "Quantity", "Unit price", "Amount"],
            texts
                .iter()
                .map(|text| line(text, &[], ["1", "¥100", "¥100"]))
                .collect(),
            sums(&[("Total", None, "¥600", Weight::Last)]),
        ))],
        ..english()
    }
}

/// The words of an invoice of one sheet with lines to fill it, and more.
pub fn english_of(lines: usize) -> Paper {
    let lines = (1..=lines).map(|n| line(&format!("Item {n}"), &[], ["1", "€10.00", "€10.00"]));
    let sums = sums(&[
        ("Total before tax", None, "€100.00", Weight::Plain),
        ("Total", None, "€119.00", Weight::Last),
    ]);
    Paper {
        e_invoice: None,
        blocks: vec![Block::Lines(table(
            ["Description", "Quantity", "Unit price", "Amount"],
            lines.collect(),
            sums,
        ))],
        ..english()
    }
}

fn party(title: &str, name: &str, lines: &[&str]) -> PaperParty {
    PaperParty {
        title: title.to_owned(),
        name: name.to_owned(),
        lines: lines.iter().map(ToString::to_string).collect(),
    }
}

fn pairs(of: &[(&str, &str)]) -> Vec<(String, String)> {
    let pairs = of.iter();
    pairs
        .map(|(label, value)| ((*label).to_owned(), (*value).to_owned()))
        .collect()
}

fn line(what: &str, more: &[&str], figures: [&str; 3]) -> PaperLine {
    PaperLine {
        what: what.to_owned(),
        more: more.iter().map(ToString::to_string).collect(),
        figures: figures.iter().map(ToString::to_string).collect(),
    }
}

fn table(columns: [&str; 4], lines: Vec<PaperLine>, sums: Vec<Sum>) -> LineTable {
    LineTable {
        title: "Lines".to_owned(),
        columns: columns.iter().map(ToString::to_string).collect(),
        groups: vec![LineGroup {
            lines,
            ..LineGroup::default()
        }],
        hint: None,
        sums_title: "Totals".to_owned(),
        sums,
    }
}

fn sums(of: &[(&str, Option<&str>, &str, Weight)]) -> Vec<Sum> {
    let sums = of.iter();
    sums.map(|(label, note, amount, weight)| Sum {
        label: (*label).to_owned(),
        note: note.map(str::to_owned),
        amount: (*amount).to_owned(),
        weight: *weight,
    })
    .collect()
}
