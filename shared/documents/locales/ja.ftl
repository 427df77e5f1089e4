## Dates

month = { $month }月
date = { $year }年{ $month }{ $day }日
date-in-year = { $month }{ $day }日
period = { $first }～{ $last }
period-in-year = { $year }年{ $first_month }{ $first_day }日～{ $last_month }{ $last_day }日
period-in-month = { $year }年{ $month }{ $first_day }日～{ $last_day }日

## Where an invoice stands

standing-due-in = { $days ->
    [0] 本日がお支払期限です
    [1] 明日がお支払期限です
   *[other] お支払期限まであと{ $days }日
  }
standing-overdue = お支払期限を{ $days }日経過
standing-paid = { $date } お支払済み
standing-settled = { $date } 精算済み
standing-processing = お支払いを確認中
standing-void = { $date } 取消
standing-uncollectible = 終了

hero-due = ご請求金額
hero-left = お支払残高
hero-total = ご請求総額
hero-pay-by = { $date }までにお支払いください。
hero-was-due = お支払期限は{ $date }でした。
hero-part-paid = { $total }のうちの残額です。お支払期限は{ $date }です。
hero-processing = お支払いの手続きが進んでいます。お客様のお手続きは必要ありません。
hero-thanks = 全額お支払いいただきました。ありがとうございます。
hero-settled = お支払いいただく金額はありません。
hero-void = この請求書は無効です。お支払いいただく金額はありません。
hero-uncollectible = この請求書は終了しました。ご不明な点がございましたらご連絡ください。

## The page of an invoice

page-invoice = 請求書 { $number }
page-questions = ご不明な点がございましたら、お気軽にお問い合わせください。
page-pay = { $amount }を支払う
page-pay-card = カードで{ $amount }を支払う
page-pay-paypal = PayPalで{ $amount }を支払う
page-pay-debit = 口座振替で{ $amount }を支払う
page-pay-bank = 銀行口座から{ $amount }を支払う
page-pay-toss = Toss Paymentsで{ $amount }を支払う
page-pay-confirm = { $amount }のお支払いを確定する
page-keep = 今後の{ $agency }の請求書のために、この支払方法を保存する
page-keep-words = チェックを入れた場合に限り、{ $providers }がカード、銀行口座またはPayPalの情報を保管し、{ $agency }は今後の請求書の支払期限にその支払方法へ請求できるようになります。{ $agency }に表示されるのは末尾の数桁、またはPayPalアドレスの一部のみです。請求書一覧のページからいつでも削除できます。その他の支払方法では何も保存されません。
page-pay-hint = 決済代行会社の安全なページでお支払いいただけます。
page-pay-otherwise = その他のお支払方法
page-lines = ご請求の内容
column-what = 品目
column-quantity = 数量
column-price = 単価
column-amount = 金額
page-prices-include-tax = 価格は税込です。
page-totals = 合計
deposit-about = 着手金
deposit-less = 着手金の充当: { $what }
agreed-title = ご契約の内容と今回のご請求分
agreed-hint = 税抜の金額です。ご承諾いただいた範囲を超えてご請求することはありません。
agreed-row = ご契約 { $agreed } · 請求済み { $before } · 今回のご請求後の残り { $left }
page-reference = 振込時の記載番号
page-notes = 備考
page-terms = お取引条件
page-from = 発行元
page-to = ご請求先
page-timesheet = 作業の明細を見る
page-all-invoices = { $agency }からの請求書一覧
party-tax-id = 納税者番号
tax-id-vat = VAT番号
tax-id-kr-brn = 事業者登録番号(韓国)

fact-about = 件名
fact-issued = 発行日
fact-due = お支払期限
fact-supply = 対象期間
fact-purchase-order = 発注番号
fact-buyer-reference = 貴社参照番号

terms-early = { $date }までのお支払いで{ $percent }割引となります。

e-invoice-due = { $date }までにお支払いください。
e-invoice-credited = 請求書 { $number } と相殺します。

late-flat-once = お支払いが遅れた場合、遅延手数料{ $amount }を1回限りご請求いたします。
late-flat-month = お支払いが遅れた場合、遅延1か月ごとに{ $amount }をご請求いたします。
late-percent-once = お支払いが遅れた場合、遅延金額の{ $percent }を1回限りご請求いたします。
late-percent-month = お支払いが遅れた場合、遅延1か月ごとに遅延金額の{ $percent }をご請求いたします。
late-interest = お支払いが遅れた場合、遅延金額に対し年{ $percent }の遅延利息を日割りでご請求いたします。
late-interest-over = お支払いが遅れた場合、遅延金額に対し、{ $reference }に{ $points }パーセントポイントを加えた年率の遅延利息を日割りでご請求いたします。
late-reference-ecb = 欧州中央銀行の基準金利
late-reference-boe = イングランド銀行の政策金利
late-grace = お支払期限後{ $days }日以内は何もご請求いたしません。
late-cap-percent = これらの合計は、請求金額の{ $percent }を上限とします。
late-cap-amount = これらの合計は、{ $amount }を上限とします。
late-compensation = 債権回収の費用として{ $amount }を1回限りご請求いたします。
late-compensation-from = { $from }以上の債権については{ $amount }となります。
late-line-interest = 請求書 { $number } の遅延利息: { $stretches }
late-stretch = { $principal }、{ $period }({ $days }日)、年{ $percent }
late-line-percent = 請求書 { $number } の遅延手数料: { $date }時点の遅延金額{ $principal }の{ $percent }
late-line-flat = 請求書 { $number } の遅延手数料({ $date }時点で期限超過)
late-line-compensation = 請求書 { $number } の債権回収費用

line-discount = { $amount }割引
line-discount-percent = { $percent }割引({ $amount })
line-untaxed = 課税なし

unit-hours = { $number }時間
unit-minutes = { $number }分
unit-days = { $number }日
unit-weeks = { $number }週間
unit-months = { $number }か月
unit-quarters = { $number }四半期
unit-years = { $number }年
unit-lump-sum = { $number }式
unit-services = { $number }件
unit-jobs = { $number }件
unit-sets = { $number }セット
unit-kilometres = { $number }km
unit-miles = { $number }マイル
unit-kilograms = { $number }kg
unit-metres = { $number }m
unit-square-metres = { $number }m²
unit-litres = { $number }L

