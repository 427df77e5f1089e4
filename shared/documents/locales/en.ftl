## Dates

month = { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
  }
date = { $day } { $month } { $year }
date-in-year = { $day } { $month }
period = { $first } – { $last }
period-in-year = { $first_day } { $first_month } – { $last_day } { $last_month } { $year }
period-in-month = { $first_day }–{ $last_day } { $month } { $year }

## Where an invoice stands

standing-due-in = { $days ->
    [0] Due today
    [1] Due tomorrow
   *[other] Due in { $days } days
  }
standing-overdue = { $days ->
    [one] Overdue by { $days } day
   *[other] Overdue by { $days } days
  }
standing-paid = Paid on { $date }
standing-settled = Settled on { $date }
standing-processing = Payment being confirmed
standing-void = Cancelled on { $date }
standing-uncollectible = Closed

hero-due = Amount due
hero-left = Left to pay
hero-total = Invoice total
hero-pay-by = Please pay by { $date }.
hero-was-due = It was due on { $date }.
hero-part-paid = Left to pay of { $total }, due { $date }.
hero-processing = Your payment is on its way. There is nothing you need to do.
hero-thanks = Paid in full. Thank you!
hero-settled = There is nothing to pay.
hero-void = This invoice no longer counts. There is nothing to pay.
hero-uncollectible = This invoice has been closed. Please write to us if you have questions.

## The page of an invoice

page-invoice = Invoice { $number }
page-questions = Questions? We are happy to help:
page-pay = Pay { $amount }
page-pay-card = Pay { $amount } by card
page-pay-paypal = Pay { $amount } with PayPal
page-pay-debit = Pay { $amount } by direct debit
page-pay-bank = Pay { $amount } from your bank account
page-pay-toss = Pay { $amount } with Toss Payments
page-pay-confirm = Confirm the payment of { $amount }
page-keep = Keep this payment method for later invoices of { $agency }
page-keep-words = Only if you tick this: { $providers } keeps your card, bank or PayPal details, and { $agency } may charge them when a later invoice is due. { $agency } sees no more than the last digits, or a part of your PayPal address. You can remove them at any time on the page with all your invoices. Other ways to pay keep nothing.
page-pay-hint = You pay on the secure page of our payment provider.
page-pay-otherwise = Other ways to pay
page-lines = What this invoice covers
column-what = Description
column-quantity = Quantity
column-price = Unit price
column-amount = Amount
page-prices-include-tax = Prices include tax.
page-totals = Totals
deposit-about = your deposit
deposit-less = Less deposit: { $what }
agreed-title = What was agreed, and what of it this invoice bills
agreed-hint = Before tax. Nothing is billed beyond what you accepted.
agreed-row = agreed { $agreed } · billed before { $before } · left after this invoice { $left }
page-reference = Reference
page-notes = Notes
page-terms = Terms
page-from = From
page-to = Billed to
page-timesheet = See the work behind these lines
page-all-invoices = All your invoices from { $agency }
party-tax-id = Tax ID
tax-id-vat = VAT ID
tax-id-kr-brn = Business registration no.

fact-about = For
fact-issued = Issued
fact-due = Due
fact-supply = Service period
fact-purchase-order = Purchase order
fact-buyer-reference = Your reference

terms-early = { $percent } discount for payment by { $date }.

e-invoice-due = Payable by { $date }.
e-invoice-credited = Set off against invoice { $number }.

late-flat-once = If this is paid late, we charge { $amount }, once.
late-flat-month = If this is paid late, we charge { $amount } for each month that it is overdue.
late-percent-once = If this is paid late, we charge { $percent } of what is overdue, once.
late-percent-month = If this is paid late, we charge { $percent } of what is overdue, for each month.
late-interest = If this is paid late, we charge interest of { $percent } a year on what is overdue, by the day.
late-interest-over = If this is paid late, we charge interest of { $points } percentage points a year over { $reference }, by the day, on what is overdue.
late-reference-ecb = the reference rate of the European Central Bank
late-reference-boe = the official rate of the Bank of England
late-grace = { $days ->
    [one] Within a day after the due date nothing is charged.
   *[other] Within { $days } days after the due date nothing is charged.
}
late-cap-percent = Together these come to { $percent } of the invoice at most.
late-cap-amount = Together these come to { $amount } at most.
late-compensation = For recovering the debt we charge { $amount }, once.
late-compensation-from = For debts of { $from } or more, that is { $amount }.
late-line-interest = Interest for paying invoice { $number } late: { $stretches }
late-stretch = { $days ->
    [one] { $principal } for { $period } (1 day) at { $percent } a year
   *[other] { $principal } for { $period } ({ $days } days) at { $percent } a year
}
late-line-percent = Late fee for invoice { $number }: { $percent } of { $principal }, overdue on { $date }
late-line-flat = Late fee for invoice { $number }, overdue on { $date }
late-line-compensation = Compensation for recovering invoice { $number }

line-discount = Less { $amount } discount
line-discount-percent = Less { $percent } discount ({ $amount })
line-untaxed = No tax

unit-hours = { $count ->
    [one] { $number } hour
   *[other] { $number } hours
  }
unit-minutes = { $count ->
    [one] { $number } minute
   *[other] { $number } minutes
  }
unit-days = { $count ->
    [one] { $number } day
   *[other] { $number } days
  }
unit-weeks = { $count ->
    [one] { $number } week
   *[other] { $number } weeks
  }
unit-months = { $count ->
    [one] { $number } month
   *[other] { $number } months
  }
