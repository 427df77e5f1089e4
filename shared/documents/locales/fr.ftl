## Dates

month = { $month ->
    [1] janvier
    [2] février
    [3] mars
    [4] avril
    [5] mai
    [6] juin
    [7] juillet
    [8] août
    [9] septembre
    [10] octobre
    [11] novembre
   *[12] décembre
  }
date = { $day ->
    [1] 1er { $month } { $year }
   *[other] { $day } { $month } { $year }
  }
date-in-year = { $day ->
    [1] 1er { $month }
   *[other] { $day } { $month }
  }
period = { $first } – { $last }
period-in-year = { $first_day ->
    [1] 1er { $first_month }
   *[other] { $first_day } { $first_month }
  } – { $last_day ->
    [1] 1er { $last_month } { $year }
   *[other] { $last_day } { $last_month } { $year }
  }
period-in-month = { $first_day ->
    [1] 1er–{ $last_day } { $month } { $year }
   *[other] { $first_day }–{ $last_day } { $month } { $year }
  }

## Where an invoice stands

standing-due-in = { $days ->
    [0] À payer aujourd’hui
    [1] À payer demain
   *[other] À payer dans { $days } jours
  }
standing-overdue = { $days ->
    [one] En retard de { $days } jour
   *[other] En retard de { $days } jours
  }
standing-paid = Payée le { $date }
standing-settled = Soldée le { $date }
standing-processing = Paiement en cours de confirmation
standing-void = Annulée le { $date }
standing-uncollectible = Clôturée

hero-due = Montant à payer
hero-left = Reste à payer
hero-total = Montant de la facture
hero-pay-by = Merci de la régler au plus tard le { $date }.
hero-was-due = L’échéance était le { $date }.
hero-part-paid = Reste à payer sur { $total }, échéance le { $date }.
hero-processing = Votre paiement est en route. Vous n’avez rien d’autre à faire.
hero-thanks = Entièrement payée. Merci !
hero-settled = Il n’y a rien à payer.
hero-void = Cette facture n’est plus valable. Il n’y a rien à payer.
hero-uncollectible = Cette facture est clôturée. Écrivez-nous si vous avez des questions.

## The page of an invoice

page-invoice = Facture { $number }
page-questions = Une question ? Nous vous répondons volontiers :
page-pay = Payer { $amount }
page-pay-card = Payer { $amount } par carte
page-pay-paypal = Payer { $amount } avec PayPal
page-pay-debit = Payer { $amount } par prélèvement
page-pay-bank = Payer { $amount } depuis votre compte bancaire
page-pay-toss = Payer { $amount } avec Toss Payments
page-pay-confirm = Confirmer le paiement de { $amount }
page-keep = Enregistrer ce moyen de paiement pour les prochaines factures de { $agency }
page-keep-words = Uniquement si vous cochez cette case : { $providers } conserve vos données de carte, de compte bancaire ou PayPal, et { $agency } peut les débiter à l’échéance d’une prochaine facture. { $agency } n’en voit que les derniers chiffres, ou une partie de votre adresse PayPal. Vous pouvez les supprimer à tout moment sur la page de toutes vos factures. Les autres moyens de paiement n’enregistrent rien.
page-pay-hint = Vous payez sur la page sécurisée de notre prestataire de paiement.
page-pay-otherwise = Autres moyens de paiement
page-lines = Ce que couvre cette facture
column-what = Désignation
column-quantity = Quantité
column-price = Prix unitaire
column-amount = Montant
page-prices-include-tax = Les prix sont exprimés taxes comprises.
page-totals = Totaux
deposit-about = votre acompte
deposit-less = Acompte déduit : { $what }
agreed-title = Ce qui a été convenu, et ce que cette facture en reprend
agreed-hint = Montants hors taxes. Rien n’est facturé au-delà de ce que vous avez accepté.
agreed-row = convenu { $agreed } · déjà facturé { $before } · restant après cette facture { $left }
page-reference = Référence
page-notes = Remarques
page-terms = Conditions
page-from = De
page-to = Facturé à
page-timesheet = Voir le travail derrière ces lignes
page-all-invoices = Toutes vos factures de { $agency }
party-tax-id = Identifiant fiscal
tax-id-vat = N° de TVA
tax-id-kr-brn = N° d’entreprise coréen

fact-about = Objet
fact-issued = Date de facture
fact-due = Échéance
fact-supply = Période de prestation
fact-purchase-order = Bon de commande
fact-buyer-reference = Votre référence

terms-early = Escompte de { $percent } pour un paiement au plus tard le { $date }.

e-invoice-due = Payable au plus tard le { $date }.
e-invoice-credited = Imputé sur la facture { $number }.

late-flat-once = En cas de retard de paiement, nous facturons { $amount }, une seule fois.
late-flat-month = En cas de retard de paiement, nous facturons { $amount } par mois de retard.
late-percent-once = En cas de retard de paiement, nous facturons { $percent } du montant en retard, une seule fois.
late-percent-month = En cas de retard de paiement, nous facturons { $percent } du montant en retard par mois de retard.
late-interest = En cas de retard de paiement, nous facturons des intérêts de { $percent } par an sur le montant en retard, calculés au jour le jour.
late-interest-over = En cas de retard de paiement, nous facturons sur le montant en retard des intérêts, calculés au jour le jour, au taux annuel de { $reference } majoré de { $points } points de pourcentage.
late-reference-ecb = référence de la Banque centrale européenne
late-reference-boe = base de la Banque d’Angleterre
late-grace = { $days ->
    [one] Rien n’est facturé dans le jour qui suit l’échéance.
   *[other] Rien n’est facturé dans les { $days } jours qui suivent l’échéance.
}
late-cap-percent = L’ensemble ne dépasse pas { $percent } du montant de la facture.
late-cap-amount = L’ensemble ne dépasse pas { $amount }.
late-compensation = Pour frais de recouvrement, nous facturons une indemnité forfaitaire de { $amount }.
late-compensation-from = Pour les créances de { $from } ou plus, elle est de { $amount }.
late-line-interest = Intérêts de retard sur la facture { $number } : { $stretches }
late-stretch = { $days ->
    [one] { $principal }, { $period } (1 jour), à { $percent } par an
   *[other] { $principal }, { $period } ({ $days } jours), à { $percent } par an
}
late-line-percent = Pénalité de retard sur la facture { $number } : { $percent } de { $principal }, en retard au { $date }
late-line-flat = Pénalité de retard sur la facture { $number }, en retard au { $date }
late-line-compensation = Indemnité forfaitaire pour frais de recouvrement, facture { $number }

line-discount = Remise de { $amount } déduite
line-discount-percent = Remise de { $percent } déduite ({ $amount })
line-untaxed = Sans taxe

unit-hours = { $count ->
    [one] { $number } heure
    [many] { $number } d’heures
   *[other] { $number } heures
  }
unit-minutes = { $count ->
    [one] { $number } minute
    [many] { $number } de minutes
   *[other] { $number } minutes
  }
