//! Cross Industry Invoice D16B, as Factur-X takes it: the order is that of its schema.

use std::io;

use jiff::civil::Date;
use remit_billing::bank_account::AccountIdentifier;
use remit_billing::e_invoice::{Adjustment, Breakdown, CoreInvoice, CoreLine, CoreParty, Taxed};
use remit_billing::invoice::Supply;
use remit_billing::money::Money;
use remit_billing::party::Period;

use super::xml::Xml;

const NAMESPACES: [(&str, &str); 4] = [
    (
        "xmlns:rsm",
        "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
    ),
    (
        "xmlns:ram",
        "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
    ),
    (
        "xmlns:qdt",
        "urn:un:unece:uncefact:data:standard:QualifiedDataType:100",
    ),
    (
        "xmlns:udt",
        "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
    ),
];
/// A day as `CCYYMMDD`: a code of UNTDID 2379.
const DAY: [(&str, &str); 1] = [("format", "102")];

/// The document as CII.
pub(super) fn write(of: &CoreInvoice<'_>) -> io::Result<Vec<u8>> {
    Xml::document("rsm:CrossIndustryInvoice", &NAMESPACES, |xml| {
        xml.group("rsm:ExchangedDocumentContext", |xml| {
            if let Some(process) = of.profile.process() {
                let name = "ram:BusinessProcessSpecifiedDocumentContextParameter";
                xml.group(name, |xml| xml.text("ram:ID", process))?;
            }
            xml.group("ram:GuidelineSpecifiedDocumentContextParameter", |xml| {
                xml.text("ram:ID", of.profile.specification())
            })
        })?;
        xml.group("rsm:ExchangedDocument", |xml| {
            xml.text("ram:ID", of.number)?;
            xml.text("ram:TypeCode", of.kind.code())?;
            day(xml, "ram:IssueDateTime", of.issue_on)?;
            match of.note {
                Some(note) => xml.group("ram:IncludedNote", |xml| xml.text("ram:Content", note)),
                None => Ok(()),
            }
        })?;
        xml.group("rsm:SupplyChainTradeTransaction", |xml| {
            for (number, of) in (1_usize..).zip(&of.lines) {
                line(xml, of, number)?;
            }
            agreement(xml, of)?;
            delivery(xml, of)?;
            settlement(xml, of)
        })
    })
}

fn day(xml: &mut Xml, name: &str, date: Date) -> io::Result<()> {
    xml.group(name, |xml| {
        xml.text_with("udt:DateTimeString", &DAY, &plain(date))
    })
}

fn plain(date: Date) -> String {
    format!("{:04}{:02}{:02}", date.year(), date.month(), date.day())
}

fn period(xml: &mut Xml, period: Period) -> io::Result<()> {
    xml.group("ram:BillingSpecifiedPeriod", |xml| {
        day(xml, "ram:StartDateTime", period.from())?;
        day(xml, "ram:EndDateTime", period.to())
    })
}

/// Amounts name no currency, but for sums of taxes: it is the document's.
fn amount(xml: &mut Xml, name: &str, amount: Money) -> io::Result<()> {
    xml.text(name, &amount.amount_text())
}

fn line(xml: &mut Xml, of: &CoreLine<'_>, number: usize) -> io::Result<()> {
    xml.group("ram:IncludedSupplyChainTradeLineItem", |xml| {
        xml.group("ram:AssociatedDocumentLineDocument", |xml| {
            xml.text("ram:LineID", &number.to_string())
        })?;
        xml.group("ram:SpecifiedTradeProduct", |xml| {
            xml.text("ram:Name", of.name)?;
            xml.maybe("ram:Description", of.description.as_deref())
        })?;
        xml.group("ram:SpecifiedLineTradeAgreement", |xml| {
            xml.group("ram:NetPriceProductTradePrice", |xml| {
                xml.text("ram:ChargeAmount", &of.price.to_string())
            })
        })?;
        xml.group("ram:SpecifiedLineTradeDelivery", |xml| {
            let unit = [("unitCode", of.unit)];
            xml.text_with("ram:BilledQuantity", &unit, &of.quantity.to_string())
        })?;
        xml.group("ram:SpecifiedLineTradeSettlement", |xml| {
            xml.group("ram:ApplicableTradeTax", |xml| category(xml, of.taxed))?;
            if let Some(period) = of.period {
                self::period(xml, period)?;
            }
            if let Some(allowance) = of.allowance {
                xml.group("ram:SpecifiedTradeAllowanceCharge", |xml| {
                    indicator(xml, false)?;
                    amount(xml, "ram:ActualAmount", allowance)?;
                    xml.text("ram:ReasonCode", super::DISCOUNT)
                })?;
            }
            let sums = "ram:SpecifiedTradeSettlementLineMonetarySummation";
            xml.group(sums, |xml| amount(xml, "ram:LineTotalAmount", of.net))
        })
    })
}