unit-quarters = { $count ->
    [one] { $number } quarter
   *[other] { $number } quarters
  }
unit-years = { $count ->
    [one] { $number } year
   *[other] { $number } years
  }
unit-lump-sum = { $count ->
    [one] { $number } lump sum
   *[other] { $number } lump sums
  }
unit-services = { $count ->
    [one] { $number } service
   *[other] { $number } services
  }
unit-jobs = { $count ->
    [one] { $number } job
   *[other] { $number } jobs
  }
unit-sets = { $count ->
    [one] { $number } set
   *[other] { $number } sets
  }
unit-kilometres = { $number } km
unit-miles = { $number } mi
unit-kilograms = { $number } kg
unit-metres = { $number } m
unit-square-metres = { $number } m²
unit-litres = { $number } l

total-lines = Subtotal
total-lines-net = Subtotal before tax
total-discount = Discount
total-discount-percent = Discount { $percent }
total-net = Total before tax
total = Total
tax-rate = { $name } { $rate }
tax-relief = { $name }: { $why }
tax-base = on { $base }
tax-in-books = tax of it: { $amount }, at { $one } = { $rate } on { $date } ({ $source })
relief-zero = zero rate
relief-exempt = exempt
relief-reverse-charge = reverse charge
relief-export = export
relief-intra-community = intra-community supply
relief-out-of-scope = outside the scope
total-withheld = { $name } { $rate }, withheld by you
total-rounding = Rounding
total-payable = To pay
total-paid = Paid on { $date }
total-paid-earlier = Paid earlier
total-credited = Credited
total-written-off = Waived
total-left = Left to pay

method-online = Online
method-card = Card
method-bank = Bank transfer
method-debit = Direct debit
method-paypal = PayPal
method-toss = Toss Payments
method-cash = Cash
method-cheque = Cheque
method-other = Other

notice-confirming = Thank you! Your payment is being confirmed. This usually takes a moment; we will send you a receipt.
notice-agreed = You have agreed to pay, and nothing was charged yet. One more press confirms it.
notice-left = You left the payment page, and nothing was charged. You can pay whenever it suits you.
notice-changed = This invoice has changed since you opened it, and nothing was charged. Here is how it stands now.
notice-unavailable = The payment page cannot be reached right now, and nothing was charged. Please try again in a few minutes.

## Paying by transfer, and a part of one's choice

transfer-title = Bank transfer
transfer-text = Please write the reference exactly as it stands here, so that we find your payment.
transfer-holder = Account holder
transfer-iban = IBAN
transfer-account = Account number
transfer-bic = BIC
transfer-bank = Bank
transfer-amount = Amount
transfer-code = QR code: a banking app that scans it fills in this transfer
transfer-scan = Scan with your banking app
interac-title = Interac e-Transfer
interac-text = Transfers to this address are deposited automatically, without a security question. Please write the code below into the message, so that we find your payment.
interac-to = Send to
interac-message = Message

part-open = Pay another amount
part-amount = Amount that you would like to pay
part-hint = From { $least } to { $most }. What is left stays on this page, to be paid later.
part-pay = Pay this amount
part-pay-card = Pay this amount by card
part-pay-paypal = Pay this amount with PayPal
part-pay-debit = Pay this amount by direct debit
part-pay-bank = Pay this amount from your bank account
part-pay-toss = Pay this amount with Toss Payments
part-unreadable = We could not read this amount, and nothing was charged. Please write it in digits.
part-too-small = The least that can be paid is { $least }, and nothing was charged.
part-too-large = That is more than the { $most } left to pay, and nothing was charged.

## Several invoices at once

several-hint = You can pay several invoices in one payment: tick them first.
several-go = Pay the ticked invoices together
several-choose = Choose invoice { $number }
several-title = Pay several invoices
several-heading = { $count } invoices in one payment
several-chosen = What you pay
several-back = Back to the list
several-none = Please tick the invoices that you would like to pay.
several-too-many = One payment pays { $max } invoices at most. Please tick fewer.
several-currencies = One payment is in one currency. Please tick invoices of the same currency.
several-changed = One of these invoices has changed in the meantime, and nothing was charged. Here is how they stand now.
several-unavailable = These invoices cannot be paid together here. Please tick fewer, or pay each on its own page.

## The list of invoices

list-title = Your invoices
list-for = Invoices for { $client }
list-nothing-open = Nothing to pay
list-open-count = { $count ->
    [one] { $count } open invoice
   *[other] { $count } open invoices
  }
list-open = Open
list-year = { $year }
list-due = Due { $date }
list-paid = Paid { $date }
list-processing = Being confirmed
list-void = Cancelled
list-uncollectible = Closed
list-part = of { $total }
list-more = Older invoices are not listed here. Write to us if you need one.
list-back = Back to the invoice
saved-title = Your saved payment methods
saved-hint = { $agency } may charge these when an invoice is due. Remove what you do not want to be charged any more: it ends at once.
saved-card = Card
saved-debit = Direct debit
saved-ending = { $name } ending in { $digits }
saved-saved = Saved on { $date }
saved-expires = Saved on { $date }, valid until { $month }
saved-remove = Remove
saved-remove-what = Remove { $what }
saved-removed = The payment method is removed. It will not be charged any more.

## The client's portal