unit-days = { $count ->
    [one] { $number } jour
    [many] { $number } de jours
   *[other] { $number } jours
  }
unit-weeks = { $count ->
    [one] { $number } semaine
    [many] { $number } de semaines
   *[other] { $number } semaines
  }
unit-months = { $number } mois
unit-quarters = { $count ->
    [one] { $number } trimestre
    [many] { $number } de trimestres
   *[other] { $number } trimestres
  }
unit-years = { $count ->
    [one] { $number } an
    [many] { $number } d’années
   *[other] { $number } ans
  }
unit-lump-sum = { $count ->
    [one] { $number } forfait
    [many] { $number } de forfaits
   *[other] { $number } forfaits
  }
unit-services = { $count ->
    [one] { $number } prestation
    [many] { $number } de prestations
   *[other] { $number } prestations
  }
unit-jobs = { $count ->
    [one] { $number } intervention
    [many] { $number } d’interventions
   *[other] { $number } interventions
  }
unit-sets = { $count ->
    [one] { $number } lot
    [many] { $number } de lots
   *[other] { $number } lots
  }
unit-kilometres = { $number } km
unit-miles = { $number } mi
unit-kilograms = { $number } kg
unit-metres = { $number } m
unit-square-metres = { $number } m²
unit-litres = { $number } l

total-lines = Sous-total
total-lines-net = Sous-total HT
total-discount = Remise
total-discount-percent = Remise de { $percent }
total-net = Total HT
total = Montant total
tax-rate = { $name } { $rate }
tax-relief = { $name } : { $why }
tax-base = sur { $base }
tax-in-books = dont taxe : { $amount }, au cours de { $one } = { $rate } du { $date } ({ $source })
relief-zero = taux zéro
relief-exempt = exonération
relief-reverse-charge = autoliquidation
relief-export = exportation exonérée
relief-intra-community = livraison intracommunautaire exonérée
relief-out-of-scope = hors champ d’application
total-withheld = { $name } { $rate }, retenue par vous
total-rounding = Arrondi
total-payable = Net à payer
total-paid = Payé le { $date }
total-paid-earlier = Payé auparavant
total-credited = Avoirs
total-written-off = Abandonné
total-left = Reste à payer

method-online = En ligne
method-card = Carte
method-bank = Virement
method-debit = Prélèvement
method-paypal = PayPal
method-toss = Toss Payments
method-cash = Espèces
method-cheque = Chèque
method-other = Autre

notice-confirming = Merci ! Votre paiement est en cours de confirmation. Cela ne prend en général qu’un instant ; nous vous enverrons un reçu.
notice-agreed = Vous avez accepté de payer, et rien n’a encore été débité. Un dernier clic suffit pour confirmer.
notice-left = Vous avez quitté la page de paiement, et rien n’a été débité. Vous pouvez payer quand cela vous convient.
notice-changed = Cette facture a changé depuis que vous l’avez ouverte, et rien n’a été débité. La voici telle qu’elle est maintenant.
notice-unavailable = La page de paiement est momentanément inaccessible, et rien n’a été débité. Merci de réessayer dans quelques minutes.

## Paying by transfer, and a part of one's choice

transfer-title = Virement bancaire
transfer-text = Merci d’indiquer la référence exactement telle qu’elle figure ici, afin que nous retrouvions votre paiement.
transfer-holder = Titulaire
transfer-iban = IBAN
transfer-account = Numéro de compte
transfer-bic = BIC
transfer-bank = Banque
transfer-amount = Montant
transfer-code = Code QR : une application bancaire qui le scanne remplit ce virement
transfer-scan = À scanner avec votre application bancaire
interac-title = Virement Interac
interac-text = Les virements à cette adresse sont déposés automatiquement, sans question de sécurité. Merci d’écrire le code ci-dessous dans le message, afin que nous retrouvions votre paiement.
interac-to = Destinataire
interac-message = Message

part-open = Payer un autre montant
part-amount = Montant que vous souhaitez payer
part-hint = De { $least } à { $most }. Le reste demeure sur cette page et pourra être payé plus tard.
part-pay = Payer ce montant
part-pay-card = Payer ce montant par carte
part-pay-paypal = Payer ce montant avec PayPal
part-pay-debit = Payer ce montant par prélèvement
part-pay-bank = Payer ce montant depuis votre compte bancaire
part-pay-toss = Payer ce montant avec Toss Payments
part-unreadable = Nous n’avons pas pu lire ce montant, et rien n’a été débité. Merci de l’écrire en chiffres.
part-too-small = Le minimum est de { $least }, et rien n’a été débité.
part-too-large = C’est plus que les { $most } restant à payer, et rien n’a été débité.

## Several invoices at once

several-hint = Vous pouvez régler plusieurs factures en un seul paiement : cochez-les d’abord.
several-go = Payer ensemble les factures cochées
several-choose = Choisir la facture { $number }
several-title = Payer plusieurs factures
several-heading = { $count } factures en un seul paiement
several-chosen = Ce que vous payez
several-back = Retour à la liste
several-none = Merci de cocher les factures que vous souhaitez payer.
several-too-many = Un paiement règle au plus { $max } factures. Merci d’en cocher moins.
several-currencies = Un paiement se fait dans une seule devise. Merci de cocher des factures dans la même devise.
several-changed = L’une de ces factures a changé entre-temps, et rien n’a été débité. Voici où elles en sont.
several-unavailable = Ces factures ne peuvent pas être payées ensemble ici. Merci d’en cocher moins, ou de payer chacune sur sa propre page.

## The list of invoices

list-title = Vos factures
list-for = Factures pour { $client }
list-nothing-open = Rien à payer
list-open-count = { $count ->
    [one] { $count } facture à payer
    [many] { $count } de factures à payer
   *[other] { $count } factures à payer
  }
list-open = À payer
list-year = { $year }
list-due = Échéance le { $date }
list-paid = Payée le { $date }
list-processing = En cours de confirmation
list-void = Annulée
list-uncollectible = Clôturée
list-part = sur { $total }
list-more = Les factures plus anciennes ne figurent pas ici. Écrivez-nous s’il vous en faut une.
list-back = Retour à la facture
saved-title = Vos moyens de paiement enregistrés
saved-hint = { $agency } peut les débiter à l’échéance d’une facture. Supprimez ceux que vous ne souhaitez plus voir débités : l’effet est immédiat.
saved-card = Carte
saved-debit = Prélèvement
saved-ending = { $name } se terminant par { $digits }
saved-saved = Enregistré le { $date }
saved-expires = Enregistré le { $date }, valable jusqu’à fin { $month }
saved-remove = Supprimer
saved-remove-what = Supprimer { $what }
saved-removed = Le moyen de paiement est supprimé. Il ne sera plus débité.

## The client's portal