fn category(xml: &mut Xml, taxed: Taxed) -> io::Result<()> {
    xml.text("ram:TypeCode", "VAT")?;
    xml.text("ram:CategoryCode", taxed.category.code())?;
    match taxed.rate {
        Some(rate) => xml.text("ram:RateApplicablePercent", &rate.to_string()),
        None => Ok(()),
    }
}

fn indicator(xml: &mut Xml, is_charge: bool) -> io::Result<()> {
    let word = match is_charge {
        true => "true",
        false => "false",
    };
    xml.group("ram:ChargeIndicator", |xml| xml.text("udt:Indicator", word))
}

fn agreement(xml: &mut Xml, of: &CoreInvoice<'_>) -> io::Result<()> {
    xml.group("ram:ApplicableHeaderTradeAgreement", |xml| {
        xml.maybe("ram:BuyerReference", of.buyer_reference)?;
        xml.group("ram:SellerTradeParty", |xml| party(xml, &of.seller))?;
        xml.group("ram:BuyerTradeParty", |xml| party(xml, &of.buyer))?;
        match of.purchase_order {
            Some(order) => xml.group("ram:BuyerOrderReferencedDocument", |xml| {
                xml.text("ram:IssuerAssignedID", order)
            }),
            None => Ok(()),
        }
    })
}

fn party(xml: &mut Xml, party: &CoreParty<'_>) -> io::Result<()> {
    xml.maybe("ram:ID", party.identifier)?;
    xml.text("ram:Name", party.name)?;
    if let Some(number) = party.register_id {
        let name = "ram:SpecifiedLegalOrganization";
        xml.group(name, |xml| xml.text("ram:ID", number))?;
    }
    if let Some(contact) = party.contact {
        xml.group("ram:DefinedTradeContact", |xml| {
            xml.text("ram:PersonName", party.name)?;
            xml.group("ram:TelephoneUniversalCommunication", |xml| {
                xml.text("ram:CompleteNumber", contact.phone.as_str())
            })?;
            xml.group("ram:EmailURIUniversalCommunication", |xml| {
                xml.text("ram:URIID", contact.email.as_str())
            })
        })?;
    }
    let address = party.address;
    xml.group("ram:PostalTradeAddress", |xml| {
        let code = address.postal_code.as_ref().map(|code| code.as_str());
        xml.maybe("ram:PostcodeCode", code)?;
        xml.text("ram:LineOne", address.line1.as_str())?;
        let line2 = address.line2.as_ref().map(|line| line.as_str());
        xml.maybe("ram:LineTwo", line2)?;
        xml.text("ram:CityName", address.city.as_str())?;
        xml.text("ram:CountryID", address.country.as_str())?;
        let region = address.region.as_ref().map(|region| region.as_str());
        xml.maybe("ram:CountrySubDivisionName", region)
    })?;
    if let Some(address) = party.electronic_address {
        xml.group("ram:URIUniversalCommunication", |xml| {
            let scheme = [("schemeID", address.scheme.as_str())];
            xml.text_with("ram:URIID", &scheme, address.value.as_str())
        })?;
    }
    for (number, scheme) in [(party.vat_id, "VA"), (party.tax_number, "FC")] {
        let Some(number) = number else { continue };
        xml.group("ram:SpecifiedTaxRegistration", |xml| {
            xml.text_with("ram:ID", &[("schemeID", scheme)], number)
        })?;
    }
    Ok(())
}

fn delivery(xml: &mut Xml, of: &CoreInvoice<'_>) -> io::Result<()> {
    xml.group("ram:ApplicableHeaderTradeDelivery", |xml| {
        if let Some(to) = of.delivered_to {
            xml.group("ram:ShipToTradeParty", |xml| {
                xml.group("ram:PostalTradeAddress", |xml| {
                    xml.text("ram:CountryID", to.as_str())
                })
            })?;
        }
        match of.supply {
            Some(Supply::On(on)) => xml.group("ram:ActualDeliverySupplyChainEvent", |xml| {
                day(xml, "ram:OccurrenceDateTime", *on)
            }),
            _ => Ok(()),
        }
    })
}