language-name = English
portal-title = Your documents
portal-for = All documents of { $client }
portal-ask = Estimates, invoices, receipts and credit notes from { $agency }, in one place. Tell us your e-mail address: we send you a link that signs you in. There is no password.
portal-email = E-mail address
portal-email-wrong = This does not look like an e-mail address.
portal-send = Send me the link
portal-send-again = Send another link
portal-sent-title = Look into your mailbox
portal-sent = If we know this address, a link is on its way to it. It signs you in once, within 30 minutes. Nothing came? Look among the unwanted mail, or try the address at which you get our invoices.
portal-enter-text = One press, and you see all that { $agency } has sent you.
portal-enter = Sign in
portal-ended-title = This link signs nobody in any more
portal-ended = It was used already, is older than 30 minutes, or you asked for a newer one. We gladly send you another.
portal-signed-out = You are signed out, here and on every other device.
portal-signed-in = You are signed in as { $email }.
portal-sign-out = Sign out everywhere
portal-see = See all your documents
portal-others = Also yours:
portal-words = Number, name or amount
portal-kind = What
portal-year = Year
portal-project = Project
portal-all = All
portal-find = Show
portal-none = There is nothing here yet.
portal-none-found = Nothing fits. Try fewer words, or another year.
portal-open = To pay
portal-invoices = Invoices
portal-estimates = Estimates
portal-payments = Payments
portal-credit-notes = Credit notes
portal-estimate = Estimate { $number }
portal-estimate-open = Open until { $date }
portal-estimate-accepted = Accepted
portal-estimate-declined = Declined
portal-estimate-expired = Expired
portal-estimate-withdrawn = Withdrawn
portal-payment = Payment
portal-payment-for = For { $numbers }
portal-credit-note = Credit note { $number }
portal-credit-note-for = For invoice { $number }
portal-back = Back to all documents
portal-pages = Pages
portal-newer = Newer
portal-older = Older
portal-take = For your books
portal-files = All files of { $year } (ZIP)
portal-table = This list as a table (CSV)
portal-contacts = Who gets our mails
portal-copy = { $email } (copy)
portal-contacts-hint = Somebody is missing, or has left? Please write to us.
portal-language = The language of our mails and pages
portal-language-set = Change
portal-language-changed = From now on we write to you in this language.
portal-no-receipt-title = There is no receipt of this payment
portal-no-receipt = It is not made yet, or the payment was booked without one. Please try again in a minute, or write to us.
portal-not-signer-title = This estimate was sent to somebody else
portal-not-signer = Whoever is asked to sign it has the link to it. Please ask them, or write to us.
portal-files-many-title = These are too many files for one archive
portal-files-many = Please write to us: we gladly send them to you.
sign-in-subject = Your link to sign in at { $agency }
sign-in-heading = Sign in to your documents
sign-in-intro = This link shows you all estimates, invoices, receipts and credit notes from { $agency }.
sign-in-for = For
sign-in-counts = The link works
sign-in-once = once, within 30 minutes
sign-in-outlook = You did not ask for it? Then somebody typed your address by mistake. Please ignore this message: without it nobody gets in, so do not pass it on.

## The timesheet

timesheet-title = Timesheet for invoice { $number }
timesheet-work = What was done
timesheet-receipt = Receipt: { $name }
timesheet-total = Total before tax
timesheet-hint = This is the work that the invoice bills, as it was when it was issued. Each entry shows its share of its line, before discounts and tax. If you would like to see a receipt, write to us.
duration = { $hours } h { $minutes } min
duration-hours = { $hours } h
duration-minutes = { $minutes } min

## Messages

message-action = Go to the invoice
link-unknown-title = This link does not work
link-unknown-text = It may have expired, or a part of it got lost on the way. Please open the link from the most recent e-mail once more, or ask the agency for a new one.
link-ended-title = This link has ended
link-ended-text = Links count for a year and a month. What this one led to is still here: sign in with your e-mail address and you will see it, as everything else that we have sent you.
link-ended-action = Sign in
confirming-title = Thank you! Your payment is being confirmed
confirming-text = This usually takes a moment, with some banks up to a few days. You need not do anything: we will send you a receipt as soon as the money has arrived.
nothing-title = There is nothing to pay
nothing-text = This invoice has been paid or cancelled in the meantime. Nothing was charged.
changed-title = This invoice has changed
changed-text = It was changed after you opened it. Nothing was charged. Please look at it once more before you pay.
unavailable-title = The payment page cannot be reached
unavailable-text = Nothing was charged. Please try again in a few minutes.
expired-title = Please try once more
expired-text = This page was open for a while, so we stopped to be safe. Nothing was charged, and nothing was signed. Please open the link in our e-mail again, and go on from there.
stop-title = No more reminders?
stop-text = You will get no more reminders of this invoice. It stays open, and its page stays where it is.
stop-action = Stop the reminders
stopped-title = Done: no more reminders
stopped-text = You will get no more reminders of this invoice. It stays open, and its page stays where it is.
courtesy-title = No more of these mails?
courtesy-text = You will get no more notices, thanks or monthly statements from us. Invoices, receipts and estimates still come.
courtesy-action = Stop these mails
courtesy-stopped-title = Done: no more of these mails
courtesy-stopped-text = You will get no more notices, thanks or monthly statements from us. Invoices, receipts and estimates still come.
busy-title = One moment, please
busy-text = Many requests came in at once. Please try again in a minute.
problem-title = Something went wrong on our side
problem-text = We are sorry. Please try again in a few minutes. If you have just paid, your payment is safe, and you need not pay again.

## What mails share

