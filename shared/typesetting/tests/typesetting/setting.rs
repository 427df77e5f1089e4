//! What is set is valid, the same each time, and can be read.

use remit_documents::paper::{Block, Han, Paper};
use remit_typesetting::{Pdf, Typesetter};

use crate::{cases, papers, reading};

/// That it is PDF/A-3a and PDF/UA-1 is checked as it is written: what is not, is an error.
fn set(paper: &Paper) -> Pdf {
    Typesetter::new().unwrap().set(paper).unwrap()
}

/// `REMIT_PDF_DIR=folder` keeps the files, to look at.
#[expect(clippy::disallowed_methods, reason = "who looks says where")]
fn kept(name: &str, pdf: &Pdf) {
    if let Ok(folder) = std::env::var("REMIT_PDF_DIR") {
        std::fs::write(format!("{folder}/{name}.pdf"), &pdf.bytes).unwrap();
    }
}

fn has(bytes: &[u8], what: &str) -> bool {
    bytes.windows(what.len()).any(|of| of == what.as_bytes())
}

#[test]
fn papers_of_all_kinds_are_archival_and_accessible() {
    let mut typesetter = Typesetter::new().unwrap();
    for (name, paper, sheets) in [
        ("english", papers::english(), 1),
        ("korean", papers::korean(40), 2),
        ("german", papers::german(), 5),
        ("mixed", papers::mixed(), 1),
    ] {
        let pdf = typesetter.set(&paper).unwrap();
        kept(name, &pdf);
        assert_eq!(pdf.sheets, sheets, "{name}");
        assert_eq!(reading::sheets(&pdf.bytes).len(), sheets, "{name}");
        for stated in [
            "<pdfaid:part>3</pdfaid:part>",
            "<pdfaid:conformance>A</pdfaid:conformance>",
            "<pdfuaid:part>1</pdfuaid:part>",
        ] {
            assert!(has(&pdf.bytes, stated), "{name}: {stated}");
        }
        let tag = paper.language_tag().unwrap();
        assert!(has(&pdf.bytes, &format!("/Lang({tag})")), "{name}");
    }
}

/// PDF/A-3a takes a picture without interpolation, PDF/UA-1 one that says what is on it or that says nothing.
#[test]
fn a_logo_says_the_name_or_has_it_beside_it() {
    let paper = |is_sign| Paper {
        logo: Some(papers::logo(is_sign)),
        ..papers::english()
    };
    for (name, is_sign) in [("logo", false), ("sign", true)] {
        let pdf = set(&paper(is_sign));
        kept(name, &pdf);
        assert_eq!(pdf, set(&paper(is_sign)), "{name}");
        assert_eq!(pdf.sheets, 1, "{name}");
        assert!(has(&pdf.bytes, "/Subtype/Image"), "{name}");
        assert!(!has(&pdf.bytes, "/Interpolate true"), "{name}");
        let says_name = has(&pdf.bytes, "/Alt(Studio Nord)");
        assert_eq!(says_name, !is_sign, "{name}");
        let text = reading::sheets(&pdf.bytes).concat();
        let above = text.split("Invoice AC-2026-0042").next().unwrap();
        assert_eq!(above.contains("Studio Nord"), is_sign, "{name}: {text}");
    }
    assert!(!has(&set(&papers::english()).bytes, "/Subtype/Image"));
}

/// What is kept is a PNG of Remit's own. Were it none, there would be no file, and no worse.
#[test]
fn a_logo_that_is_none_is_an_error() {
    for png in [
        &b""[..],
        b"\x89PNG\r\n\x1a\n",
        b"<svg/>",
        &papers::logo(false).png[..60],
    ] {
        let mut paper = papers::english();
        let mut logo = papers::logo(false);
        logo.png = png.to_vec();
        paper.logo = Some(logo);
        assert!(Typesetter::new().unwrap().set(&paper).is_err(), "{png:?}");
    }
    assert!(Typesetter::new().unwrap().set(&papers::english()).is_ok());
}

#[test]
fn the_same_document_is_the_same_bytes() {
    let mut used = Typesetter::new().unwrap();
    // Whatever was set before.
    used.set(&papers::mixed()).unwrap();
    for paper in [papers::english(), papers::korean(40), papers::mixed()] {
        assert_eq!(set(&paper), used.set(&paper).unwrap());
    }
    let other = Paper {
        title: "Invoice AC-2026-0043".to_owned(),
        ..papers::english()
    };
    assert_ne!(set(&other).bytes, set(&papers::english()).bytes);
}

