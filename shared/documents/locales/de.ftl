## Dates

month = { $month ->
    [1] Januar
    [2] Februar
    [3] März
    [4] April
    [5] Mai
    [6] Juni
    [7] Juli
    [8] August
    [9] September
    [10] Oktober
    [11] November
   *[12] Dezember
  }
date = { $day }. { $month } { $year }
date-in-year = { $day }. { $month }
period = { $first } – { $last }
period-in-year = { $first_day }. { $first_month } – { $last_day }. { $last_month } { $year }
period-in-month = { $first_day }.–{ $last_day }. { $month } { $year }

## Where an invoice stands

standing-due-in = { $days ->
    [0] Heute fällig
    [1] Morgen fällig
   *[other] Fällig in { $days } Tagen
  }
standing-overdue = { $days ->
    [one] Seit { $days } Tag überfällig
   *[other] Seit { $days } Tagen überfällig
  }
standing-paid = Bezahlt am { $date }
standing-settled = Ausgeglichen am { $date }
standing-processing = Zahlung wird bestätigt
standing-void = Storniert am { $date }
standing-uncollectible = Abgeschlossen

hero-due = Offener Betrag
hero-left = Noch zu zahlen
hero-total = Rechnungsbetrag
hero-pay-by = Bitte zahlen Sie bis zum { $date }.
hero-was-due = Fällig war sie am { $date }.
hero-part-paid = Noch zu zahlen von { $total }, fällig am { $date }.
hero-processing = Ihre Zahlung ist unterwegs. Sie brauchen nichts weiter zu tun.
hero-thanks = Vollständig bezahlt. Vielen Dank!
hero-settled = Es ist nichts zu zahlen.
hero-void = Diese Rechnung gilt nicht mehr. Es ist nichts zu zahlen.
hero-uncollectible = Diese Rechnung ist abgeschlossen. Bei Fragen schreiben Sie uns bitte.

## The page of an invoice

page-invoice = Rechnung { $number }
page-questions = Noch Fragen? Wir helfen Ihnen gern:
page-pay = { $amount } bezahlen
page-pay-card = { $amount } mit Karte bezahlen
page-pay-paypal = { $amount } mit PayPal bezahlen
page-pay-debit = { $amount } per Lastschrift bezahlen
page-pay-bank = { $amount } vom Bankkonto bezahlen
page-pay-toss = { $amount } mit Toss Payments bezahlen
page-pay-confirm = Zahlung von { $amount } bestätigen
page-keep = Diese Zahlungsart für spätere Rechnungen von { $agency } speichern
page-keep-words = Nur wenn Sie hier zustimmen: { $providers } speichert Ihre Karten-, Bank- oder PayPal-Daten, und { $agency } darf sie belasten, wenn eine spätere Rechnung fällig ist. { $agency } sieht davon nur die letzten Ziffern oder einen Teil Ihrer PayPal-Adresse. Sie können sie jederzeit auf der Seite mit all Ihren Rechnungen entfernen. Bei anderen Zahlungswegen wird nichts gespeichert.
page-pay-hint = Sie zahlen auf der sicheren Seite unseres Zahlungsdienstleisters.
page-pay-otherwise = Andere Zahlungswege
page-lines = Was diese Rechnung umfasst
column-what = Leistung
column-quantity = Menge
column-price = Einzelpreis
column-amount = Betrag
page-prices-include-tax = Die Preise enthalten die Steuer.
page-totals = Summen
deposit-about = Ihre Anzahlung
deposit-less = Abzüglich Anzahlung: { $what }
agreed-title = Was vereinbart war und was davon diese Rechnung abrechnet
agreed-hint = Beträge ohne Steuer. Es wird nur abgerechnet, was Sie angenommen haben.
agreed-row = vereinbart { $agreed } · zuvor abgerechnet { $before } · nach dieser Rechnung offen { $left }
page-reference = Verwendungszweck
page-notes = Hinweise
page-terms = Bedingungen
page-from = Von
page-to = Rechnung an
page-timesheet = Die Arbeit hinter diesen Positionen ansehen
page-all-invoices = Alle Ihre Rechnungen von { $agency }
party-tax-id = Steuernummer
tax-id-vat = USt-IdNr.
tax-id-kr-brn = Koreanische Unternehmensnummer

fact-about = Betreff
fact-issued = Rechnungsdatum
fact-due = Fällig am
fact-supply = Leistungszeitraum
fact-purchase-order = Bestellnummer
fact-buyer-reference = Ihr Zeichen

terms-early = { $percent } Skonto bei Zahlung bis zum { $date }.

e-invoice-due = Zahlbar bis zum { $date }.
e-invoice-credited = Verrechnet mit Rechnung { $number }.

late-flat-once = Bei verspäteter Zahlung berechnen wir einmalig { $amount }.
late-flat-month = Bei verspäteter Zahlung berechnen wir { $amount } für jeden Monat des Verzugs.
late-percent-once = Bei verspäteter Zahlung berechnen wir einmalig { $percent } des überfälligen Betrags.
late-percent-month = Bei verspäteter Zahlung berechnen wir für jeden Monat des Verzugs { $percent } des überfälligen Betrags.
late-interest = Bei verspäteter Zahlung berechnen wir auf den überfälligen Betrag taggenau Zinsen von { $percent } pro Jahr.
late-interest-over = Bei verspäteter Zahlung berechnen wir auf den überfälligen Betrag taggenau Zinsen von { $points } Prozentpunkten pro Jahr über { $reference }.
late-reference-ecb = dem Referenzzinssatz der Europäischen Zentralbank
late-reference-boe = dem Leitzins der Bank of England
late-grace = { $days ->
    [one] Innerhalb eines Tages nach der Fälligkeit wird nichts berechnet.
   *[other] Innerhalb von { $days } Tagen nach der Fälligkeit wird nichts berechnet.
}
late-cap-percent = Zusammen sind das höchstens { $percent } des Rechnungsbetrags.
late-cap-amount = Zusammen sind das höchstens { $amount }.
late-compensation = Für die Beitreibung der Forderung berechnen wir einmalig { $amount }.
late-compensation-from = Bei Forderungen ab { $from } sind es { $amount }.
late-line-interest = Verzugszinsen zu Rechnung { $number }: { $stretches }
late-stretch = { $days ->
    [one] { $principal }, { $period } (1 Tag), { $percent } pro Jahr
   *[other] { $principal }, { $period } ({ $days } Tage), { $percent } pro Jahr
}
late-line-percent = Verzugsgebühr zu Rechnung { $number }: { $percent } von { $principal }, überfällig am { $date }
late-line-flat = Verzugsgebühr zu Rechnung { $number }, überfällig am { $date }
late-line-compensation = Beitreibungspauschale zu Rechnung { $number }

line-discount = Abzüglich { $amount } Rabatt
line-discount-percent = Abzüglich { $percent } Rabatt ({ $amount })
line-untaxed = Ohne Steuer

unit-hours = { $count ->
    [one] { $number } Stunde
   *[other] { $number } Stunden
  }
unit-minutes = { $count ->
    [one] { $number } Minute
   *[other] { $number } Minuten
  }
unit-days = { $count ->
    [one] { $number } Tag
   *[other] { $number } Tage
  }
unit-weeks = { $count ->
    [one] { $number } Woche
   *[other] { $number } Wochen
  }
unit-months = { $count ->
    [one] { $number } Monat
   *[other] { $number } Monate
  }
unit-quarters = { $count ->
    [one] { $number } Quartal
   *[other] { $number } Quartale
  }
unit-years = { $count ->
    [one] { $number } Jahr
   *[other] { $number } Jahre
  }
unit-lump-sum = { $count ->
    [one] { $number } Pauschale
   *[other] { $number } Pauschalen
  }
unit-services = { $count ->
    [one] { $number } Leistung
   *[other] { $number } Leistungen
  }
unit-jobs = { $count ->
    [one] { $number } Auftrag
   *[other] { $number } Aufträge
  }