language-name = Français
portal-title = Vos documents
portal-for = Tous les documents de { $client }
portal-ask = Devis, factures, reçus et avoirs de { $agency }, réunis en un seul endroit. Indiquez-nous votre adresse e-mail : nous vous envoyons un lien qui vous connecte. Il n’y a pas de mot de passe.
portal-email = Adresse e-mail
portal-email-wrong = Cela ne ressemble pas à une adresse e-mail.
portal-send = Recevoir le lien
portal-send-again = Recevoir un autre lien
portal-sent-title = Consultez votre messagerie
portal-sent = Si nous connaissons cette adresse, un lien lui est envoyé. Il vous connecte une fois, dans les 30 minutes. Rien reçu ? Regardez dans le courrier indésirable, ou essayez l’adresse à laquelle vous recevez nos factures.
portal-enter-text = Un clic, et vous voyez tout ce que { $agency } vous a envoyé.
portal-enter = Se connecter
portal-ended-title = Ce lien ne connecte plus personne
portal-ended = Il a déjà été utilisé, date de plus de 30 minutes, ou vous en avez demandé un plus récent. Nous vous en envoyons volontiers un autre.
portal-signed-out = La session est fermée, ici et sur tous vos autres appareils.
portal-signed-in = Session ouverte avec { $email }.
portal-sign-out = Se déconnecter partout
portal-see = Voir tous vos documents
portal-others = Également à vous :
portal-words = Numéro, nom ou montant
portal-kind = Type
portal-year = Année
portal-project = Projet
portal-all = Tous
portal-find = Afficher
portal-none = Il n’y a encore rien ici.
portal-none-found = Rien ne correspond. Essayez avec moins de mots, ou une autre année.
portal-open = À payer
portal-invoices = Factures
portal-estimates = Devis
portal-payments = Paiements
portal-credit-notes = Avoirs
portal-estimate = Devis { $number }
portal-estimate-open = Valable jusqu’au { $date }
portal-estimate-accepted = Accepté
portal-estimate-declined = Refusé
portal-estimate-expired = Expiré
portal-estimate-withdrawn = Retiré
portal-payment = Paiement
portal-payment-for = Pour { $numbers }
portal-credit-note = Avoir { $number }
portal-credit-note-for = Sur la facture { $number }
portal-back = Retour à tous les documents
portal-pages = Pages
portal-newer = Plus récents
portal-older = Plus anciens
portal-take = Pour votre comptabilité
portal-files = Tous les fichiers de { $year } (ZIP)
portal-table = Cette liste sous forme de tableau (CSV)
portal-contacts = Qui reçoit nos e-mails
portal-copy = { $email } (copie)
portal-contacts-hint = Quelqu’un manque, ou est parti ? Écrivez-nous.
portal-language = La langue de nos e-mails et de nos pages
portal-language-set = Changer
portal-language-changed = Nous vous écrirons désormais dans cette langue.
portal-no-receipt-title = Il n’y a pas de reçu pour ce paiement
portal-no-receipt = Il n’est pas encore établi, ou le paiement a été enregistré sans reçu. Merci de réessayer dans une minute, ou de nous écrire.
portal-not-signer-title = Ce devis a été envoyé à quelqu’un d’autre
portal-not-signer = La personne invitée à le signer en a le lien. Adressez-vous à elle, ou écrivez-nous.
portal-files-many-title = Cela fait trop de fichiers pour une seule archive
portal-files-many = Écrivez-nous : nous vous les enverrons volontiers.
sign-in-subject = Votre lien de connexion chez { $agency }
sign-in-heading = Accéder à vos documents
sign-in-intro = Ce lien vous montre tous les devis, factures, reçus et avoirs de { $agency }.
sign-in-for = Pour
sign-in-counts = Le lien fonctionne
sign-in-once = une fois, dans les 30 minutes
sign-in-outlook = Vous ne l’avez pas demandé ? Quelqu’un a alors saisi votre adresse par erreur. Merci d’ignorer ce message : sans lui, personne n’entre ; ne le transmettez donc pas.

## The timesheet

timesheet-title = Relevé d’heures de la facture { $number }
timesheet-work = Travail effectué
timesheet-receipt = Justificatif : { $name }
timesheet-total = Total HT
timesheet-hint = Voici le travail que la facture reprend, tel qu’il était à son émission. Chaque entrée indique sa part de la ligne, avant remises et taxes. Si vous souhaitez voir un justificatif, écrivez-nous.
duration = { $hours } h { $minutes } min
duration-hours = { $hours } h
duration-minutes = { $minutes } min

## Messages

message-action = Voir la facture
link-unknown-title = Ce lien ne fonctionne pas
link-unknown-text = Il a peut-être expiré, ou une partie s’est perdue en chemin. Merci de rouvrir le lien du message le plus récent, ou d’en demander un nouveau à l’agence.
link-ended-title = Ce lien a expiré
link-ended-text = Les liens sont valables un an et un mois. Ce qu’il ouvrait est toujours là : connectez-vous avec votre adresse e-mail et vous le retrouverez, avec tout ce que nous vous avons envoyé.
link-ended-action = Se connecter
confirming-title = Merci ! Votre paiement est en cours de confirmation
confirming-text = Cela ne prend en général qu’un instant, quelques jours avec certaines banques. Vous n’avez rien à faire : nous vous enverrons un reçu dès que l’argent sera arrivé.
nothing-title = Il n’y a rien à payer
nothing-text = Cette facture a été payée ou annulée entre-temps. Rien n’a été débité.
changed-title = Cette facture a changé
changed-text = Elle a été modifiée après que vous l’avez ouverte. Rien n’a été débité. Merci de la relire avant de payer.
unavailable-title = La page de paiement est inaccessible
unavailable-text = Rien n’a été débité. Merci de réessayer dans quelques minutes.
expired-title = Merci de réessayer
expired-text = Cette page est restée ouverte un moment, et nous nous sommes arrêtés par sécurité. Rien n’a été débité, et rien n’a été signé. Merci de rouvrir le lien de notre e-mail et de reprendre à partir de là.
stop-title = Plus de rappels ?
stop-text = Vous ne recevrez plus de rappels pour cette facture. Elle reste à payer, et sa page reste en place.
stop-action = Arrêter les rappels
stopped-title = C’est fait : plus de rappels
stopped-text = Vous ne recevrez plus de rappels pour cette facture. Elle reste à payer, et sa page reste en place.
courtesy-title = Ne plus recevoir ces e-mails ?
courtesy-text = Vous ne recevrez plus d’annonces, de remerciements ni de relevés mensuels de notre part. Les factures, les reçus et les devis continuent d’arriver.
courtesy-action = Arrêter ces e-mails
courtesy-stopped-title = C’est fait : plus de ces e-mails
courtesy-stopped-text = Vous ne recevrez plus d’annonces, de remerciements ni de relevés mensuels de notre part. Les factures, les reçus et les devis continuent d’arriver.
busy-title = Un instant, s’il vous plaît
busy-text = Beaucoup de demandes sont arrivées en même temps. Merci de réessayer dans une minute.
problem-title = Un problème est survenu de notre côté
problem-text = Nous en sommes désolés. Merci de réessayer dans quelques minutes. Si vous venez de payer, votre paiement est bien enregistré, et vous n’avez pas à payer de nouveau.

