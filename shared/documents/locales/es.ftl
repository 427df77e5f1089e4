## Dates

month = { $month ->
    [1] enero
    [2] febrero
    [3] marzo
    [4] abril
    [5] mayo
    [6] junio
    [7] julio
    [8] agosto
    [9] septiembre
    [10] octubre
    [11] noviembre
   *[12] diciembre
  }
date = { $day } de { $month } de { $year }
date-in-year = { $day } de { $month }
period = { $first } – { $last }
period-in-year = { $first_day } de { $first_month } – { $last_day } de { $last_month } de { $year }
period-in-month = { $first_day }–{ $last_day } de { $month } de { $year }

## Where an invoice stands

standing-due-in = { $days ->
    [0] Vence hoy
    [1] Vence mañana
   *[other] Vence en { $days } días
  }
standing-overdue = { $days ->
    [one] Vencida hace { $days } día
   *[other] Vencida hace { $days } días
  }
standing-paid = Pagada el { $date }
standing-settled = Saldada el { $date }
standing-processing = Pago en confirmación
standing-void = Anulada el { $date }
standing-uncollectible = Cerrada

hero-due = Importe a pagar
hero-left = Pendiente de pago
hero-total = Importe de la factura
hero-pay-by = Le rogamos que la pague hasta el { $date }.
hero-was-due = Venció el { $date }.
hero-part-paid = Pendiente de { $total }, con vencimiento el { $date }.
hero-processing = Su pago está en camino. No tiene que hacer nada más.
hero-thanks = Pagada por completo. ¡Gracias!
hero-settled = No hay nada que pagar.
hero-void = Esta factura ya no es válida. No hay nada que pagar.
hero-uncollectible = Esta factura está cerrada. Escríbanos si tiene alguna pregunta.

## The page of an invoice

page-invoice = Factura { $number }
page-questions = ¿Tiene alguna pregunta? Le ayudamos con mucho gusto:
page-pay = Pagar { $amount }
page-pay-card = Pagar { $amount } con tarjeta
page-pay-paypal = Pagar { $amount } con PayPal
page-pay-debit = Pagar { $amount } por domiciliación
page-pay-bank = Pagar { $amount } desde su cuenta bancaria
page-pay-toss = Pagar { $amount } con Toss Payments
page-pay-confirm = Confirmar el pago de { $amount }
page-keep = Guardar este medio de pago para próximas facturas de { $agency }
page-keep-words = Solo si marca esta casilla: { $providers } guarda los datos de su tarjeta, su cuenta bancaria o PayPal, y { $agency } podrá hacer cargos cuando venza una factura posterior. { $agency } solo ve las últimas cifras, o una parte de su dirección de PayPal. Puede eliminarlos en cualquier momento en la página con todas sus facturas. Otras formas de pago no guardan nada.
page-pay-hint = Se paga en la página segura de nuestro proveedor de pagos.
page-pay-otherwise = Otras formas de pago
page-lines = Qué incluye esta factura
column-what = Concepto
column-quantity = Cantidad
column-price = Precio unitario
column-amount = Importe
page-prices-include-tax = Los precios incluyen impuestos.
page-totals = Totales
deposit-about = su anticipo
deposit-less = Anticipo descontado: { $what }
agreed-title = Qué se acordó y qué parte se factura aquí
agreed-hint = Sin impuestos. No se factura nada más allá de lo que usted ha aceptado.
agreed-row = acordado { $agreed } · facturado antes { $before } · restante tras esta factura { $left }
page-reference = Referencia
page-notes = Observaciones
page-terms = Condiciones
page-from = De
page-to = Facturado a
page-timesheet = Ver el trabajo que hay detrás
page-all-invoices = Todas sus facturas de { $agency }
party-tax-id = Identificación fiscal
tax-id-vat = NIF-IVA
tax-id-kr-brn = N.º de empresa coreano

fact-about = Asunto
fact-issued = Fecha de emisión
fact-due = Vencimiento
fact-supply = Periodo de prestación
fact-purchase-order = Pedido
fact-buyer-reference = Su referencia

terms-early = { $percent } de descuento por pago hasta el { $date }.

e-invoice-due = A pagar hasta el { $date }.
e-invoice-credited = Compensado con la factura { $number }.

late-flat-once = En caso de demora en el pago, cobramos { $amount } una sola vez.
late-flat-month = En caso de demora en el pago, cobramos { $amount } por cada mes de retraso.
late-percent-once = En caso de demora en el pago, cobramos el { $percent } del importe vencido una sola vez.
late-percent-month = En caso de demora en el pago, cobramos el { $percent } del importe vencido por cada mes de retraso.
late-interest = En caso de demora en el pago, cobramos intereses del { $percent } anual sobre el importe vencido, por días.
late-interest-over = En caso de demora en el pago, cobramos intereses sobre el importe vencido, por días, al tipo anual de { $points } puntos porcentuales por encima { $reference }.
late-reference-ecb = del tipo de referencia del Banco Central Europeo
late-reference-boe = del tipo oficial del Banco de Inglaterra
late-grace = { $days ->
    [one] Durante el día siguiente al vencimiento no se cobra nada.
   *[other] Durante los { $days } días siguientes al vencimiento no se cobra nada.
}
late-cap-percent = En conjunto, como máximo el { $percent } de la factura.
late-cap-amount = En conjunto, como máximo { $amount }.
late-compensation = Por los costes de cobro, cobramos { $amount } una sola vez.
late-compensation-from = Para deudas de { $from } o más, son { $amount }.
late-line-interest = Intereses de demora de la factura { $number }: { $stretches }
late-stretch = { $days ->
    [one] { $principal }, { $period } (1 día), al { $percent } anual
   *[other] { $principal }, { $period } ({ $days } días), al { $percent } anual
}
late-line-percent = Recargo por demora de la factura { $number }: { $percent } de { $principal }, vencido a { $date }
late-line-flat = Recargo por demora de la factura { $number }, vencida a { $date }
late-line-compensation = Compensación por costes de cobro de la factura { $number }

line-discount = Menos { $amount } de descuento
line-discount-percent = Menos { $percent } de descuento ({ $amount })
line-untaxed = Sin impuestos

unit-hours = { $count ->
    [one] { $number } hora
    [many] { $number } de horas
   *[other] { $number } horas
  }
unit-minutes = { $count ->
    [one] { $number } minuto
    [many] { $number } de minutos
   *[other] { $number } minutos
  }
unit-days = { $count ->
    [one] { $number } día
    [many] { $number } de días
   *[other] { $number } días
  }
unit-weeks = { $count ->
    [one] { $number } semana
    [many] { $number } de semanas
   *[other] { $number } semanas
  }