unit-sets = { $count ->
    [one] { $number } Satz
   *[other] { $number } Sätze
  }
unit-kilometres = { $number } km
unit-miles = { $number } mi
unit-kilograms = { $number } kg
unit-metres = { $number } m
unit-square-metres = { $number } m²
unit-litres = { $number } l

total-lines = Zwischensumme
total-lines-net = Zwischensumme ohne Steuer
total-discount = Rabatt
total-discount-percent = { $percent } Rabatt
total-net = Nettobetrag
total = Gesamtbetrag
tax-rate = { $name } { $rate }
tax-relief = { $name }: { $why }
tax-base = auf { $base }
tax-in-books = Steuer davon: { $amount }, Kurs { $one } = { $rate } vom { $date } ({ $source })
relief-zero = Nullsteuersatz
relief-exempt = steuerbefreit
relief-reverse-charge = Steuerschuldnerschaft des Leistungsempfängers
relief-export = steuerfreie Ausfuhrlieferung
relief-intra-community = steuerfreie innergemeinschaftliche Lieferung
relief-out-of-scope = nicht steuerbar
total-withheld = { $name } { $rate }, von Ihnen einbehalten
total-rounding = Rundung
total-payable = Zahlbetrag
total-paid = Gezahlt am { $date }
total-paid-earlier = Bereits gezahlt
total-credited = Gutgeschrieben
total-written-off = Erlassen
total-left = Noch zu zahlen

method-online = Online
method-card = Karte
method-bank = Überweisung
method-debit = Lastschrift
method-paypal = PayPal
method-toss = Toss Payments
method-cash = Bar
method-cheque = Scheck
method-other = Sonstige

notice-confirming = Vielen Dank! Ihre Zahlung wird gerade bestätigt. Das dauert meist nur einen Moment; danach erhalten Sie eine Zahlungsbestätigung.
notice-agreed = Sie haben der Zahlung zugestimmt, und es wurde noch nichts abgebucht. Ein weiterer Klick bestätigt sie.
notice-left = Sie haben die Zahlungsseite verlassen, und es wurde nichts abgebucht. Sie können zahlen, wann immer es Ihnen passt.
notice-changed = Diese Rechnung hat sich geändert, seit Sie sie geöffnet haben, und es wurde nichts abgebucht. Hier sehen Sie den aktuellen Stand.
notice-unavailable = Die Zahlungsseite ist gerade nicht erreichbar, und es wurde nichts abgebucht. Bitte versuchen Sie es in ein paar Minuten noch einmal.

## Paying by transfer, and a part of one's choice

transfer-title = Überweisung
transfer-text = Bitte geben Sie den Verwendungszweck genau so an, wie er hier steht, damit wir Ihre Zahlung zuordnen können.
transfer-holder = Kontoinhaber
transfer-iban = IBAN
transfer-account = Kontonummer
transfer-bic = BIC
transfer-bank = Bank
transfer-amount = Betrag
transfer-code = QR-Code: Eine Banking-App, die ihn scannt, füllt diese Überweisung aus
transfer-scan = Mit der Banking-App scannen
interac-title = Interac e-Transfer
interac-text = Überweisungen an diese Adresse werden ohne Sicherheitsfrage automatisch gutgeschrieben. Bitte schreiben Sie den Code unten in die Nachricht, damit wir Ihre Zahlung zuordnen können.
interac-to = Senden an
interac-message = Nachricht

part-open = Einen anderen Betrag zahlen
part-amount = Betrag, den Sie zahlen möchten
part-hint = Von { $least } bis { $most }. Der Rest bleibt auf dieser Seite stehen und kann später gezahlt werden.
part-pay = Diesen Betrag bezahlen
part-pay-card = Diesen Betrag mit Karte bezahlen
part-pay-paypal = Diesen Betrag mit PayPal bezahlen
part-pay-debit = Diesen Betrag per Lastschrift bezahlen
part-pay-bank = Diesen Betrag vom Bankkonto bezahlen
part-pay-toss = Diesen Betrag mit Toss Payments bezahlen
part-unreadable = Diesen Betrag konnten wir nicht lesen, und es wurde nichts abgebucht. Bitte schreiben Sie ihn in Ziffern.
part-too-small = Der kleinste Betrag ist { $least }, und es wurde nichts abgebucht.
part-too-large = Das ist mehr als die offenen { $most }, und es wurde nichts abgebucht.

## Several invoices at once

several-hint = Sie können mehrere Rechnungen auf einmal bezahlen: Wählen Sie sie zuerst aus.
several-go = Ausgewählte Rechnungen zusammen bezahlen
several-choose = Rechnung { $number } auswählen
several-title = Mehrere Rechnungen bezahlen
several-heading = { $count } Rechnungen in einer Zahlung
several-chosen = Was Sie bezahlen
several-back = Zurück zur Liste
several-none = Bitte wählen Sie die Rechnungen aus, die Sie bezahlen möchten.
several-too-many = Eine Zahlung umfasst höchstens { $max } Rechnungen. Bitte wählen Sie weniger aus.
several-currencies = Eine Zahlung hat nur eine Währung. Bitte wählen Sie Rechnungen derselben Währung aus.
several-changed = Eine dieser Rechnungen hat sich inzwischen geändert, und es wurde nichts abgebucht. Hier sehen Sie den aktuellen Stand.
several-unavailable = Diese Rechnungen können hier nicht zusammen bezahlt werden. Bitte wählen Sie weniger aus, oder bezahlen Sie jede auf ihrer eigenen Seite.

## The list of invoices

list-title = Ihre Rechnungen
list-for = Rechnungen für { $client }
list-nothing-open = Nichts zu zahlen
list-open-count = { $count ->
    [one] { $count } offene Rechnung
   *[other] { $count } offene Rechnungen
  }
list-open = Offen
list-year = { $year }
list-due = Fällig am { $date }
list-paid = Bezahlt am { $date }
list-processing = Wird bestätigt
list-void = Storniert
list-uncollectible = Abgeschlossen
list-part = von { $total }
list-more = Ältere Rechnungen stehen hier nicht. Schreiben Sie uns, wenn Sie eine brauchen.
list-back = Zurück zur Rechnung
saved-title = Ihre gespeicherten Zahlungsarten
saved-hint = { $agency } darf diese belasten, wenn eine Rechnung fällig ist. Entfernen Sie, was nicht mehr belastet werden soll: Das gilt sofort.
saved-card = Karte
saved-debit = Lastschrift
saved-ending = { $name }, Endziffern { $digits }
saved-saved = Gespeichert am { $date }
saved-expires = Gespeichert am { $date }, gültig bis { $month }
saved-remove = Entfernen
saved-remove-what = { $what } entfernen
saved-removed = Die Zahlungsart ist entfernt. Sie wird nicht mehr belastet.

## The client's portal