mail-greeting = Hello,
mail-greeting-name = Hello { $name },
mail-closing = Thank you for working with us.
mail-questions = Questions? Just reply to this e-mail.
mail-questions-to = Questions? Write to { $email }, we are happy to help.
mail-invoice = Invoice
mail-about = For
mail-view = View the invoice
mail-view-and-pay = View and pay
mail-more-lines = { $count ->
    [one] and { $count } more on the invoice's page
   *[other] and { $count } more on the invoice's page
  }

## An offer ends soon

expiring-subject = { $kind } { $number } from { $agency } is open until { $date }: { $title }
expiring-intro = Our { $document } for { $title } is open until { $date }. If it suits you, you can accept it on its page; if something is unclear, please ask us there.

## Before a subscription is billed or charged

ahead-charge-subject = { $agency } will charge you for { $name } on { $date }
ahead-charge-intro = On { $date } we will bill { $name } and charge it to the payment method that you let us keep. You do not have to do anything.
ahead-charge = We will charge
ahead-bill-subject = { $agency } will bill { $name } on { $date }
ahead-bill-intro = On { $date } we will send you the invoice for { $name }. You do not have to do anything before that.
ahead-bill = We will bill
ahead-by-work = As agreed, by what is done
ahead-for = For
ahead-on = On
ahead-method = The payment method that you let us keep
ahead-outlook = If something is not right, or you would rather not go on, please reply to this mail before that day.

## Thanks once a project is closed

thanks-subject = Thank you for working with us on { $project }
thanks-heading = Thank you
thanks-intro = { $project } is complete. It was a pleasure to work on it with you, and we would be glad to work with you again.
thanks-project = Completed
thanks-outlook = If there is anything that you still need from us, please reply to this mail.

## A statement of account

statement-subject = Your statement of account with { $agency }, { $period }
statement-heading = Statement of account
statement-for = Statement of account for { $client }
statement-intro = This is your account with us for { $period }: what moved it, and what is open on the last of these days.
statement-nothing = Nothing moved, and nothing is open
statement-owed = Owed on { $date }
statement-before = Owed before { $date }
statement-overdue = Of that overdue
statement-disputed = Of that disputed
statement-balance = Yours, not applied to an invoice yet
statement-balance-owed = Owed besides, for money that went back
statement-moved = What happened
statement-column-balance = Owed by then
statement-more = { $count ->
    [one] These come first; { $count } more is on the page.
   *[other] These come first; { $count } more are on the page.
  }
statement-open = Open
statement-open-item = Invoice { $number }, due { $date }
statement-late = Overdue
statement-ages = By how long it is due
statement-not-due = Not due yet
statement-to-30 = 1 to 30 days overdue
statement-to-60 = 31 to 60 days overdue
statement-to-90 = 61 to 90 days overdue
statement-over-90 = More than 90 days overdue
statement-carried-over = Invoice { $number }, from our former books
statement-invoice = Invoice { $number }
statement-late-fee = Invoice { $number } for paying late
statement-payment = Payment for { $number }
statement-balance-applied = Your balance, applied to { $number }
statement-credit-note = Credit note { $note } for { $number }
statement-set-free = Kept as your balance, of { $number }
statement-write-off = No longer asked for, of { $number }
statement-recovered = Paid all the same, of { $number }
statement-write-off-reversed = Asked for again, of { $number }
statement-refund = Refund, for { $number }
statement-payment-lost = Payment that was returned, for { $number }
statement-payment-undone = Payment that was recorded by mistake, for { $number }
statement-payment-reinstated = Payment that came again, for { $number }
statement-void = Invoice { $number } cancelled
statement-see = See the statement
statement-outlook = If something does not match your books, please write to us.

## A mail about a document that there is not, to look at the agency's own words

sample-subject = Test: { $subject }
sample-client = Harbour Books
sample-contact = Robin Meyer
sample-about = New website

## The mail that brings an invoice

invoice-subject = Invoice { $number } from { $agency }: { $amount }, due { $date }
invoice-subject-nothing-owed = Invoice { $number } from { $agency }: nothing to pay
invoice-preheader = { $amount }, due { $date }
invoice-nothing-owed = There is nothing to pay.
invoice-intro = Here is our invoice. Its page shows what it covers, what it comes to and how to pay.
invoice-intro-about = Here is our invoice for { $about }. Its page shows what it covers, what it comes to and how to pay.

## The entry for a calendar

calendar-summary = Pay invoice { $number } from { $agency }: { $amount }

## The mail that thanks for a payment

receipt-subject = Thank you! We have received { $amount } for invoice { $number }
receipt-heading = Thank you for your payment
receipt-intro = Your payment of { $amount } arrived on { $date }. We appreciate it.
receipt-settled = Invoice { $number } is now paid in full. There is nothing more you need to do.
receipt-left = We have applied it to invoice { $number }. That leaves { $amount }, due { $date }.
receipt-next = We have applied it to invoice { $number }. The next instalment is { $amount }, due { $date }.
receipt-void = Invoice { $number } had been cancelled before your payment arrived.
receipt-kept = { $amount } of it was not needed for this invoice. We keep it for you as a credit; write to us if you would rather have it back.
receipt-subject-several = { $count ->
    [one] Thank you! We have received { $amount } for { $count } invoice
   *[other] Thank you! We have received { $amount } for { $count } invoices
  }
receipt-several = We have applied it to these invoices, as far as they needed it.
receipt-covered = Invoice { $number }
receipt-kept-several = { $amount } of it was not needed for these invoices. We keep it for you as a credit; write to us if you would rather have it back.
receipt-received = Received
receipt-received-on = Received on
receipt-method = Paid by
receipt-reference = Payment reference
receipt-payable = Invoice total
receipt-closing = It is a pleasure working with you.