## What mails share

mail-greeting = Bonjour,
mail-greeting-name = Bonjour { $name },
mail-closing = Merci de votre confiance.
mail-questions = Une question ? Il vous suffit de répondre à cet e-mail.
mail-questions-to = Une question ? Écrivez à { $email }, nous vous répondons volontiers.
mail-invoice = Facture
mail-about = Objet
mail-view = Voir la facture
mail-view-and-pay = Voir et payer
mail-more-lines = { $count ->
    [one] et { $count } autre sur la page de la facture
    [many] et { $count } d’autres sur la page de la facture
   *[other] et { $count } autres sur la page de la facture
  }

## An offer ends soon

expiring-subject = { $kind } { $number } de { $agency }, valable jusqu’au { $date } : { $title }
expiring-intro = Notre { $document } pour « { $title } » est valable jusqu’au { $date }. S’il vous convient, vous pouvez l’accepter sur sa page ; si quelque chose n’est pas clair, posez-nous la question au même endroit.

## Before a subscription is billed or charged

ahead-charge-subject = { $agency } vous débitera le { $date } : { $name }
ahead-charge-intro = Le { $date }, nous facturerons « { $name } » et débiterons le moyen de paiement que vous nous avez confié. Vous n’avez rien à faire.
ahead-charge = Nous débiterons
ahead-bill-subject = { $agency } vous facturera le { $date } : { $name }
ahead-bill-intro = Le { $date }, nous vous enverrons la facture pour « { $name } ». Vous n’avez rien à faire d’ici là.
ahead-bill = Nous facturerons
ahead-by-work = Selon le travail effectué, comme convenu
ahead-for = Objet
ahead-on = Le
ahead-method = Le moyen de paiement que vous nous avez confié
ahead-outlook = Si quelque chose ne va pas, ou si vous préférez arrêter, répondez à cet e-mail avant ce jour.

## Thanks once a project is closed

thanks-subject = Merci pour notre collaboration : { $project }
thanks-heading = Merci
thanks-intro = « { $project } » est terminé. Ce fut un plaisir d’y travailler avec vous, et nous serions heureux de retravailler ensemble.
thanks-project = Terminé
thanks-outlook = S’il vous faut encore quelque chose de notre part, répondez simplement à cet e-mail.

## A statement of account

statement-subject = Votre relevé de compte chez { $agency }, { $period }
statement-heading = Relevé de compte
statement-for = Relevé de compte de { $client }
statement-intro = Voici votre compte chez nous pour la période { $period } : ce qui a bougé, et ce qui reste dû au dernier de ces jours.
statement-nothing = Aucun mouvement, et rien n’est dû
statement-owed = Dû au { $date }
statement-before = Dû avant le { $date }
statement-overdue = Dont en retard
statement-disputed = Dont contesté
statement-balance = En votre faveur, pas encore imputé
statement-balance-owed = Dû en plus, pour des sommes reversées
statement-moved = Mouvements
statement-column-balance = Dû ensuite
statement-more = { $count ->
    [one] Voici les premiers ; { $count } autre figure sur la page.
    [many] Voici les premiers ; { $count } d’autres figurent sur la page.
   *[other] Voici les premiers ; { $count } autres figurent sur la page.
  }
statement-open = À payer
statement-open-item = Facture { $number }, échéance le { $date }
statement-late = En retard
statement-ages = Par durée de retard
statement-not-due = Pas encore échu
statement-to-30 = 1 à 30 jours de retard
statement-to-60 = 31 à 60 jours de retard
statement-to-90 = 61 à 90 jours de retard
statement-over-90 = Plus de 90 jours de retard
statement-carried-over = Facture { $number }, reprise de notre ancienne comptabilité
statement-invoice = Facture { $number }
statement-late-fee = Facture { $number } pour retard de paiement
statement-payment = Paiement pour { $number }
statement-balance-applied = Votre solde, imputé sur { $number }
statement-credit-note = Avoir { $note } sur { $number }
statement-set-free = Conservé en votre faveur, de { $number }
statement-write-off = Plus réclamé, de { $number }
statement-recovered = Payé malgré tout, de { $number }
statement-write-off-reversed = De nouveau réclamé, de { $number }
statement-refund = Remboursement pour { $number }
statement-payment-lost = Paiement rejeté pour { $number }
statement-payment-undone = Paiement enregistré par erreur pour { $number }
statement-payment-reinstated = Paiement de nouveau reçu pour { $number }
statement-void = Facture { $number } annulée
statement-see = Voir le relevé
statement-outlook = Si quelque chose ne correspond pas à votre comptabilité, écrivez-nous.

## A mail about a document that there is not, to look at the agency's own words

sample-subject = Test : { $subject }
sample-client = Librairie du Port
sample-contact = Camille Martin
sample-about = Nouveau site web

## The mail that brings an invoice

invoice-subject = Facture { $number } de { $agency } : { $amount }, échéance le { $date }
invoice-subject-nothing-owed = Facture { $number } de { $agency } : rien à payer
invoice-preheader = { $amount }, échéance le { $date }
invoice-nothing-owed = Il n’y a rien à payer.
invoice-intro = Voici notre facture. Sa page indique ce qu’elle couvre, son montant et comment la régler.
invoice-intro-about = Voici notre facture pour { $about }. Sa page indique ce qu’elle couvre, son montant et comment la régler.

## The entry for a calendar

calendar-summary = Payer la facture { $number } de { $agency } : { $amount }

## The mail that thanks for a payment

receipt-subject = Merci ! Nous avons reçu { $amount } pour la facture { $number }
receipt-heading = Merci pour votre paiement
receipt-intro = Votre paiement de { $amount } est arrivé le { $date }. Nous vous en remercions.
receipt-settled = La facture { $number } est maintenant entièrement payée. Vous n’avez rien d’autre à faire.
receipt-left = Nous l’avons imputé sur la facture { $number }. Il reste { $amount }, échéance le { $date }.
receipt-next = Nous l’avons imputé sur la facture { $number }. La prochaine échéance est de { $amount }, le { $date }.
receipt-void = La facture { $number } avait été annulée avant l’arrivée de votre paiement.
receipt-kept = { $amount } n’ont pas été nécessaires pour cette facture. Nous les gardons en votre faveur ; écrivez-nous si vous préférez un remboursement.
receipt-subject-several = { $count ->
    [one] Merci ! Nous avons reçu { $amount } pour { $count } facture
    [many] Merci ! Nous avons reçu { $amount } pour { $count } de factures
   *[other] Merci ! Nous avons reçu { $amount } pour { $count } factures
  }
receipt-several = Nous l’avons imputé sur ces factures, dans la limite de ce qui restait à payer.
receipt-covered = Facture { $number }
receipt-kept-several = { $amount } n’ont pas été nécessaires pour ces factures. Nous les gardons en votre faveur ; écrivez-nous si vous préférez un remboursement.
receipt-received = Reçu
receipt-received-on = Reçu le
receipt-method = Moyen de paiement
receipt-reference = Référence du paiement
receipt-payable = Montant de la facture
receipt-closing = C’est un plaisir de travailler avec vous.