language-name = Deutsch
portal-title = Ihre Dokumente
portal-for = Alle Dokumente von { $client }
portal-ask = Angebote, Rechnungen, Zahlungsbestätigungen und Rechnungskorrekturen von { $agency } an einem Ort. Nennen Sie uns Ihre E-Mail-Adresse: Wir senden Ihnen einen Link, mit dem Sie angemeldet sind. Ein Passwort gibt es nicht.
portal-email = E-Mail-Adresse
portal-email-wrong = Das sieht nicht wie eine E-Mail-Adresse aus.
portal-send = Link senden
portal-send-again = Neuen Link senden
portal-sent-title = Sehen Sie in Ihr Postfach
portal-sent = Wenn wir diese Adresse kennen, ist ein Link an sie unterwegs. Er meldet Sie einmal an, innerhalb von 30 Minuten. Nichts angekommen? Sehen Sie bei den unerwünschten E-Mails nach, oder versuchen Sie es mit der Adresse, an die unsere Rechnungen gehen.
portal-enter-text = Ein Klick, und Sie sehen alles, was { $agency } Ihnen gesendet hat.
portal-enter = Anmelden
portal-ended-title = Mit diesem Link kann sich niemand mehr anmelden
portal-ended = Er wurde schon benutzt, ist älter als 30 Minuten, oder Sie haben einen neueren angefordert. Gern senden wir Ihnen einen neuen.
portal-signed-out = Sie sind abgemeldet, hier und auf jedem anderen Gerät.
portal-signed-in = Sie sind angemeldet als { $email }.
portal-sign-out = Überall abmelden
portal-see = Alle Ihre Dokumente ansehen
portal-others = Auch Ihre:
portal-words = Nummer, Name oder Betrag
portal-kind = Was
portal-year = Jahr
portal-project = Projekt
portal-all = Alle
portal-find = Anzeigen
portal-none = Hier ist noch nichts.
portal-none-found = Nichts passt. Versuchen Sie es mit weniger Wörtern oder einem anderen Jahr.
portal-open = Zu zahlen
portal-invoices = Rechnungen
portal-estimates = Angebote
portal-payments = Zahlungen
portal-credit-notes = Rechnungskorrekturen
portal-estimate = Angebot { $number }
portal-estimate-open = Gültig bis { $date }
portal-estimate-accepted = Angenommen
portal-estimate-declined = Abgelehnt
portal-estimate-expired = Abgelaufen
portal-estimate-withdrawn = Zurückgezogen
portal-payment = Zahlung
portal-payment-for = Für { $numbers }
portal-credit-note = Rechnungskorrektur { $number }
portal-credit-note-for = Zu Rechnung { $number }
portal-back = Zurück zu allen Dokumenten
portal-pages = Seiten
portal-newer = Neuere
portal-older = Ältere
portal-take = Für Ihre Buchhaltung
portal-files = Alle Dateien aus { $year } (ZIP)
portal-table = Diese Liste als Tabelle (CSV)
portal-contacts = Wer unsere E-Mails bekommt
portal-copy = { $email } (Kopie)
portal-contacts-hint = Fehlt jemand, oder ist jemand nicht mehr da? Bitte schreiben Sie uns.
portal-language = Die Sprache unserer E-Mails und Seiten
portal-language-set = Ändern
portal-language-changed = Ab jetzt schreiben wir Ihnen in dieser Sprache.
portal-no-receipt-title = Zu dieser Zahlung gibt es keine Bestätigung
portal-no-receipt = Sie ist noch nicht erstellt, oder die Zahlung wurde ohne eine gebucht. Bitte versuchen Sie es in einer Minute noch einmal, oder schreiben Sie uns.
portal-not-signer-title = Dieses Angebot ging an jemand anderen
portal-not-signer = Den Link hat, wer es unterschreiben soll. Bitte fragen Sie dort nach, oder schreiben Sie uns.
portal-files-many-title = Das sind zu viele Dateien für ein Archiv
portal-files-many = Bitte schreiben Sie uns: Wir senden sie Ihnen gern.
sign-in-subject = Ihr Link zum Anmelden bei { $agency }
sign-in-heading = Zu Ihren Dokumenten anmelden
sign-in-intro = dieser Link zeigt Ihnen alle Angebote, Rechnungen, Zahlungsbestätigungen und Rechnungskorrekturen von { $agency }.
sign-in-for = Für
sign-in-counts = Der Link gilt
sign-in-once = einmal, innerhalb von 30 Minuten
sign-in-outlook = Sie haben ihn nicht angefordert? Dann hat jemand versehentlich Ihre Adresse eingetippt. Bitte ignorieren Sie diese Nachricht: Ohne sie kommt niemand hinein, geben Sie sie also nicht weiter.

## The timesheet

timesheet-title = Leistungsnachweis zu Rechnung { $number }
timesheet-work = Was getan wurde
timesheet-receipt = Beleg: { $name }
timesheet-total = Summe ohne Steuer
timesheet-hint = Das ist die Arbeit, die die Rechnung abrechnet, so wie sie bei der Ausstellung erfasst war. Jeder Eintrag zeigt seinen Anteil an seiner Position, vor Rabatt und Steuer. Wenn Sie einen Beleg sehen möchten, schreiben Sie uns.
duration = { $hours } Std. { $minutes } Min.
duration-hours = { $hours } Std.
duration-minutes = { $minutes } Min.

## Messages

message-action = Zur Rechnung
link-unknown-title = Dieser Link funktioniert nicht
link-unknown-text = Vielleicht ist er abgelaufen, oder ein Teil ging unterwegs verloren. Bitte öffnen Sie den Link aus der neuesten E-Mail noch einmal, oder bitten Sie die Agentur um einen neuen.
link-ended-title = Dieser Link ist abgelaufen
link-ended-text = Links gelten ein Jahr und einen Monat. Was dahinter lag, ist noch da: Melden Sie sich mit Ihrer E-Mail-Adresse an, dann sehen Sie es, wie alles andere, was wir Ihnen gesendet haben.
link-ended-action = Anmelden
confirming-title = Vielen Dank! Ihre Zahlung wird bestätigt
confirming-text = Das dauert meist nur einen Moment, bei manchen Banken bis zu einigen Tagen. Sie brauchen nichts zu tun: Sobald das Geld da ist, erhalten Sie eine Zahlungsbestätigung.
nothing-title = Es ist nichts zu zahlen
nothing-text = Diese Rechnung wurde inzwischen bezahlt oder storniert. Es wurde nichts abgebucht.
changed-title = Diese Rechnung hat sich geändert
changed-text = Sie wurde geändert, nachdem Sie sie geöffnet haben. Es wurde nichts abgebucht. Bitte sehen Sie sie sich noch einmal an, bevor Sie zahlen.
unavailable-title = Die Zahlungsseite ist nicht erreichbar
unavailable-text = Es wurde nichts abgebucht. Bitte versuchen Sie es in ein paar Minuten noch einmal.
expired-title = Bitte versuchen Sie es noch einmal
expired-text = Diese Seite war eine Weile geöffnet, deshalb haben wir zur Sicherheit angehalten. Es wurde nichts abgebucht und nichts unterschrieben. Bitte öffnen Sie den Link in unserer E-Mail erneut, und machen Sie dort weiter.
stop-title = Keine Erinnerungen mehr?
stop-text = Sie erhalten zu dieser Rechnung keine Erinnerungen mehr. Sie bleibt offen, und ihre Seite bleibt, wo sie ist.
stop-action = Erinnerungen beenden
stopped-title = Erledigt: keine Erinnerungen mehr
stopped-text = Sie erhalten zu dieser Rechnung keine Erinnerungen mehr. Sie bleibt offen, und ihre Seite bleibt, wo sie ist.
courtesy-title = Diese E-Mails nicht mehr erhalten?
courtesy-text = Sie erhalten von uns keine Ankündigungen, Danksagungen und monatlichen Kontoauszüge mehr. Rechnungen, Zahlungsbestätigungen und Angebote kommen weiterhin.
courtesy-action = Diese E-Mails beenden
courtesy-stopped-title = Erledigt: keine dieser E-Mails mehr
courtesy-stopped-text = Sie erhalten von uns keine Ankündigungen, Danksagungen und monatlichen Kontoauszüge mehr. Rechnungen, Zahlungsbestätigungen und Angebote kommen weiterhin.
busy-title = Einen Moment, bitte
busy-text = Gerade kamen sehr viele Anfragen auf einmal. Bitte versuchen Sie es in einer Minute noch einmal.
problem-title = Bei uns ist etwas schiefgegangen
problem-text = Das tut uns leid. Bitte versuchen Sie es in ein paar Minuten noch einmal. Falls Sie gerade bezahlt haben: Ihre Zahlung ist sicher, und Sie brauchen nicht noch einmal zu zahlen.

## What mails share