total-lines = 小計
total-lines-net = 小計(税抜)
total-discount = 値引き
total-discount-percent = 値引き { $percent }
total-net = 税抜金額
total = 合計
tax-rate = { $name } { $rate }
tax-relief = { $name }: { $why }
tax-base = 対象額 { $base }
tax-in-books = うち税額 { $amount }、換算レート { $one } = { $rate }、{ $date }({ $source })
relief-zero = ゼロ税率
relief-exempt = 非課税
relief-reverse-charge = リバースチャージ方式
relief-export = 輸出免税
relief-intra-community = EU域内取引(免税)
relief-out-of-scope = 不課税
total-withheld = { $name } { $rate }(お客様による源泉徴収)
total-rounding = 端数調整
total-payable = お支払金額
total-paid = { $date } お支払い
total-paid-earlier = お支払済み
total-credited = 減額
total-written-off = 免除
total-left = お支払残高

method-online = オンライン決済
method-card = カード
method-bank = 銀行振込
method-debit = 口座振替
method-paypal = PayPal
method-toss = Toss Payments
method-cash = 現金
method-cheque = 小切手
method-other = その他

notice-confirming = ありがとうございます。お支払いを確認しております。通常はすぐに完了し、領収書をお送りいたします。
notice-agreed = お支払いに同意いただきましたが、まだ請求は行われていません。もう一度ボタンを押すと確定します。
notice-left = お支払いのページから戻られました。請求は行われていません。ご都合のよいときにお支払いください。
notice-changed = ページを開かれた後に請求書が変更されたため、請求は行われていません。現在の内容は以下のとおりです。
notice-unavailable = ただいまお支払いのページに接続できないため、請求は行われていません。数分後にもう一度お試しください。

## Paying by transfer, and a part of one's choice

transfer-title = 銀行振込
transfer-text = ご入金を確認できるよう、記載番号をこのとおりにご記入ください。
transfer-holder = 口座名義
transfer-iban = IBAN
transfer-account = 口座番号
transfer-bic = BIC
transfer-bank = 銀行
transfer-amount = 金額
transfer-code = QRコード: 銀行アプリで読み取ると、振込内容が入力されます
transfer-scan = 銀行アプリで読み取ってください
interac-title = Interac e-Transfer
interac-text = このアドレスへの送金は、セキュリティの質問なしで自動的に入金されます。ご入金を確認できるよう、以下のコードをメッセージにご記入ください。
interac-to = 送金先
interac-message = メッセージ

part-open = 別の金額を支払う
part-amount = お支払いになる金額
part-hint = { $least }から{ $most }までお支払いいただけます。残額は後日このページからお支払いいただけます。
part-pay = この金額を支払う
part-pay-card = この金額をカードで支払う
part-pay-paypal = この金額をPayPalで支払う
part-pay-debit = この金額を口座振替で支払う
part-pay-bank = この金額を銀行口座から支払う
part-pay-toss = この金額をToss Paymentsで支払う
part-unreadable = 金額を読み取れなかったため、請求は行われていません。数字でご記入ください。
part-too-small = お支払いいただける最小の金額は{ $least }です。請求は行われていません。
part-too-large = 残額の{ $most }を超えています。請求は行われていません。

## Several invoices at once

several-hint = 複数の請求書を一度にお支払いいただけます。まず請求書をお選びください。
several-go = 選んだ請求書をまとめて支払う
several-choose = 請求書 { $number } を選ぶ
several-title = 複数の請求書のお支払い
several-heading = 請求書{ $count }件を一度にお支払い
several-chosen = お支払いの内容
several-back = 一覧に戻る
several-none = お支払いになる請求書をお選びください。
several-too-many = 一度にお支払いいただけるのは{ $max }件までです。件数を減らしてください。
several-currencies = 一度のお支払いは1つの通貨に限られます。同じ通貨の請求書をお選びください。
several-changed = この間に変更された請求書があるため、請求は行われていません。現在の状況は以下のとおりです。
several-unavailable = これらの請求書はまとめてお支払いいただけません。件数を減らすか、それぞれのページからお支払いください。

## The list of invoices

list-title = 請求書一覧
list-for = { $client } 様の請求書
list-nothing-open = お支払いいただく金額はありません
list-open-count = 未払いの請求書 { $count }件
list-open = 未払い
list-year = { $year }年
list-due = { $date }期限
list-paid = { $date } お支払済み
list-processing = 確認中
list-void = 取消
list-uncollectible = 終了
list-part = / { $total }
list-more = これより古い請求書は表示されません。ご入用の際はご連絡ください。
list-back = 請求書に戻る
saved-title = 保存されたお支払方法
saved-hint = { $agency }は請求書のお支払期限にこれらの支払方法へ請求することがあります。今後の請求を希望されないものは削除してください。すぐに反映されます。
saved-card = カード
saved-debit = 口座振替
saved-ending = { $name }(末尾 { $digits })
saved-saved = { $date }に保存
saved-expires = { $date }に保存、有効期限 { $month }
saved-remove = 削除
saved-remove-what = { $what }を削除
saved-removed = お支払方法を削除しました。今後請求されることはありません。

## The client's portal