fn settlement(xml: &mut Xml, of: &CoreInvoice<'_>) -> io::Result<()> {
    xml.group("ram:ApplicableHeaderTradeSettlement", |xml| {
        if !of.accounts.is_empty() {
            xml.text("ram:PaymentReference", of.reference.as_str())?;
        }
        if let Some(tax) = of.totals.tax_in_books {
            xml.text("ram:TaxCurrencyCode", tax.currency().code())?;
        }
        xml.text("ram:InvoiceCurrencyCode", of.currency.code())?;
        payment_means(xml, of)?;
        for part in &of.taxes {
            tax(xml, part)?;
        }
        if let Some(Supply::Period(whole)) = of.supply {
            period(xml, *whole)?;
        }
        for allowance in &of.allowances {
            adjustment(xml, allowance, false)?;
        }
        for charge in &of.charges {
            adjustment(xml, charge, true)?;
        }
        xml.group("ram:SpecifiedTradePaymentTerms", |xml| {
            xml.text("ram:Description", &of.terms)?;
            match of.due_on {
                Some(due_on) => day(xml, "ram:DueDateDateTime", due_on),
                None => Ok(()),
            }
        })?;
        totals(xml, of)?;
        match &of.preceding {
            Some(preceding) => xml.group("ram:InvoiceReferencedDocument", |xml| {
                xml.text("ram:IssuerAssignedID", preceding.number)?;
                xml.group("ram:FormattedIssueDateTime", |xml| {
                    let on = plain(preceding.issue_on);
                    xml.text_with("qdt:DateTimeString", &DAY, &on)
                })
            }),
            None => Ok(()),
        }
    })
}

fn payment_means(xml: &mut Xml, of: &CoreInvoice<'_>) -> io::Result<()> {
    for account in &of.accounts {
        xml.group("ram:SpecifiedTradeSettlementPaymentMeans", |xml| {
            xml.text("ram:TypeCode", super::means(account))?;
            xml.group("ram:PayeePartyCreditorFinancialAccount", |xml| {
                let holder = account.holder.as_ref().map(|holder| holder.as_str());
                let holder = holder.unwrap_or(of.seller.name);
                match &account.identifier {
                    AccountIdentifier::Iban(iban) => {
                        xml.text("ram:IBANID", iban.as_str())?;
                        xml.text("ram:AccountName", holder)
                    }
                    AccountIdentifier::Other(number) => {
                        xml.text("ram:AccountName", holder)?;
                        xml.text("ram:ProprietaryID", number)
                    }
                }
            })?;
            match &account.bic {
                Some(bic) => xml.group("ram:PayeeSpecifiedCreditorFinancialInstitution", |xml| {
                    xml.text("ram:BICID", bic.as_str())
                }),
                None => Ok(()),
            }
        })?;
    }
    Ok(())
}

fn tax(xml: &mut Xml, part: &Breakdown) -> io::Result<()> {
    xml.group("ram:ApplicableTradeTax", |xml| {
        amount(xml, "ram:CalculatedAmount", part.amount)?;
        xml.text("ram:TypeCode", "VAT")?;
        xml.maybe("ram:ExemptionReason", part.reason.as_deref())?;
        amount(xml, "ram:BasisAmount", part.base)?;
        xml.text("ram:CategoryCode", part.taxed.category.code())?;
        if part.reason.is_some() {
            let code = part.taxed.category.reason_code();
            xml.maybe("ram:ExemptionReasonCode", code)?;
        }
        match part.taxed.rate {
            Some(rate) => xml.text("ram:RateApplicablePercent", &rate.to_string()),
            None => Ok(()),
        }
    })
}

fn adjustment(xml: &mut Xml, of: &Adjustment, is_charge: bool) -> io::Result<()> {
    xml.group("ram:SpecifiedTradeAllowanceCharge", |xml| {
        indicator(xml, is_charge)?;
        amount(xml, "ram:ActualAmount", of.amount)?;
        match &of.reason {
            Some(reason) => xml.text("ram:Reason", reason)?,
            None => xml.text("ram:ReasonCode", super::DISCOUNT)?,
        }
        xml.group("ram:CategoryTradeTax", |xml| category(xml, of.taxed))
    })
}

fn totals(xml: &mut Xml, of: &CoreInvoice<'_>) -> io::Result<()> {
    let totals = &of.totals;
    let name = "ram:SpecifiedTradeSettlementHeaderMonetarySummation";
    xml.group(name, |xml| {
        amount(xml, "ram:LineTotalAmount", totals.lines)?;
        amount(xml, "ram:ChargeTotalAmount", totals.charges)?;
        amount(xml, "ram:AllowanceTotalAmount", totals.allowances)?;
        amount(xml, "ram:TaxBasisTotalAmount", totals.net)?;
        for tax in [Some(totals.tax), totals.tax_in_books]
            .into_iter()
            .flatten()
        {
            let currency = tax.currency();
            let currency = [("currencyID", currency.code())];
            xml.text_with("ram:TaxTotalAmount", &currency, &tax.amount_text())?;
        }
        if !totals.rounding.is_zero() {
            amount(xml, "ram:RoundingAmount", totals.rounding)?;
        }
        amount(xml, "ram:GrandTotalAmount", totals.total)?;
        if !totals.prepaid.is_zero() {
            amount(xml, "ram:TotalPrepaidAmount", totals.prepaid)?;
        }
        amount(xml, "ram:DuePayableAmount", totals.due)
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::plain;

    #[test]
    fn days_have_eight_digits() {
        assert_eq!(plain(date(2026, 2, 3)), "20260203");
    }
}