mail-greeting = Guten Tag,
mail-greeting-name = Guten Tag { $name },
mail-closing = Vielen Dank für die gute Zusammenarbeit
mail-questions = Noch Fragen? Antworten Sie einfach auf diese E-Mail.
mail-questions-to = Noch Fragen? Schreiben Sie an { $email }, wir helfen Ihnen gern.
mail-invoice = Rechnung
mail-about = Betreff
mail-view = Rechnung ansehen
mail-view-and-pay = Ansehen und bezahlen
mail-more-lines = { $count ->
    [one] und { $count } weitere auf der Seite der Rechnung
   *[other] und { $count } weitere auf der Seite der Rechnung
  }

## An offer ends soon

expiring-subject = { $kind } { $number } von { $agency } gilt bis zum { $date }: { $title }
expiring-intro = unser { $document } für „{ $title }“ gilt bis zum { $date }. Wenn es Ihnen zusagt, können Sie es auf seiner Seite annehmen; wenn etwas unklar ist, fragen Sie uns gern dort.

## Before a subscription is billed or charged

ahead-charge-subject = { $agency } bucht am { $date } ab: { $name }
ahead-charge-intro = am { $date } stellen wir „{ $name }“ in Rechnung und belasten die Zahlungsart, die Sie bei uns hinterlegt haben. Sie brauchen nichts zu tun.
ahead-charge = Wir buchen ab
ahead-bill-subject = { $agency } stellt am { $date } in Rechnung: { $name }
ahead-bill-intro = am { $date } senden wir Ihnen die Rechnung für „{ $name }“. Bis dahin brauchen Sie nichts zu tun.
ahead-bill = Wir stellen in Rechnung
ahead-by-work = Wie vereinbart nach Aufwand
ahead-for = Für
ahead-on = Am
ahead-method = Die hinterlegte Zahlungsart
ahead-outlook = Wenn etwas nicht stimmt oder Sie nicht weitermachen möchten, antworten Sie bitte vor diesem Tag auf diese E-Mail.

## Thanks once a project is closed

thanks-subject = Vielen Dank für die Zusammenarbeit: { $project }
thanks-heading = Vielen Dank
thanks-intro = „{ $project }“ ist abgeschlossen. Es war uns eine Freude, mit Ihnen daran zu arbeiten, und wir würden gern wieder mit Ihnen arbeiten.
thanks-project = Abgeschlossen
thanks-outlook = Wenn Sie noch etwas von uns brauchen, antworten Sie einfach auf diese E-Mail.

## A statement of account

statement-subject = Ihr Kontoauszug bei { $agency }, { $period }
statement-heading = Kontoauszug
statement-for = Kontoauszug für { $client }
statement-intro = hier ist Ihr Konto bei uns für den Zeitraum { $period }: was sich bewegt hat und was am letzten dieser Tage offen ist.
statement-nothing = Keine Bewegungen, nichts offen
statement-owed = Offen am { $date }
statement-before = Offen vor dem { $date }
statement-overdue = Davon überfällig
statement-disputed = Davon strittig
statement-balance = Ihr Guthaben, noch nicht verrechnet
statement-balance-owed = Außerdem offen, für zurückgeflossenes Geld
statement-moved = Was geschehen ist
statement-column-balance = Danach offen
statement-more = { $count ->
    [one] Das sind die ersten; { $count } weitere Bewegung steht auf der Seite.
   *[other] Das sind die ersten; { $count } weitere Bewegungen stehen auf der Seite.
  }
statement-open = Offen
statement-open-item = Rechnung { $number }, fällig am { $date }
statement-late = Überfällig
statement-ages = Nach Dauer des Verzugs
statement-not-due = Noch nicht fällig
statement-to-30 = 1 bis 30 Tage überfällig
statement-to-60 = 31 bis 60 Tage überfällig
statement-to-90 = 61 bis 90 Tage überfällig
statement-over-90 = Mehr als 90 Tage überfällig
statement-carried-over = Rechnung { $number }, aus unserer früheren Buchhaltung
statement-invoice = Rechnung { $number }
statement-late-fee = Rechnung { $number } wegen verspäteter Zahlung
statement-payment = Zahlung zu { $number }
statement-balance-applied = Ihr Guthaben, verrechnet mit { $number }
statement-credit-note = Rechnungskorrektur { $note } zu { $number }
statement-set-free = Als Ihr Guthaben behalten, aus { $number }
statement-write-off = Nicht mehr gefordert, aus { $number }
statement-recovered = Dennoch bezahlt, aus { $number }
statement-write-off-reversed = Wieder gefordert, aus { $number }
statement-refund = Erstattung zu { $number }
statement-payment-lost = Zurückgegebene Zahlung zu { $number }
statement-payment-undone = Irrtümlich gebuchte Zahlung zu { $number }
statement-payment-reinstated = Erneut eingegangene Zahlung zu { $number }
statement-void = Rechnung { $number } storniert
statement-see = Kontoauszug ansehen
statement-outlook = Wenn etwas nicht zu Ihren Büchern passt, schreiben Sie uns bitte.

## A mail about a document that there is not, to look at the agency's own words

sample-subject = Test: { $subject }
sample-client = Hafenbuchhandlung
sample-contact = Robin Meyer
sample-about = Neue Website

## The mail that brings an invoice

invoice-subject = Rechnung { $number } von { $agency }: { $amount }, fällig am { $date }
invoice-subject-nothing-owed = Rechnung { $number } von { $agency }: nichts zu zahlen
invoice-preheader = { $amount }, fällig am { $date }
invoice-nothing-owed = Es ist nichts zu zahlen.
invoice-intro = hier ist unsere Rechnung. Auf ihrer Seite sehen Sie, was sie umfasst, wie sich der Betrag ergibt und wie Sie zahlen können.
invoice-intro-about = hier ist unsere Rechnung für { $about }. Auf ihrer Seite sehen Sie, was sie umfasst, wie sich der Betrag ergibt und wie Sie zahlen können.

## The entry for a calendar

calendar-summary = Rechnung { $number } von { $agency } bezahlen: { $amount }

## The mail that thanks for a payment

receipt-subject = Vielen Dank! { $amount } für Rechnung { $number } sind eingegangen
receipt-heading = Vielen Dank für Ihre Zahlung
receipt-intro = Ihre Zahlung über { $amount } ist am { $date } bei uns eingegangen. Herzlichen Dank.
receipt-settled = Rechnung { $number } ist damit vollständig bezahlt. Sie brauchen nichts weiter zu tun.
receipt-left = Wir haben sie mit Rechnung { $number } verrechnet. Damit bleiben { $amount }, fällig am { $date }.
receipt-next = Wir haben sie mit Rechnung { $number } verrechnet. Die nächste Rate beträgt { $amount } und ist am { $date } fällig.
receipt-void = Rechnung { $number } war bereits storniert, als Ihre Zahlung einging.
receipt-kept = { $amount } davon wurden für diese Rechnung nicht gebraucht. Wir behalten sie für Sie als Guthaben; schreiben Sie uns, wenn Sie das Geld lieber zurückhätten.
receipt-subject-several = { $count ->
    [one] Vielen Dank! { $amount } für { $count } Rechnung sind eingegangen
   *[other] Vielen Dank! { $amount } für { $count } Rechnungen sind eingegangen
  }
receipt-several = Wir haben sie mit diesen Rechnungen verrechnet, soweit sie gebraucht wurde.
receipt-covered = Rechnung { $number }
receipt-kept-several = { $amount } davon wurden für diese Rechnungen nicht gebraucht. Wir behalten sie für Sie als Guthaben; schreiben Sie uns, wenn Sie das Geld lieber zurückhätten.
receipt-received = Eingegangen
receipt-received-on = Eingegangen am
receipt-method = Zahlungsart
receipt-reference = Zahlungsreferenz
receipt-payable = Rechnungsbetrag
receipt-closing = Wir freuen uns auf die weitere Zusammenarbeit

## The mail that reminds