unit-months = { $count ->
    [one] { $number } mes
    [many] { $number } de meses
   *[other] { $number } meses
  }
unit-quarters = { $count ->
    [one] { $number } trimestre
    [many] { $number } de trimestres
   *[other] { $number } trimestres
  }
unit-years = { $count ->
    [one] { $number } año
    [many] { $number } de años
   *[other] { $number } años
  }
unit-lump-sum = { $count ->
    [one] { $number } precio cerrado
    [many] { $number } de precios cerrados
   *[other] { $number } precios cerrados
  }
unit-services = { $count ->
    [one] { $number } servicio
    [many] { $number } de servicios
   *[other] { $number } servicios
  }
unit-jobs = { $count ->
    [one] { $number } trabajo
    [many] { $number } de trabajos
   *[other] { $number } trabajos
  }
unit-sets = { $count ->
    [one] { $number } juego
    [many] { $number } de juegos
   *[other] { $number } juegos
  }
unit-kilometres = { $number } km
unit-miles = { $number } mi
unit-kilograms = { $number } kg
unit-metres = { $number } m
unit-square-metres = { $number } m²
unit-litres = { $number } l

total-lines = Subtotal
total-lines-net = Subtotal sin impuestos
total-discount = Descuento
total-discount-percent = Descuento del { $percent }
total-net = Base imponible
total = Total
tax-rate = { $name } { $rate }
tax-relief = { $name }: { $why }
tax-base = sobre { $base }
tax-in-books = de ello, impuesto: { $amount }, al cambio de { $one } = { $rate } del { $date } ({ $source })
relief-zero = tipo cero
relief-exempt = exención
relief-reverse-charge = inversión del sujeto pasivo
relief-export = exportación exenta
relief-intra-community = entrega intracomunitaria exenta
relief-out-of-scope = operación no sujeta
total-withheld = { $name } { $rate }, retención a su cargo
total-rounding = Redondeo
total-payable = Total a pagar
total-paid = Pagado el { $date }
total-paid-earlier = Pagado antes
total-credited = Abonado
total-written-off = Condonado
total-left = Pendiente de pago

method-online = En línea
method-card = Tarjeta
method-bank = Transferencia
method-debit = Domiciliación
method-paypal = PayPal
method-toss = Toss Payments
method-cash = Efectivo
method-cheque = Cheque
method-other = Otro

notice-confirming = ¡Gracias! Su pago se está confirmando. Suele tardar solo un momento; le enviaremos un recibo.
notice-agreed = Ha dado su conformidad al pago, y todavía no se ha cobrado nada. Solo falta un clic para confirmarlo.
notice-left = Ha salido de la página de pago, y no se ha cobrado nada. Puede pagar cuando le convenga.
notice-changed = Esta factura ha cambiado desde que la abrió, y no se ha cobrado nada. Así está ahora.
notice-unavailable = En este momento no se puede acceder a la página de pago, y no se ha cobrado nada. Inténtelo de nuevo en unos minutos.

## Paying by transfer, and a part of one's choice

transfer-title = Transferencia bancaria
transfer-text = Indique la referencia exactamente como figura aquí, para que podamos identificar su pago.
transfer-holder = Titular
transfer-iban = IBAN
transfer-account = Número de cuenta
transfer-bic = BIC
transfer-bank = Banco
transfer-amount = Importe
transfer-code = Código QR: una aplicación bancaria que lo escanee rellena esta transferencia
transfer-scan = Escanéelo con su aplicación bancaria
interac-title = Interac e-Transfer
interac-text = Las transferencias a esta dirección se ingresan automáticamente, sin pregunta de seguridad. Escriba el código de abajo en el mensaje, para que podamos identificar su pago.
interac-to = Enviar a
interac-message = Mensaje

part-open = Pagar otro importe
part-amount = Importe que desea pagar
part-hint = De { $least } a { $most }. Lo que quede seguirá en esta página para pagarlo más adelante.
part-pay = Pagar este importe
part-pay-card = Pagar este importe con tarjeta
part-pay-paypal = Pagar este importe con PayPal
part-pay-debit = Pagar este importe por domiciliación
part-pay-bank = Pagar este importe desde su cuenta bancaria
part-pay-toss = Pagar este importe con Toss Payments
part-unreadable = No hemos podido leer este importe, y no se ha cobrado nada. Escríbalo en cifras.
part-too-small = Lo mínimo que se puede pagar son { $least }, y no se ha cobrado nada.
part-too-large = Es más que los { $most } pendientes, y no se ha cobrado nada.

## Several invoices at once

several-hint = Puede pagar varias facturas en un solo pago: márquelas primero.
several-go = Pagar juntas las facturas marcadas
several-choose = Elegir la factura { $number }
several-title = Pagar varias facturas
several-heading = { $count } facturas en un solo pago
several-chosen = Lo que paga
several-back = Volver a la lista
several-none = Marque las facturas que desea pagar.
several-too-many = Un pago abarca como máximo { $max } facturas. Marque menos.
several-currencies = Un pago se hace en una sola moneda. Marque facturas de la misma moneda.
several-changed = Una de estas facturas ha cambiado entretanto, y no se ha cobrado nada. Así están ahora.
several-unavailable = Estas facturas no se pueden pagar juntas aquí. Marque menos, o pague cada una en su propia página.

## The list of invoices

list-title = Sus facturas
list-for = Facturas para { $client }
list-nothing-open = Nada que pagar
list-open-count = { $count ->
    [one] { $count } factura pendiente
    [many] { $count } de facturas pendientes
   *[other] { $count } facturas pendientes
  }
list-open = Pendientes
list-year = { $year }
list-due = Vence el { $date }
list-paid = Pagada el { $date }
list-processing = En confirmación
list-void = Anulada
list-uncollectible = Cerrada
list-part = de { $total }
list-more = Las facturas más antiguas no figuran aquí. Escríbanos si necesita alguna.
list-back = Volver a la factura
saved-title = Sus medios de pago guardados
saved-hint = { $agency } puede hacer cargos en ellos cuando venza una factura. Elimine los que ya no quiera usar: tiene efecto inmediato.
saved-card = Tarjeta
saved-debit = Domiciliación
saved-ending = { $name } terminada en { $digits }
saved-saved = Guardado el { $date }
saved-expires = Guardado el { $date }, válido hasta { $month }
saved-remove = Eliminar
saved-remove-what = Eliminar { $what }
saved-removed = El medio de pago se ha eliminado. No se harán más cargos en él.

## The client's portal