## The mail that reminds

before-subject = Bientôt : facture { $number } de { $agency }, échéance le { $date }
before-heading = Un petit mot à l’avance
before-text = { $days ->
    [one] Notre facture { $number } de { $amount } arrive à échéance demain, le { $date }.
   *[other] Notre facture { $number } de { $amount } arrive à échéance dans { $days } jours, le { $date }.
  }
before-ask = Si votre paiement est déjà en route, merci : il n’y a rien d’autre à faire.
today-subject = La facture { $number } de { $agency } arrive à échéance aujourd’hui
today-heading = Échéance aujourd’hui
today-text = Notre facture { $number } de { $amount } arrive à échéance aujourd’hui.
today-ask = Si vous avez déjà payé, merci. Nos messages se sont simplement croisés.
late-subject = Rappel : la facture { $number } de { $agency } était à régler le { $date }
late-heading = Un petit rappel
late-text = Notre facture { $number } est arrivée à échéance le { $date }, et nous n’avons pas encore reçu votre paiement de { $amount }. Un oubli est vite arrivé : pourriez-vous y jeter un œil ?
late-ask = Si vous avez payé ces derniers jours, ne tenez pas compte de ce message. Et si quelque chose ne va pas dans la facture, dites-le-nous, nous trouverons ensemble une solution.
plain-subject = { $days ->
    [one] La facture { $number } de { $agency } est en retard d’un jour
   *[other] La facture { $number } de { $agency } est en retard de { $days } jours
  }
plain-heading = { $days ->
    [one] Votre facture est en retard d’un jour
   *[other] Votre facture est en retard de { $days } jours
  }
plain-text = Notre facture { $number } est arrivée à échéance le { $date }, et { $amount } restent à payer.
plain-ask = Merci de la régler dans les prochains jours, ou de nous dire quand nous pouvons attendre votre paiement. Si vous avez une question sur la facture, nous serons heureux d’y répondre.
firm-subject = { $days ->
    [one] Merci de régler la facture { $number } de { $agency } : un jour de retard
   *[other] Merci de régler la facture { $number } de { $agency } : { $days } jours de retard
  }
firm-heading = Merci de régler cette facture maintenant
firm-text = { $days ->
    [one] Notre facture { $number } est arrivée à échéance hier, le { $date }, et { $amount } restent impayés.
   *[other] Notre facture { $number } est arrivée à échéance le { $date }, il y a { $days } jours, et { $amount } restent impayés.
  }
firm-ask = Merci de la payer maintenant. Si une raison vous en empêche, écrivez-nous aujourd’hui, afin que nous trouvions ensemble une solution.
soon-subject = Facture { $number } de { $agency } : échéance le { $date }
soon-heading = Échéance le { $date }
soon-text = { $days ->
    [one] Notre facture { $number } de { $amount } arrive à échéance demain, le { $date }.
   *[other] Notre facture { $number } de { $amount } arrive à échéance dans { $days } jours, le { $date }.
  }
soon-ask = Merci de veiller à ce que votre paiement nous parvienne d’ici là. S’il est déjà en route, merci : rien d’autre n’est nécessaire.
due-subject = Facture { $number } de { $agency } : c’est le jour de l’échéance
due-heading = C’est le jour de l’échéance
due-text = Notre facture { $number } de { $amount } arrive à échéance aujourd’hui, le { $date }.
due-ask = Merci de la payer aujourd’hui. Si c’est déjà fait, merci : nos messages se sont simplement croisés.
final-subject = Notre dernier rappel pour la facture { $number } de { $agency }
final-heading = Notre dernier rappel
final-text = { $days ->
    [one] Notre facture { $number } est arrivée à échéance hier, le { $date }, et { $amount } restent impayés.
   *[other] Notre facture { $number } est arrivée à échéance le { $date }, il y a { $days } jours, et malgré nos messages, { $amount } restent impayés.
  }
final-ask = C’est la dernière fois que nous vous la rappelons par e-mail : l’un de nous vous contactera ensuite en personne. Merci de payer maintenant. Et si vous ne le pouvez pas, quelques mots aujourd’hui suffisent : nous préférons de loin trouver une solution avec vous.
promise-subject = Facture { $number } de { $agency } : vous aviez prévu de payer le { $promised }
promise-heading = Vous aviez prévu de payer le { $promised }
promise-text = Vous nous avez indiqué que vous paieriez notre facture { $number } le { $promised }. Nous vous en remercions. Nous n’avons pas encore reçu votre paiement de { $amount }.
promise-ask = S’il est en route, ne tenez pas compte de ce message. En cas d’imprévu, dites-nous quel jour vous convient, et nous en prendrons note.
promise-firm-subject = Merci de payer la facture { $number } de { $agency }, comme promis pour le { $promised }
promise-firm-heading = Merci de payer comme promis
promise-firm-text = Vous avez promis de payer notre facture { $number } le { $promised }. Elle est arrivée à échéance le { $date }, et { $amount } restent impayés.
promise-firm-ask = Merci de la payer maintenant. Si vous ne le pouvez pas, écrivez-nous aujourd’hui et indiquez un jour que vous pourrez tenir, afin que nous trouvions ensemble une solution.
reminder-closing = Cordialement,

## The mail that hands over to a member

hand-over-subject = { $days ->
    [one] À reprendre : la facture { $number } de { $client } est en retard d’un jour
   *[other] À reprendre : la facture { $number } de { $client } est en retard de { $days } jours
  }
hand-over-heading = La facture { $number } a besoin de quelqu’un
hand-over-intro = Les rappels de la facture { $number } à { $client } sont arrivés à leur terme, et { $amount } restent à payer. Plus rien ne part tout seul : prenez contact avec le client, un appel en dit souvent plus qu’un e-mail de plus.
hand-over-none-sent = Aucun rappel n’est parti.
hand-over-said = { $client } a écrit le { $date } : { $text }
hand-over-silent = { $client } n’a rien écrit au sujet de cette facture.
hand-over-reply = Répondez à cet e-mail pour écrire à votre client.
hand-over-promise = Promis pour le { $date }
hand-over-promise-replaced = remplacé par un autre jour
hand-over-promise-broken = non tenu
hand-over-promise-over = passé
tone-friendly = Rappel amical
tone-neutral = Rappel simple
tone-firm = Rappel ferme
tone-final = Dernier rappel
tone-promise = Question sur la promesse
mail-state = { $date } : { $state }
mail-state-sent = envoyé
mail-state-waits = en route
mail-state-doubt = peut-être parti
mail-state-failed = non arrivé
mail-state-cancelled = non envoyé

## The mail that withdraws an invoice

