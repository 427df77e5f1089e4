//! E-invoices read back, by nothing that wrote them.

use quick_xml::Reader;
use quick_xml::events::Event;
use rust_decimal::Decimal;

/// An element with its prefix.
#[derive(Debug, Default)]
pub struct Element {
    pub name: String,
    pub attributes: Vec<(String, String)>,
    pub text: String,
    pub children: Vec<Element>,
}

impl Element {
    /// Reads a document.
    pub fn read(xml: &[u8]) -> Self {
        let text = std::str::from_utf8(xml).unwrap();
        let mut reader = Reader::from_str(text);
        let mut open: Vec<Element> = vec![Element::default()];
        loop {
            match reader.read_event().unwrap() {
                Event::Start(start) => {
                    let attributes = start.attributes().map(|attribute| {
                        let attribute = attribute.unwrap();
                        let value = attribute.value.into_owned();
                        (attribute.key.as_ref().to_owned(), value)
                    });
                    open.push(Element {
                        name: start.name().as_ref().to_owned(),
                        attributes: attributes.collect(),
                        ..Element::default()
                    });
                }
                Event::End(_) => {
                    let done = open.pop().unwrap();
                    open.last_mut().unwrap().children.push(done);
                }
                Event::Text(part) => {
                    open.last_mut().unwrap().text += &part;
                }
                Event::GeneralRef(entity) => {
                    let name = entity.to_string();
                    let resolved = match quick_xml::escape::resolve_xml_entity(&name) {
                        Some(text) => text.to_owned(),
                        None => entity.resolve_char_ref().unwrap().unwrap().to_string(),
                    };
                    open.last_mut().unwrap().text += &resolved;
                }
                Event::Eof => break,
                _ => {}
            }
        }
        let mut all = open.pop().unwrap();
        all.children.pop().unwrap()
    }

    /// All elements at a path of names.
    pub fn all<'a>(&'a self, path: &str) -> Vec<&'a Element> {
        let mut found = vec![self];
        for name in path.split('/') {
            let children = found.iter().flat_map(|element| &element.children);
            found = children.filter(|child| child.name == name).collect();
        }
        found
    }

    /// The text at a path, where there is one.
    pub fn at(&self, path: &str) -> Option<&str> {
        let found = self.all(path);
        assert!(found.len() < 2, "{path}: {found:?}");
        found.first().map(|element| element.text.as_str())
    }

    pub fn attribute(&self, name: &str) -> Option<&str> {
        let mut all = self.attributes.iter();
        all.find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// A number at a path.
    pub fn number(&self, path: &str) -> Option<Decimal> {
        self.at(path).map(|text| text.parse().unwrap())
    }

    /// It, and all that is in it.
    pub fn every(&self) -> Vec<&Element> {
        let inner = self.children.iter().flat_map(Element::every);
        std::iter::once(self).chain(inner).collect()
    }
}

#[derive(Debug)]
pub struct Line {
    pub name: String,
    pub description: Option<String>,
    pub quantity: Decimal,
    pub price: Decimal,
    pub allowance: Decimal,
    pub net: Decimal,
    pub category: String,
    pub rate: Option<Decimal>,
}

#[derive(Debug)]
pub struct Part {
    pub amount: Decimal,
    pub category: String,
    pub rate: Option<Decimal>,
}

#[derive(Debug)]
pub struct Tax {
    pub base: Decimal,
    pub amount: Decimal,
    pub category: String,
    pub rate: Option<Decimal>,
}

/// What of a document is reckoned with.
#[derive(Debug)]
pub struct Parsed {
    pub number: String,
    pub currency: String,
    pub lines: Vec<Line>,
    pub allowances: Vec<Part>,
    pub charges: Vec<Part>,
    pub taxes: Vec<Tax>,
    pub line_total: Decimal,
    pub allowance_total: Decimal,
    pub charge_total: Decimal,
    pub net: Decimal,
    pub tax: Decimal,
    pub tax_in_books: Option<Decimal>,
    pub total: Decimal,
    pub prepaid: Decimal,
    pub rounding: Decimal,
    pub due: Decimal,
}

fn text(element: &Element, path: &str) -> String {
    element.at(path).unwrap().to_owned()
}