language-name = 日本語
portal-title = 書類一覧
portal-for = { $client } 様の書類一覧
portal-ask = { $agency }からの見積書、請求書、領収書、返還請求書を一か所でご覧いただけます。メールアドレスをご入力いただくと、サインイン用のリンクをお送りします。パスワードは不要です。
portal-email = メールアドレス
portal-email-wrong = メールアドレスの形式ではないようです。
portal-send = リンクを受け取る
portal-send-again = 新しいリンクを受け取る
portal-sent-title = メールをご確認ください
portal-sent = 登録のあるアドレスであれば、リンクをお送りしています。30分以内に一度だけサインインできます。届かない場合は迷惑メールをご確認いただくか、請求書をお受け取りのアドレスをお試しください。
portal-enter-text = ボタンを押すと、{ $agency }がお送りしたすべての書類をご覧いただけます。
portal-enter = サインイン
portal-ended-title = このリンクではサインインできません
portal-ended = すでに使用されたか、30分以上経過したか、新しいリンクが発行されています。新しいリンクをお送りいたします。
portal-signed-out = このデバイスとほかのすべてのデバイスからサインアウトしました。
portal-signed-in = { $email } でサインインしています。
portal-sign-out = すべてのデバイスからサインアウト
portal-see = すべての書類を見る
portal-others = ほかの書類:
portal-words = 番号、名称または金額
portal-kind = 種類
portal-year = 年
portal-project = プロジェクト
portal-all = すべて
portal-find = 表示
portal-none = まだ書類はありません。
portal-none-found = 該当するものがありません。言葉を減らすか、別の年をお試しください。
portal-open = お支払いが必要なもの
portal-invoices = 請求書
portal-estimates = 見積書
portal-payments = お支払い
portal-credit-notes = 返還請求書
portal-estimate = 見積書 { $number }
portal-estimate-open = { $date }まで有効
portal-estimate-accepted = 承諾済み
portal-estimate-declined = 辞退
portal-estimate-expired = 期限切れ
portal-estimate-withdrawn = 取り下げ
portal-payment = お支払い
portal-payment-for = { $numbers } 分
portal-credit-note = 返還請求書 { $number }
portal-credit-note-for = 請求書 { $number } に対するもの
portal-back = 書類一覧に戻る
portal-pages = ページ
portal-newer = 新しいもの
portal-older = 古いもの
portal-take = 帳簿用データ
portal-files = { $year }年の全ファイル(ZIP)
portal-table = この一覧を表として(CSV)
portal-contacts = メールの宛先
portal-copy = { $email }(写し)
portal-contacts-hint = 追加や変更が必要な場合はご連絡ください。
portal-language = メールとページの言語
portal-language-set = 変更
portal-language-changed = 今後はこの言語でご連絡いたします。
portal-no-receipt-title = このお支払いの領収書はありません
portal-no-receipt = まだ作成されていないか、領収書なしで記録されています。1分後にもう一度お試しいただくか、ご連絡ください。
portal-not-signer-title = この見積書は別の方にお送りしました
portal-not-signer = 署名をお願いした方がリンクをお持ちです。その方にお尋ねいただくか、ご連絡ください。
portal-files-many-title = ファイルが多すぎるため、一つにまとめられません
portal-files-many = ご連絡いただければお送りいたします。
sign-in-subject = { $agency }へのサインイン用リンク
sign-in-heading = 書類一覧へのサインイン
sign-in-intro = このリンクから、{ $agency }の見積書、請求書、領収書、返還請求書をすべてご覧いただけます。
sign-in-for = 宛先
sign-in-counts = リンクの有効期間
sign-in-once = 30分以内に一度のみ
sign-in-outlook = お心当たりがない場合は、どなたかが誤ってアドレスを入力した可能性があります。このメールは無視してください。このメールがなければ誰もサインインできませんので、転送なさらないようお願いいたします。

## The timesheet

timesheet-title = 請求書 { $number } の作業明細
timesheet-work = 作業内容
timesheet-receipt = 領収書: { $name }
timesheet-total = 合計(税抜)
timesheet-hint = この請求書でご請求する作業を、発行時点のまま記載しています。各項目の金額は、値引きと税を適用する前の、品目に占める割合です。領収書をご覧になりたい場合はご連絡ください。
duration = { $hours }時間{ $minutes }分
duration-hours = { $hours }時間
duration-minutes = { $minutes }分

## Messages

message-action = 請求書を開く
link-unknown-title = このリンクはご利用いただけません
link-unknown-text = 有効期限が切れているか、アドレスの一部が欠けている可能性があります。最新のメールのリンクをもう一度開いていただくか、担当の会社に新しいリンクをご依頼ください。
link-ended-title = このリンクの有効期限が切れました
link-ended-text = リンクの有効期間は1年1か月です。内容は引き続き保管されています。メールアドレスでサインインしていただくと、これまでにお送りしたものとあわせてご覧いただけます。
link-ended-action = サインイン
confirming-title = ありがとうございます。お支払いを確認しております
confirming-text = 通常はすぐに完了しますが、銀行によっては数日かかることがあります。お客様のお手続きは必要ありません。入金を確認でき次第、領収書をお送りいたします。
nothing-title = お支払いいただく金額はありません
nothing-text = この請求書はすでにお支払済みか、取り消されています。請求は行われていません。
changed-title = 請求書が変更されました
changed-text = ページを開かれた後に変更されたため、請求は行われていません。お支払いの前にもう一度内容をご確認ください。
unavailable-title = お支払いのページに接続できません
unavailable-text = 請求は行われていません。数分後にもう一度お試しください。
expired-title = もう一度お試しください
expired-text = ページを開かれてから時間が経ったため、安全のために中断しました。請求も署名も行われていません。メールのリンクをもう一度開いて、続きからお進みください。
stop-title = お支払いのご案内を停止しますか?
stop-text = この請求書に関するお支払いのご案内をお送りしなくなります。請求書は未払いのまま、ページもそのまま残ります。
stop-action = ご案内を停止する
stopped-title = ご案内を停止しました
stopped-text = この請求書に関するお支払いのご案内をお送りしなくなります。請求書は未払いのまま、ページもそのまま残ります。
courtesy-title = このメールの配信を停止しますか?
courtesy-text = お知らせ、お礼、毎月の取引明細書をお送りしなくなります。請求書、領収書、見積書は引き続きお送りいたします。
courtesy-action = 配信を停止する
courtesy-stopped-title = 配信を停止しました
courtesy-stopped-text = お知らせ、お礼、毎月の取引明細書をお送りしなくなります。請求書、領収書、見積書は引き続きお送りいたします。
busy-title = 少々お待ちください
busy-text = アクセスが集中しています。1分後にもう一度お試しください。
problem-title = システムに問題が発生しました
problem-text = 申し訳ございません。数分後にもう一度お試しください。先ほどお支払いいただいた場合、お支払いは確実に処理されますので、再度のお支払いは必要ありません。

## What mails share

mail-greeting = いつもお世話になっております。
mail-greeting-name = { $name } 様、いつもお世話になっております。
mail-closing = 今後ともよろしくお願いいたします。
mail-questions = ご不明な点がございましたら、このメールにご返信ください。
mail-questions-to = ご不明な点がございましたら、{ $email } までお気軽にお問い合わせください。
mail-invoice = 請求書番号
mail-about = 件名
mail-view = 請求書を見る
mail-view-and-pay = 内容を確認して支払う
mail-more-lines = ほか{ $count }件は請求書のページでご覧いただけます

## An offer ends soon