language-name = Español
portal-title = Sus documentos
portal-for = Todos los documentos de { $client }
portal-ask = Presupuestos, facturas, recibos y facturas rectificativas de { $agency }, en un solo lugar. Indíquenos su dirección de correo: le enviamos un enlace que inicia su sesión. No hay contraseña.
portal-email = Dirección de correo
portal-email-wrong = No parece una dirección de correo.
portal-send = Enviarme el enlace
portal-send-again = Enviar otro enlace
portal-sent-title = Consulte su buzón
portal-sent = Si conocemos esta dirección, un enlace va de camino a ella. Inicia su sesión una vez, en un plazo de 30 minutos. ¿No ha llegado nada? Mire en el correo no deseado o pruebe con la dirección en la que recibe nuestras facturas.
portal-enter-text = Un clic y verá todo lo que { $agency } le ha enviado.
portal-enter = Iniciar sesión
portal-ended-title = Este enlace ya no inicia ninguna sesión
portal-ended = Ya se ha usado, tiene más de 30 minutos o usted ha pedido uno más reciente. Con gusto le enviamos otro.
portal-signed-out = Ha cerrado la sesión, aquí y en todos los demás dispositivos.
portal-signed-in = Ha iniciado sesión como { $email }.
portal-sign-out = Cerrar sesión en todas partes
portal-see = Ver todos sus documentos
portal-others = También suyos:
portal-words = Número, nombre o importe
portal-kind = Qué
portal-year = Año
portal-project = Proyecto
portal-all = Todos
portal-find = Mostrar
portal-none = Aquí todavía no hay nada.
portal-none-found = Nada coincide. Pruebe con menos palabras o con otro año.
portal-open = Por pagar
portal-invoices = Facturas
portal-estimates = Presupuestos
portal-payments = Pagos
portal-credit-notes = Facturas rectificativas
portal-estimate = Presupuesto { $number }
portal-estimate-open = Válido hasta el { $date }
portal-estimate-accepted = Aceptado
portal-estimate-declined = Rechazado
portal-estimate-expired = Caducado
portal-estimate-withdrawn = Retirado
portal-payment = Pago
portal-payment-for = De { $numbers }
portal-credit-note = Factura rectificativa { $number }
portal-credit-note-for = De la factura { $number }
portal-back = Volver a todos los documentos
portal-pages = Páginas
portal-newer = Más recientes
portal-older = Más antiguos
portal-take = Para su contabilidad
portal-files = Todos los archivos de { $year } (ZIP)
portal-table = Esta lista como tabla (CSV)
portal-contacts = Quién recibe nuestros correos
portal-copy = { $email } (copia)
portal-contacts-hint = ¿Falta alguien o ya no está? Escríbanos.
portal-language = El idioma de nuestros correos y páginas
portal-language-set = Cambiar
portal-language-changed = A partir de ahora le escribiremos en este idioma.
portal-no-receipt-title = No hay recibo de este pago
portal-no-receipt = Aún no se ha hecho, o el pago se registró sin recibo. Inténtelo de nuevo en un minuto o escríbanos.
portal-not-signer-title = Este presupuesto se envió a otra persona
portal-not-signer = Quien debe firmarlo tiene el enlace. Pregúntele o escríbanos.
portal-files-many-title = Son demasiados archivos para un solo archivo comprimido
portal-files-many = Escríbanos: con gusto se los enviamos.
sign-in-subject = Su enlace para iniciar sesión en { $agency }
sign-in-heading = Acceda a sus documentos
sign-in-intro = Este enlace le muestra todos los presupuestos, facturas, recibos y facturas rectificativas de { $agency }.
sign-in-for = Para
sign-in-counts = El enlace funciona
sign-in-once = una vez, en un plazo de 30 minutos
sign-in-outlook = ¿No lo ha pedido? Entonces alguien escribió su dirección por error. No tenga en cuenta este mensaje: sin él no entra nadie, así que no lo comparta.

## The timesheet

timesheet-title = Parte de horas de la factura { $number }
timesheet-work = Trabajo realizado
timesheet-receipt = Justificante: { $name }
timesheet-total = Total sin impuestos
timesheet-hint = Este es el trabajo que se factura, tal como constaba al emitir la factura. Cada entrada muestra su parte de la línea, antes de descuentos e impuestos. Si desea ver un justificante, escríbanos.
duration = { $hours } h { $minutes } min
duration-hours = { $hours } h
duration-minutes = { $minutes } min

## Messages

message-action = Ir a la factura
link-unknown-title = Este enlace no funciona
link-unknown-text = Puede que haya caducado o que se haya perdido una parte por el camino. Vuelva a abrir el enlace del correo más reciente o pida uno nuevo a la agencia.
link-ended-title = Este enlace ha caducado
link-ended-text = Los enlaces valen un año y un mes. Lo que abría sigue aquí: inicie sesión con su dirección de correo y lo verá, junto con todo lo demás que le hemos enviado.
link-ended-action = Iniciar sesión
confirming-title = ¡Gracias! Su pago se está confirmando
confirming-text = Suele tardar solo un momento; con algunos bancos, hasta unos días. No tiene que hacer nada: le enviaremos un recibo en cuanto llegue el dinero.
nothing-title = No hay nada que pagar
nothing-text = Esta factura se ha pagado o anulado entretanto. No se ha cobrado nada.
changed-title = Esta factura ha cambiado
changed-text = Se modificó después de que usted la abriera. No se ha cobrado nada. Revísela de nuevo antes de pagar.
unavailable-title = No se puede acceder a la página de pago
unavailable-text = No se ha cobrado nada. Inténtelo de nuevo en unos minutos.
expired-title = Inténtelo una vez más
expired-text = Esta página llevaba un rato abierta y, por seguridad, nos hemos detenido. No se ha cobrado ni firmado nada. Vuelva a abrir el enlace de nuestro correo y continúe desde ahí.
stop-title = ¿No recibir más recordatorios?
stop-text = No recibirá más recordatorios de esta factura. Sigue pendiente, y su página sigue en el mismo sitio.
stop-action = Dejar de recibir recordatorios
stopped-title = Hecho: no habrá más recordatorios
stopped-text = No recibirá más recordatorios de esta factura. Sigue pendiente, y su página sigue en el mismo sitio.
courtesy-title = ¿No recibir más estos correos?
courtesy-text = No recibirá más avisos, agradecimientos ni extractos mensuales de nuestra parte. Las facturas, los recibos y los presupuestos seguirán llegando.
courtesy-action = Dejar de recibir estos correos
courtesy-stopped-title = Hecho: no habrá más correos de este tipo
courtesy-stopped-text = No recibirá más avisos, agradecimientos ni extractos mensuales de nuestra parte. Las facturas, los recibos y los presupuestos seguirán llegando.
busy-title = Un momento, por favor
busy-text = Han llegado muchas solicitudes a la vez. Inténtelo de nuevo en un minuto.
problem-title = Algo ha fallado por nuestra parte
problem-text = Lo sentimos. Inténtelo de nuevo en unos minutos. Si acaba de pagar, su pago está a salvo y no tiene que pagar otra vez.

