// Makes the tables beside this script anew: node cldr.mjs
//
// It needs Node with full ICU; it was last run with Node 20.20.2, ICU 78.2, CLDR 48. What it writes:
//
//     countries.tsv  names of countries, which Remit shows: the codes of the file as it is, one
//                    column a language (Intl.DisplayNames)
//     cldr.tsv       amounts, numbers, percents, dates, periods and plurals as ICU writes them, which
//                    the tests hold Remit's own forms against

import { readFileSync, writeFileSync } from "node:fs";

const file = (name) => new URL(name, import.meta.url);
const LANGUAGES = ["en", "ko", "de", "fr", "es", "ja"];

// Digits of ISO 4217 where they are not two; CLDR's own differ, as they are those of coins in use.
const DIGITS = {
  0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
  3: "BHD IQD JOD KWD LYD OMR TND",
  4: "CLF UYW",
};
const digitsOf = (code) => {
  const found = Object.entries(DIGITS).find(([, codes]) => codes.split(" ").includes(code));
  return found ? Number(found[0]) : 2;
};

const AMOUNTS = [
  "0", "1", "-1", "0.01", "999.9", "1000", "-1234.56", "9999.99", "10000", "-12345.67", "1000000", "123456789012.34",
];
const WIDELY_USED = ["USD", "EUR", "GBP", "CHF", "SEK", "PLN", "CAD", "MXN", "JPY", "KRW", "CLP", "BHD", "TND"];
const NUMBERS = ["0", "1", "0.5", "-0.25", "12.5", "999", "1000", "1234.5", "-9999.75", "10000", "1234567.123456"];
const PERCENTS = ["0", "3.3", "19", "-2.5", "100", "1250", "12.345678"];
const COUNTS = ["0", "1", "1.5", "2", "0.5", "3", "5", "11", "21", "100", "1000", "1000000", "2000000", "-1"];
const PERIODS = [
  ["2026-11-01", "2026-11-30"], ["2026-03-02", "2026-03-09"], ["2026-01-31", "2026-02-01"],
  ["2026-10-01", "2026-11-30"], ["2026-12-01", "2027-01-31"], ["2024-02-29", "2025-02-28"],
];

// A decimal with its point moved by two: ICU multiplies percents.
const hundredth = (text) => {
  const [, sign, whole, fraction = ""] = text.match(/^(-?)(\d+)(?:\.(\d+))?$/);
  const digits = whole.padStart(3, "0");
  return `${sign}${digits.slice(0, -2)}.${digits.slice(-2)}${fraction}`;
};

const rows = [];
const row = (...cells) => rows.push(cells.join("\t"));

for (const language of LANGUAGES) {
  const money = (code, amount) => {
    const digits = digitsOf(code);
    const [whole, fraction = ""] = amount.split(".");
    const text = digits === 0 ? whole : `${whole}.${fraction.padEnd(digits, "0").slice(0, digits)}`;
    if (/^-0*\.?0*$/.test(text)) return;
    const form = new Intl.NumberFormat(language, {
      style: "currency", currency: code, minimumFractionDigits: digits, maximumFractionDigits: digits,
    });
    row("money", language, code, text, form.format(text));
  };
  for (const code of Intl.supportedValuesOf("currency")) money(code, "-1234567.89");
  for (const code of WIDELY_USED) for (const amount of AMOUNTS) money(code, amount);

  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 6 });
  for (const text of NUMBERS) row("number", language, text, number.format(text));
  const percent = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 6 });
  for (const text of PERCENTS) row("percent", language, text, percent.format(hundredth(text)));
  const plural = new Intl.PluralRules(language);
  for (const text of COUNTS) row("plural", language, text, plural.select(Number(text)));
  row("plurals", language, [...plural.resolvedOptions().pluralCategories].sort().join(" "));

  // Dates in English are those of Europe.
  const tag = language === "en" ? "en-GB" : language;
  const parts = { day: "numeric", month: "long", timeZone: "UTC" };
  const full = new Intl.DateTimeFormat(tag, { ...parts, year: "numeric" });
  const short = new Intl.DateTimeFormat(tag, parts);
  for (let at = 1; at <= 12; at += 1) {
    for (const day of ["01", "23"]) {
      const text = `2026-${String(at).padStart(2, "0")}-${day}`;
      row("date", language, text, full.format(new Date(text)));
      row("day_and_month", language, text, short.format(new Date(text)));
    }
  }
  // ICU has Japanese periods in numerals alone.
  for (const [first, last] of language === "ja" ? [] : PERIODS) {
    row("period", language, first, last, full.formatRange(new Date(first), new Date(last)));
  }
}
writeFileSync(file("cldr.tsv"), `${rows.join("\n")}\n`);

// What stands on an envelope: CLDR's short names where the long ones explain, its variants of the two Congos.
const SHORT = ["HK", "MO", "MM", "PS"];
const VARIANTS = {
  CD: ["DR Congo", "콩고민주공화국", "Demokratische Republik Kongo", "République démocratique du Congo",
    "República Democrática del Congo", "コンゴ民主共和国"],
  CG: ["Republic of the Congo", "콩고공화국", "Republik Kongo", "République du Congo", "República del Congo",
    "コンゴ共和国"],
};
const named = (style) => LANGUAGES.map((language) => new Intl.DisplayNames(language, { type: "region", style }));
const [long, short] = [named("long"), named("short")];
const namesOf = (code) => VARIANTS[code] ?? (SHORT.includes(code) ? short : long).map((of) => of.of(code));
const countries = readFileSync(file("countries.tsv"), "utf8").trimEnd().split("\n")
  .map((line) => line.split("\t")[0])
  .map((code) => [code, ...namesOf(code)].join("\t"));
writeFileSync(file("countries.tsv"), `${countries.join("\n")}\n`);