## The mail that reminds

before-subject = Coming up: invoice { $number } from { $agency } is due on { $date }
before-heading = A friendly heads-up
before-text = { $days ->
    [one] Our invoice { $number } for { $amount } is due tomorrow, on { $date }.
   *[other] Our invoice { $number } for { $amount } is due in { $days } days, on { $date }.
  }
before-ask = If your payment is already on its way, thank you: there is nothing more to do.
today-subject = Invoice { $number } from { $agency } is due today
today-heading = Due today
today-text = Our invoice { $number } for { $amount } is due today.
today-ask = If you have paid already, thank you. Our messages have simply crossed.
late-subject = Reminder: invoice { $number } from { $agency } was due on { $date }
late-heading = A small reminder
late-text = Our invoice { $number } was due on { $date }, and we have not received your payment of { $amount } yet. These things are easily overlooked: could you take a look?
late-ask = If you have paid in the last few days, please ignore this note. And if something about the invoice is not right, tell us, and we will sort it out together.
plain-subject = { $days ->
    [one] Invoice { $number } from { $agency } is one day overdue
   *[other] Invoice { $number } from { $agency } is { $days } days overdue
  }
plain-heading = { $days ->
    [one] Your invoice is one day overdue
   *[other] Your invoice is { $days } days overdue
  }
plain-text = Our invoice { $number } was due on { $date }, and { $amount } is still open.
plain-ask = Please pay it within the next few days, or tell us when we can expect your payment. If there is a question about the invoice, we would like to hear it.
firm-subject = { $days ->
    [one] Please settle invoice { $number } from { $agency }: one day overdue
   *[other] Please settle invoice { $number } from { $agency }: { $days } days overdue
  }
firm-heading = Please settle this invoice now
firm-text = { $days ->
    [one] Our invoice { $number } was due yesterday, on { $date }, and { $amount } is still unpaid.
   *[other] Our invoice { $number } has been due since { $date }. That is { $days } days ago, and { $amount } is still unpaid.
  }
firm-ask = Please pay it now. If there is a reason why you cannot, write to us today, so that we can find a way together.
soon-subject = Invoice { $number } from { $agency } is due on { $date }
soon-heading = Due on { $date }
soon-text = { $days ->
    [one] Our invoice { $number } for { $amount } is due tomorrow, on { $date }.
   *[other] Our invoice { $number } for { $amount } is due in { $days } days, on { $date }.
  }
soon-ask = Please see to it that your payment reaches us by then. If it is on its way already, thank you: nothing more is needed.
due-subject = Invoice { $number } from { $agency }: today is the due date
due-heading = Today is the due date
due-text = Our invoice { $number } for { $amount } is due today, { $date }.
due-ask = Please pay it today. If you have done so already, thank you: our messages have simply crossed.
final-subject = Our last reminder of invoice { $number } from { $agency }
final-heading = Our last reminder
final-text = { $days ->
    [one] Our invoice { $number } was due yesterday, on { $date }, and { $amount } is still unpaid.
   *[other] Our invoice { $number } has been due since { $date }. That is { $days } days ago, and although we have written to you about it, { $amount } is still unpaid.
  }
final-ask = This is the last time that we remind you by mail: after it, one of us will take this up with you in person. Please pay now. And if you cannot, a few words today are enough: we would much rather find a way with you.
promise-subject = Invoice { $number } from { $agency }: you planned to pay on { $promised }
promise-heading = You planned to pay on { $promised }
promise-text = You told us that you would pay our invoice { $number } on { $promised }. Thank you for that. We have not received your payment of { $amount } yet.
promise-ask = If it is on its way, please ignore this note. If something has come up, tell us which day is right for you, and we will make a note of it.
promise-firm-subject = Please pay invoice { $number } from { $agency }, as promised for { $promised }
promise-firm-heading = Please pay as you promised
promise-firm-text = You promised to pay our invoice { $number } on { $promised }. It has been due since { $date }, and { $amount } is still unpaid.
promise-firm-ask = Please pay it now. If you cannot, write to us today and name a day that you can keep, so that we can find a way together.
reminder-closing = Kind regards,

## The mail that hands over to a member

hand-over-subject = { $days ->
    [one] Please take over: invoice { $number } of { $client } is one day overdue
   *[other] Please take over: invoice { $number } of { $client } is { $days } days overdue
  }
hand-over-heading = Invoice { $number } needs a person now
hand-over-intro = The reminders of invoice { $number } to { $client } have come to their end, and { $amount } is still open. Nothing more leaves by itself: please get in touch with them, a call often says more than one more mail.
hand-over-none-sent = No reminder has left.
hand-over-said = { $client } wrote on { $date }: { $text }
hand-over-silent = { $client } has not written about this invoice.
hand-over-reply = Reply to this e-mail to write to your client.
hand-over-promise = Promised for { $date }
hand-over-promise-replaced = another day took its place
hand-over-promise-broken = not kept
hand-over-promise-over = over
tone-friendly = Friendly reminder
tone-neutral = Plain reminder
tone-firm = Firm reminder
tone-final = Last reminder
tone-promise = Question about the promise
mail-state = { $date }: { $state }
mail-state-sent = sent
mail-state-waits = on its way
mail-state-doubt = may have left
mail-state-failed = did not arrive
mail-state-cancelled = not sent

## The mail that withdraws an invoice