## What mails share

mail-greeting = Buenos días:
mail-greeting-name = Hola, { $name }:
mail-closing = Gracias por trabajar con nosotros.
mail-questions = ¿Alguna pregunta? Responda simplemente a este correo.
mail-questions-to = ¿Alguna pregunta? Escriba a { $email }, le ayudamos con mucho gusto.
mail-invoice = Factura
mail-about = Asunto
mail-view = Ver la factura
mail-view-and-pay = Ver y pagar
mail-more-lines = { $count ->
    [one] y { $count } más en la página de la factura
   *[other] y { $count } más en la página de la factura
  }

## An offer ends soon

expiring-subject = { $kind } { $number } de { $agency }, válido hasta el { $date }: { $title }
expiring-intro = Nuestro { $document } para «{ $title }» es válido hasta el { $date }. Si le conviene, puede aceptarlo en su página; si algo no está claro, pregúntenos allí mismo.

## Before a subscription is billed or charged

ahead-charge-subject = { $agency } le hará un cargo el { $date }: { $name }
ahead-charge-intro = El { $date } facturaremos «{ $name }» y haremos el cargo en el medio de pago que nos permitió guardar. No tiene que hacer nada.
ahead-charge = Cargaremos
ahead-bill-subject = { $agency } le facturará el { $date }: { $name }
ahead-bill-intro = El { $date } le enviaremos la factura de «{ $name }». Hasta entonces no tiene que hacer nada.
ahead-bill = Facturaremos
ahead-by-work = Según el trabajo realizado, como se acordó
ahead-for = Concepto
ahead-on = El
ahead-method = El medio de pago que nos permitió guardar
ahead-outlook = Si algo no es correcto o prefiere no continuar, responda a este correo antes de ese día.

## Thanks once a project is closed

thanks-subject = Gracias por trabajar con nosotros: { $project }
thanks-heading = Gracias
thanks-intro = «{ $project }» está terminado. Ha sido un placer trabajar en ello con usted, y nos alegraría volver a colaborar.
thanks-project = Terminado
thanks-outlook = Si todavía necesita algo de nosotros, responda a este correo.

## A statement of account

statement-subject = Su extracto de cuenta con { $agency }, { $period }
statement-heading = Extracto de cuenta
statement-for = Extracto de cuenta de { $client }
statement-intro = Esta es su cuenta con nosotros en el periodo { $period }: los movimientos y lo que queda pendiente el último de esos días.
statement-nothing = Sin movimientos y nada pendiente
statement-owed = Pendiente a { $date }
statement-before = Pendiente antes del { $date }
statement-overdue = De ello, vencido
statement-disputed = De ello, en disputa
statement-balance = A su favor, aún sin aplicar
statement-balance-owed = Pendiente además, por dinero devuelto
statement-moved = Movimientos
statement-column-balance = Pendiente entonces
statement-more = { $count ->
    [one] Estos son los primeros; queda { $count } más en la página.
   *[other] Estos son los primeros; quedan { $count } más en la página.
  }
statement-open = Pendientes
statement-open-item = Factura { $number }, vence el { $date }
statement-late = Vencida
statement-ages = Por antigüedad del vencimiento
statement-not-due = Aún no vencido
statement-to-30 = Vencido hace 1 a 30 días
statement-to-60 = Vencido hace 31 a 60 días
statement-to-90 = Vencido hace 61 a 90 días
statement-over-90 = Vencido hace más de 90 días
statement-carried-over = Factura { $number }, de nuestra contabilidad anterior
statement-invoice = Factura { $number }
statement-late-fee = Factura { $number } por demora en el pago
statement-payment = Pago de { $number }
statement-balance-applied = Su saldo, aplicado a { $number }
statement-credit-note = Factura rectificativa { $note } de { $number }
statement-set-free = Conservado a su favor, de { $number }
statement-write-off = Ya no se reclama, de { $number }
statement-recovered = Pagado pese a todo, de { $number }
statement-write-off-reversed = Se reclama de nuevo, de { $number }
statement-refund = Reembolso de { $number }
statement-payment-lost = Pago devuelto de { $number }
statement-payment-undone = Pago registrado por error de { $number }
statement-payment-reinstated = Pago recibido de nuevo de { $number }
statement-void = Factura { $number } anulada
statement-see = Ver el extracto
statement-outlook = Si algo no coincide con su contabilidad, escríbanos.

## A mail about a document that there is not, to look at the agency's own words

sample-subject = Prueba: { $subject }
sample-client = Librería del Puerto
sample-contact = Álex Martín
sample-about = Nuevo sitio web

## The mail that brings an invoice

invoice-subject = Factura { $number } de { $agency }: { $amount }, vence el { $date }
invoice-subject-nothing-owed = Factura { $number } de { $agency }: nada que pagar
invoice-preheader = { $amount }, vence el { $date }
invoice-nothing-owed = No hay nada que pagar.
invoice-intro = Aquí tiene nuestra factura. Su página muestra qué incluye, a cuánto asciende y cómo pagarla.
invoice-intro-about = Aquí tiene nuestra factura por { $about }. Su página muestra qué incluye, a cuánto asciende y cómo pagarla.

## The entry for a calendar

calendar-summary = Pagar la factura { $number } de { $agency }: { $amount }

## The mail that thanks for a payment

receipt-subject = ¡Gracias! Hemos recibido { $amount } por la factura { $number }
receipt-heading = Gracias por su pago
receipt-intro = Su pago de { $amount } llegó el { $date }. Se lo agradecemos.
receipt-settled = La factura { $number } está ya pagada por completo. No tiene que hacer nada más.
receipt-left = Lo hemos aplicado a la factura { $number }. Quedan { $amount }, con vencimiento el { $date }.
receipt-next = Lo hemos aplicado a la factura { $number }. El próximo plazo es de { $amount } y vence el { $date }.
receipt-void = La factura { $number } se había anulado antes de que llegara su pago.
receipt-kept = { $amount } no han hecho falta para esta factura. Los guardamos a su favor; escríbanos si prefiere que se los devolvamos.
receipt-subject-several = { $count ->
    [one] ¡Gracias! Hemos recibido { $amount } por { $count } factura
    [many] ¡Gracias! Hemos recibido { $amount } por { $count } de facturas
   *[other] ¡Gracias! Hemos recibido { $amount } por { $count } facturas
  }