before-subject = Demnächst: Rechnung { $number } von { $agency } ist am { $date } fällig
before-heading = Ein freundlicher Hinweis
before-text = { $days ->
    [one] unsere Rechnung { $number } über { $amount } ist morgen, am { $date }, fällig.
   *[other] unsere Rechnung { $number } über { $amount } ist in { $days } Tagen, am { $date }, fällig.
  }
before-ask = Falls Ihre Zahlung schon unterwegs ist: vielen Dank, dann ist nichts weiter zu tun.
today-subject = Rechnung { $number } von { $agency } ist heute fällig
today-heading = Heute fällig
today-text = unsere Rechnung { $number } über { $amount } ist heute fällig.
today-ask = Falls Sie schon gezahlt haben: vielen Dank, dann haben sich unsere Nachrichten nur überschnitten.
late-subject = Erinnerung: Rechnung { $number } von { $agency } war am { $date } fällig
late-heading = Eine kleine Erinnerung
late-text = unsere Rechnung { $number } war am { $date } fällig, und Ihre Zahlung von { $amount } ist noch nicht bei uns eingegangen. So etwas ist schnell übersehen: Könnten Sie bitte einmal nachsehen?
late-ask = Falls Sie in den letzten Tagen gezahlt haben, betrachten Sie diese Nachricht bitte als erledigt. Und wenn mit der Rechnung etwas nicht stimmt, sagen Sie es uns, dann klären wir das gemeinsam.
plain-subject = { $days ->
    [one] Rechnung { $number } von { $agency } ist seit einem Tag überfällig
   *[other] Rechnung { $number } von { $agency } ist seit { $days } Tagen überfällig
  }
plain-heading = { $days ->
    [one] Ihre Rechnung ist seit einem Tag überfällig
   *[other] Ihre Rechnung ist seit { $days } Tagen überfällig
  }
plain-text = unsere Rechnung { $number } war am { $date } fällig, und { $amount } sind noch offen.
plain-ask = Bitte zahlen Sie innerhalb der nächsten Tage, oder teilen Sie uns mit, wann wir mit Ihrer Zahlung rechnen können. Wenn Sie eine Frage zur Rechnung haben, hören wir sie gern.
firm-subject = { $days ->
    [one] Bitte begleichen Sie Rechnung { $number } von { $agency }: seit einem Tag überfällig
   *[other] Bitte begleichen Sie Rechnung { $number } von { $agency }: seit { $days } Tagen überfällig
  }
firm-heading = Bitte begleichen Sie diese Rechnung jetzt
firm-text = { $days ->
    [one] unsere Rechnung { $number } war gestern, am { $date }, fällig, und { $amount } sind weiterhin unbezahlt.
   *[other] unsere Rechnung { $number } ist seit dem { $date } fällig. Das ist { $days } Tage her, und { $amount } sind weiterhin unbezahlt.
  }
firm-ask = Bitte zahlen Sie jetzt. Wenn es einen Grund gibt, warum Sie das nicht können, schreiben Sie uns noch heute, damit wir gemeinsam einen Weg finden.
soon-subject = Rechnung { $number } von { $agency } ist am { $date } fällig
soon-heading = Fällig am { $date }
soon-text = { $days ->
    [one] unsere Rechnung { $number } über { $amount } ist morgen, am { $date }, fällig.
   *[other] unsere Rechnung { $number } über { $amount } ist in { $days } Tagen, am { $date }, fällig.
  }
soon-ask = Bitte sorgen Sie dafür, dass Ihre Zahlung bis dahin bei uns ist. Falls sie schon unterwegs ist: vielen Dank, dann ist nichts weiter nötig.
due-subject = Rechnung { $number } von { $agency }: heute ist der Fälligkeitstag
due-heading = Heute ist der Fälligkeitstag
due-text = unsere Rechnung { $number } über { $amount } ist heute, am { $date }, fällig.
due-ask = Bitte zahlen Sie heute. Falls Sie das schon getan haben: vielen Dank, dann haben sich unsere Nachrichten nur überschnitten.
final-subject = Unsere letzte Erinnerung an Rechnung { $number } von { $agency }
final-heading = Unsere letzte Erinnerung
final-text = { $days ->
    [one] unsere Rechnung { $number } war gestern, am { $date }, fällig, und { $amount } sind weiterhin unbezahlt.
   *[other] unsere Rechnung { $number } ist seit dem { $date } fällig. Das ist { $days } Tage her, und obwohl wir Ihnen deswegen geschrieben haben, sind { $amount } weiterhin unbezahlt.
  }
final-ask = Dies ist das letzte Mal, dass wir Sie per E-Mail erinnern: Danach wird sich jemand von uns persönlich bei Ihnen melden. Bitte zahlen Sie jetzt. Und wenn Sie das nicht können, genügen heute ein paar Worte: Wir finden viel lieber gemeinsam mit Ihnen einen Weg.
promise-subject = Rechnung { $number } von { $agency }: Sie wollten am { $promised } zahlen
promise-heading = Sie wollten am { $promised } zahlen
promise-text = Sie haben uns mitgeteilt, dass Sie unsere Rechnung { $number } am { $promised } zahlen. Vielen Dank dafür. Ihre Zahlung von { $amount } ist noch nicht bei uns eingegangen.
promise-ask = Falls sie unterwegs ist, betrachten Sie diese Nachricht bitte als erledigt. Wenn etwas dazwischengekommen ist, nennen Sie uns einen Tag, der Ihnen passt, und wir merken ihn vor.
promise-firm-subject = Bitte zahlen Sie Rechnung { $number } von { $agency }, wie für den { $promised } zugesagt
promise-firm-heading = Bitte zahlen Sie wie zugesagt
promise-firm-text = Sie haben zugesagt, unsere Rechnung { $number } am { $promised } zu zahlen. Sie ist seit dem { $date } fällig, und { $amount } sind weiterhin unbezahlt.
promise-firm-ask = Bitte zahlen Sie jetzt. Wenn Sie das nicht können, schreiben Sie uns noch heute und nennen Sie einen Tag, den Sie einhalten können, damit wir gemeinsam einen Weg finden.
reminder-closing = Freundliche Grüße

## The mail that hands over to a member

hand-over-subject = { $days ->
    [one] Bitte übernehmen: Rechnung { $number } an { $client } ist seit einem Tag überfällig
   *[other] Bitte übernehmen: Rechnung { $number } an { $client } ist seit { $days } Tagen überfällig
  }
hand-over-heading = Um Rechnung { $number } muss sich jetzt ein Mensch kümmern
hand-over-intro = die Erinnerungen zu Rechnung { $number } an { $client } sind alle verschickt, und { $amount } sind noch offen. Von selbst geht nichts mehr hinaus: Bitte nehmen Sie Kontakt auf, ein Anruf sagt oft mehr als eine weitere E-Mail.
hand-over-none-sent = Es ging keine Erinnerung hinaus.
hand-over-said = { $client } schrieb am { $date }: { $text }
hand-over-silent = { $client } hat zu dieser Rechnung nichts geschrieben.
hand-over-reply = Antworten Sie auf diese E-Mail, um Ihrem Kunden zu schreiben.
hand-over-promise = Zugesagt für den { $date }
hand-over-promise-replaced = durch einen anderen Tag ersetzt
hand-over-promise-broken = nicht eingehalten
hand-over-promise-over = vorbei
tone-friendly = Freundliche Erinnerung
tone-neutral = Sachliche Erinnerung
tone-firm = Deutliche Erinnerung
tone-final = Letzte Erinnerung
tone-promise = Nachfrage zur Zusage
mail-state = { $date }: { $state }
mail-state-sent = gesendet
mail-state-waits = unterwegs
mail-state-doubt = vielleicht gesendet
mail-state-failed = nicht angekommen
mail-state-cancelled = nicht gesendet

## The mail that withdraws an invoice