void-subject = Invoice { $number } from { $agency } is cancelled: nothing to pay
void-heading = Invoice { $number } is cancelled
void-intro = We have cancelled our invoice { $number }. It no longer counts, and there is nothing for you to pay.
void-outlook = Please keep this message with your records. We are sorry for the extra paper.
void-outlook-replaced = Invoice { $number } takes its place; it comes in a separate e-mail. Please keep this message with your records.
void-sum = Cancelled invoice
void-on = Cancelled on
void-replaced-by = Replaced by
void-nothing = Nothing
void-closing = Kind regards,

## The page of an estimate

offer-title = { $kind } { $number }
offer-number = Estimate
offer-word = estimate
section-subtotal = Subtotal
section-other = Other work
change-number = Change order
change-word = change order
change-amends = Changes
change-of-estimate = Estimate { $number }
change-lines = What changes
change-added = What is added
change-before = So far
change-after = From now on
change-difference = Difference
change-out = taken out
change-quantity = { $before } → { $after }
change-stage = { $before } → { $after } before tax
change-changed = Changed, tax included
change-added-total = Added, tax included
change-total-before = Agreed so far, tax included
change-total = This change, tax included
change-total-after = Agreed then, tax included
change-statement = I accept change order { $number }, version { $version }, of { $agency } for { $client } as shown on this page. It changes the agreed total by { $amount }, to { $after }. I am entitled to do so, and my typed name is my signature.
change-accept = Sign this change
change-mail-intro = Here is a change to what we agreed in estimate { $amends }: { $title }. Its page shows what was agreed, what changes, and what it comes to then.
offer-version = Version
offer-to = Prepared for
offer-sent-on = Sent
offer-valid-until = Valid until
offer-lines = What we offer
offer-optional = Optional: you choose
offer-not-before = not before { $date }
offer-update = Update the total
offer-update-hint = Tick what you would like to have. Nothing is decided yet.
offer-stages = When it is billed
offer-deposit = Deposit
offer-deposit-when = before the work begins, tax included
offer-net = { $amount } before tax
offer-from-day = from { $date }
offer-on-delivery = on delivery of { $title }
offer-deliverables = What you get
offer-assumptions = What we assume
offer-exclusions = What is not part of it
offer-signatures = Signatures
offer-hash = SHA-256 of the signed document:
offer-document = The signed document, as it is hashed
offer-go-sign = Accept and sign
offer-sign = Accept this { $document }
offer-sign-how = To sign, we send a code to { $email }. So we know that it is you.
offer-send-code = Send me the code
offer-send-code-again = Send a new code
offer-code-sent = We have sent a code to { $email }. It is valid for 15 minutes.
offer-name = Your full name
offer-code = Code
offer-statement = I accept estimate { $number }, version { $version }, of { $agency } for { $client } as shown on this page, for a total of { $amount }. I am entitled to do so, and my typed name is my signature.
offer-accept = Sign for { $amount }
offer-decline-instead = I would rather decline
offer-decline-reason = What does not fit? The agency reads this.
offer-decline = Decline the { $document }

offer-open-until = Open until { $date }
offer-open-sub = Nothing is billed that you have not accepted here.
offer-signed-by-you = Signed by you
offer-others-sign = Thank you! It counts once the others have signed as well.
offer-expired = Expired on { $date }
offer-ask-for-new = It can no longer be accepted. Write to us, and we will send you a new version.
offer-accepted = Accepted on { $date }
offer-declined = Declined on { $date }
offer-withdrawn = Withdrawn on { $date }
offer-superseded = Replaced by a newer version
offer-superseded-sub = We have sent a newer version. Please open the link in the most recent e-mail.

offer-due-on-receipt = Invoices are payable on receipt.
offer-due-net = { $days ->
    [one] Invoices are payable within { $days } day.
   *[other] Invoices are payable within { $days } days.
  }
offer-due-eom = Invoices are payable at the end of their month.
offer-due-eom-plus = { $days ->
    [one] Invoices are payable { $days } day after the end of their month.
   *[other] Invoices are payable { $days } days after the end of their month.
  }
offer-due-net-eom = { $days ->
    [one] Invoices are payable at the end of the month { $days } day after their date.
   *[other] Invoices are payable at the end of the month { $days } days after their date.
  }
offer-due-on = Invoices are payable on { $date }.

offer-notice-signed = Thank you! Your signature has been recorded.
offer-notice-declined = Thank you for letting us know. It is declined.
offer-notice-code-sent = The code is on its way. Please look into your mailbox.
offer-notice-too-many-codes = Too many codes were requested. Please try again tomorrow, or write to us.
offer-notice-wrong-code = That is not the code that we sent. Please check it once more.
offer-notice-ended-code = This code is no longer valid. Please request a new one.
offer-notice-blank-name = Please type your name to sign.
offer-notice-no-consent = Please tick the box to say that you accept.
offer-notice-other-choice = Someone else has signed with other options. Here is what they signed.
offer-notice-changed = This has changed since you opened it, and nothing was signed. Please read it once more.
offer-notice-scope-full = This project is full, and nothing was signed. Please write to us, and we will send this for a new one.
offer-notice-outdated = What was agreed or billed has changed since we sent this, and nothing was signed. Please write to us, and we will send you a new version.
offer-notice-no-reason = Please tell us in a few words why you decline.

## Questions about a document