receipt-several = Lo hemos aplicado a estas facturas, hasta donde hacía falta.
receipt-covered = Factura { $number }
receipt-kept-several = { $amount } no han hecho falta para estas facturas. Los guardamos a su favor; escríbanos si prefiere que se los devolvamos.
receipt-received = Recibido
receipt-received-on = Recibido el
receipt-method = Forma de pago
receipt-reference = Referencia del pago
receipt-payable = Importe de la factura
receipt-closing = Es un placer trabajar con usted.

## The mail that reminds

before-subject = Próximamente: la factura { $number } de { $agency } vence el { $date }
before-heading = Un aviso amistoso
before-text = { $days ->
    [one] Nuestra factura { $number } por { $amount } vence mañana, { $date }.
   *[other] Nuestra factura { $number } por { $amount } vence dentro de { $days } días, el { $date }.
  }
before-ask = Si su pago ya está en camino, gracias: no tiene que hacer nada más.
today-subject = La factura { $number } de { $agency } vence hoy
today-heading = Vence hoy
today-text = Nuestra factura { $number } por { $amount } vence hoy.
today-ask = Si ya la ha pagado, gracias. Nuestros mensajes simplemente se han cruzado.
late-subject = Recordatorio: la factura { $number } de { $agency } venció el { $date }
late-heading = Un pequeño recordatorio
late-text = Nuestra factura { $number } venció el { $date }, y aún no hemos recibido su pago de { $amount }. Estas cosas se pasan fácilmente por alto: ¿podría comprobarlo?
late-ask = Si la ha pagado en los últimos días, no tenga en cuenta este mensaje. Y si hay algo en la factura que no es correcto, díganoslo y lo resolveremos juntos.
plain-subject = { $days ->
    [one] La factura { $number } de { $agency } lleva un día vencida
   *[other] La factura { $number } de { $agency } lleva { $days } días vencida
  }
plain-heading = { $days ->
    [one] Su factura lleva un día vencida
   *[other] Su factura lleva { $days } días vencida
  }
plain-text = Nuestra factura { $number } venció el { $date }, y quedan { $amount } pendientes.
plain-ask = Le rogamos que la pague en los próximos días o que nos diga cuándo podemos esperar su pago. Si tiene alguna pregunta sobre la factura, nos gustaría conocerla.
firm-subject = { $days ->
    [one] Le rogamos que pague la factura { $number } de { $agency }: un día vencida
   *[other] Le rogamos que pague la factura { $number } de { $agency }: { $days } días vencida
  }
firm-heading = Le rogamos que pague esta factura ahora
firm-text = { $days ->
    [one] Nuestra factura { $number } venció ayer, { $date }, y { $amount } siguen sin pagar.
   *[other] Nuestra factura { $number } venció el { $date }. De eso hace { $days } días, y { $amount } siguen sin pagar.
  }
firm-ask = Le rogamos que la pague ahora. Si hay algún motivo por el que no puede, escríbanos hoy mismo, para que encontremos juntos una solución.
soon-subject = La factura { $number } de { $agency } vence el { $date }
soon-heading = Vence el { $date }
soon-text = { $days ->
    [one] Nuestra factura { $number } por { $amount } vence mañana, { $date }.
   *[other] Nuestra factura { $number } por { $amount } vence dentro de { $days } días, el { $date }.
  }
soon-ask = Le rogamos que se asegure de que su pago nos llegue para entonces. Si ya está en camino, gracias: no hace falta nada más.
due-subject = Factura { $number } de { $agency }: hoy es el día de vencimiento
due-heading = Hoy es el día de vencimiento
due-text = Nuestra factura { $number } por { $amount } vence hoy, { $date }.
due-ask = Le rogamos que la pague hoy. Si ya lo ha hecho, gracias: nuestros mensajes simplemente se han cruzado.
final-subject = Nuestro último recordatorio de la factura { $number } de { $agency }
final-heading = Nuestro último recordatorio
final-text = { $days ->
    [one] Nuestra factura { $number } venció ayer, { $date }, y { $amount } siguen sin pagar.
   *[other] Nuestra factura { $number } venció el { $date }. De eso hace { $days } días y, aunque le hemos escrito al respecto, { $amount } siguen sin pagar.
  }
final-ask = Es la última vez que se lo recordamos por correo: después, una persona de nuestro equipo se pondrá en contacto con usted. Le rogamos que pague ahora. Y si no puede, hoy bastan unas palabras: preferimos con mucho encontrar una solución con usted.
promise-subject = Factura { $number } de { $agency }: tenía previsto pagar el { $promised }
promise-heading = Tenía previsto pagar el { $promised }
promise-text = Nos comunicó que pagaría nuestra factura { $number } el { $promised }. Se lo agradecemos. Aún no hemos recibido su pago de { $amount }.
promise-ask = Si está en camino, no tenga en cuenta este mensaje. Si ha surgido algo, díganos qué día le conviene y lo anotaremos.
promise-firm-subject = Le rogamos que pague la factura { $number } de { $agency }, como prometió para el { $promised }
promise-firm-heading = Le rogamos que pague como prometió
promise-firm-text = Prometió pagar nuestra factura { $number } el { $promised }. Venció el { $date }, y { $amount } siguen sin pagar.
promise-firm-ask = Le rogamos que la pague ahora. Si no puede, escríbanos hoy mismo e indique un día que pueda cumplir, para que encontremos juntos una solución.
reminder-closing = Un cordial saludo,

## The mail that hands over to a member

hand-over-subject = { $days ->
    [one] Para atender: la factura { $number } de { $client } lleva un día vencida
   *[other] Para atender: la factura { $number } de { $client } lleva { $days } días vencida
  }
hand-over-heading = La factura { $number } necesita ahora a una persona
hand-over-intro = Los recordatorios de la factura { $number } a { $client } han llegado a su fin, y quedan { $amount } pendientes. Ya no sale nada por sí solo: póngase en contacto con el cliente; una llamada suele decir más que otro correo.
hand-over-none-sent = No ha salido ningún recordatorio.
hand-over-said = { $client } escribió el { $date }: { $text }
hand-over-silent = { $client } no ha escrito sobre esta factura.
hand-over-reply = Responda a este correo para escribir a su cliente.
hand-over-promise = Prometido para el { $date }
hand-over-promise-replaced = sustituido por otro día
hand-over-promise-broken = no cumplido
hand-over-promise-over = pasado
tone-friendly = Recordatorio amistoso
tone-neutral = Recordatorio sencillo
tone-firm = Recordatorio firme
tone-final = Último recordatorio
tone-promise = Pregunta sobre la promesa
mail-state = { $date }: { $state }
mail-state-sent = enviado
mail-state-waits = en camino
mail-state-doubt = puede haber salido
mail-state-failed = no llegó
mail-state-cancelled = no enviado