void-subject = Rechnung { $number } von { $agency } ist storniert: nichts zu zahlen
void-heading = Rechnung { $number } ist storniert
void-intro = wir haben unsere Rechnung { $number } storniert. Sie gilt nicht mehr, und Sie haben nichts zu zahlen.
void-outlook = Bitte bewahren Sie diese Nachricht bei Ihren Unterlagen auf. Entschuldigen Sie die Umstände.
void-outlook-replaced = An ihre Stelle tritt Rechnung { $number }; sie kommt in einer eigenen E-Mail. Bitte bewahren Sie diese Nachricht bei Ihren Unterlagen auf.
void-sum = Stornierte Rechnung
void-on = Storniert am
void-replaced-by = Ersetzt durch
void-nothing = Nichts
void-closing = Freundliche Grüße

## The page of an estimate

offer-title = { $kind } { $number }
offer-number = Angebot
offer-word = Angebot
section-subtotal = Zwischensumme
section-other = Weitere Arbeiten
change-number = Nachtragsangebot
change-word = Nachtragsangebot
change-amends = Ändert
change-of-estimate = Angebot { $number }
change-lines = Was sich ändert
change-added = Was hinzukommt
change-before = Bisher
change-after = Künftig
change-difference = Differenz
change-out = entfällt
change-quantity = { $before } → { $after }
change-stage = { $before } → { $after } ohne Steuer
change-changed = Geändert, mit Steuer
change-added-total = Hinzugekommen, mit Steuer
change-total-before = Bisher vereinbart, mit Steuer
change-total = Diese Änderung, mit Steuer
change-total-after = Dann vereinbart, mit Steuer
change-statement = Ich nehme das Nachtragsangebot { $number }, Version { $version }, von { $agency } für { $client } so an, wie es auf dieser Seite steht. Es ändert die vereinbarte Summe um { $amount } auf { $after }. Ich bin dazu berechtigt, und mein eingetippter Name ist meine Unterschrift.
change-accept = Diese Änderung unterschreiben
change-mail-intro = hier ist eine Änderung dessen, was wir in Angebot { $amends } vereinbart haben: { $title }. Ihre Seite zeigt, was vereinbart war, was sich ändert und was sich daraus ergibt.
offer-version = Version
offer-to = Erstellt für
offer-sent-on = Gesendet
offer-valid-until = Gültig bis
offer-lines = Was wir anbieten
offer-optional = Optional: Sie haben die Wahl
offer-not-before = nicht vor dem { $date }
offer-update = Summe aktualisieren
offer-update-hint = Wählen Sie aus, was Sie haben möchten. Damit ist noch nichts entschieden.
offer-stages = Wann abgerechnet wird
offer-deposit = Anzahlung
offer-deposit-when = vor Beginn der Arbeit, mit Steuer
offer-net = { $amount } ohne Steuer
offer-from-day = ab { $date }
offer-on-delivery = bei Lieferung von „{ $title }“
offer-deliverables = Was Sie erhalten
offer-assumptions = Wovon wir ausgehen
offer-exclusions = Was nicht enthalten ist
offer-signatures = Unterschriften
offer-hash = SHA-256 des unterschriebenen Dokuments:
offer-document = Das unterschriebene Dokument, wie es gehasht wurde
offer-go-sign = Annehmen und unterschreiben
offer-sign = Dieses { $document } annehmen
offer-sign-how = Zum Unterschreiben senden wir einen Code an { $email }. So wissen wir, dass Sie es sind.
offer-send-code = Code senden
offer-send-code-again = Neuen Code senden
offer-code-sent = Wir haben einen Code an { $email } gesendet. Er gilt 15 Minuten lang.
offer-name = Ihr vollständiger Name
offer-code = Code
offer-statement = Ich nehme das Angebot { $number }, Version { $version }, von { $agency } für { $client } so an, wie es auf dieser Seite steht, zu einer Summe von { $amount }. Ich bin dazu berechtigt, und mein eingetippter Name ist meine Unterschrift.
offer-accept = Über { $amount } unterschreiben
offer-decline-instead = Ich möchte lieber ablehnen
offer-decline-reason = Was passt nicht? Die Agentur liest das.
offer-decline = { $document } ablehnen

offer-open-until = Gültig bis { $date }
offer-open-sub = Abgerechnet wird nur, was Sie hier annehmen.
offer-signed-by-you = Von Ihnen unterschrieben
offer-others-sign = Vielen Dank! Es gilt, sobald auch die anderen unterschrieben haben.
offer-expired = Abgelaufen am { $date }
offer-ask-for-new = Es kann nicht mehr angenommen werden. Schreiben Sie uns, und wir senden Ihnen eine neue Version.
offer-accepted = Angenommen am { $date }
offer-declined = Abgelehnt am { $date }
offer-withdrawn = Zurückgezogen am { $date }
offer-superseded = Durch eine neuere Version ersetzt
offer-superseded-sub = Wir haben eine neuere Version gesendet. Bitte öffnen Sie den Link in der neuesten E-Mail.

offer-due-on-receipt = Rechnungen sind bei Erhalt zahlbar.
offer-due-net = { $days ->
    [one] Rechnungen sind innerhalb von { $days } Tag zahlbar.
   *[other] Rechnungen sind innerhalb von { $days } Tagen zahlbar.
  }
offer-due-eom = Rechnungen sind am Ende ihres Monats zahlbar.
offer-due-eom-plus = { $days ->
    [one] Rechnungen sind { $days } Tag nach dem Ende ihres Monats zahlbar.
   *[other] Rechnungen sind { $days } Tage nach dem Ende ihres Monats zahlbar.
  }
offer-due-net-eom = { $days ->
    [one] Rechnungen sind am Ende des Monats zahlbar, in dem { $days } Tag nach ihrem Datum vergangen ist.
   *[other] Rechnungen sind am Ende des Monats zahlbar, in dem { $days } Tage nach ihrem Datum vergangen sind.
  }
offer-due-on = Rechnungen sind am { $date } zahlbar.

offer-notice-signed = Vielen Dank! Ihre Unterschrift ist festgehalten.
offer-notice-declined = Danke für die Rückmeldung. Es ist abgelehnt.
offer-notice-code-sent = Der Code ist unterwegs. Bitte sehen Sie in Ihr Postfach.
offer-notice-too-many-codes = Es wurden zu viele Codes angefordert. Bitte versuchen Sie es morgen noch einmal, oder schreiben Sie uns.
offer-notice-wrong-code = Das ist nicht der Code, den wir gesendet haben. Bitte prüfen Sie ihn noch einmal.
offer-notice-ended-code = Dieser Code gilt nicht mehr. Bitte fordern Sie einen neuen an.
offer-notice-blank-name = Bitte tippen Sie zum Unterschreiben Ihren Namen ein.
offer-notice-no-consent = Bitte setzen Sie das Häkchen, um zu bestätigen, dass Sie annehmen.
offer-notice-other-choice = Jemand anderes hat mit anderen Optionen unterschrieben. Hier sehen Sie, was unterschrieben wurde.
offer-notice-changed = Das hat sich geändert, seit Sie es geöffnet haben, und es wurde nichts unterschrieben. Bitte lesen Sie es noch einmal.
offer-notice-scope-full = Dieses Projekt ist voll, und es wurde nichts unterschrieben. Bitte schreiben Sie uns, dann senden wir es für ein neues.
offer-notice-outdated = Was vereinbart oder abgerechnet ist, hat sich geändert, seit wir dies gesendet haben, und es wurde nichts unterschrieben. Bitte schreiben Sie uns, dann senden wir Ihnen eine neue Version.
offer-notice-no-reason = Bitte sagen Sie uns in ein paar Worten, warum Sie ablehnen.

## Questions about a document