#[test]
fn all_that_it_says_can_be_read_again() {
    let text = reading::sheets(&set(&papers::english()).bytes).concat();
    for said in [
        "Studio Nord",
        "Invoice AC-2026-0042",
        "Hallmark & Sons Ltd",
        "Karl-Heine-Straße 55",
        "Purchase order",
        "PO-7781",
        "Discount 10 %: −€190.00",
        "€1,710.00",
        "for two domains",
        "VAT 19 %",
        "€4,129.30",
        "DE02 1203 0000 0000 2020 51",
        "For collecting, €40.00 are charged once.",
        "Page 1 of 1",
    ] {
        assert!(text.contains(said), "{said} is not in:\n{text}");
    }
    let text = reading::sheets(&set(&papers::mixed()).bytes).concat();
    for said in [
        "請求書：ウェブサイトの制作",
        "半角ｶﾅ",
        "简体中文：网站设计与开发",
        "ανάλυση και υποστήριξη",
        "Українська: їжак, ґанок",
        "thiết kế trang web",
        "zażółć gęślą jaźń",
        "北京",
    ] {
        assert!(text.contains(said), "{said} is not in:\n{text}");
    }
}

#[test]
fn five_hundred_lines_in_hangul_stand_on_sheets_with_their_heads() {
    let pdf = set(&papers::korean(500));
    kept("korean", &pdf);
    assert!(pdf.missing.is_empty(), "{:?}", pdf.missing);
    let sheets = reading::sheets(&pdf.bytes);
    assert_eq!(sheets.len(), pdf.sheets);
    assert!(sheets.len() > 10);
    for (number, text) in sheets.iter().enumerate() {
        for head in ["내용", "수량", "단가", "금액"] {
            assert_eq!(text.lines().filter(|line| *line == head).count(), 1);
        }
        let foot = format!("{} / {} 쪽", number + 1, sheets.len());
        assert!(text.contains(&foot), "{foot}");
    }
    let all = sheets.concat();
    assert!(
        all.contains("뷁쀍"),
        "syllables that no charset of 2,350 has"
    );
    for line in 1..=500 {
        let said = match line % 3 {
            0 => format!("작업 {line}회차"),
            1 => format!("디자인 {line}\n"),
            _ => format!("보고서 {line} (分析報告)"),
        };
        assert_eq!(all.matches(&said).count(), 1, "{said}");
    }
    // The sums stand where the last line does, and nowhere else.
    let last = sheets.last().unwrap();
    assert!(last.contains("보고서 500") && last.contains("₩99,000,000"));
    assert_eq!(all.matches("₩99,000,000").count(), 1);
}

#[test]
fn sums_are_never_parted_from_the_last_line() {
    let mut typesetter = Typesetter::new().unwrap();
    let mut parted = 0;
    for lines in 15..75 {
        let pdf = typesetter.set(&papers::english_of(lines)).unwrap();
        let sheets = reading::sheets(&pdf.bytes);
        let last = sheets.last().unwrap();
        assert!(last.contains(&format!("Item {lines}\n")), "{lines} lines");
        assert!(last.contains("€119.00"), "{lines} lines");
        assert!(last.contains("Description"), "{lines} lines");
        // There would have been room for the line, but not for the sums.
        parted += usize::from(last.matches("Item ").count() == 1);
    }
    assert!(parted > 0, "some last line has to go with its sums");
}

#[test]
fn a_line_that_is_longer_than_a_sheet_is_parted() {
    let sheets = reading::sheets(&set(&papers::german()).bytes);
    let all = sheets.concat();
    let words = all.matches("abgestimmt.").count();
    assert_eq!(words, 70);
    assert!(sheets[1].contains("abgestimmt.") && sheets[2].contains("abgestimmt."));
    // What is over the lines of a project stands with the first of them.
    let title = sheets.iter().find(|text| text.contains("Übriges")).unwrap();
    assert!(title.contains("Reisekosten"));
}

#[test]
fn notes_and_terms_stand_beside_each_other_while_they_are_short() {
    let mut typesetter = Typesetter::new().unwrap();
    let case = cases::all();
    let case = case.iter().find(|case| case.name == "several-rates");
    let pdf = typesetter
        .set(&case.unwrap().documents()[0].paper())
        .unwrap();
    kept("rates", &pdf);
    assert_eq!(pdf.sheets, 1, "three rates, a transfer, notes and terms");
    let text = reading::sheets(&pdf.bytes).concat();
    for said in ["VAT 19%", "VAT 7%", "VAT: zero rate"] {
        assert_eq!(
            text.matches(said).count(),
            2,
            "of its line and of the sums: {said}"
        );
    }
    let mut paper = papers::english();
    let Some(Block::Beside(words)) = paper.blocks.last_mut() else {
        unreachable!("notes and terms are its last");
    };
    words[0].text = "This was agreed in spring. ".repeat(300);
    let pdf = typesetter.set(&paper).unwrap();
    let text = reading::sheets(&pdf.bytes).concat();
    assert!(pdf.sheets > 1);
    assert_eq!(text.matches("spring.").count(), 300);
    assert!(text.find("Notes").unwrap() < text.find("Terms").unwrap());
    assert_eq!(text.matches("For collecting").count(), 1);
}