expiring-subject = { $agency }より: { $kind } { $number } の有効期限は{ $date }です: { $title }
expiring-intro = 「{ $title }」の{ $document }の有効期限は{ $date }です。よろしければページ上でご承諾いただけます。ご不明な点は同じページからお問い合わせください。

## Before a subscription is billed or charged

ahead-charge-subject = { $agency }より: { $date }に「{ $name }」の料金をお引き落としいたします
ahead-charge-intro = { $date }に「{ $name }」の請求書を発行し、ご登録のお支払方法へ請求いたします。お客様のお手続きは必要ありません。
ahead-charge = ご請求予定額
ahead-bill-subject = { $agency }より: { $date }に「{ $name }」の請求書をお送りします
ahead-bill-intro = { $date }に「{ $name }」の請求書をお送りいたします。それまでのお手続きは必要ありません。
ahead-bill = ご請求予定額
ahead-by-work = お約束どおり、実際の作業に応じて
ahead-for = 内容
ahead-on = 予定日
ahead-method = ご登録のお支払方法
ahead-outlook = お気づきの点がある場合や継続を希望されない場合は、その日までにこのメールにご返信ください。

## Thanks once a project is closed

thanks-subject = 「{ $project }」をご一緒いただき、ありがとうございました
thanks-heading = ありがとうございました
thanks-intro = 「{ $project }」が完了いたしました。ご一緒できましたことを心より感謝申し上げます。またお仕事をご一緒できましたら幸いです。
thanks-project = 完了
thanks-outlook = ほかに必要なものがございましたら、このメールにご返信ください。

## A statement of account

statement-subject = { $agency } 取引明細書 { $period }
statement-heading = 取引明細書
statement-for = { $client } 様の取引明細書
statement-intro = { $period }のお取引と、最終日時点の未払い分をお知らせいたします。
statement-nothing = お取引も未払い分もありません
statement-owed = { $date }時点の未払い額
statement-before = { $date }より前の未払い額
statement-overdue = うち期限超過
statement-disputed = うち確認中
statement-balance = まだ請求書に充当されていないお預かり金
statement-balance-owed = 返金により、ほかにお支払いいただく金額
statement-moved = お取引
statement-column-balance = 未払い残高
statement-more = 先頭の分のみ表示しています。残り{ $count }件はページでご覧いただけます。
statement-open = 未払い
statement-open-item = 請求書 { $number }、{ $date }期限
statement-late = 期限超過
statement-ages = 期限からの経過日数別
statement-not-due = 期限前
statement-to-30 = 1～30日超過
statement-to-60 = 31～60日超過
statement-to-90 = 61～90日超過
statement-over-90 = 90日を超える超過
statement-carried-over = 請求書 { $number }(以前の帳簿より繰越)
statement-invoice = 請求書 { $number }
statement-late-fee = 請求書 { $number }(遅延による請求)
statement-payment = { $number } のお支払い
statement-balance-applied = お預かり金を { $number } に充当
statement-credit-note = { $number } の返還請求書 { $note }
statement-set-free = { $number } からお預かり金へ
statement-write-off = { $number } のうちご請求を取りやめた分
statement-recovered = { $number } のうちその後お支払いいただいた分
statement-write-off-reversed = { $number } のうち再度ご請求する分
statement-refund = { $number } の返金
statement-payment-lost = { $number } の返却されたお支払い
statement-payment-undone = { $number } の誤って記録されたお支払い
statement-payment-reinstated = { $number } の再度受領したお支払い
statement-void = 請求書 { $number } の取消
statement-see = 取引明細書を見る
statement-outlook = 貴社の帳簿と異なる点がございましたら、ご連絡ください。

## A mail about a document that there is not, to look at the agency's own words

sample-subject = テスト: { $subject }
sample-client = みなと書店
sample-contact = 佐藤 陽菜
sample-about = 新しいウェブサイト

## The mail that brings an invoice

invoice-subject = { $agency }より請求書 { $number }: { $amount }、お支払期限 { $date }
invoice-subject-nothing-owed = { $agency }より請求書 { $number }: お支払いは不要です
invoice-preheader = { $amount }、お支払期限 { $date }
invoice-nothing-owed = お支払いいただく金額はありません。
invoice-intro = 請求書をお送りいたします。内容、金額、お支払方法は請求書のページでご確認いただけます。
invoice-intro-about = { $about }の請求書をお送りいたします。内容、金額、お支払方法は請求書のページでご確認いただけます。

## The entry for a calendar

calendar-summary = { $agency }の請求書 { $number } のお支払い: { $amount }

## The mail that thanks for a payment

receipt-subject = ありがとうございます。請求書 { $number } のお支払い{ $amount }を確認いたしました
receipt-heading = お支払いありがとうございます
receipt-intro = { $date }に{ $amount }のお支払いを確認いたしました。誠にありがとうございます。
receipt-settled = これをもちまして、請求書 { $number } は全額お支払済みとなりました。お客様のお手続きは必要ありません。
receipt-left = 請求書 { $number } に充当いたしました。残額は{ $amount }、お支払期限は{ $date }です。
receipt-next = 請求書 { $number } に充当いたしました。次回の分割払いは{ $amount }、お支払期限は{ $date }です。
receipt-void = ご入金の前に、請求書 { $number } は取り消されておりました。
receipt-kept = このうち{ $amount }はこの請求書には必要ありませんでした。お預かり金として保管いたします。返金をご希望の場合はご連絡ください。
receipt-subject-several = ありがとうございます。請求書{ $count }件のお支払い{ $amount }を確認いたしました
receipt-several = 以下の請求書に必要な分を充当いたしました。
receipt-covered = 請求書 { $number }
receipt-kept-several = このうち{ $amount }はこれらの請求書には必要ありませんでした。お預かり金として保管いたします。返金をご希望の場合はご連絡ください。
receipt-received = 受領金額
receipt-received-on = 受領日
receipt-method = お支払方法
receipt-reference = お支払いの参照番号
receipt-payable = ご請求金額
receipt-closing = 今後ともどうぞよろしくお願いいたします。

## The mail that reminds

before-subject = { $agency }より: 請求書 { $number } のお支払期限は{ $date }です
before-heading = お支払期限のお知らせ
before-text = { $days ->
    [1] 請求書 { $number }({ $amount })のお支払期限は明日、{ $date }です。
   *[other] 請求書 { $number }({ $amount })のお支払期限まであと{ $days }日です。期限は{ $date }です。
  }