promise-open-form = Ich zahle an einem anderen Tag
promise-hint = Nennen Sie uns den Tag, vom { $first } bis zum { $last }. Bis er vorbei ist, senden wir Ihnen zu dieser Rechnung keine Erinnerungen.
promise-date = Der Tag, an dem Sie zahlen werden
promise-send = { $agency } Bescheid geben
promise-noted = Sie haben uns mitgeteilt, dass Sie am { $date } zahlen. Vielen Dank: Bis dahin senden wir Ihnen zu dieser Rechnung keine Erinnerungen.
promise-notice-taken = Vielen Dank. Wir haben den Tag notiert und senden Ihnen zu dieser Rechnung keine Erinnerungen, bis er vorbei ist.
promise-notice-not-then = Bitte wählen Sie einen Tag, den das Formular anbietet. Es wurde nichts notiert.
promise-notice-too-many = Der Tag wurde inzwischen mehrmals geändert. Bitte schreiben Sie uns, dann finden wir gemeinsam einen Weg.
question-title = Fragen
question-you = Sie
question-ask = Eine Frage stellen
question-label = Was möchten Sie wissen? Wir antworten per E-Mail und hier.
question-send = Frage senden
question-notice-asked = Vielen Dank! Ihre Frage ist angekommen, und wir antworten per E-Mail.
question-notice-none = Bitte tippen Sie zuerst Ihre Frage ein.
question-notice-too-many = Das sind viele Fragen für einen Tag. Bitte schreiben Sie uns eine E-Mail, oder rufen Sie uns an.
question-subject = { $client } fragt zu { $document } { $number }
question-intro = { $client } fragt auf der Seite zu { $document } { $number }:
question-outlook = Antworten Sie über die API, dann steht die Antwort auf der Seite für alle, die sie lesen; oder antworten Sie einfach auf diese E-Mail.
question-files = Mitgesendet
question-mail = Ursprüngliche E-Mail
question-original = angehängt als reply.eml, aufbewahrt als { $file }
reply-subject = { $client } schreibt zu { $document } { $number }
reply-intro = { $client } antwortet per E-Mail zu { $document } { $number }:
returned-subject = E-Mail an { $client } kam zurück: { $document } { $number }
returned-heading = Eine E-Mail kam zurück
returned-intro = was wir { $client } zu { $document } { $number } gesendet haben, konnte nicht zugestellt werden: Der Mailserver sagt, dass es dort niemand annimmt.
returned-address = Adresse
returned-outlook = Berichtigen Sie die Adresse von { $client }, und senden Sie es noch einmal. Bis dahin gehen keine weiteren E-Mails dorthin.
held-subject = Eine Antwort zu { $document } { $number } braucht Sie
held-intro = zu { $document } { $number } für { $client } kam eine E-Mail an, die nicht in die Unterhaltung aufgenommen wurde.
held-sender-unknown = Sie ging an die Adresse für Antworten Ihres Teams, aber es ist nicht belegt, dass der Absender für Sie schreiben darf. Ihrem Kunden wurde nichts gesendet.
held-thread-full = Die Unterhaltung enthält so viele Nachrichten, wie sie fassen kann.
held-too-many = Von Ihrem Kunden kamen heute so viele Nachrichten, dass keine weiteren aufgenommen werden.
held-outlook = Die E-Mail ist angehängt, wie sie ankam. Was Sie auf diese E-Mail antworten, geht an { $client } und in die Unterhaltung.
answer-subject = { $agency } schreibt zu { $document } { $number }
answer-heading = Eine Nachricht für Sie
answer-intro = wir haben eine Nachricht für Sie zu { $document } { $number }:
answer-open = Seite öffnen
instalment-title = Raten
instalment-subject = Rechnung { $number } von { $agency }: Ihre Raten
instalment-heading = Wie vereinbart: in Raten
instalment-intro = wie vereinbart zahlen Sie den Rest von Rechnung { $number } in Raten. An jede erinnern wir Sie rechtzeitig.
instalment-next = Die nächste beträgt { $amount } und ist am { $date } fällig.
instalment-outlook = Die Seite zeigt immer, was gezahlt ist und was als Nächstes kommt. Wenn Ihnen andere Tage oder Beträge lieber wären, schreiben Sie uns einfach.
instalment-paid = gezahlt
instalment-late = überfällig
instalment-open = fällig
instalment-left = { $amount } offen
invoice-kind = Rechnung
invoice-word = Rechnung

## The mails about an estimate

offer-mail-subject = { $kind } { $number } von { $agency }: { $title }, gültig bis { $date }
offer-mail-intro = hier ist unser { $document } für „{ $title }“. Seine Seite zeigt, was Sie erhalten, wann und zu welchem Betrag.
offer-mail-open = { $document } öffnen
offer-mail-outlook = Dort können Sie Optionen wählen, annehmen und unterschreiben oder ablehnen. Dieser Link ist nur für Sie: Bitte geben Sie ihn nicht weiter.
code-mail-subject = Ihr Code zum Unterschreiben: { $document } { $number }
code-mail-heading = Ihr Code zum Unterschreiben
code-mail-intro = tippen Sie diesen Code auf der Seite zu { $document } { $number } ein, um zu unterschreiben.
code-mail-outlook = Er gilt 15 Minuten lang. Falls Sie ihn nicht angefordert haben, ignorieren Sie diese Nachricht bitte: Ohne den Code wird nichts unterschrieben. Wir fragen nie am Telefon danach.
certificate-subject = Unterschrieben: { $document } { $number } von { $agency }
certificate-heading = Vielen Dank, es ist vereinbart
certificate-intro = { $kind } { $number } für „{ $title }“ ist angenommen. Diese Nachricht ist der Nachweis; das unterschriebene Dokument ist angehängt.
certificate-total = Vereinbarte Summe
certificate-accepted-on = Angenommen am
certificate-accepted-by = Angenommen von
certificate-reference = Ihr Zeichen
certificate-file = Siehe Datei
certificate-signed-by = Unterschrieben von
certificate-signature = { $name }, { $email }, { $time }
certificate-hash = SHA-256
certificate-outlook = Bitte bewahren Sie diese Nachricht auf. Die angehängte Datei ist das Dokument genau so, wie es unterschrieben wurde: Ihr SHA-256 steht oben, und jedes Programm für Prüfsummen kann das bestätigen.
offer-withdrawn-subject = { $kind } { $number } von { $agency } ist zurückgezogen
offer-withdrawn-heading = { $kind } { $number } ist zurückgezogen
offer-withdrawn-intro = wir haben unser { $document } { $number } zurückgezogen. Es kann nicht mehr angenommen werden.
offer-withdrawn-sum = Zurückgezogenes { $document }
answered-accepted-subject = { $client } hat angenommen: { $document } { $number }
answered-accepted = gute Nachrichten: { $client } hat Ihr { $document } für „{ $title }“ angenommen. Was angenommen ist, können Sie jetzt im Projekt abrechnen.
answered-declined-subject = { $client } hat abgelehnt: { $document } { $number }
answered-declined = { $client } hat Ihr { $document } für „{ $title }“ abgelehnt und nennt als Grund:
answered-by = Beantwortet von
answered-reply = Antworten Sie auf diese E-Mail, um Ihrem Kunden zu schreiben.

## Credit notes

credit-title = Rechnungskorrektur { $number }
credit-subject = Rechnungskorrektur { $number } zu Rechnung { $invoice } von { $agency }
credit-heading = Weniger zu zahlen
credit-intro = wir haben die Rechnungskorrektur { $number } zu unserer Rechnung { $invoice } ausgestellt.
credit-for = Korrektur zu Rechnung
credit-reason = Grund
credit-sum = Gutgeschriebener Betrag
credit-open = Rechnungskorrektur ansehen
credit-left = Auf die Rechnung sind noch { $amount } zu zahlen.
credit-nothing-left = Auf die Rechnung ist nichts mehr zu zahlen.
credit-kept = Sie hatten bereits mehr gezahlt: { $amount } davon sind jetzt als Guthaben bei uns. Wir verrechnen es mit der nächsten Rechnung oder zahlen es zurück, wenn Ihnen das lieber ist.
credit-issued = Ausgestellt am
credit-for-invoice = { $number } vom { $date }
credit-list = Rechnungskorrekturen
credit-back = Zurück zur Rechnung
paper-sheet = Seite { $number } von { $of }
paper-open = Als PDF herunterladen
paper-receipt = Zahlungsbestätigung zu Rechnung { $number }
paper-receipt-several = Zahlungsbestätigung
paper-receipt-paid = Dankend erhalten
paper-plan = Raten zu Rechnung { $number }
paper-plan-agreed = Vereinbart am
paper-plan-of = Zu Rechnung
paper-plan-sum = Alle Raten

