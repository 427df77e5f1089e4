//! Rules of Peppol BIS Billing 3.0 beyond those of EN 16931, whose program is not to be had here: those that
//! concern what Remit writes, each by its name.

use rust_decimal::Decimal;

use crate::read::Element;

/// Checks a document in UBL. `XRechnung` follows them too.
pub fn check(name: &str, root: &Element) {
    let is_credit = root.name == "CreditNote";
    let at = |path: &str| root.at(path);
    // R001, R007.
    let process = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0";
    assert_eq!(at("cbc:ProfileID"), Some(process), "{name} R001");
    // R002.
    assert!(root.all("cbc:Note").len() <= 1, "{name} R002");
    // R003.
    let order = at("cac:OrderReference/cbc:ID");
    assert!(at("cbc:BuyerReference").or(order).is_some(), "{name} R003");
    // R005.
    let currency = at("cbc:DocumentCurrencyCode").unwrap();
    assert_ne!(at("cbc:TaxCurrencyCode"), Some(currency), "{name} R005");
    // R008.
    for element in root.every() {
        let is_empty = element.text.trim().is_empty() && element.children.is_empty();
        assert!(!is_empty, "{name} R008 {}", element.name);
    }
    // R010, R020.
    for party in ["cac:AccountingSupplierParty", "cac:AccountingCustomerParty"] {
        let address = root.all(&format!("{party}/cac:Party/cbc:EndpointID"));
        let scheme = address[0].attribute("schemeID");
        assert!(scheme.is_some(), "{name} R010/R020");
    }
    // R043 and R041 to R042: an amount without a percentage has no base.
    for part in root.every() {
        if part.name == "cac:AllowanceCharge" {
            let is_charge = part.at("cbc:ChargeIndicator").unwrap();
            assert!(matches!(is_charge, "true" | "false"), "{name} R043");
            assert!(part.at("cbc:BaseAmount").is_none(), "{name} R042");
            let why = part.at("cbc:AllowanceChargeReason");
            let code = part.at("cbc:AllowanceChargeReasonCode");
            assert!(why.or(code).is_some(), "{name} BR-33/BR-38/BR-42");
        }
    }
    // R051: all but the tax in the books' currency.
    let mut others = 0;
    for element in root.every() {
        if let Some(of) = element.attribute("currencyID")
            && of != currency
        {
            assert_eq!(element.name, "cbc:TaxAmount", "{name} R051");
            others += 1;
        }
    }
    // R053, R054.
    let sums = root.all("cac:TaxTotal");
    let with_parts = sums
        .iter()
        .filter(|sum| !sum.all("cac:TaxSubtotal").is_empty());
    assert_eq!(with_parts.count(), 1, "{name} R053");
    let in_books = at("cbc:TaxCurrencyCode").is_some();
    assert_eq!(others, usize::from(in_books), "{name} R054");
    assert_eq!(sums.len(), 1 + usize::from(in_books), "{name} R054");
    // R055.
    if let [own, other] = sums.as_slice() {
        let sign = |sum: &Element| sum.number("cbc:TaxAmount").unwrap().is_sign_negative();
        assert_eq!(sign(own), sign(other), "{name} R055");
    }
    // P0100, P0101.
    let code = match is_credit {
        true => at("cbc:CreditNoteTypeCode"),
        false => at("cbc:InvoiceTypeCode"),
    };
    let allowed: &[&str] = match is_credit {
        true => &["381"],
        false => &["380", "386"],
    };
    assert!(allowed.contains(&code.unwrap()), "{name} P0100/P0101");
    for reason in root.all("cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory") {
        // P0104 to P0111.
        let category = match reason.at("cbc:TaxExemptionReasonCode") {
            Some("VATEX-EU-G") => "G",
            Some("VATEX-EU-O") => "O",
            Some("VATEX-EU-IC") => "K",
            Some("VATEX-EU-AE") => "AE",
            None => continue,
            Some(other) => unreachable!("{other}"),
        };
        assert_eq!(reason.at("cbc:ID"), Some(category), "{name} P0104");
    }
    lines(name, root, is_credit);
}

fn lines(name: &str, root: &Element, is_credit: bool) {
    let whole = root.all("cac:InvoicePeriod");
    let (line_name, quantity) = match is_credit {
        true => ("cac:CreditNoteLine", "cbc:CreditedQuantity"),
        false => ("cac:InvoiceLine", "cbc:InvoicedQuantity"),
    };
    for line in root.all(line_name) {
        // R110, R111: dates compare as texts.
        if let ([whole], [own]) = (whole.as_slice(), line.all("cac:InvoicePeriod").as_slice()) {
            let starts = own.at("cbc:StartDate") >= whole.at("cbc:StartDate");
            let ends = own.at("cbc:EndDate") <= whole.at("cbc:EndDate");
            assert!(starts && ends, "{name} R110/R111");
        }
        // R120.
        let price = line.number("cac:Price/cbc:PriceAmount").unwrap();
        let taken_off = line.number("cac:AllowanceCharge/cbc:Amount");
        let exact = line.number(quantity).unwrap() * price - taken_off.unwrap_or_default();
        let said = line.number("cbc:LineExtensionAmount").unwrap();
        assert!((exact - said).abs() <= Decimal::new(2, 2), "{name} R120");
        // BR-27.
        assert!(!price.is_sign_negative(), "{name} BR-27");
    }
}

/// Rules of `XRechnung` that concern what Remit writes.
pub fn check_german(name: &str, root: &Element) {
    // BR-DE-14.
    for part in root.all("cac:TaxTotal/cac:TaxSubtotal") {
        let rate = part.number("cac:TaxCategory/cbc:Percent");
        assert!(rate.is_some(), "{name} BR-DE-14");
    }
    // BR-DE-15.
    assert!(root.at("cbc:BuyerReference").is_some(), "{name} BR-DE-15");
    // BR-DE-17.
    let code = root
        .at("cbc:InvoiceTypeCode")
        .or(root.at("cbc:CreditNoteTypeCode"));
    assert!(matches!(code, Some("380" | "381")), "{name} BR-DE-17");
    // BR-DE-1, and BR-DE-23 of transfers.
    let means = root.all("cac:PaymentMeans");
    assert!(!means.is_empty(), "{name} BR-DE-1");
    for way in means {
        let account = way.at("cac:PayeeFinancialAccount/cbc:ID");
        assert!(account.is_some(), "{name} BR-DE-23");
    }
    // BR-DE-2 to BR-DE-11.
    let seller = root.all("cac:AccountingSupplierParty/cac:Party")[0];
    for field in ["cbc:Name", "cbc:Telephone", "cbc:ElectronicMail"] {
        let path = format!("cac:Contact/{field}");
        assert!(seller.at(&path).is_some(), "{name} BR-DE-2 {field}");
    }
    for party in ["cac:AccountingSupplierParty", "cac:AccountingCustomerParty"] {
        for field in ["cbc:CityName", "cbc:PostalZone"] {
            let path = format!("{party}/cac:Party/cac:PostalAddress/{field}");
            assert!(root.at(&path).is_some(), "{name} BR-DE-3 {field}");
        }
    }
}