## The mail that withdraws an invoice

void-subject = La factura { $number } de { $agency } está anulada: nada que pagar
void-heading = La factura { $number } está anulada
void-intro = Hemos anulado nuestra factura { $number }. Ya no es válida, y no tiene que pagar nada.
void-outlook = Conserve este mensaje con su documentación. Disculpe las molestias.
void-outlook-replaced = La sustituye la factura { $number }, que llega en otro correo. Conserve este mensaje con su documentación.
void-sum = Factura anulada
void-on = Anulada el
void-replaced-by = Sustituida por
void-nothing = Nada
void-closing = Un cordial saludo,

## The page of an estimate

offer-title = { $kind } { $number }
offer-number = Presupuesto
offer-word = presupuesto
section-subtotal = Subtotal
section-other = Otros trabajos
change-number = Presupuesto modificado
change-word = presupuesto modificado
change-amends = Modifica
change-of-estimate = Presupuesto { $number }
change-lines = Qué cambia
change-added = Qué se añade
change-before = Hasta ahora
change-after = En adelante
change-difference = Diferencia
change-out = eliminado
change-quantity = { $before } → { $after }
change-stage = { $before } → { $after } sin impuestos
change-changed = Modificado, con impuestos
change-added-total = Añadido, con impuestos
change-total-before = Acordado hasta ahora, con impuestos
change-total = Este cambio, con impuestos
change-total-after = Acordado después, con impuestos
change-statement = Acepto el presupuesto modificado { $number }, versión { $version }, de { $agency } para { $client } tal como figura en esta página. Modifica el total acordado en { $amount }, hasta { $after }. Tengo facultades para hacerlo, y mi nombre escrito vale como firma.
change-accept = Firmar este cambio
change-mail-intro = Aquí tiene un cambio sobre lo que acordamos en el presupuesto { $amends }: { $title }. Su página muestra lo acordado, lo que cambia y el importe resultante.
offer-version = Versión
offer-to = Preparado para
offer-sent-on = Enviado
offer-valid-until = Válido hasta
offer-lines = Qué ofrecemos
offer-optional = Opcional: usted elige
offer-not-before = no antes del { $date }
offer-update = Actualizar el total
offer-update-hint = Marque lo que le gustaría incluir. Aún no se decide nada.
offer-stages = Cuándo se factura
offer-deposit = Anticipo
offer-deposit-when = antes de empezar el trabajo, con impuestos
offer-net = { $amount } sin impuestos
offer-from-day = a partir del { $date }
offer-on-delivery = a la entrega de «{ $title }»
offer-deliverables = Qué recibe
offer-assumptions = De qué partimos
offer-exclusions = Qué no está incluido
offer-signatures = Firmas
offer-hash = SHA-256 del documento firmado:
offer-document = El documento firmado, tal como se calculó su hash
offer-go-sign = Aceptar y firmar
offer-sign = Aceptar este { $document }
offer-sign-how = Para firmar, enviamos un código a { $email }. Así sabemos que es usted.
offer-send-code = Enviarme el código
offer-send-code-again = Enviar un código nuevo
offer-code-sent = Hemos enviado un código a { $email }. Es válido durante 15 minutos.
offer-name = Su nombre completo
offer-code = Código
offer-statement = Acepto el presupuesto { $number }, versión { $version }, de { $agency } para { $client } tal como figura en esta página, por un total de { $amount }. Tengo facultades para hacerlo, y mi nombre escrito vale como firma.
offer-accept = Firmar por { $amount }
offer-decline-instead = Prefiero rechazarlo
offer-decline-reason = ¿Qué no encaja? La agencia lo leerá.
offer-decline = Rechazar el { $document }

offer-open-until = Válido hasta el { $date }
offer-open-sub = No se factura nada que usted no haya aceptado aquí.
offer-signed-by-you = Firmado por usted
offer-others-sign = ¡Gracias! Tendrá efecto cuando también hayan firmado los demás.
offer-expired = Caducado el { $date }
offer-ask-for-new = Ya no se puede aceptar. Escríbanos y le enviaremos una nueva versión.
offer-accepted = Aceptado el { $date }
offer-declined = Rechazado el { $date }
offer-withdrawn = Retirado el { $date }
offer-superseded = Sustituido por una versión más reciente
offer-superseded-sub = Hemos enviado una versión más reciente. Abra el enlace del correo más reciente.

offer-due-on-receipt = Las facturas se pagan a su recepción.
offer-due-net = { $days ->
    [one] Las facturas se pagan en el plazo de { $days } día.
   *[other] Las facturas se pagan en el plazo de { $days } días.
  }
offer-due-eom = Las facturas se pagan al final de su mes.
offer-due-eom-plus = { $days ->
    [one] Las facturas se pagan { $days } día después del final de su mes.
   *[other] Las facturas se pagan { $days } días después del final de su mes.
  }
offer-due-net-eom = { $days ->
    [one] Las facturas se pagan al final del mes en que se cumple { $days } día desde su fecha.
   *[other] Las facturas se pagan al final del mes en que se cumplen { $days } días desde su fecha.
  }
offer-due-on = Las facturas se pagan el { $date }.

offer-notice-signed = ¡Gracias! Su firma ha quedado registrada.
offer-notice-declined = Gracias por comunicárnoslo. Queda rechazado.
offer-notice-code-sent = El código está en camino. Consulte su buzón.
offer-notice-too-many-codes = Se han pedido demasiados códigos. Inténtelo de nuevo mañana o escríbanos.
offer-notice-wrong-code = No es el código que enviamos. Compruébelo de nuevo.
offer-notice-ended-code = Este código ya no es válido. Pida uno nuevo.
offer-notice-blank-name = Escriba su nombre para firmar.
offer-notice-no-consent = Marque la casilla para indicar que acepta.
offer-notice-other-choice = Otra persona ha firmado con otras opciones. Esto es lo que firmó.
offer-notice-changed = Ha cambiado desde que lo abrió, y no se ha firmado nada. Léalo de nuevo.
offer-notice-scope-full = Este proyecto está completo, y no se ha firmado nada. Escríbanos y se lo enviaremos para uno nuevo.
offer-notice-outdated = Lo acordado o lo facturado ha cambiado desde que enviamos esto, y no se ha firmado nada. Escríbanos y le enviaremos una nueva versión.
offer-notice-no-reason = Díganos en pocas palabras por qué lo rechaza.

## Questions about a document