## A line that the client disputes

dispute-title = In Klärung
dispute-open = wir prüfen es
dispute-upheld = geprüft: bleibt bestehen
dispute-credited = gutgeschrieben
dispute-open-form = Etwas an dieser Rechnung stimmt nicht
dispute-hint = Sagen Sie uns, welche Position es ist und warum. Bis wir geantwortet haben, brauchen Sie sie nicht zu zahlen; der Rest bleibt fällig.
dispute-line = Position
dispute-choose = Position auswählen
dispute-option = { $line }: { $amount }
dispute-reason = Was stimmt nicht?
dispute-send = Senden
dispute-notice-taken = Vielen Dank! Wir prüfen es und antworten per E-Mail. Bis dahin braucht diese Position nicht gezahlt zu werden.
dispute-notice-none = Bitte wählen Sie eine Position aus, und sagen Sie uns, was nicht stimmt.
dispute-notice-closed = Diese Position kann nicht mehr beanstandet werden. Bitte schreiben Sie uns.
dispute-subject = { $client } beanstandet eine Position: { $document } { $number }
dispute-intro = { $client } ist mit einer Position nicht einverstanden, zu { $document } { $number }:
dispute-outlook = Der Betrag der Position ruht: Keine Erinnerung fordert ihn an. Schreiben Sie ihn über die API gut, oder halten Sie ihn mit einer Antwort aufrecht; Ihr Kunde erhält beides per E-Mail.
hero-disputed = { $lines ->
    [one] Eine Position ist in Klärung; jetzt zu zahlen: { $amount }.
   *[other] { $lines } Positionen sind in Klärung; jetzt zu zahlen: { $amount }.
  }

## An invitation to the team

role-viewer = Leserecht
role-biller = Abrechnung
role-manager = Leitung
role-owner = Inhaberschaft
role-viewer-may = Sie lesen alles und ändern nichts.
role-biller-may = Sie schreiben Angebote und Rechnungen, senden sie und erfassen Zahlungen.
role-manager-may = Sie rechnen ab, geben frei, was andere geschrieben haben, ändern Einstellungen und laden Kolleginnen und Kollegen ein.
role-owner-may = Sie dürfen alles.
invitation-subject = { $agency } lädt Sie in das Team ein
invitation-heading = Kommen Sie ins Team von { $agency }
invitation-intro = { $agency } schreibt Angebote und Rechnungen mit Remit und lädt Sie ein, daran mitzuarbeiten.
invitation-role = Ihre Rolle
invitation-may = Was Sie dürfen
invitation-for = Für
invitation-until = Gültig bis
invitation-open = Einladung ansehen
invitation-outlook = Auf der Seite hinter dem Link nehmen Sie mit einem Klick an. Der Link funktioniert einmal und ist nur für Sie: Bitte geben Sie ihn nicht weiter. Falls Sie diese Einladung nicht erwartet haben, ignorieren Sie sie, und es geschieht nichts.
join-text = { $name }, Ihre Rolle in dieser Einladung: { $role }.
join-until = Die Einladung gilt bis zum { $date }.
join-action = Einladung annehmen
joined-title = Willkommen bei { $agency }
joined-text = Sie gehören jetzt zum Team. Ihre Rolle: { $role }.
joined-key = Das ist Ihr API-Schlüssel. Er wird auf dieser Seite gezeigt und sonst nirgends; bewahren Sie ihn auf wie ein Passwort. Senden Sie ihn mit jeder Anfrage als Authorization: Bearer.
joined-identity = Wenn sich Ihre Agentur anderswo anmeldet, verknüpfen Sie diese Identität einmal, mit diesem Schlüssel und einem Token im Body. Danach gelten Ihre Tokens anstelle des Schlüssels.
join-used-title = Diese Einladung wurde bereits angenommen
join-used-text = Sie gilt nur einmal. Falls Sie es nicht waren oder der Schlüssel verloren ist, fragen Sie bei { $agency } jemanden mit der Rolle Inhaberschaft.
join-expired-title = Diese Einladung ist abgelaufen
join-expired-text = Sie galt bis zum { $date }. Bitte lassen Sie sich von { $agency } erneut einladen.

## Der Überblick der Agentur selbst

month-of-year = { $month } { $year }
overview-title = Überblick
overview-at = Stand: { $date }
overview-outstanding = Offen
overview-outstanding-in = Offen in { $currency }
overview-invoices = { $invoices ->
    [one] auf einer Rechnung
   *[other] auf { $invoices } Rechnungen
  }
overview-payments = { $payments ->
    [one] eine Zahlung
   *[other] { $payments } Zahlungen
  }
overview-overdue = Überfällig
overview-processing = Unterwegs
overview-disputed = Beanstandet
overview-received = Eingegangen in diesem Monat
overview-given-back = Erstattet in diesem Monat
overview-ages = Überfällig seit
overview-age-30 = 1 bis 30 Tagen
overview-age-60 = 31 bis 60 Tagen
overview-age-90 = 61 bis 90 Tagen
overview-age-more = Mehr als 90 Tagen
overview-share = { $percent } des Überfälligen
overview-months = Eingegangen, Monat für Monat
overview-months-said = Von { $first } bis { $last }. Am meisten kam im { $month }: { $amount }.
overview-figures = Die Monate in Zahlen
overview-back = { $amount } erstattet
overview-waiting = Wartet auf Sie
overview-nothing-waits = Nichts wartet auf Sie.
overview-questions = Fragen von Kunden
overview-estimates-in-review = Angebote zur Freigabe
overview-submitted-work = Leistungen zur Freigabe
overview-bank-entries = Bankbuchungen zur Entscheidung
overview-unmatched-payments = Zahlungen ohne passende Rechnung
overview-promised = Zugesagt
overview-promised-for = Zugesagt für den { $date }
overview-ending = Angebote, die bald enden
overview-ends = Gültig bis { $date }
overview-more = { $entries ->
    [one] und ein weiterer Eintrag
   *[other] und { $entries } weitere
  }
overview-empty-title = Nichts ist offen
overview-empty = Sobald Sie eine Rechnung stellen, sehen Sie hier, was offen ist, was überfällig ist und was eingegangen ist.
overview-signed-in = Sie sind angemeldet als { $name } ({ $role }).
overview-sign-out = Abmelden
overview-signed-out = Sie sind auf dieser Seite abgemeldet.
overview-ask = Was offen ist, was überfällig ist und was eingegangen ist, auf einen Blick. Sie melden sich dort an, wo sich Ihre Agentur anmeldet.
overview-sign-in = Anmelden
overview-again-title = Das hat nicht geklappt
overview-again = Die Anmeldung wurde abgebrochen, hat zu lange gedauert oder begann in einem anderen Browser. Bitte versuchen Sie es noch einmal.
overview-unknown-title = Sie gehören hier zu keinem Team
overview-unknown = Sie haben sich angemeldet, aber kein Team kennt diese Identität. Nehmen Sie zuerst Ihre Einladung an, oder lassen Sie Ihre Identität mit Ihnen verknüpfen; oder melden Sie sich als jemand anderes an.
overview-closed = Auf dieser Seite kann sich noch niemand anmelden: Wer dieses System betreibt, muss zuerst einen Client seines Anmeldedienstes angeben.
overview-form-old = Diese Seite war eine Weile geöffnet, deshalb haben wir zur Sicherheit angehalten. Es hat sich nichts geändert.
overview-return = Zurück zum Überblick
overview-problem = Das tut uns leid. Bitte versuchen Sie es in ein paar Minuten noch einmal.