before-ask = すでにお手続きいただいている場合は、ほかに必要なことはございません。ありがとうございます。
today-subject = { $agency }より: 請求書 { $number } のお支払期限は本日です
today-heading = 本日がお支払期限です
today-text = 請求書 { $number }({ $amount })のお支払期限は本日です。
today-ask = すでにお支払いいただいている場合は、行き違いですのでご容赦ください。ありがとうございます。
late-subject = { $agency }より: 請求書 { $number } のお支払いのご確認(期限 { $date })
late-heading = お支払いのご確認のお願い
late-text = 請求書 { $number } のお支払期限は{ $date }でしたが、{ $amount }のご入金をまだ確認できておりません。お手数ですが、一度ご確認いただけますでしょうか。
late-ask = ここ数日の間にお支払いいただいた場合は、このメールにはご対応いただかなくて結構です。請求書の内容に相違がございましたらお知らせください。一緒に確認いたします。
plain-subject = { $agency }より: 請求書 { $number } がお支払期限を{ $days }日過ぎています
plain-heading = お支払期限を{ $days }日過ぎています
plain-text = 請求書 { $number } のお支払期限は{ $date }でした。{ $amount }が未払いとなっております。
plain-ask = 数日以内にお支払いいただくか、お支払いの予定日をお知らせくださいますようお願いいたします。請求書についてご質問がございましたら、お聞かせください。
firm-subject = { $agency }より: 請求書 { $number } のお支払いをお願いいたします(期限超過{ $days }日)
firm-heading = 至急お支払いをお願いいたします
firm-text = 請求書 { $number } はお支払期限の{ $date }から{ $days }日が経過しておりますが、{ $amount }が依然として未払いです。
firm-ask = ただちにお支払いくださいますようお願いいたします。お支払いが難しいご事情がございましたら、本日中にご連絡ください。一緒に方法を考えさせていただきます。
soon-subject = { $agency }より: 請求書 { $number } お支払期限のご案内({ $date })
soon-heading = お支払期限は{ $date }です
soon-text = { $days ->
    [1] 請求書 { $number }({ $amount })は明日、{ $date }がお支払期限です。
   *[other] 請求書 { $number }({ $amount })は{ $days }日後の{ $date }がお支払期限です。
  }
soon-ask = 期限までにお支払いが完了いたしますよう、ご手配をお願いいたします。すでにお手続きいただいている場合は、ほかに必要なことはございません。ありがとうございます。
due-subject = { $agency }より: 請求書 { $number } は本日中のお支払いをお願いいたします
due-heading = 本日中のお支払いをお願いいたします
due-text = 請求書 { $number }({ $amount })のお支払期限は本日、{ $date }です。
due-ask = 本日中にお支払いくださいますようお願いいたします。すでにお支払いいただいている場合は、行き違いですのでご容赦ください。
final-subject = { $agency }より: 請求書 { $number } 最後のご案内
final-heading = 最後のご案内です
final-text = 請求書 { $number } はお支払期限の{ $date }から{ $days }日が経過しております。これまでご案内を差し上げてまいりましたが、{ $amount }が依然として未払いです。
final-ask = メールでのご案内は今回が最後となり、今後は担当者より直接ご連絡いたします。ただちにお支払いくださいますようお願いいたします。お支払いが難しい場合は、本日中に一言お知らせください。ぜひ一緒に方法を見つけたいと考えております。
promise-subject = { $agency }より: 請求書 { $number }、{ $promised }のお支払い予定についてのご確認
promise-heading = { $promised }にお支払いのご予定でした
promise-text = 請求書 { $number } を{ $promised }にお支払いいただけるとのご連絡、ありがとうございました。{ $amount }のご入金をまだ確認できておりません。
promise-ask = すでにお手続きいただいている場合は、このメールにはご対応いただかなくて結構です。ご事情がございましたら、ご都合のよい日をお知らせください。改めて記録いたします。
promise-firm-subject = { $agency }より: 請求書 { $number } のお約束のお支払い({ $promised })をお願いいたします
promise-firm-heading = お約束のお支払いをお願いいたします
promise-firm-text = 請求書 { $number } を{ $promised }にお支払いいただくお約束をいただいておりました。お支払期限の{ $date }を過ぎており、{ $amount }が依然として未払いです。
promise-firm-ask = ただちにお支払いくださいますようお願いいたします。難しい場合は、お守りいただける日を本日中にお知らせください。一緒に方法を考えさせていただきます。
reminder-closing = 何卒よろしくお願い申し上げます。

## The mail that hands over to a member

hand-over-subject = 対応のお願い: { $client } 様の請求書 { $number } が期限を{ $days }日過ぎています
hand-over-heading = 請求書 { $number } に担当者の対応が必要です
hand-over-intro = { $client } 様への請求書 { $number } の案内はすべて終了しましたが、{ $amount }が未払いのままです。これ以上自動で送信されるメールはありません。直接ご連絡ください。一本の電話がメールに勝ることも多いものです。
hand-over-none-sent = 送信された案内はありません。
hand-over-said = { $date }、{ $client } 様より: { $text }
hand-over-silent = { $client } 様からこの請求書についてのご連絡はありません。
hand-over-reply = このメールに返信すると、お客様に届きます。
hand-over-promise = { $date }の支払いのお約束
hand-over-promise-replaced = 別の日に変更
hand-over-promise-broken = 守られず
hand-over-promise-over = 終了
tone-friendly = 丁寧なご案内
tone-neutral = 通常のご案内
tone-firm = 強いご案内
tone-final = 最後のご案内
tone-promise = お約束についての確認
mail-state = { $date }: { $state }
mail-state-sent = 送信済み
mail-state-waits = 送信中
mail-state-doubt = 送信されたか不明
mail-state-failed = 届かず
mail-state-cancelled = 未送信

## The mail that withdraws an invoice

void-subject = { $agency }より: 請求書 { $number } の取消のお知らせ(お支払いは不要です)
void-heading = 請求書 { $number } の取消のお知らせ
void-intro = 請求書 { $number } を取り消しました。この請求書は無効となり、お支払いいただく金額はありません。
void-outlook = このメールは請求書とともに保管してください。お手数をおかけして申し訳ございません。
void-outlook-replaced = 代わりの請求書 { $number } を別のメールでお送りいたします。このメールは請求書とともに保管してください。
void-sum = 取り消した請求書
void-on = 取消日
void-replaced-by = 代わりの請求書
void-nothing = なし
void-closing = 何卒よろしくお願い申し上げます。