impl Parsed {
    pub fn of_ubl(root: &Element) -> Self {
        let is_credit = root.name == "CreditNote";
        let (line, quantity) = match is_credit {
            true => ("cac:CreditNoteLine", "cbc:CreditedQuantity"),
            false => ("cac:InvoiceLine", "cbc:InvoicedQuantity"),
        };
        let lines = root.all(line).into_iter().map(|line| Line {
            name: text(line, "cac:Item/cbc:Name"),
            description: line.at("cac:Item/cbc:Description").map(str::to_owned),
            quantity: line.number(quantity).unwrap(),
            price: line.number("cac:Price/cbc:PriceAmount").unwrap(),
            allowance: line
                .number("cac:AllowanceCharge/cbc:Amount")
                .unwrap_or_default(),
            net: line.number("cbc:LineExtensionAmount").unwrap(),
            category: text(line, "cac:Item/cac:ClassifiedTaxCategory/cbc:ID"),
            rate: line.number("cac:Item/cac:ClassifiedTaxCategory/cbc:Percent"),
        });
        let parts = |wanted: &str| {
            let all = root.all("cac:AllowanceCharge").into_iter();
            let all = all.filter(|part| part.at("cbc:ChargeIndicator") == Some(wanted));
            let all = all.map(|part| Part {
                amount: part.number("cbc:Amount").unwrap(),
                category: text(part, "cac:TaxCategory/cbc:ID"),
                rate: part.number("cac:TaxCategory/cbc:Percent"),
            });
            all.collect()
        };
        let taxes = root.all("cac:TaxTotal/cac:TaxSubtotal").into_iter();
        let taxes = taxes.map(|tax| Tax {
            base: tax.number("cbc:TaxableAmount").unwrap(),
            amount: tax.number("cbc:TaxAmount").unwrap(),
            category: text(tax, "cac:TaxCategory/cbc:ID"),
            rate: tax.number("cac:TaxCategory/cbc:Percent"),
        });
        let sums = root.all("cac:LegalMonetaryTotal")[0];
        let optional = |name: &str| sums.number(name).unwrap_or_default();
        let tax_sums = root.all("cac:TaxTotal");
        Self {
            number: text(root, "cbc:ID"),
            currency: text(root, "cbc:DocumentCurrencyCode"),
            lines: lines.collect(),
            allowances: parts("false"),
            charges: parts("true"),
            taxes: taxes.collect(),
            line_total: sums.number("cbc:LineExtensionAmount").unwrap(),
            allowance_total: optional("cbc:AllowanceTotalAmount"),
            charge_total: optional("cbc:ChargeTotalAmount"),
            net: sums.number("cbc:TaxExclusiveAmount").unwrap(),
            tax: tax_sums[0].number("cbc:TaxAmount").unwrap(),
            tax_in_books: tax_sums
                .get(1)
                .map(|sum| sum.number("cbc:TaxAmount").unwrap()),
            total: sums.number("cbc:TaxInclusiveAmount").unwrap(),
            prepaid: optional("cbc:PrepaidAmount"),
            rounding: optional("cbc:PayableRoundingAmount"),
            due: sums.number("cbc:PayableAmount").unwrap(),
        }
    }

    pub fn of_cii(root: &Element) -> Self {
        let trade = root.all("rsm:SupplyChainTradeTransaction")[0];
        let settlement = trade.all("ram:ApplicableHeaderTradeSettlement")[0];
        let lines = trade.all("ram:IncludedSupplyChainTradeLineItem");
        let lines = lines.into_iter().map(|line| {
            let own = line.all("ram:SpecifiedLineTradeSettlement")[0];
            let net = "ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount";
            let price = "ram:SpecifiedLineTradeAgreement/ram:NetPriceProductTradePrice";
            let price = format!("{price}/ram:ChargeAmount");
            let quantity = "ram:SpecifiedLineTradeDelivery/ram:BilledQuantity";
            let allowance = "ram:SpecifiedTradeAllowanceCharge/ram:ActualAmount";
            Line {
                name: text(line, "ram:SpecifiedTradeProduct/ram:Name"),
                description: line
                    .at("ram:SpecifiedTradeProduct/ram:Description")
                    .map(str::to_owned),
                quantity: line.number(quantity).unwrap(),
                price: line.number(&price).unwrap(),
                allowance: own.number(allowance).unwrap_or_default(),
                net: own.number(net).unwrap(),
                category: text(own, "ram:ApplicableTradeTax/ram:CategoryCode"),
                rate: own.number("ram:ApplicableTradeTax/ram:RateApplicablePercent"),
            }
        });
        let parts = |wanted: &str| {
            let all = settlement.all("ram:SpecifiedTradeAllowanceCharge");
            let all = all.into_iter();
            let is = |part: &&Element| part.at("ram:ChargeIndicator/udt:Indicator") == Some(wanted);
            let all = all.filter(is).map(|part| Part {
                amount: part.number("ram:ActualAmount").unwrap(),
                category: text(part, "ram:CategoryTradeTax/ram:CategoryCode"),
                rate: part.number("ram:CategoryTradeTax/ram:RateApplicablePercent"),
            });
            all.collect()
        };
        let taxes = settlement.all("ram:ApplicableTradeTax").into_iter();
        let taxes = taxes.map(|tax| Tax {
            base: tax.number("ram:BasisAmount").unwrap(),
            amount: tax.number("ram:CalculatedAmount").unwrap(),
            category: text(tax, "ram:CategoryCode"),
            rate: tax.number("ram:RateApplicablePercent"),
        });
        let sums = settlement.all("ram:SpecifiedTradeSettlementHeaderMonetarySummation")[0];
        let optional = |name: &str| sums.number(name).unwrap_or_default();
        let currency = text(settlement, "ram:InvoiceCurrencyCode");
        let tax_sums = sums.all("ram:TaxTotalAmount").into_iter();
        let (own, other): (Vec<&Element>, Vec<&Element>) =
            tax_sums.partition(|sum| sum.attribute("currencyID") == Some(&currency));
        Self {
            number: text(root, "rsm:ExchangedDocument/ram:ID"),
            lines: lines.collect(),
            allowances: parts("false"),
            charges: parts("true"),
            taxes: taxes.collect(),
            line_total: sums.number("ram:LineTotalAmount").unwrap(),
            allowance_total: optional("ram:AllowanceTotalAmount"),
            charge_total: optional("ram:ChargeTotalAmount"),
            net: sums.number("ram:TaxBasisTotalAmount").unwrap(),
            tax: own[0].text.parse().unwrap(),
            tax_in_books: other.first().map(|sum| sum.text.parse().unwrap()),
            total: sums.number("ram:GrandTotalAmount").unwrap(),
            prepaid: optional("ram:TotalPrepaidAmount"),
            rounding: optional("ram:RoundingAmount"),
            due: sums.number("ram:DuePayableAmount").unwrap(),
            currency,
        }
    }
}