#[test]
fn receipts_plans_and_credit_notes_are_one_sheet() {
    let mut typesetter = Typesetter::new().unwrap();
    let all = cases::all();
    for (name, language) in [("plain", "English"), ("korean-words", "Korean")] {
        let case = all.iter().find(|case| case.name == name).unwrap();
        for document in case.documents() {
            let papers = [
                ("document", document.paper()),
                ("receipt", document.receipt()),
                ("plan", document.plan()),
            ];
            for (kind, paper) in papers {
                let pdf = typesetter.set(&paper).unwrap();
                kept(&format!("{language}-{}-{kind}", document.kind()), &pdf);
                assert_eq!(pdf.sheets, 1, "{name} {kind}");
                assert!(pdf.missing.is_empty(), "{:?}", pdf.missing);
                let text = reading::sheets(&pdf.bytes).concat();
                assert!(text.contains("€1,190.00"), "{name} {kind}: {text}");
            }
        }
    }
}

#[test]
fn what_no_font_has_is_a_box_and_is_told() {
    let pdf = set(&papers::mixed());
    let missing: Vec<char> = pdf.missing.iter().copied().collect();
    assert_eq!(missing, ['\u{e01}', '\u{e02}', '✓', '\u{1f600}']);
    let text = reading::sheets(&pdf.bytes).concat();
    let said = "Missing: □□ and □, and from here → there □ № 5";
    assert!(text.contains(said), "{text}");
    // The next document lacks nothing.
    let mut typesetter = Typesetter::new().unwrap();
    typesetter.set(&papers::mixed()).unwrap();
    assert!(
        typesetter
            .set(&papers::english())
            .unwrap()
            .missing
            .is_empty()
    );
}

#[test]
fn what_somebody_typed_never_fails() {
    let mut typesetter = Typesetter::new().unwrap();
    for text in [
        "",
        " ",
        "\n\n\n",
        "a\r\nb\rc\u{2028}d",
        "\u{0}\u{7}\u{1b}[31m",
        "\u{feff}\u{fffe}\u{ffff}\u{fffd}",
        "\u{e000}\u{f8ff}\u{100000}",
        "שלום عالم नमस्ते ไทย",
        "e\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}",
        "👩‍👩‍👧‍👦🇰🇷✈️",
        "\u{200b}\u{200d}\u{202e}abc\u{202c}\u{2066}x\u{2069}",
        "ﷺ\u{1112}\u{1161}\u{11ab}한",
        &"W".repeat(2000),
        &"ab ".repeat(3000),
    ] {
        let mut paper = papers::english();
        paper.title = format!("Invoice {}", text.chars().take(500).collect::<String>());
        paper.agency = text.chars().take(500).collect();
        for party in &mut paper.parties {
            party.name = text.chars().take(500).collect();
        }
        paper.facts[0].1 = text.chars().take(500).collect();
        if let Some(Block::Lines(lines)) = paper.blocks.first_mut() {
            lines.groups[0].title = Some(text.chars().take(500).collect());
            lines.groups[0].lines[0].what = text.to_owned();
            lines.groups[0].lines[0].figures[2] = text.chars().take(60).collect();
            lines.sums[0].label = text.chars().take(500).collect();
        }
        let pdf = typesetter.set(&paper);
        assert!(pdf.is_ok(), "{:?}: {:?}", text.get(..9), pdf.err());
    }
}

#[test]
fn chinese_characters_have_the_forms_of_their_country() {
    let in_forms_of = |han| Paper {
        han,
        ..papers::mixed()
    };
    let [chinese, japanese] = [Han::Chinese, Han::Japanese].map(in_forms_of);
    let [chinese, japanese] = [set(&chinese), set(&japanese)];
    // Other glyphs, the same text.
    assert_ne!(chinese.bytes, japanese.bytes);
    assert_eq!(
        reading::sheets(&chinese.bytes),
        reading::sheets(&japanese.bytes)
    );
}

#[test]
fn a_sheet_is_as_large_as_the_country_has_it() {
    assert!(has(
        &set(&papers::english()).bytes,
        "/MediaBox[0 0 595.27563 841.8898]"
    ));
    assert!(has(&set(&papers::mixed()).bytes, "/MediaBox[0 0 612 792]"));
}