## The page of an estimate

offer-title = { $kind } { $number }
offer-number = 見積書
offer-word = 見積書
section-subtotal = 小計
section-other = その他の作業
change-number = 変更見積書
change-word = 変更見積書
change-amends = 変更の対象
change-of-estimate = 見積書 { $number }
change-lines = 変更内容
change-added = 追加内容
change-before = 変更前
change-after = 変更後
change-difference = 差額
change-out = 除外
change-quantity = { $before } → { $after }
change-stage = { $before } → { $after }(税抜)
change-changed = 変更額(税込)
change-added-total = 追加額(税込)
change-total-before = これまでのご契約額(税込)
change-total = 今回の変更(税込)
change-total-after = 変更後のご契約額(税込)
change-statement = 私は、{ $client }のために、{ $agency }の変更見積書 { $number } バージョン { $version } を、このページに表示されているとおりに承諾します。契約総額は{ $amount }変更され、{ $after }となります。私にはその権限があり、入力した氏名を私の署名とします。
change-accept = この変更に署名する
change-mail-intro = 見積書 { $amends } でご契約いただいた内容の変更をお送りいたします: { $title }。ご契約の内容、変更点、変更後の金額はページでご確認いただけます。
offer-version = バージョン
offer-to = 宛先
offer-sent-on = 送信日
offer-valid-until = 有効期限
offer-lines = お見積りの内容
offer-optional = オプション(お選びいただけます)
offer-not-before = { $date }以降
offer-update = 合計を更新する
offer-update-hint = ご希望の項目をお選びください。まだ何も確定しません。
offer-stages = ご請求の時期
offer-deposit = 着手金
offer-deposit-when = 作業開始前、税込
offer-net = { $amount }(税抜)
offer-from-day = { $date }から
offer-on-delivery = 「{ $title }」の納品時
offer-deliverables = 納品物
offer-assumptions = 前提条件
offer-exclusions = 含まれないもの
offer-signatures = 署名
offer-hash = 署名された文書のSHA-256:
offer-document = 署名された文書(ハッシュの対象)
offer-go-sign = 承諾して署名する
offer-sign = この{ $document }を承諾する
offer-sign-how = 署名のため、{ $email } にコードをお送りします。ご本人であることを確認するためです。
offer-send-code = コードを受け取る
offer-send-code-again = 新しいコードを受け取る
offer-code-sent = { $email } にコードをお送りしました。15分間有効です。
offer-name = お名前(フルネーム)
offer-code = コード
offer-statement = 私は、{ $client }のために、{ $agency }の見積書 { $number } バージョン { $version } を、このページに表示されているとおり、総額{ $amount }で承諾します。私にはその権限があり、入力した氏名を私の署名とします。
offer-accept = { $amount }で署名する
offer-decline-instead = 今回は見送ります
offer-decline-reason = ご希望に合わない点をお聞かせください。担当者が拝見します。
offer-decline = { $document }を辞退する

offer-open-until = { $date }まで有効
offer-open-sub = ここでご承諾いただいていないものをご請求することはありません。
offer-signed-by-you = 署名済み
offer-others-sign = ありがとうございます。ほかの方の署名がそろった時点で有効になります。
offer-expired = { $date }に期限切れ
offer-ask-for-new = ご承諾いただける期間は終了しました。ご連絡いただければ、新しいバージョンをお送りいたします。
offer-accepted = { $date }に承諾済み
offer-declined = { $date }に辞退
offer-withdrawn = { $date }に取り下げ
offer-superseded = 新しいバージョンに更新されました
offer-superseded-sub = 新しいバージョンをお送りしました。最新のメールのリンクを開いてください。

offer-due-on-receipt = 請求書は受領後ただちにお支払いください。
offer-due-net = 請求書は{ $days }日以内にお支払いください。
offer-due-eom = 請求書は発行月の末日までにお支払いください。
offer-due-eom-plus = 請求書は発行月の末日から{ $days }日後までにお支払いください。
offer-due-net-eom = 請求書は発行日から{ $days }日後の属する月の末日までにお支払いください。
offer-due-on = 請求書は{ $date }までにお支払いください。

offer-notice-signed = ありがとうございます。署名を記録いたしました。
offer-notice-declined = お知らせいただきありがとうございます。辞退を承りました。
offer-notice-code-sent = コードをお送りしました。メールをご確認ください。
offer-notice-too-many-codes = コードの発行回数が上限を超えました。明日もう一度お試しいただくか、ご連絡ください。
offer-notice-wrong-code = お送りしたコードと一致しません。もう一度ご確認ください。
offer-notice-ended-code = このコードは無効になりました。新しいコードを取得してください。
offer-notice-blank-name = 署名するにはお名前を入力してください。
offer-notice-no-consent = 承諾の確認欄にチェックを入れてください。
offer-notice-other-choice = ほかの方が異なるオプションで署名されました。署名された内容は以下のとおりです。
offer-notice-changed = ページを開かれた後に内容が変更されたため、署名は行われていません。もう一度お読みください。
offer-notice-scope-full = このプロジェクトにはこれ以上追加できないため、署名は行われていません。ご連絡いただければ、新しいプロジェクトとしてお送りいたします。
offer-notice-outdated = お送りした後にご契約または請求の内容が変わったため、署名は行われていません。ご連絡いただければ、新しいバージョンをお送りいたします。
offer-notice-no-reason = 辞退の理由を簡単にお聞かせください。

## Questions about a document