promise-open-form = Pagaré otro día
promise-hint = Díganos el día, del { $first } al { $last }. Hasta que pase, no le enviaremos recordatorios de esta factura.
promise-date = El día en que pagará
promise-send = Avisar a { $agency }
promise-noted = Nos comunicó que pagará el { $date }. Gracias: hasta entonces no le enviaremos recordatorios de esta factura.
promise-notice-taken = Gracias. Hemos anotado el día y no le enviaremos recordatorios de esta factura hasta que pase.
promise-notice-not-then = Elija un día de los que ofrece el formulario. No se ha anotado nada.
promise-notice-too-many = El día ya se ha cambiado varias veces. Escríbanos y encontraremos juntos una solución.
question-title = Preguntas
question-you = Usted
question-ask = Hacer una pregunta
question-label = ¿Qué le gustaría saber? Respondemos por correo y aquí.
question-send = Enviar la pregunta
question-notice-asked = ¡Gracias! Tenemos su pregunta y responderemos por correo.
question-notice-none = Escriba primero su pregunta.
question-notice-too-many = Son muchas preguntas para un solo día. Escríbanos un correo o llámenos.
question-subject = { $client } pregunta por su { $document } { $number }
question-intro = { $client } pregunta en la página de su { $document } { $number }:
question-outlook = Responda por la API, y la respuesta figurará en la página para todos los que la lean; o simplemente responda a este correo.
question-files = Vino adjunto
question-mail = Correo original
question-original = adjunto como reply.eml, guardado como { $file }
reply-subject = { $client } escribe sobre su { $document } { $number }
reply-intro = { $client } responde por correo sobre su { $document } { $number }:
returned-subject = Correo devuelto de { $client }: { $document } { $number }
returned-heading = Un correo ha vuelto
returned-intro = Lo que enviamos a { $client } sobre su { $document } { $number } no se pudo entregar: su servidor de correo indica que allí nadie lo recibe.
returned-address = Dirección
returned-outlook = Corrija la dirección de { $client } y envíelo de nuevo. Hasta entonces no saldrán más mensajes de seguimiento hacia ella.
held-subject = Una respuesta le necesita: { $document } { $number }
held-intro = Ha llegado un correo sobre su { $document } { $number } para { $client }, y no se ha añadido a la conversación.
held-sender-unknown = Se envió a la dirección para respuestas de su equipo, pero no está demostrado que su remitente pueda escribir en su nombre. No se ha enviado nada a su cliente.
held-thread-full = La conversación contiene todos los mensajes que caben en ella.
held-too-many = Hoy han llegado tantos mensajes de su cliente que no se añaden más.
held-outlook = El correo va adjunto tal como llegó. Lo que responda a este correo va a { $client } y a la conversación.
answer-subject = { $agency } le escribe: { $document } { $number }
answer-heading = Un mensaje para usted
answer-intro = Tenemos un mensaje para usted ({ $document } { $number }):
answer-open = Abrir la página
instalment-title = Plazos
instalment-subject = Factura { $number } de { $agency }: sus plazos
instalment-heading = Como acordamos: a plazos
instalment-intro = Como acordamos, paga a plazos lo que queda de la factura { $number }. Le recordaremos cada uno con tiempo.
instalment-next = El próximo es de { $amount } y vence el { $date }.
instalment-outlook = La página muestra siempre lo pagado y lo que viene después. Si prefiere otros días o importes, escríbanos.
instalment-paid = pagado
instalment-late = vencido
instalment-open = pendiente
instalment-left = quedan { $amount }
invoice-kind = Factura
invoice-word = factura

## The mails about an estimate

offer-mail-subject = { $kind } { $number } de { $agency }: { $title }, válido hasta el { $date }
offer-mail-intro = Aquí tiene nuestro { $document } para «{ $title }». Su página muestra qué recibe, cuándo y por qué importe.
offer-mail-open = Abrir el { $document }
offer-mail-outlook = Allí mismo puede elegir opciones, aceptar y firmar, o rechazar. Este enlace es personal: no lo comparta, por favor.
code-mail-subject = Su código para firmar: { $document } { $number }
code-mail-heading = Su código para firmar
code-mail-intro = Escriba este código en la página para firmar ({ $document } { $number }).
code-mail-outlook = Es válido durante 15 minutos. Si no lo ha pedido, no tenga en cuenta este mensaje: sin el código no se firma nada. Nunca lo pedimos por teléfono.
certificate-subject = Firmado: { $document } { $number } de { $agency }
certificate-heading = Gracias, queda acordado
certificate-intro = { $kind } { $number } para «{ $title }»: aceptado. Este mensaje es el certificado; el documento firmado va adjunto.
certificate-total = Total acordado
certificate-accepted-on = Aceptado el
certificate-accepted-by = Aceptado por
certificate-reference = Su referencia
certificate-file = Véase el archivo
certificate-signed-by = Firmado por
certificate-signature = { $name }, { $email }, { $time }
certificate-hash = SHA-256
certificate-outlook = Conserve este mensaje. El archivo adjunto es el documento exactamente como se firmó: su SHA-256 es el indicado arriba, y cualquier programa de sumas de comprobación puede confirmarlo.
offer-withdrawn-subject = { $kind } { $number } de { $agency }: retirado
offer-withdrawn-heading = { $kind } { $number }: retirado
offer-withdrawn-intro = Hemos retirado nuestro { $document } { $number }. Ya no se puede aceptar.
offer-withdrawn-sum = Retirado: { $document }
answered-accepted-subject = { $client } ha aceptado su { $document } { $number }
answered-accepted = Buenas noticias: { $client } ha aceptado su { $document } para «{ $title }». Lo aceptado ya se puede facturar en el proyecto.
answered-declined-subject = { $client } ha rechazado su { $document } { $number }
answered-declined = { $client } ha rechazado su { $document } para «{ $title }» y explica por qué:
answered-by = Respuesta de
answered-reply = Responda a este correo para escribir a su cliente.

## Credit notes

credit-title = Factura rectificativa { $number }
credit-subject = Factura rectificativa { $number } de la factura { $invoice } de { $agency }
credit-heading = Menos que pagar
credit-intro = Hemos emitido la factura rectificativa { $number } de nuestra factura { $invoice }.
credit-for = Rectifica la factura
credit-reason = Motivo
credit-sum = Importe rectificado
credit-open = Ver la factura rectificativa
credit-left = Quedan { $amount } por pagar de la factura.
credit-nothing-left = No queda nada por pagar de la factura.
credit-kept = Usted había pagado más que eso: ahora tenemos { $amount } a su favor. Lo aplicaremos a lo próximo o se lo devolveremos si lo prefiere.
credit-issued = Emitida el
credit-for-invoice = { $number } del { $date }
credit-list = Facturas rectificativas
credit-back = Volver a la factura
paper-sheet = Página { $number } de { $of }
paper-open = Descargar en PDF
paper-receipt = Recibo de la factura { $number }
paper-receipt-several = Recibo
paper-receipt-paid = Recibido con nuestro agradecimiento
paper-plan = Plazos de la factura { $number }
paper-plan-agreed = Acordado el
paper-plan-of = De la factura
paper-plan-sum = Todos los plazos