void-subject = La facture { $number } de { $agency } est annulée : rien à payer
void-heading = La facture { $number } est annulée
void-intro = Nous avons annulé notre facture { $number }. Elle n’est plus valable, et vous n’avez rien à payer.
void-outlook = Merci de conserver ce message avec vos documents. Veuillez nous excuser pour ce désagrément.
void-outlook-replaced = La facture { $number } la remplace ; elle arrive dans un autre e-mail. Merci de conserver ce message avec vos documents.
void-sum = Facture annulée
void-on = Annulée le
void-replaced-by = Remplacée par
void-nothing = Rien
void-closing = Cordialement,

## The page of an estimate

offer-title = { $kind } { $number }
offer-number = Devis
offer-word = devis
section-subtotal = Sous-total
section-other = Autres travaux
change-number = Devis modificatif
change-word = devis modificatif
change-amends = Modifie
change-of-estimate = Devis { $number }
change-lines = Ce qui change
change-added = Ce qui s’ajoute
change-before = Jusqu’ici
change-after = Désormais
change-difference = Différence
change-out = retiré
change-quantity = { $before } → { $after }
change-stage = { $before } → { $after } HT
change-changed = Modifié, TTC
change-added-total = Ajouté, TTC
change-total-before = Convenu jusqu’ici, TTC
change-total = Cette modification, TTC
change-total-after = Convenu ensuite, TTC
change-statement = J’accepte le devis modificatif { $number }, version { $version }, de { $agency } pour { $client }, tel qu’il figure sur cette page. Il modifie le total convenu de { $amount }, pour le porter à { $after }. Je suis habilité(e) à le faire, et mon nom saisi vaut signature.
change-accept = Signer cette modification
change-mail-intro = Voici une modification de ce que nous avons convenu dans le devis { $amends } : { $title }. Sa page indique ce qui était convenu, ce qui change, et le montant qui en résulte.
offer-version = Version
offer-to = Préparé pour
offer-sent-on = Envoyé le
offer-valid-until = Valable jusqu’au
offer-lines = Ce que nous proposons
offer-optional = En option : à vous de choisir
offer-not-before = pas avant le { $date }
offer-update = Actualiser le total
offer-update-hint = Cochez ce que vous souhaitez. Rien n’est encore décidé.
offer-stages = Calendrier de facturation
offer-deposit = Acompte
offer-deposit-when = avant le début du travail, TTC
offer-net = { $amount } HT
offer-from-day = à partir du { $date }
offer-on-delivery = à la livraison de « { $title } »
offer-deliverables = Ce que vous recevez
offer-assumptions = Nos hypothèses
offer-exclusions = Ce qui n’est pas compris
offer-signatures = Signatures
offer-hash = SHA-256 du document signé :
offer-document = Le document signé, tel qu’il a été haché
offer-go-sign = Accepter et signer
offer-sign = Accepter ce { $document }
offer-sign-how = Pour signer, nous envoyons un code à { $email }. Nous savons ainsi que c’est bien vous.
offer-send-code = Recevoir le code
offer-send-code-again = Recevoir un nouveau code
offer-code-sent = Nous avons envoyé un code à { $email }. Il est valable 15 minutes.
offer-name = Votre nom complet
offer-code = Code
offer-statement = J’accepte le devis { $number }, version { $version }, de { $agency } pour { $client }, tel qu’il figure sur cette page, pour un total de { $amount }. Je suis habilité(e) à le faire, et mon nom saisi vaut signature.
offer-accept = Signer pour { $amount }
offer-decline-instead = Je préfère refuser
offer-decline-reason = Qu’est-ce qui ne convient pas ? L’agence lira votre réponse.
offer-decline = Refuser le { $document }

offer-open-until = Valable jusqu’au { $date }
offer-open-sub = Rien n’est facturé que vous n’ayez accepté ici.
offer-signed-by-you = Signé par vous
offer-others-sign = Merci ! Il prendra effet lorsque les autres auront signé également.
offer-expired = Expiré le { $date }
offer-ask-for-new = Il ne peut plus être accepté. Écrivez-nous, et nous vous enverrons une nouvelle version.
offer-accepted = Accepté le { $date }
offer-declined = Refusé le { $date }
offer-withdrawn = Retiré le { $date }
offer-superseded = Remplacé par une version plus récente
offer-superseded-sub = Nous avons envoyé une version plus récente. Merci d’ouvrir le lien du message le plus récent.

offer-due-on-receipt = Les factures sont payables à réception.
offer-due-net = { $days ->
    [one] Les factures sont payables sous { $days } jour.
   *[other] Les factures sont payables sous { $days } jours.
  }
offer-due-eom = Les factures sont payables à la fin de leur mois.
offer-due-eom-plus = { $days ->
    [one] Les factures sont payables { $days } jour après la fin de leur mois.
   *[other] Les factures sont payables { $days } jours après la fin de leur mois.
  }
offer-due-net-eom = { $days ->
    [one] Les factures sont payables à { $days } jour fin de mois.
   *[other] Les factures sont payables à { $days } jours fin de mois.
  }
offer-due-on = Les factures sont payables le { $date }.

offer-notice-signed = Merci ! Votre signature est enregistrée.
offer-notice-declined = Merci de nous l’avoir dit. Le refus est enregistré.
offer-notice-code-sent = Le code est en route. Merci de consulter votre messagerie.
offer-notice-too-many-codes = Trop de codes ont été demandés. Merci de réessayer demain, ou de nous écrire.
offer-notice-wrong-code = Ce n’est pas le code que nous avons envoyé. Merci de le vérifier.
offer-notice-ended-code = Ce code n’est plus valable. Merci d’en demander un nouveau.
offer-notice-blank-name = Merci de saisir votre nom pour signer.
offer-notice-no-consent = Merci de cocher la case pour confirmer que vous acceptez.
offer-notice-other-choice = Une autre personne a signé avec d’autres options. Voici ce qu’elle a signé.
offer-notice-changed = Cela a changé depuis que vous l’avez ouvert, et rien n’a été signé. Merci de le relire.
offer-notice-scope-full = Ce projet est complet, et rien n’a été signé. Merci de nous écrire, et nous vous l’enverrons pour un nouveau projet.
offer-notice-outdated = Ce qui a été convenu ou facturé a changé depuis notre envoi, et rien n’a été signé. Merci de nous écrire, et nous vous enverrons une nouvelle version.
offer-notice-no-reason = Merci de nous dire en quelques mots pourquoi vous refusez.

## Questions about a document