promise-open-form = I will pay on another day
promise-hint = Tell us the day, from { $first } to { $last }. Until it is over, we send you no reminders of this invoice.
promise-date = The day on which you will pay
promise-send = Let { $agency } know
promise-noted = You told us that you will pay on { $date }. Thank you: until then we send you no reminders of this invoice.
promise-notice-taken = Thank you. We have noted the day, and send you no reminders of this invoice until it is over.
promise-notice-not-then = Please choose a day that the form offers. Nothing was noted.
promise-notice-too-many = The day was changed several times by now. Please write to us, and we will find a way together.
question-title = Questions
question-you = You
question-ask = Ask a question
question-label = What would you like to know? We answer by e-mail, and here.
question-send = Send the question
question-notice-asked = Thank you! We have your question, and will answer by e-mail.
question-notice-none = Please type your question first.
question-notice-too-many = That is a lot of questions for one day. Please write us an e-mail, or give us a call.
question-subject = { $client } asks about { $document } { $number }
question-intro = { $client } asks on the page of your { $document } { $number }:
question-outlook = Answer through the API, and the answer stands on the page for all who read it; or just reply to this e-mail.
question-files = Came with it
question-mail = Original mail
question-original = attached as reply.eml, kept as { $file }
reply-subject = { $client } writes about { $document } { $number }
reply-intro = { $client } answers by e-mail about your { $document } { $number }:
returned-subject = Mail to { $client } came back: { $document } { $number }
returned-heading = A mail came back
returned-intro = What we sent to { $client } about your { $document } { $number } could not be delivered: its mail server says that nobody there takes it.
returned-address = Address
returned-outlook = Correct the address of { $client }, and send it again. Until then no follow-ups go there.
held-subject = A reply about { $document } { $number } needs you
held-intro = An e-mail about your { $document } { $number } for { $client } came in, and was not put into the conversation.
held-sender-unknown = It was sent to the address for answers of your team, but its sender is not proven to be somebody who may write for you. Nothing was sent to your client.
held-thread-full = The conversation holds as many messages as it can.
held-too-many = So many messages came from your client today that no more are put in.
held-outlook = The e-mail is attached as it came. What you reply to this e-mail goes to { $client } and into the conversation.
answer-subject = { $agency } writes about { $document } { $number }
answer-heading = A message for you
answer-intro = We have a message for you about our { $document } { $number }:
answer-open = Open the page
instalment-title = Instalments
instalment-subject = Invoice { $number } from { $agency }: your instalments
instalment-heading = As agreed: in instalments
instalment-intro = As we agreed, you pay what is left of invoice { $number } in instalments. We will remind you of each in good time.
instalment-next = The next is { $amount }, due { $date }.
instalment-outlook = The page always shows what is paid and what comes next. If you would like other days or amounts, just write to us.
instalment-paid = paid
instalment-late = overdue
instalment-open = due
instalment-left = { $amount } left
invoice-kind = Invoice
invoice-word = invoice

## The mails about an estimate

offer-mail-subject = { $kind } { $number } from { $agency }: { $title }, valid until { $date }
offer-mail-intro = Here is our { $document } for { $title }. Its page shows what you get, when, and what it comes to.
offer-mail-open = Open the { $document }
offer-mail-outlook = You can choose options, accept and sign, or decline right there. This link is yours: please do not pass it on.
code-mail-subject = Your code to sign { $document } { $number }
code-mail-heading = Your code to sign
code-mail-intro = Type this code on the page of { $document } { $number } to sign it.
code-mail-outlook = It is valid for 15 minutes. If you did not ask for it, please ignore this message: without the code nothing is signed. We never ask for it on the phone.
certificate-subject = Signed: { $document } { $number } from { $agency }
certificate-heading = Thank you, it is agreed
certificate-intro = { $kind } { $number } for { $title } is accepted. This message is the certificate; the signed document is attached.
certificate-total = Agreed total
certificate-accepted-on = Accepted on
certificate-accepted-by = Accepted by
certificate-reference = Your reference
certificate-file = As in the file
certificate-signed-by = Signed by
certificate-signature = { $name }, { $email }, { $time }
certificate-hash = SHA-256
certificate-outlook = Please keep this message. The attached file is the document exactly as it was signed: its SHA-256 is the one above, which any program for checksums can confirm.
offer-withdrawn-subject = { $kind } { $number } from { $agency } is withdrawn
offer-withdrawn-heading = { $kind } { $number } is withdrawn
offer-withdrawn-intro = We have withdrawn our { $document } { $number }. It can no longer be accepted.
offer-withdrawn-sum = Withdrawn { $document }
answered-accepted-subject = { $client } has accepted { $document } { $number }
answered-accepted = Good news: { $client } has accepted your { $document } for { $title }. What was accepted is now what you can bill on the project.
answered-declined-subject = { $client } has declined { $document } { $number }
answered-declined = { $client } has declined your { $document } for { $title }, and says why:
answered-by = Answered by
answered-reply = Reply to this e-mail to write to your client.

## Credit notes

credit-title = Credit note { $number }
credit-subject = Credit note { $number } for invoice { $invoice } from { $agency }
credit-heading = Less to pay
credit-intro = We have issued credit note { $number } for our invoice { $invoice }.
credit-for = Credit note for
credit-reason = Reason
credit-sum = Credited
credit-open = View the credit note
credit-left = { $amount } is left to pay on the invoice.
credit-nothing-left = Nothing is left to pay on the invoice.
credit-kept = You had paid more than that: { $amount } of yours is now with us as a balance. We apply it to what comes next, or return it if you prefer.
credit-issued = Issued
credit-for-invoice = { $number } of { $date }
credit-list = Credit notes
credit-back = Back to the invoice
paper-sheet = Page { $number } of { $of }
paper-open = Download as PDF
paper-receipt = Receipt for invoice { $number }
paper-receipt-several = Receipt
paper-receipt-paid = Received with thanks
paper-plan = Instalments of invoice { $number }
paper-plan-agreed = Agreed
paper-plan-of = For invoice
paper-plan-sum = All instalments

