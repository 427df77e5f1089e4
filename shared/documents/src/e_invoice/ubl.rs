//! UBL 2.1, in the order that its schemas ask for.

use std::io;

use jiff::civil::Date;
use remit_billing::e_invoice::{
    Adjustment, Breakdown, CoreInvoice, CoreLine, CoreParty, DocumentType, Profile, Taxed,
};
use remit_billing::invoice::Supply;
use remit_billing::money::Money;
use remit_billing::party::Period;
use rust_decimal::Decimal;

use super::xml::Xml;

const NAMESPACES: [(&str, &str); 2] = [
    (
        "xmlns:cac",
        "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    ),
    (
        "xmlns:cbc",
        "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
    ),
];

/// The document as UBL.
pub(super) fn write(of: &CoreInvoice<'_>) -> io::Result<Vec<u8>> {
    let (root, own) = match of.kind {
        DocumentType::CreditNote => (
            "CreditNote",
            "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2",
        ),
        DocumentType::Invoice | DocumentType::Prepayment => (
            "Invoice",
            "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2",
        ),
    };
    let [cac, cbc] = NAMESPACES;
    Xml::document(root, &[("xmlns", own), cac, cbc], |xml| body(xml, of))
}

fn body(xml: &mut Xml, of: &CoreInvoice<'_>) -> io::Result<()> {
    let is_credit = of.kind == DocumentType::CreditNote;
    xml.text("cbc:CustomizationID", of.profile.specification())?;
    xml.maybe("cbc:ProfileID", of.profile.process())?;
    xml.text("cbc:ID", of.number)?;
    date(xml, "cbc:IssueDate", of.issue_on)?;
    if let Some(due_on) = of.due_on {
        date(xml, "cbc:DueDate", due_on)?;
    }
    let kind = match is_credit {
        true => "cbc:CreditNoteTypeCode",
        false => "cbc:InvoiceTypeCode",
    };
    xml.text(kind, of.kind.code())?;
    xml.maybe("cbc:Note", of.note)?;
    xml.text("cbc:DocumentCurrencyCode", of.currency.code())?;
    if let Some(tax) = of.totals.tax_in_books {
        xml.text("cbc:TaxCurrencyCode", tax.currency().code())?;
    }
    xml.maybe("cbc:BuyerReference", of.buyer_reference)?;
    if let Some(Supply::Period(whole)) = of.supply {
        period(xml, "cac:InvoicePeriod", *whole)?;
    }
    if let Some(order) = of.purchase_order {
        xml.group("cac:OrderReference", |xml| xml.text("cbc:ID", order))?;
    }
    if let Some(preceding) = &of.preceding {
        xml.group("cac:BillingReference", |xml| {
            xml.group("cac:InvoiceDocumentReference", |xml| {
                xml.text("cbc:ID", preceding.number)?;
                date(xml, "cbc:IssueDate", preceding.issue_on)
            })
        })?;
    }
    xml.group("cac:AccountingSupplierParty", |xml| party(xml, &of.seller))?;
    xml.group("cac:AccountingCustomerParty", |xml| party(xml, &of.buyer))?;
    delivery(xml, of)?;
    payment_means(xml, of)?;
    xml.group("cac:PaymentTerms", |xml| xml.text("cbc:Note", &of.terms))?;
    for allowance in &of.allowances {
        adjustment(xml, allowance, false)?;
    }
    for charge in &of.charges {
        adjustment(xml, charge, true)?;
    }
    taxes(xml, of)?;
    totals(xml, of)?;
    for (number, line) in (1_usize..).zip(&of.lines) {
        self::line(xml, line, number, is_credit)?;
    }
    Ok(())
}

fn date(xml: &mut Xml, name: &str, date: Date) -> io::Result<()> {
    xml.text(name, &date.to_string())
}

fn period(xml: &mut Xml, name: &str, period: Period) -> io::Result<()> {
    xml.group(name, |xml| {
        date(xml, "cbc:StartDate", period.from())?;
        date(xml, "cbc:EndDate", period.to())
    })
}

fn amount(xml: &mut Xml, name: &str, amount: Money) -> io::Result<()> {
    let currency = amount.currency();
    let currency = [("currencyID", currency.code())];
    xml.text_with(name, &currency, &amount.amount_text())
}

fn party(xml: &mut Xml, party: &CoreParty<'_>) -> io::Result<()> {
    xml.group("cac:Party", |xml| {
        if let Some(address) = party.electronic_address {
            let scheme = [("schemeID", address.scheme.as_str())];
            xml.text_with("cbc:EndpointID", &scheme, address.value.as_str())?;
        }
        if let Some(identifier) = party.identifier {
            xml.group("cac:PartyIdentification", |xml| {
                xml.text("cbc:ID", identifier)
            })?;
        }
        let address = party.address;
        xml.group("cac:PostalAddress", |xml| {
            xml.text("cbc:StreetName", address.line1.as_str())?;
            let line2 = address.line2.as_ref().map(|line| line.as_str());
            xml.maybe("cbc:AdditionalStreetName", line2)?;
            xml.text("cbc:CityName", address.city.as_str())?;
            let code = address.postal_code.as_ref().map(|code| code.as_str());
            xml.maybe("cbc:PostalZone", code)?;
            let region = address.region.as_ref().map(|region| region.as_str());
            xml.maybe("cbc:CountrySubentity", region)?;
            country(xml, address.country.as_str())
        })?;
        for (number, scheme) in [(party.vat_id, "VAT"), (party.tax_number, "FC")] {
            let Some(number) = number else { continue };
            xml.group("cac:PartyTaxScheme", |xml| {
                xml.text("cbc:CompanyID", number)?;
                xml.group("cac:TaxScheme", |xml| xml.text("cbc:ID", scheme))
            })?;
        }
        xml.group("cac:PartyLegalEntity", |xml| {
            xml.text("cbc:RegistrationName", party.name)?;
            xml.maybe("cbc:CompanyID", party.register_id)
        })?;
        if let Some(contact) = party.contact {
            xml.group("cac:Contact", |xml| {
                xml.text("cbc:Name", party.name)?;
                xml.text("cbc:Telephone", contact.phone.as_str())?;
                xml.text("cbc:ElectronicMail", contact.email.as_str())
            })?;
        }
        Ok(())
    })
}

fn country(xml: &mut Xml, code: &str) -> io::Result<()> {
    xml.group("cac:Country", |xml| {
        xml.text("cbc:IdentificationCode", code)
    })
}

fn delivery(xml: &mut Xml, of: &CoreInvoice<'_>) -> io::Result<()> {
    let on = match of.supply {
        Some(Supply::On(on)) => Some(*on),
        _ => None,
    };
    if on.is_none() && of.delivered_to.is_none() {
        return Ok(());
    }
    xml.group("cac:Delivery", |xml| {
        if let Some(on) = on {
            date(xml, "cbc:ActualDeliveryDate", on)?;
        }
        match of.delivered_to {
            Some(to) => xml.group("cac:DeliveryLocation", |xml| {
                xml.group("cac:Address", |xml| country(xml, to.as_str()))
            }),
            None => Ok(()),
        }
    })
}

fn payment_means(xml: &mut Xml, of: &CoreInvoice<'_>) -> io::Result<()> {
    for account in &of.accounts {
        xml.group("cac:PaymentMeans", |xml| {
            xml.text("cbc:PaymentMeansCode", super::means(account))?;
            xml.text("cbc:PaymentID", of.reference.as_str())?;
            xml.group("cac:PayeeFinancialAccount", |xml| {
                xml.text("cbc:ID", account.identifier.as_str())?;
                let holder = account.holder.as_ref().map(|holder| holder.as_str());
                xml.text("cbc:Name", holder.unwrap_or(of.seller.name))?;
                match &account.bic {
                    Some(bic) => xml.group("cac:FinancialInstitutionBranch", |xml| {
                        xml.text("cbc:ID", bic.as_str())
                    }),
                    None => Ok(()),
                }
            })
        })?;
    }
    Ok(())
}

fn category(xml: &mut Xml, name: &str, taxed: Taxed) -> io::Result<()> {
    category_with(xml, name, taxed, |_| Ok(()))
}

fn category_with(
    xml: &mut Xml,
    name: &str,
    taxed: Taxed,
    reason: impl FnOnce(&mut Xml) -> io::Result<()>,
) -> io::Result<()> {
    xml.group(name, |xml| {
        xml.text("cbc:ID", taxed.category.code())?;
        if let Some(rate) = taxed.rate {
            xml.text("cbc:Percent", &rate.to_string())?;
        }
        reason(xml)?;
        xml.group("cac:TaxScheme", |xml| xml.text("cbc:ID", "VAT"))
    })
}

fn adjustment(xml: &mut Xml, of: &Adjustment, is_charge: bool) -> io::Result<()> {
    xml.group("cac:AllowanceCharge", |xml| {
        indicator(xml, is_charge)?;
        match &of.reason {
            Some(reason) => xml.text("cbc:AllowanceChargeReason", reason)?,
            None => xml.text("cbc:AllowanceChargeReasonCode", super::DISCOUNT)?,
        }
        amount(xml, "cbc:Amount", of.amount)?;
        category(xml, "cac:TaxCategory", of.taxed)
    })
}

fn indicator(xml: &mut Xml, is_charge: bool) -> io::Result<()> {
    let word = match is_charge {
        true => "true",
        false => "false",
    };
    xml.text("cbc:ChargeIndicator", word)
}

fn taxes(xml: &mut Xml, of: &CoreInvoice<'_>) -> io::Result<()> {
    xml.group("cac:TaxTotal", |xml| {
        amount(xml, "cbc:TaxAmount", of.totals.tax)?;
        for part in &of.taxes {
            subtotal(xml, part, of.profile)?;
        }
        Ok(())
    })?;
    match of.totals.tax_in_books {
        Some(tax) => xml.group("cac:TaxTotal", |xml| amount(xml, "cbc:TaxAmount", tax)),
        None => Ok(()),
    }
}

fn subtotal(xml: &mut Xml, part: &Breakdown, profile: Profile) -> io::Result<()> {
    // BR-DE-14 wants a rate in any case; the norm forbids it for lines alone.
    let taxed = match profile {
        Profile::Xrechnung => Taxed {
            rate: part.taxed.rate.or(Some(Decimal::ZERO)),
            ..part.taxed
        },
        Profile::PeppolBis3 | Profile::FacturX => part.taxed,
    };
    xml.group("cac:TaxSubtotal", |xml| {
        amount(xml, "cbc:TaxableAmount", part.base)?;
        amount(xml, "cbc:TaxAmount", part.amount)?;
        category_with(xml, "cac:TaxCategory", taxed, |xml| {
            if part.reason.is_some() {
                let code = part.taxed.category.reason_code();
                xml.maybe("cbc:TaxExemptionReasonCode", code)?;
            }
            xml.maybe("cbc:TaxExemptionReason", part.reason.as_deref())
        })
    })
}

fn totals(xml: &mut Xml, of: &CoreInvoice<'_>) -> io::Result<()> {
    let totals = &of.totals;
    xml.group("cac:LegalMonetaryTotal", |xml| {
        amount(xml, "cbc:LineExtensionAmount", totals.lines)?;
        amount(xml, "cbc:TaxExclusiveAmount", totals.net)?;
        amount(xml, "cbc:TaxInclusiveAmount", totals.total)?;
        if !of.allowances.is_empty() {
            amount(xml, "cbc:AllowanceTotalAmount", totals.allowances)?;
        }
        if !of.charges.is_empty() {
            amount(xml, "cbc:ChargeTotalAmount", totals.charges)?;
        }
        if !totals.prepaid.is_zero() {
            amount(xml, "cbc:PrepaidAmount", totals.prepaid)?;
        }
        if !totals.rounding.is_zero() {
            amount(xml, "cbc:PayableRoundingAmount", totals.rounding)?;
        }
        amount(xml, "cbc:PayableAmount", totals.due)
    })
}

fn line(xml: &mut Xml, of: &CoreLine<'_>, number: usize, is_credit: bool) -> io::Result<()> {
    let (name, quantity) = match is_credit {
        true => ("cac:CreditNoteLine", "cbc:CreditedQuantity"),
        false => ("cac:InvoiceLine", "cbc:InvoicedQuantity"),
    };
    xml.group(name, |xml| {
        xml.text("cbc:ID", &number.to_string())?;
        xml.text_with(quantity, &[("unitCode", of.unit)], &of.quantity.to_string())?;
        amount(xml, "cbc:LineExtensionAmount", of.net)?;
        if let Some(period) = of.period {
            self::period(xml, "cac:InvoicePeriod", period)?;
        }
        if let Some(allowance) = of.allowance {
            xml.group("cac:AllowanceCharge", |xml| {
                indicator(xml, false)?;
                xml.text("cbc:AllowanceChargeReasonCode", super::DISCOUNT)?;
                amount(xml, "cbc:Amount", allowance)
            })?;
        }
        xml.group("cac:Item", |xml| {
            xml.maybe("cbc:Description", of.description.as_deref())?;
            xml.text("cbc:Name", of.name)?;
            category(xml, "cac:ClassifiedTaxCategory", of.taxed)
        })?;
        xml.group("cac:Price", |xml| {
            let currency = of.net.currency();
            let currency = [("currencyID", currency.code())];
            xml.text_with("cbc:PriceAmount", &currency, &of.price.to_string())
        })
    })
}