promise-open-form = Je paierai un autre jour
promise-hint = Indiquez-nous le jour, du { $first } au { $last }. D’ici là, nous ne vous enverrons aucun rappel pour cette facture.
promise-date = Le jour où vous paierez
promise-send = Prévenir { $agency }
promise-noted = Vous nous avez indiqué que vous paierez le { $date }. Merci : d’ici là, nous ne vous enverrons aucun rappel pour cette facture.
promise-notice-taken = Merci. Nous avons noté le jour, et ne vous enverrons aucun rappel pour cette facture avant qu’il soit passé.
promise-notice-not-then = Merci de choisir un jour proposé par le formulaire. Rien n’a été noté.
promise-notice-too-many = Le jour a déjà été changé plusieurs fois. Merci de nous écrire, et nous trouverons ensemble une solution.
question-title = Vos questions
question-you = Vous
question-ask = Poser une question
question-label = Que souhaitez-vous savoir ? Nous répondons par e-mail, et ici.
question-send = Envoyer la question
question-notice-asked = Merci ! Votre question nous est parvenue, et nous répondrons par e-mail.
question-notice-none = Merci de saisir d’abord votre question.
question-notice-too-many = Cela fait beaucoup de questions pour un jour. Merci de nous écrire un e-mail ou de nous appeler.
question-subject = { $client } pose une question sur votre { $document } { $number }
question-intro = { $client } pose une question sur la page de votre { $document } { $number } :
question-outlook = Répondez par l’API, et la réponse figurera sur la page pour tous ceux qui la lisent ; ou répondez simplement à cet e-mail.
question-files = Joint au message
question-mail = E-mail d’origine
question-original = joint sous reply.eml, conservé sous { $file }
reply-subject = { $client } vous écrit au sujet de votre { $document } { $number }
reply-intro = { $client } répond par e-mail au sujet de votre { $document } { $number } :
returned-subject = E-mail à { $client } revenu : { $document } { $number }
returned-heading = Un e-mail est revenu
returned-intro = Ce que nous avons envoyé à { $client } au sujet de votre { $document } { $number } n’a pas pu être remis : son serveur de messagerie indique que personne n’y reçoit ce courrier.
returned-address = Adresse
returned-outlook = Corrigez l’adresse de { $client }, et renvoyez le message. D’ici là, plus aucune relance ne part vers elle.
held-subject = Une réponse vous attend : { $document } { $number }
held-intro = Un e-mail au sujet de votre { $document } { $number } pour { $client } est arrivé, et n’a pas été ajouté à la conversation.
held-sender-unknown = Il est arrivé à l’adresse des réponses de votre équipe, mais rien ne prouve que son expéditeur puisse écrire en votre nom. Rien n’a été envoyé à votre client.
held-thread-full = La conversation contient autant de messages qu’elle peut en contenir.
held-too-many = Votre client a envoyé tant de messages aujourd’hui qu’aucun autre n’est ajouté.
held-outlook = L’e-mail est joint tel qu’il est arrivé. Ce que vous répondez à cet e-mail est envoyé à { $client } et ajouté à la conversation.
answer-subject = { $agency } vous écrit : { $document } { $number }
answer-heading = Un message pour vous
answer-intro = Nous avons un message pour vous au sujet de notre { $document } { $number } :
answer-open = Ouvrir la page
instalment-title = Échéancier
instalment-subject = Facture { $number } de { $agency } : votre échéancier
instalment-heading = Comme convenu : en plusieurs fois
instalment-intro = Comme convenu, vous réglez le reste de la facture { $number } en plusieurs fois. Nous vous rappellerons chaque échéance à temps.
instalment-next = La prochaine est de { $amount }, le { $date }.
instalment-outlook = La page indique toujours ce qui est payé et ce qui vient ensuite. Si vous préférez d’autres jours ou d’autres montants, écrivez-nous.
instalment-paid = payé
instalment-late = en retard
instalment-open = à payer
instalment-left = reste { $amount }
invoice-kind = Facture
invoice-word = facture

## The mails about an estimate

offer-mail-subject = { $kind } { $number } de { $agency } : { $title }, valable jusqu’au { $date }
offer-mail-intro = Voici notre { $document } pour « { $title } ». Sa page indique ce que vous recevez, quand, et pour quel montant.
offer-mail-open = Ouvrir le { $document }
offer-mail-outlook = Vous pouvez y choisir des options, accepter et signer, ou refuser. Ce lien vous est réservé : merci de ne pas le transmettre.
code-mail-subject = Votre code pour signer : { $document } { $number }
code-mail-heading = Votre code pour signer
code-mail-intro = Saisissez ce code sur la page de notre { $document } { $number } pour le signer.
code-mail-outlook = Il est valable 15 minutes. Si vous ne l’avez pas demandé, ignorez ce message : sans le code, rien n’est signé. Nous ne le demandons jamais au téléphone.
certificate-subject = Signé : { $document } { $number } de { $agency }
certificate-heading = Merci, c’est convenu
certificate-intro = { $kind } { $number } pour « { $title } » : accepté. Ce message en est l’attestation ; le document signé est joint.
certificate-total = Total convenu
certificate-accepted-on = Accepté le
certificate-accepted-by = Accepté par
certificate-reference = Votre référence
certificate-file = Voir le fichier
certificate-signed-by = Signé par
certificate-signature = { $name }, { $email }, { $time }
certificate-hash = SHA-256
certificate-outlook = Merci de conserver ce message. Le fichier joint est le document exactement tel qu’il a été signé : son SHA-256 est celui indiqué ci-dessus, ce que tout programme de calcul d’empreinte peut confirmer.
offer-withdrawn-subject = { $kind } { $number } de { $agency } : retiré
offer-withdrawn-heading = { $kind } { $number } : retiré
offer-withdrawn-intro = Nous avons retiré notre { $document } { $number }. Il ne peut plus être accepté.
offer-withdrawn-sum = Retiré : { $document }
answered-accepted-subject = { $client } a accepté votre { $document } { $number }
answered-accepted = Bonne nouvelle : { $client } a accepté votre { $document } pour « { $title } ». Ce qui a été accepté peut maintenant être facturé sur le projet.
answered-declined-subject = { $client } a refusé votre { $document } { $number }
answered-declined = { $client } a refusé votre { $document } pour « { $title } », et explique pourquoi :
answered-by = Réponse de
answered-reply = Répondez à cet e-mail pour écrire à votre client.

## Credit notes

credit-title = Avoir { $number }
credit-subject = Avoir { $number } sur la facture { $invoice } de { $agency }
credit-heading = Moins à payer
credit-intro = Nous avons émis l’avoir { $number } sur notre facture { $invoice }.
credit-for = Avoir sur la facture
credit-reason = Motif
credit-sum = Montant de l’avoir
credit-open = Voir l’avoir
credit-left = Il reste { $amount } à payer sur la facture.
credit-nothing-left = Il ne reste rien à payer sur la facture.
credit-kept = Vous aviez payé davantage : { $amount } sont désormais chez nous en votre faveur. Nous les imputerons sur la suite, ou vous les rembourserons si vous préférez.
credit-issued = Émis le
credit-for-invoice = { $number } du { $date }
credit-list = Avoirs
credit-back = Retour à la facture
paper-sheet = Page { $number } sur { $of }
paper-open = Télécharger en PDF
paper-receipt = Reçu pour la facture { $number }
paper-receipt-several = Reçu
paper-receipt-paid = Reçu avec nos remerciements
paper-plan = Échéancier de la facture { $number }
paper-plan-agreed = Convenu le
paper-plan-of = Pour la facture
paper-plan-sum = Toutes les échéances