## A line that the client disputes

dispute-title = Under discussion
dispute-open = we are looking into it
dispute-upheld = looked into: it stands
dispute-credited = credited
dispute-open-form = Something on this invoice is not right
dispute-hint = Tell us which line, and why. It need not be paid until we have answered; the rest stays due.
dispute-line = Line
dispute-choose = Choose a line
dispute-option = { $line }: { $amount }
dispute-reason = What is not right?
dispute-send = Send
dispute-notice-taken = Thank you! We look into it and answer by e-mail. Until then this line need not be paid.
dispute-notice-none = Please choose a line and tell us what is not right.
dispute-notice-closed = This line cannot be disputed any more. Please write to us.
dispute-subject = { $client } disputes a line of { $document } { $number }
dispute-intro = { $client } does not agree with a line of your { $document } { $number }:
dispute-outlook = What the line comes to pauses: no reminder asks for it. Credit it through the API, or uphold it with an answer; the client gets either by e-mail.
hero-disputed = { $lines ->
    [one] One line is under discussion; to pay now: { $amount }.
   *[other] { $lines } lines are under discussion; to pay now: { $amount }.
  }

## An invitation to the team

role-viewer = Viewer
role-biller = Biller
role-manager = Manager
role-owner = Owner
role-viewer-may = You read everything, and change nothing.
role-biller-may = You write estimates and invoices, send them and record payments.
role-manager-may = You bill, approve what others wrote, change settings and invite colleagues.
role-owner-may = You may do everything.
invitation-subject = { $agency } invites you to its team
invitation-heading = Join the team of { $agency }
invitation-intro = { $agency } does its estimates and invoices with Remit, and invites you to work on them.
invitation-role = Your role
invitation-may = What you may do
invitation-for = For
invitation-until = Good until
invitation-open = See the invitation
invitation-outlook = The page behind the link has a button to accept. The link works once and is for you alone: please do not pass it on. If you did not expect this invitation, ignore it, and nothing happens.
join-text = { $name }, you are invited as: { $role }.
join-until = The invitation is good until { $date }.
join-action = Accept the invitation
joined-title = Welcome to { $agency }
joined-text = You are on the team now, as: { $role }.
joined-key = This is your API key. It is shown on this page and nowhere else, so keep it as you would keep a password. Send it with each request, as Authorization: Bearer.
joined-identity = If your agency signs in elsewhere, link that identity once, with this key and a token in the body. From then on, your tokens work in place of the key.
join-used-title = This invitation was accepted
join-used-text = It works once. If it was not you, or the key is lost, ask an owner of { $agency }.
join-expired-title = This invitation is too old
join-expired-text = It was good until { $date }. Please ask { $agency } to invite you again.

## The agency's own overview

month-of-year = { $month } { $year }
overview-title = Overview
overview-at = Where things stand on { $date }
overview-outstanding = Outstanding
overview-outstanding-in = Outstanding in { $currency }
overview-invoices = { $invoices ->
    [one] on one invoice
   *[other] on { $invoices } invoices
  }
overview-payments = { $payments ->
    [one] one payment
   *[other] { $payments } payments
  }
overview-overdue = Overdue
overview-processing = On its way
overview-disputed = Disputed
overview-received = Received this month
overview-given-back = Given back this month
overview-ages = Overdue, by age
overview-age-30 = 1 to 30 days
overview-age-60 = 31 to 60 days
overview-age-90 = 61 to 90 days
overview-age-more = More than 90 days
overview-share = { $percent } of what is overdue
overview-months = Received, month by month
overview-months-said = From { $first } to { $last }. The most came in { $month }: { $amount }.
overview-figures = The months in figures
overview-back = { $amount } given back
overview-waiting = Waiting for you
overview-nothing-waits = Nothing waits for you.
overview-questions = Questions from clients
overview-estimates-in-review = Estimates to approve
overview-submitted-work = Work to approve
overview-bank-entries = Bank entries to decide on
overview-unmatched-payments = Payments that fit no invoice
overview-promised = Promised
overview-promised-for = Promised for { $date }
overview-ending = Offers that end soon
overview-ends = Good until { $date }
overview-more = { $entries ->
    [one] and one more
   *[other] and { $entries } more
  }
overview-empty-title = Nothing is open
overview-empty = Once you issue an invoice, you see here what is outstanding, what is late, and what has come in.
overview-signed-in = You are signed in as { $name } ({ $role }).
overview-sign-out = Sign out
overview-signed-out = You are signed out of this page.
overview-ask = What is outstanding, what is late and what has come in, in one look. You sign in where your agency signs in.
overview-sign-in = Sign in
overview-again-title = That did not work
overview-again = Signing in was left, took too long, or began in another browser. Please try once more.
overview-unknown-title = You are on no team here
overview-unknown = You signed in, but no team here knows this identity. Accept your invitation first, or have your identity linked to you; or sign in as somebody else.
overview-closed = Nobody can sign in on this page yet: whoever runs this deployment has to name a client of its issuer first.
overview-form-old = This page was open for a while, so we stopped to be safe. Nothing has changed.
overview-return = Back to the overview
overview-problem = We are sorry. Please try again in a few minutes.
