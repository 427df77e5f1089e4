//! Documents that are e-invoices have them inside. With `REMIT_E_INVOICES` set to a folder the files are written
//! there, where `.ci/e-invoices` has them judged by programs of others.

use std::path::PathBuf;

use remit_billing::e_invoice::Profile;
use remit_documents::paper::Paper;
use remit_typesetting::Typesetter;

use crate::cases::{self, Document};
use crate::read::{Element, Parsed};
use crate::{papers, reading};

#[expect(
    clippy::disallowed_methods,
    reason = "where a person wants to look at the documents is no setting of Remit's"
)]
fn folder() -> Option<PathBuf> {
    std::env::var_os("REMIT_E_INVOICES").map(PathBuf::from)
}

fn text(pdf: &[u8]) -> String {
    String::from_utf8_lossy(pdf).into_owned()
}

/// What stands between two marks, the only ones of their kind.
fn between<'t>(text: &'t str, from: &str, to: &str) -> &'t str {
    assert_eq!(text.matches(from).count(), 1, "{from}");
    let rest = text.split_once(from).unwrap().1;
    rest.split_once(to).unwrap().0
}

/// The table of objects leads to each of them, and the end of the file to the table.
fn is_found(pdf: &[u8]) {
    let end = text(&pdf[pdf.len() - 40..]);
    let table: usize = between(&end, "startxref\n", "\n%%EOF").parse().unwrap();
    let table = text(&pdf[table..]);
    let count: usize = between(&table, "xref\n0 ", "\n").parse().unwrap();
    let entries = table.split_once(&format!("xref\n0 {count}\n")).unwrap().1;
    let mut used = 0;
    for (number, entry) in entries.as_bytes().chunks(20).take(count).enumerate() {
        let entry = text(entry);
        if let Some(at) = entry.strip_suffix(" 00000 n\r\n") {
            let at: usize = at.parse().unwrap();
            let name = format!("{number} 0 obj\n");
            assert!(pdf[at..].starts_with(name.as_bytes()), "{number}");
            used += 1;
        }
    }
    assert!(entries.as_bytes()[count * 20..].starts_with(b"trailer\n"));
    let all = pdf.windows(7).filter(|of| of == b" 0 obj\n").count();
    assert_eq!(used, all);
}

fn check(name: &str, document: &Document<'_>, pdf: &[u8]) {
    is_found(pdf);
    let [(file, xml)] = <[_; 1]>::try_from(reading::attached(pdf)).unwrap();
    assert_eq!(file, "factur-x.xml", "{name}");
    assert_eq!(xml, document.as_xml(Profile::FacturX).unwrap(), "{name}");
    // What it comes to is what was issued, and what the sheets say.
    let parsed = Parsed::of_cii(&Element::read(&xml));
    let totals = document.totals();
    assert_eq!(parsed.number, document.number(), "{name}");
    let said = [
        parsed.net,
        parsed.tax,
        parsed.total,
        parsed.prepaid,
        parsed.due,
    ];
    let issued = [
        totals.net,
        totals.tax,
        totals.total,
        totals.prepaid,
        totals.due,
    ];
    assert_eq!(said, issued.map(|amount| amount.amount()), "{name}");
    let sheets = reading::sheets(pdf).concat();
    assert!(sheets.contains(document.number()), "{name}");

    let all = text(pdf);
    let metadata = between(&all, "<?xpacket begin=", "<?xpacket end=");
    for said in [
        "xmlns:fx=\"urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#\"",
        "<fx:DocumentType>INVOICE</fx:DocumentType>",
        "<fx:DocumentFileName>factur-x.xml</fx:DocumentFileName>",
        "<fx:Version>1.0</fx:Version>",
        "<fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>",
        "<pdfaSchema:prefix>fx</pdfaSchema:prefix>",
        "<pdfaid:part>3</pdfaid:part>",
        "<pdfuaid:part>1</pdfuaid:part>",
    ] {
        assert_eq!(metadata.matches(said).count(), 1, "{name}: {said}");
    }
    let schemas = between(
        metadata,
        "<pdfaExtension:schemas>",
        "</pdfaExtension:schemas>",
    );
    for property in [
        "DocumentType",
        "DocumentFileName",
        "Version",
        "ConformanceLevel",
    ] {
        let described = format!("<pdfaProperty:name>{property}</pdfaProperty:name>");
        assert_eq!(schemas.matches(&described).count(), 1, "{name}: {property}");
    }
    Element::read(format!("<all>{}</all>", metadata.split_once("?>").unwrap().1).as_bytes());
    for said in [
        "/AFRelationship/Alternative",
        "/Subtype/text#2Fxml",
        "/EmbeddedFiles<</Names[(factur-x.xml)",
        "/AF[",
        "/Type/StructTreeRoot",
    ] {
        assert_eq!(all.matches(said).count(), 1, "{name}: {said}");
    }
    let parameters = between(&all, "/Params<<", ">>");
    let dated = "/ModDate(D:20261124000000Z)";
    let size = format!("/Size {}", xml.len());
    assert!(
        parameters.contains(&size) && parameters.contains(dated),
        "{name}: {parameters}"
    );
}

#[test]
fn documents_have_their_e_invoices_inside() {
    let folder = folder();
    let mut typesetter = Typesetter::new().unwrap();
    for case in cases::all() {
        for document in case.documents() {
            let name = format!("{}-{}-factur_x", case.name, document.kind());
            let pdf = typesetter.set(&document.paper()).unwrap().bytes;
            check(&name, &document, &pdf);
            let branded = Paper {
                logo: Some(papers::logo(document.kind().starts_with("credit"))),
                ..document.paper()
            };
            let branded = typesetter.set(&branded).unwrap().bytes;
            check(&name, &document, &branded);
            assert_eq!(
                pdf,
                typesetter.set(&document.paper()).unwrap().bytes,
                "{name}"
            );
            if let Some(folder) = &folder {
                std::fs::create_dir_all(folder).unwrap();
                std::fs::write(folder.join(format!("{name}.pdf")), &pdf).unwrap();
                let with_logo = folder.join(format!("{name}-logo.pdf"));
                std::fs::write(with_logo, &branded).unwrap();
            }
        }
    }
}

#[test]
fn what_cannot_be_one_has_nothing_inside() {
    let mut typesetter = Typesetter::new().unwrap();
    let case = cases::plain();
    let receipt = case.documents()[0].receipt();
    for paper in [papers::english(), receipt] {
        let pdf = typesetter.set(&paper).unwrap().bytes;
        assert!(reading::attached(&pdf).is_empty());
        let all = text(&pdf);
        assert!(!all.contains("factur-x") && !all.contains("/AF["));
        is_found(&pdf);
    }
}

#[test]
fn names_that_look_like_parts_of_a_file_change_nothing() {
    let mut typesetter = Typesetter::new().unwrap();
    let case = cases::plain();
    let paper = case.documents()[0].paper();
    for name in [
        "startxref\n1\n%%EOF",
        "</rdf:RDF></rdf:Bag></pdfaExtension:schemas>",
        "<?xpacket begin=\"\"?> /Metadata 1 0 R /Root 1 0 R",
    ] {
        let paper = Paper {
            title: name.to_owned(),
            agency: name.to_owned(),
            id: name.to_owned(),
            ..paper.clone()
        };
        let pdf = typesetter.set(&paper).unwrap().bytes;
        is_found(&pdf);
        assert_eq!(reading::attached(&pdf).len(), 1);
        assert!(text(&pdf).contains("<fx:ConformanceLevel>EN 16931<"));
    }
}