promise-open-form = 別の日に支払います
promise-hint = { $first }から{ $last }までの間で、お支払いになる日をお知らせください。その日が過ぎるまで、この請求書のご案内はお送りしません。
promise-date = お支払いになる日
promise-send = { $agency }に知らせる
promise-noted = { $date }にお支払いいただけるとのご連絡をいただいております。ありがとうございます。それまでこの請求書のご案内はお送りしません。
promise-notice-taken = ありがとうございます。お支払いの日を記録いたしました。その日が過ぎるまで、この請求書のご案内はお送りしません。
promise-notice-not-then = フォームで選択できる日をお選びください。何も記録されていません。
promise-notice-too-many = 日付がすでに何度か変更されています。ご連絡いただければ、一緒に方法を考えさせていただきます。
question-title = お問い合わせ
question-you = お客様
question-ask = 質問する
question-label = どのようなことをお知りになりたいですか?メールとこのページでお答えいたします。
question-send = 質問を送信する
question-notice-asked = ありがとうございます。ご質問を承りました。メールでお答えいたします。
question-notice-none = 先にご質問を入力してください。
question-notice-too-many = 本日は多くのご質問をいただいております。メールまたはお電話でご連絡ください。
question-subject = { $client } 様からの質問: { $document } { $number }
question-intro = { $client } 様から、{ $document } { $number } のページで質問がありました。
question-outlook = APIで回答すると、ページをご覧になるすべての方に表示されます。このメールへの返信でも回答できます。
question-files = 添付ファイル
question-mail = 元のメール
question-original = reply.emlとして添付、{ $file }として保管
reply-subject = { $client } 様からの返信: { $document } { $number }
reply-intro = { $client } 様から、{ $document } { $number } についてメールで返信がありました。
returned-subject = { $client } 様へのメールが戻ってきました: { $document } { $number }
returned-heading = メールが戻ってきました
returned-intro = { $document } { $number } について{ $client } 様にお送りしたメールを配信できませんでした。メールサーバーによると、その宛先を受け取る人がいません。
returned-address = アドレス
returned-outlook = { $client } 様のアドレスを訂正し、もう一度送信してください。それまで、そのアドレスに後続のメールは送信されません。
held-subject = 対応が必要な返信: { $document } { $number }
held-intro = { $client } 様宛ての{ $document } { $number } についてメールが届きましたが、やり取りには追加されませんでした。
held-sender-unknown = チームの返信用アドレスに届きましたが、差出人が貴社を代表して書ける方であることを確認できません。お客様には何も送信されていません。
held-thread-full = このやり取りには、これ以上メッセージを追加できません。
held-too-many = 本日はお客様からのメッセージが多いため、これ以上追加されません。
held-outlook = メールを届いたまま添付しています。このメールへの返信は{ $client } 様に届き、やり取りに追加されます。
answer-subject = { $agency }よりご連絡: { $document } { $number }
answer-heading = ご連絡がございます
answer-intro = { $document } { $number } についてご連絡いたします。
answer-open = ページを開く
instalment-title = 分割払い
instalment-subject = { $agency }より: 請求書 { $number } の分割払いのご案内
instalment-heading = 分割払いのご案内
instalment-intro = お約束のとおり、請求書 { $number } の残額は分割でお支払いいただきます。各回の期限の前にご案内いたします。
instalment-next = 次回は{ $amount }、お支払期限は{ $date }です。
instalment-outlook = お支払済みの分と次回の分は、いつでもページでご確認いただけます。日付や金額の変更をご希望の場合はご連絡ください。
instalment-paid = お支払済み
instalment-late = 期限超過
instalment-open = お支払予定
instalment-left = 残り{ $amount }
invoice-kind = 請求書
invoice-word = 請求書

## The mails about an estimate

offer-mail-subject = { $agency }より{ $kind } { $number }: { $title }(有効期限 { $date })
offer-mail-intro = 「{ $title }」の{ $document }をお送りいたします。納品物、日程、金額はページでご確認いただけます。
offer-mail-open = { $document }を開く
offer-mail-outlook = ページ上でオプションの選択、承諾と署名、または辞退ができます。このリンクはご本人専用です。ほかの方に転送なさらないようお願いいたします。
code-mail-subject = { $document } { $number } の署名用コード
code-mail-heading = 署名用コード
code-mail-intro = { $document } { $number } のページにこのコードを入力して署名してください。
code-mail-outlook = 15分間有効です。お心当たりがない場合は、このメールを無視してください。コードなしで署名されることはありません。電話でコードをお尋ねすることはありません。
certificate-subject = 署名完了: { $agency }の{ $document } { $number }
certificate-heading = ご契約ありがとうございます
certificate-intro = 「{ $title }」の{ $kind } { $number } が承諾されました。このメールが証明書です。署名された文書を添付いたします。
certificate-total = ご契約総額
certificate-accepted-on = 承諾日
certificate-accepted-by = 承諾者
certificate-reference = 貴社参照番号
certificate-file = 証拠ファイル
certificate-signed-by = 署名者
certificate-signature = { $name }, { $email }, { $time }
certificate-hash = SHA-256
certificate-outlook = このメールを保管してください。添付ファイルは署名された文書そのものです。そのSHA-256は上記のとおりで、チェックサムを計算するプログラムで確認できます。
offer-withdrawn-subject = { $agency }より: { $kind } { $number } の取り下げのお知らせ
offer-withdrawn-heading = { $kind } { $number } の取り下げのお知らせ
offer-withdrawn-intro = { $document } { $number } を取り下げました。ご承諾いただくことはできなくなりました。
offer-withdrawn-sum = 取り下げた{ $document }
answered-accepted-subject = { $client } 様が{ $document } { $number } を承諾されました
answered-accepted = 「{ $title }」の{ $document }を{ $client } 様が承諾されました。承諾された内容をプロジェクトで請求できるようになりました。
answered-declined-subject = { $client } 様が{ $document } { $number } を辞退されました
answered-declined = 「{ $title }」の{ $document }を{ $client } 様が辞退されました。理由は次のとおりです。
answered-by = 回答者
answered-reply = このメールに返信すると、お客様に届きます。

## Credit notes

credit-title = 返還請求書 { $number }
credit-subject = { $agency }より: 請求書 { $invoice } に対する返還請求書 { $number }
credit-heading = ご請求金額を減額いたしました
credit-intro = 請求書 { $invoice } に対する返還請求書 { $number } を発行いたしました。
credit-for = 対象の請求書
credit-reason = 理由
credit-sum = 減額
credit-open = 返還請求書を見る
credit-left = この請求書の残額は{ $amount }です。
credit-nothing-left = この請求書でお支払いいただく金額はもうありません。
credit-kept = すでにこれを上回る金額をお支払いいただいており、{ $amount }をお預かりしております。次回のご請求に充当するか、ご希望であれば返金いたします。
credit-issued = 発行日
credit-for-invoice = { $number }({ $date })
credit-list = 返還請求書
credit-back = 請求書に戻る
paper-sheet = { $number } / { $of } ページ
paper-open = PDFをダウンロード
paper-receipt = 請求書 { $number } の領収書
paper-receipt-several = 領収書
paper-receipt-paid = 上記のとおり領収いたしました
paper-plan = 請求書 { $number } の分割払い
paper-plan-agreed = 合意日
paper-plan-of = 対象の請求書
paper-plan-sum = 分割払いの合計