## A line that the client disputes

dispute-title = En revisión
dispute-open = lo estamos revisando
dispute-upheld = revisado: se mantiene
dispute-credited = abonado
dispute-open-form = Hay algo incorrecto en esta factura
dispute-hint = Díganos qué línea es y por qué. No hace falta pagarla hasta que hayamos respondido; el resto sigue pendiente.
dispute-line = Línea
dispute-choose = Elija una línea
dispute-option = { $line }: { $amount }
dispute-reason = ¿Qué no es correcto?
dispute-send = Enviar
dispute-notice-taken = ¡Gracias! Lo revisamos y respondemos por correo. Hasta entonces no hace falta pagar esta línea.
dispute-notice-none = Elija una línea y díganos qué no es correcto.
dispute-notice-closed = Esta línea ya no se puede impugnar. Escríbanos.
dispute-subject = { $client } impugna una línea de su { $document } { $number }
dispute-intro = { $client } no está de acuerdo con una línea de su { $document } { $number }:
dispute-outlook = El importe de la línea queda en suspenso: ningún recordatorio lo reclama. Abónelo por la API o manténgalo con una respuesta; el cliente recibe lo uno o lo otro por correo.
hero-disputed = { $lines ->
    [one] Una línea está en revisión; a pagar ahora: { $amount }.
   *[other] { $lines } líneas están en revisión; a pagar ahora: { $amount }.
  }

## An invitation to the team

role-viewer = Consulta
role-biller = Facturación
role-manager = Gestión
role-owner = Titular
role-viewer-may = Puede leerlo todo, sin cambiar nada.
role-biller-may = Redacta presupuestos y facturas, los envía y registra pagos.
role-manager-may = Factura, aprueba lo que otros han redactado, cambia los ajustes e invita a colegas.
role-owner-may = Puede hacerlo todo.
invitation-subject = { $agency } le invita a su equipo
invitation-heading = Únase al equipo de { $agency }
invitation-intro = { $agency } hace sus presupuestos y facturas con Remit, y le invita a trabajar en ellos.
invitation-role = Su función
invitation-may = Qué puede hacer
invitation-for = Para
invitation-until = Válida hasta
invitation-open = Ver la invitación
invitation-outlook = La página del enlace tiene un botón para aceptar. El enlace funciona una sola vez y es personal: no lo comparta, por favor. Si no esperaba esta invitación, no haga nada y no pasará nada.
join-text = { $name }, su función en esta invitación: { $role }.
join-until = La invitación es válida hasta el { $date }.
join-action = Aceptar la invitación
joined-title = Le damos la bienvenida a { $agency }
joined-text = Ya forma parte del equipo. Su función: { $role }.
joined-key = Esta es su clave de API. Se muestra en esta página y en ningún otro sitio, así que guárdela como guardaría una contraseña. Envíela con cada solicitud, como Authorization: Bearer.
joined-identity = Si su agencia inicia sesión en otro sitio, vincule esa identidad una vez, con esta clave y un token en el cuerpo. A partir de entonces, sus tokens valen en lugar de la clave.
join-used-title = Esta invitación ya se aceptó
join-used-text = Funciona una sola vez. Si no fue usted, o si ha perdido la clave, pregunte a un titular de { $agency }.
join-expired-title = Esta invitación es demasiado antigua
join-expired-text = Era válida hasta el { $date }. Pida a { $agency } que le invite de nuevo.

## El resumen de la propia agencia

month-of-year = { $month } de { $year }
overview-title = Resumen
overview-at = Situación a { $date }
overview-outstanding = Pendiente de cobro
overview-outstanding-in = Pendiente de cobro en { $currency }
overview-invoices = { $invoices ->
    [one] en una factura
   *[other] en { $invoices } facturas
  }
overview-payments = { $payments ->
    [one] un pago
   *[other] { $payments } pagos
  }
overview-overdue = Vencido
overview-processing = En camino
overview-disputed = En disputa
overview-received = Cobrado este mes
overview-given-back = Devuelto este mes
overview-ages = Vencido, por antigüedad
overview-age-30 = De 1 a 30 días
overview-age-60 = De 31 a 60 días
overview-age-90 = De 61 a 90 días
overview-age-more = Más de 90 días
overview-share = { $percent } de lo vencido
overview-months = Cobrado, mes a mes
overview-months-said = De { $first } a { $last }. El mes con más cobros fue { $month }: { $amount }.
overview-figures = Los meses en cifras
overview-back = { $amount } devueltos
overview-waiting = Le espera a usted
overview-nothing-waits = No le espera nada.
overview-questions = Preguntas de clientes
overview-estimates-in-review = Presupuestos por aprobar
overview-submitted-work = Trabajo por aprobar
overview-bank-entries = Movimientos bancarios por resolver
overview-unmatched-payments = Pagos que no encajan con ninguna factura
overview-promised = Prometido
overview-promised-for = Prometido para el { $date }
overview-ending = Presupuestos que vencen pronto
overview-ends = Válido hasta el { $date }
overview-more = { $entries ->
    [one] y uno más
   *[other] y { $entries } más
  }
overview-empty-title = No hay nada pendiente
overview-empty = En cuanto emita una factura, verá aquí lo que está pendiente, lo que ha vencido y lo que se ha cobrado.
overview-signed-in = Ha iniciado sesión como { $name } ({ $role }).
overview-sign-out = Cerrar sesión
overview-signed-out = Ha cerrado la sesión en esta página.
overview-ask = Lo pendiente, lo vencido y lo cobrado, de un vistazo. Inicie sesión donde la inicia su agencia.
overview-sign-in = Iniciar sesión
overview-again-title = No ha funcionado
overview-again = El inicio de sesión se abandonó, tardó demasiado o empezó en otro navegador. Inténtelo una vez más.
overview-unknown-title = No pertenece a ningún equipo
overview-unknown = Ha iniciado sesión, pero ningún equipo conoce esta identidad. Acepte primero su invitación, o pida que vinculen su identidad con usted; o inicie sesión con otra identidad.
overview-closed = Todavía nadie puede iniciar sesión en esta página: quien gestiona este sistema tiene que indicar primero un cliente de su servicio de identidad.
overview-form-old = Esta página llevaba un rato abierta y, por seguridad, nos hemos detenido. No ha cambiado nada.
overview-return = Volver al resumen
overview-problem = Lo sentimos. Inténtelo de nuevo en unos minutos.