## A line that the client disputes

dispute-title = En discussion
dispute-open = nous examinons ce point
dispute-upheld = examiné : maintenu
dispute-credited = crédité
dispute-open-form = Quelque chose ne va pas sur cette facture
dispute-hint = Dites-nous quelle ligne, et pourquoi. Elle n’a pas à être payée avant notre réponse ; le reste demeure à payer.
dispute-line = Ligne
dispute-choose = Choisir une ligne
dispute-option = { $line } : { $amount }
dispute-reason = Qu’est-ce qui ne va pas ?
dispute-send = Envoyer
dispute-notice-taken = Merci ! Nous examinons ce point et répondrons par e-mail. D’ici là, cette ligne n’a pas à être payée.
dispute-notice-none = Merci de choisir une ligne et de nous dire ce qui ne va pas.
dispute-notice-closed = Cette ligne ne peut plus être contestée. Merci de nous écrire.
dispute-subject = { $client } conteste une ligne de votre { $document } { $number }
dispute-intro = { $client } n’est pas d’accord avec une ligne de votre { $document } { $number } :
dispute-outlook = Le montant de la ligne est suspendu : aucun rappel ne le réclame. Créditez-le par l’API, ou maintenez-le avec une réponse ; le client recevra l’un ou l’autre par e-mail.
hero-disputed = { $lines ->
    [one] Une ligne est en discussion ; à payer maintenant : { $amount }.
   *[other] { $lines } lignes sont en discussion ; à payer maintenant : { $amount }.
  }

## An invitation to the team

role-viewer = Lecture
role-biller = Facturation
role-manager = Gestion
role-owner = Propriétaire
role-viewer-may = Vous lisez tout, et ne modifiez rien.
role-biller-may = Vous rédigez les devis et les factures, les envoyez et enregistrez les paiements.
role-manager-may = Vous facturez, validez ce que d’autres ont rédigé, modifiez les paramètres et invitez des collègues.
role-owner-may = Vous pouvez tout faire.
invitation-subject = { $agency } vous invite à rejoindre son équipe
invitation-heading = Rejoignez l’équipe de { $agency }
invitation-intro = { $agency } fait ses devis et ses factures avec Remit, et vous invite à y travailler.
invitation-role = Votre rôle
invitation-may = Ce que vous pouvez faire
invitation-for = Pour
invitation-until = Valable jusqu’au
invitation-open = Voir l’invitation
invitation-outlook = La page derrière le lien comporte un bouton pour accepter. Le lien fonctionne une fois et vous est réservé : merci de ne pas le transmettre. Si vous n’attendiez pas cette invitation, ignorez-la, et rien ne se passera.
join-text = { $name }, votre rôle dans cette invitation : { $role }.
join-until = L’invitation est valable jusqu’au { $date }.
join-action = Accepter l’invitation
joined-title = Bienvenue chez { $agency }
joined-text = Vous faites maintenant partie de l’équipe. Votre rôle : { $role }.
joined-key = Voici votre clé API. Elle est affichée sur cette page et nulle part ailleurs : gardez-la comme vous garderiez un mot de passe. Envoyez-la avec chaque requête, sous la forme Authorization: Bearer.
joined-identity = Si votre agence se connecte ailleurs, liez cette identité une fois, avec cette clé et un jeton dans le corps de la requête. Ensuite, vos jetons remplaceront la clé.
join-used-title = Cette invitation a déjà été acceptée
join-used-text = Elle ne fonctionne qu’une fois. Si ce n’était pas vous, ou si la clé est perdue, adressez-vous à un propriétaire de { $agency }.
join-expired-title = Cette invitation est trop ancienne
join-expired-text = Elle était valable jusqu’au { $date }. Merci de demander à { $agency } de vous inviter de nouveau.

## La vue d’ensemble de l’agence

month-of-year = { $month } { $year }
overview-title = Vue d’ensemble
overview-at = Situation au { $date }
overview-outstanding = À recevoir
overview-outstanding-in = À recevoir en { $currency }
overview-invoices = { $invoices ->
    [one] sur une facture
   *[other] sur { $invoices } factures
  }
overview-payments = { $payments ->
    [one] un paiement
   *[other] { $payments } paiements
  }
overview-overdue = En retard
overview-processing = En cours de paiement
overview-disputed = Contesté
overview-received = Reçu ce mois-ci
overview-given-back = Remboursé ce mois-ci
overview-ages = En retard depuis
overview-age-30 = 1 à 30 jours
overview-age-60 = 31 à 60 jours
overview-age-90 = 61 à 90 jours
overview-age-more = Plus de 90 jours
overview-share = { $percent } du montant en retard
overview-months = Reçu, mois par mois
overview-months-said = Période : { $first } – { $last }. Le mois le plus élevé : { $month }, avec { $amount }.
overview-figures = Les mois en chiffres
overview-back = { $amount } remboursés
overview-waiting = En attente de vous
overview-nothing-waits = Rien ne vous attend.
overview-questions = Questions de clients
overview-estimates-in-review = Devis à approuver
overview-submitted-work = Travaux à approuver
overview-bank-entries = Écritures bancaires à traiter
overview-unmatched-payments = Paiements sans facture correspondante
overview-promised = Promis
overview-promised-for = Promis pour le { $date }
overview-ending = Devis qui expirent bientôt
overview-ends = Valable jusqu’au { $date }
overview-more = { $entries ->
    [one] et un autre
   *[other] et { $entries } autres
  }
overview-empty-title = Rien n’est en attente de paiement
overview-empty = Dès que vous émettez une facture, vous voyez ici ce qui reste à recevoir, ce qui est en retard et ce qui est arrivé.
overview-signed-in = Vous êtes connecté(e) en tant que { $name } ({ $role }).
overview-sign-out = Se déconnecter
overview-signed-out = Vous êtes déconnecté(e) de cette page.
overview-ask = Ce qui reste à recevoir, ce qui est en retard et ce qui est arrivé, en un coup d’œil. Vous vous connectez là où votre agence se connecte.
overview-sign-in = Se connecter
overview-again-title = La connexion n’a pas abouti
overview-again = La connexion a été abandonnée, a duré trop longtemps ou a commencé dans un autre navigateur. Merci de réessayer.
overview-unknown-title = Vous ne faites partie d’aucune équipe ici
overview-unknown = Vous vous êtes connecté(e), mais aucune équipe ne connaît cette identité. Acceptez d’abord votre invitation, ou faites associer votre identité à votre compte ; ou connectez-vous avec une autre identité.
overview-closed = Personne ne peut encore se connecter sur cette page : la personne qui exploite ce système doit d’abord indiquer un client de son service d’identité.
overview-form-old = Cette page est restée ouverte un moment, et nous nous sommes arrêtés par sécurité. Rien n’a changé.
overview-return = Retour à la vue d’ensemble
overview-problem = Nous en sommes désolés. Merci de réessayer dans quelques minutes.