## A line that the client disputes

dispute-title = 確認中の項目
dispute-open = 確認しております
dispute-upheld = 確認済み: 変更なし
dispute-credited = 減額済み
dispute-open-form = 請求内容に誤りがある場合
dispute-hint = どの項目がなぜ異なるのかお知らせください。お答えするまでその項目のお支払いは不要です。それ以外のお支払期限は変わりません。
dispute-line = 項目
dispute-choose = 項目を選ぶ
dispute-option = { $line }: { $amount }
dispute-reason = どのような点が異なりますか?
dispute-send = 送信する
dispute-notice-taken = ありがとうございます。確認のうえ、メールでお答えいたします。それまでこの項目のお支払いは不要です。
dispute-notice-none = 項目を選び、異なる点をお知らせください。
dispute-notice-closed = この項目についてのお申し出は締め切りました。お手数ですがご連絡ください。
dispute-subject = { $client } 様からの申し出: { $document } { $number } の項目
dispute-intro = { $client } 様が{ $document } { $number } の項目に同意されていません。
dispute-outlook = この項目の金額は保留となり、案内では請求されません。APIで減額するか、回答とともに維持してください。結果はお客様にメールで届きます。
hero-disputed = 確認中の項目が{ $lines }件あります。現在お支払いいただく金額: { $amount }

## An invitation to the team

role-viewer = 閲覧者
role-biller = 請求担当
role-manager = 管理者
role-owner = オーナー
role-viewer-may = すべての内容を閲覧できます。変更はできません。
role-biller-may = 見積書と請求書を作成して送信し、入金を記録できます。
role-manager-may = 請求業務に加え、ほかの人が作成した文書の承認、設定の変更、メンバーの招待ができます。
role-owner-may = すべての操作ができます。
invitation-subject = { $agency }のチームに招待されました
invitation-heading = { $agency }のチームへの招待
invitation-intro = { $agency }ではRemitで見積書と請求書を管理しています。ご一緒に作業していただけるよう、チームにご招待いたします。
invitation-role = 役割
invitation-may = できること
invitation-for = 宛先
invitation-until = 有効期限
invitation-open = 招待を見る
invitation-outlook = リンク先のページにあるボタンで承諾できます。このリンクは一度だけ使えるご本人専用のものです。ほかの方に転送なさらないようお願いいたします。お心当たりがない場合は、このメールを無視してください。何も起こりません。
join-text = { $name } 様、次の役割で招待されています: { $role }
join-until = この招待は{ $date }まで有効です。
join-action = 招待を承諾する
joined-title = { $agency }へようこそ
joined-text = チームのメンバーになりました。役割: { $role }
joined-key = これはあなたのAPIキーです。このページにのみ表示されますので、パスワードと同じように保管してください。リクエストのたびに、Authorization: Bearerとして送信します。
joined-identity = 所属する会社が別のサービスでログインしている場合は、このキーを使い、本文にトークンを入れて、そのIDを一度だけ連携してください。以後はキーの代わりにトークンを使えます。
join-used-title = この招待はすでに承諾されています
join-used-text = 招待は一度だけ有効です。ご自身で承諾していない場合やキーを紛失した場合は、{ $agency }のオーナーにお問い合わせください。
join-expired-title = この招待は期限切れです
join-expired-text = この招待は{ $date }まで有効でした。{ $agency }に再度の招待をご依頼ください。

## 事業者自身の概況

month-of-year = { $year }年{ $month }
overview-title = 概況
overview-at = { $date }現在
overview-outstanding = 未入金
overview-outstanding-in = 未入金（{ $currency }）
overview-invoices = 請求書{ $invoices }件
overview-payments = 支払い{ $payments }件
overview-overdue = 期限超過
overview-processing = 入金手続き中
overview-disputed = 異議あり
overview-received = 今月の入金
overview-given-back = 今月の返金
overview-ages = 期間別の期限超過
overview-age-30 = 1～30日
overview-age-60 = 31～60日
overview-age-90 = 61～90日
overview-age-more = 90日超
overview-share = 期限超過額の{ $percent }
overview-months = 月別の入金
overview-months-said = { $first }から{ $last }まで。入金が最も多い月は{ $month }の{ $amount }です。
overview-figures = 月別の金額を見る
overview-back = { $amount }返金
overview-waiting = 対応が必要なもの
overview-nothing-waits = 対応が必要なものはありません。
overview-questions = お客様からの質問
overview-estimates-in-review = 承認待ちの見積書
overview-submitted-work = 承認待ちの作業
overview-bank-entries = 確認待ちの銀行取引
overview-unmatched-payments = 該当する請求書のない入金
overview-promised = 支払いの約束
overview-promised-for = { $date }に支払い予定
overview-ending = まもなく期限を迎える見積書
overview-ends = 有効期限: { $date }
overview-more = ほか{ $entries }件
overview-empty-title = 未入金はありません
overview-empty = 請求書を発行すると、未入金、期限超過、入金の状況がここに表示されます。
overview-signed-in = { $name }さん（{ $role }）としてサインインしています。
overview-sign-out = サインアウト
overview-signed-out = このページからサインアウトしました。
overview-ask = 未入金、期限超過、入金の状況を一目で確認できます。ご所属の事業者が利用しているサービスでサインインしてください。
overview-sign-in = サインイン
overview-again-title = サインインできませんでした
overview-again = サインインが中断されたか、時間がかかりすぎたか、別のブラウザーで開始されました。もう一度お試しください。
overview-unknown-title = 所属しているチームがありません
overview-unknown = サインインはできましたが、このアカウントを登録しているチームがありません。先に招待を承諾するか、ご自身のアカウントの連携を依頼してください。別のアカウントでサインインすることもできます。
overview-closed = まだこのページではサインインできません。システムの運営者が、認証サービスのクライアントを先に設定する必要があります。
overview-form-old = ページを開かれてから時間が経ったため、安全のために中断しました。変更された内容はありません。
overview-return = 概況に戻る
overview-problem = 申し訳ございません。数分後にもう一度お試しください。
