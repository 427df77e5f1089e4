## Dates

month = { $month }월
date = { $year }년 { $month } { $day }일
date-in-year = { $month } { $day }일
period = { $first }~{ $last }
period-in-year = { $year }년 { $first_month } { $first_day }일~{ $last_month } { $last_day }일
period-in-month = { $year }년 { $month } { $first_day }일~{ $last_day }일

## Where an invoice stands

standing-due-in = { $days ->
    [0] 오늘까지 납부
    [1] 내일까지 납부
   *[other] 납부 기한 { $days }일 전
  }
standing-overdue = 납부 기한 { $days }일 지남
standing-paid = { $date } 결제 완료
standing-settled = { $date } 정산 완료
standing-processing = 결제 확인 중
standing-void = { $date } 취소됨
standing-uncollectible = 종결됨

hero-due = 납부하실 금액
hero-left = 남은 금액
hero-total = 청구 금액
hero-pay-by = { $date }까지 납부해 주세요.
hero-was-due = 납부 기한은 { $date }이었습니다.
hero-part-paid = 총 { $total } 중 남은 금액입니다. 납부 기한은 { $date }입니다.
hero-processing = 결제를 확인하고 있습니다. 따로 하실 일은 없습니다.
hero-thanks = 모두 납부되었습니다. 감사합니다!
hero-settled = 납부하실 금액이 없습니다.
hero-void = 취소된 청구서입니다. 납부하실 금액이 없습니다.
hero-uncollectible = 종결된 청구서입니다. 궁금하신 점은 문의해 주세요.

## The page of an invoice

page-invoice = 청구서 { $number }
page-questions = 궁금하신 점이 있으면 편하게 문의해 주세요.
page-pay = { $amount } 결제하기
page-pay-card = 카드로 { $amount } 결제하기
page-pay-paypal = PayPal로 { $amount } 결제하기
page-pay-debit = 자동이체로 { $amount } 납부하기
page-pay-bank = 은행 계좌에서 { $amount } 납부하기
page-pay-toss = 토스페이먼츠로 { $amount } 결제하기
page-pay-confirm = { $amount } 결제 확정하기
page-keep = 이 결제 수단을 { $agency }의 다음 청구서를 위해 저장합니다
page-keep-words = 선택하신 경우에만 { $providers }가 카드, 계좌 또는 PayPal 정보를 보관하며, { $agency }는 다음 청구서의 납부일에 이 수단으로 결제를 청구할 수 있습니다. { $agency }에는 마지막 몇 자리 또는 PayPal 주소의 일부만 표시됩니다. 모든 청구서 페이지에서 언제든지 삭제하실 수 있습니다. 다른 결제 방법은 저장되지 않습니다.
page-pay-hint = 결제 대행사의 안전한 페이지에서 결제하실 수 있습니다.
page-pay-otherwise = 다른 납부 방법
page-lines = 청구 내역
column-what = 내역
column-quantity = 수량
column-price = 단가
column-amount = 금액
page-prices-include-tax = 세금이 포함된 가격입니다.
page-totals = 합계
deposit-about = 선금
deposit-less = 선금 공제: { $what }
agreed-title = 합의된 내용과 이번 청구분
agreed-hint = 세금 별도 금액입니다. 수락하신 범위를 넘어 청구되지 않습니다.
agreed-row = 합의 { $agreed } · 이전 청구 { $before } · 이번 청구 후 잔여 { $left }
page-reference = 입금 시 기재 번호
page-notes = 안내 사항
page-terms = 거래 조건
page-from = 공급자
page-to = 공급받는 분
page-timesheet = 작업 내역 보기
page-all-invoices = { $agency }에서 보낸 청구서 모두 보기
party-tax-id = 세금 등록 번호
tax-id-vat = VAT 번호
tax-id-kr-brn = 사업자등록번호

fact-about = 청구 건명
fact-issued = 발행일
fact-due = 납부 기한
fact-supply = 공급 기간
fact-purchase-order = 발주 번호
fact-buyer-reference = 고객 참조 번호

terms-early = { $date }까지 납부하시면 { $percent } 할인됩니다.

e-invoice-due = { $date }까지 지급해 주십시오.
e-invoice-credited = 청구서 { $number }에서 차감합니다.

late-flat-once = 기한을 넘기면 연체료 { $amount }이 한 번 청구됩니다.
late-flat-month = 기한을 넘기면 연체된 달마다 { $amount }이 청구됩니다.
late-percent-once = 기한을 넘기면 연체 금액의 { $percent }가 한 번 청구됩니다.
late-percent-month = 기한을 넘기면 연체된 달마다 연체 금액의 { $percent }가 청구됩니다.
late-interest = 기한을 넘기면 연체 금액에 연 { $percent }의 이자가 일 단위로 청구됩니다.
late-interest-over = 기한을 넘기면 연체 금액에 { $reference }보다 연 { $points }%p 높은 이자가 일 단위로 청구됩니다.
late-reference-ecb = 유럽중앙은행 기준금리
late-reference-boe = 영란은행 기준금리
late-grace = 기한 후 { $days }일 이내에는 청구되지 않습니다.
late-cap-percent = 모두 합해 청구 금액의 { $percent }를 넘지 않습니다.
late-cap-amount = 모두 합해 { $amount }을 넘지 않습니다.
late-compensation = 추심 비용으로 { $amount }이 한 번 청구됩니다.
late-compensation-from = { $from } 이상이면 { $amount }입니다.
late-line-interest = 청구서 { $number } 연체 이자: { $stretches }
late-stretch = { $principal }, { $period } ({ $days }일), 연 { $percent }
late-line-percent = 청구서 { $number } 연체료: { $date } 현재 연체 금액 { $principal }의 { $percent }
late-line-flat = 청구서 { $number } 연체료 ({ $date } 현재 연체)
late-line-compensation = 청구서 { $number } 추심 비용

line-discount = 할인 { $amount } 적용
line-discount-percent = { $percent } 할인({ $amount }) 적용
line-untaxed = 세금 없음

unit-hours = { $number }시간
unit-minutes = { $number }분
unit-days = { $number }일
unit-weeks = { $number }주
unit-months = { $number }개월
unit-quarters = { $number }분기
unit-years = { $number }년
unit-lump-sum = { $number }식
unit-services = { $number }건
unit-jobs = { $number }건
unit-sets = { $number }세트
unit-kilometres = { $number }km
unit-miles = { $number }마일
unit-kilograms = { $number }kg
unit-metres = { $number }m
unit-square-metres = { $number }m²
unit-litres = { $number }L

total-lines = 소계
total-lines-net = 소계(세금 제외)
total-discount = 할인
total-discount-percent = 할인 { $percent }
total-net = 공급가액
total = 합계
tax-rate = { $name } { $rate }
tax-relief = { $name }: { $why }
tax-base = 과세 기준 { $base }
tax-in-books = 세액 환산 { $amount }, 환율 { $one } = { $rate }, 기준일 { $date } ({ $source })
relief-zero = 영세율
relief-exempt = 면세
relief-reverse-charge = 매입자 납부(리버스 차지)
relief-export = 수출
relief-intra-community = EU 역내 공급
relief-out-of-scope = 과세 대상 아님
total-withheld = { $name } { $rate } 원천징수
total-rounding = 단수 조정
total-payable = 납부하실 금액
total-paid = { $date } 납부
total-paid-earlier = 이전 납부 금액
total-credited = 차감 금액
total-written-off = 면제 금액
total-left = 남은 금액

method-online = 온라인 결제
method-card = 카드
method-bank = 계좌 이체
method-debit = 자동이체
method-paypal = PayPal
method-toss = 토스페이먼츠
method-cash = 현금
method-cheque = 수표
method-other = 기타

notice-confirming = 감사합니다! 결제를 확인하고 있습니다. 잠시 후 확인이 끝나면 영수증을 보내드리겠습니다.
notice-agreed = 결제에 동의하셨으며 아직 청구된 금액은 없습니다. 아래 버튼을 한 번 더 누르시면 결제가 확정됩니다.
notice-left = 결제를 마치지 않고 돌아오셨습니다. 청구된 금액은 없으며, 편하실 때 다시 결제하실 수 있습니다.
notice-changed = 페이지를 여신 뒤에 청구서가 변경되어 결제를 진행하지 않았습니다. 현재 내용을 다시 확인해 주세요.
notice-unavailable = 지금은 결제 페이지에 연결할 수 없어 결제가 진행되지 않았습니다. 잠시 후 다시 시도해 주세요.

## Paying by transfer, and a part of one's choice

transfer-title = 계좌이체
transfer-text = 입금을 확인할 수 있도록 기재 번호를 그대로 적어 주세요.
transfer-holder = 예금주
transfer-iban = IBAN
transfer-account = 계좌번호
transfer-bic = BIC
transfer-bank = 은행
transfer-amount = 금액
transfer-code = QR 코드: 은행 앱으로 스캔하면 이체 내용이 자동으로 입력됩니다
transfer-scan = 은행 앱으로 스캔하세요
interac-title = Interac e-Transfer
interac-text = 이 주소로 보내신 금액은 보안 질문 없이 자동으로 입금됩니다. 입금을 확인할 수 있도록 아래 코드를 메시지에 적어 주세요.
interac-to = 받는 주소
interac-message = 메시지

part-open = 다른 금액 납부하기
part-amount = 납부하실 금액
part-hint = { $least }부터 { $most }까지 납부하실 수 있습니다. 남은 금액은 이 페이지에서 나중에 납부하실 수 있습니다.
part-pay = 이 금액 결제하기
part-pay-card = 카드로 이 금액 결제하기
part-pay-paypal = PayPal로 이 금액 결제하기
part-pay-debit = 자동이체로 이 금액 납부하기
part-pay-bank = 은행 계좌에서 이 금액 납부하기
part-pay-toss = 토스페이먼츠로 이 금액 결제하기
part-unreadable = 입력하신 금액을 확인할 수 없어 결제가 진행되지 않았습니다. 숫자로 적어 주세요.
part-too-small = 납부하실 수 있는 최소 금액은 { $least }이며, 결제는 진행되지 않았습니다.
part-too-large = 남은 금액 { $most }보다 많아 결제가 진행되지 않았습니다.

## Several invoices at once

several-hint = 여러 청구서를 한 번에 납부하실 수 있습니다. 먼저 청구서를 선택해 주세요.
several-go = 선택한 청구서 함께 납부하기
several-choose = 청구서 { $number } 선택
several-title = 여러 청구서 납부
several-heading = 청구서 { $count }건을 한 번에 납부
several-chosen = 납부 내역
several-back = 목록으로 돌아가기
several-none = 납부하실 청구서를 선택해 주세요.
several-too-many = 한 번에 최대 { $max }건까지 납부하실 수 있습니다. 조금 줄여서 선택해 주세요.
several-currencies = 한 번에 한 통화로만 납부하실 수 있습니다. 같은 통화의 청구서를 선택해 주세요.
several-changed = 그사이 변경된 청구서가 있어 결제를 진행하지 않았습니다. 현재 상태를 확인해 주세요.
several-unavailable = 이 청구서들은 함께 납부하실 수 없습니다. 조금 줄여서 선택하시거나 각 청구서 페이지에서 납부해 주세요.

## The list of invoices

list-title = 청구서 목록
list-for = { $client } 님의 청구서
list-nothing-open = 납부하실 금액이 없습니다
list-open-count = 미납 청구서 { $count }건
list-open = 미납
list-year = { $year }년
list-due = { $date }까지
list-paid = { $date } 결제
list-processing = 결제 확인 중
list-void = 취소됨
list-uncollectible = 종결됨
list-part = / { $total }
list-more = 더 오래된 청구서는 여기에 표시되지 않습니다. 필요하시면 문의해 주세요.
list-back = 청구서로 돌아가기
saved-title = 저장된 결제 수단
saved-hint = { $agency }는 청구서의 납부일에 이 수단으로 결제를 청구할 수 있습니다. 더 이상 원하지 않으시면 삭제해 주세요. 즉시 적용됩니다.
saved-card = 카드
saved-debit = 자동이체
saved-ending = { $name }, 끝자리 { $digits }
saved-saved = { $date } 저장
saved-expires = { $date } 저장, 유효기간 { $month }
saved-remove = 삭제
saved-remove-what = { $what } 삭제
saved-removed = 결제 수단을 삭제했습니다. 더 이상 청구되지 않습니다.

## The client's portal

language-name = 한국어
portal-title = 문서 모아보기
portal-for = { $client } 님의 모든 문서
portal-ask = { $agency }에서 보내 드린 견적서, 청구서, 영수증, 크레디트 노트를 한곳에서 보실 수 있습니다. 이메일 주소를 알려 주시면 로그인 링크를 보내 드립니다. 비밀번호는 필요 없습니다.
portal-email = 이메일 주소
portal-email-wrong = 이메일 주소 형식이 아닙니다.
portal-send = 링크 받기
portal-send-again = 링크 다시 받기
portal-sent-title = 메일함을 확인해 주세요
portal-sent = 등록된 주소라면 지금 링크를 보내 드리고 있습니다. 링크는 30분 안에 한 번만 사용하실 수 있습니다. 메일이 오지 않았다면 스팸함을 확인하시거나, 청구서를 받으시는 주소로 다시 시도해 주세요.
portal-enter-text = 버튼을 누르시면 { $agency }에서 보내 드린 모든 문서를 보실 수 있습니다.
portal-enter = 로그인
portal-ended-title = 더 이상 사용할 수 없는 링크입니다
portal-ended = 이미 사용하셨거나, 30분이 지났거나, 새 링크를 요청하신 경우입니다. 다시 보내 드리겠습니다.
portal-signed-out = 이 기기와 다른 모든 기기에서 로그아웃되었습니다.
portal-signed-in = { $email } 계정으로 로그인하셨습니다.
portal-sign-out = 모든 기기에서 로그아웃
portal-see = 모든 문서 보기
portal-others = 다른 거래처:
portal-words = 번호, 이름 또는 금액
portal-kind = 종류
portal-year = 연도
portal-project = 프로젝트
portal-all = 전체
portal-find = 보기
portal-none = 아직 문서가 없습니다.
portal-none-found = 해당하는 문서가 없습니다. 검색어를 줄이거나 다른 연도를 선택해 주세요.
portal-open = 결제하실 청구서
portal-invoices = 청구서
portal-estimates = 견적서
portal-payments = 결제
portal-credit-notes = 크레디트 노트
portal-estimate = 견적서 { $number }
portal-estimate-open = { $date }까지 유효
portal-estimate-accepted = 수락됨
portal-estimate-declined = 거절됨
portal-estimate-expired = 기한 지남
portal-estimate-withdrawn = 철회됨
portal-payment = 결제
portal-payment-for = { $numbers }
portal-credit-note = 크레디트 노트 { $number }
portal-credit-note-for = 청구서 { $number }
portal-back = 모든 문서로 돌아가기
portal-pages = 페이지
portal-newer = 최근 문서
portal-older = 이전 문서
portal-take = 회계 자료
portal-files = { $year }년 모든 파일 (ZIP)
portal-table = 이 목록을 표로 받기 (CSV)
portal-contacts = 메일을 받으시는 분
portal-copy = { $email } (참조)
portal-contacts-hint = 빠진 분이 있거나 퇴사하신 분이 있으면 알려 주세요.
portal-language = 메일과 페이지의 언어
portal-language-set = 변경
portal-language-changed = 이제부터 이 언어로 안내해 드리겠습니다.
portal-no-receipt-title = 이 결제의 영수증이 없습니다
portal-no-receipt = 아직 만들어지지 않았거나 영수증 없이 기록된 결제입니다. 잠시 후 다시 시도하시거나 문의해 주세요.
portal-not-signer-title = 다른 분께 보내 드린 견적서입니다
portal-not-signer = 서명을 요청받으신 분이 링크를 가지고 있습니다. 그분께 문의하시거나 저희에게 연락해 주세요.
portal-files-many-title = 한 번에 받기에는 파일이 너무 많습니다
portal-files-many = 연락 주시면 보내 드리겠습니다.
sign-in-subject = { $agency } 로그인 링크
sign-in-heading = 문서를 보려면 로그인하세요
sign-in-intro = 이 링크로 { $agency }에서 보내 드린 모든 견적서, 청구서, 영수증, 크레디트 노트를 보실 수 있습니다.
sign-in-for = 받는 분
sign-in-counts = 사용 기간
sign-in-once = 30분 안에 한 번
sign-in-outlook = 요청하지 않으셨다면 누군가 주소를 잘못 입력한 것입니다. 이 메일은 무시하셔도 됩니다. 이 메일이 없으면 아무도 로그인할 수 없으니 다른 분께 전달하지 마세요.

## The timesheet

timesheet-title = 청구서 { $number } 작업 내역서
timesheet-work = 작업 내역
timesheet-receipt = 영수증: { $name }
timesheet-total = 합계(세금 제외)
timesheet-hint = 이 청구서로 청구된 작업을 발행 시점 그대로 보여드립니다. 각 항목의 금액은 해당 청구 내역에서 차지하는 금액이며, 할인과 세금은 반영되지 않았습니다. 영수증이 필요하시면 문의해 주세요.
duration = { $hours }시간 { $minutes }분
duration-hours = { $hours }시간
duration-minutes = { $minutes }분

## Messages

message-action = 청구서 보기
link-unknown-title = 사용할 수 없는 링크입니다
link-unknown-text = 링크가 만료되었거나 주소의 일부가 빠졌을 수 있습니다. 가장 최근에 받으신 이메일의 링크를 다시 열어 보시거나, 담당 에이전시에 새 링크를 요청해 주세요.
link-ended-title = 링크의 유효 기간이 지났습니다
link-ended-text = 링크는 1년 1개월 동안 유효합니다. 내용은 그대로 보관되어 있으니, 이메일 주소로 로그인하시면 그동안 보내 드린 모든 문서와 함께 보실 수 있습니다.
link-ended-action = 로그인
confirming-title = 감사합니다! 결제를 확인하고 있습니다
confirming-text = 보통 잠시면 끝나지만, 은행에 따라 며칠이 걸릴 수도 있습니다. 따로 하실 일은 없으며, 입금이 확인되는 대로 영수증을 보내드리겠습니다.
nothing-title = 납부하실 금액이 없습니다
nothing-text = 이미 결제되었거나 취소된 청구서입니다. 추가로 청구된 금액은 없습니다.
changed-title = 청구서가 변경되었습니다
changed-text = 페이지를 여신 뒤에 청구서가 변경되어 결제를 진행하지 않았습니다. 내용을 다시 확인하신 뒤 결제해 주세요.
unavailable-title = 결제 페이지에 연결할 수 없습니다
unavailable-text = 결제는 진행되지 않았습니다. 잠시 후 다시 시도해 주세요.
expired-title = 다시 한번 시도해 주세요
expired-text = 페이지를 여신 지 오래되어 안전을 위해 중단했습니다. 청구된 금액도, 서명된 내용도 없습니다. 이메일의 링크를 다시 열어 계속해 주세요.
stop-title = 알림을 그만 받으시겠습니까?
stop-text = 이 청구서의 결제 안내 메일을 더 이상 보내지 않습니다. 청구서와 페이지는 그대로 유지됩니다.
stop-action = 알림 그만 받기
stopped-title = 알림을 중지했습니다
stopped-text = 이 청구서의 결제 안내 메일을 더 이상 보내지 않습니다. 청구서와 페이지는 그대로 유지됩니다.
courtesy-title = 이 메일을 그만 받으시겠습니까?
courtesy-text = 안내, 감사 인사, 월별 명세서를 더 이상 보내지 않습니다. 청구서와 영수증, 견적서는 계속 보내드립니다.
courtesy-action = 그만 받기
courtesy-stopped-title = 이 메일을 중지했습니다
courtesy-stopped-text = 안내, 감사 인사, 월별 명세서를 더 이상 보내지 않습니다. 청구서와 영수증, 견적서는 계속 보내드립니다.
busy-title = 잠시만 기다려 주세요
busy-text = 요청이 한꺼번에 많이 들어왔습니다. 1분 뒤에 다시 시도해 주세요.
problem-title = 일시적인 문제가 발생했습니다
problem-text = 불편을 드려 죄송합니다. 잠시 후 다시 시도해 주세요. 방금 결제하셨다면 결제는 안전하게 처리되니 다시 결제하지 않으셔도 됩니다.

## What mails share

mail-greeting = 안녕하세요.
mail-greeting-name = { $name } 님, 안녕하세요.
mail-closing = 함께해 주셔서 감사합니다.
mail-questions = 궁금하신 점이 있으면 이 메일에 회신해 주세요.
mail-questions-to = 궁금하신 점은 { $email } 주소로 편하게 문의해 주세요.
mail-invoice = 청구서 번호
mail-about = 청구 건명
mail-view = 청구서 보기
mail-view-and-pay = 청구서 확인하고 결제하기
mail-more-lines = 외 { $count }건은 청구서 페이지에서 확인하실 수 있습니다.

## 곧 끝나는 제안

expiring-subject = { $agency } { $kind } { $number }, { $date }까지 유효합니다: { $title }
expiring-intro = { $title } { $document }는 { $date }까지 유효합니다. 페이지에서 바로 수락하실 수 있으며, 궁금한 점이 있으시면 페이지에서 문의해 주세요.

## 구독을 청구하거나 결제하기 전

ahead-charge-subject = { $agency }: { $date }에 { $name } 요금이 결제됩니다
ahead-charge-intro = { $date }에 { $name } 청구서를 보내드리고, 등록해 두신 결제 수단으로 결제합니다. 따로 하실 일은 없습니다.
ahead-charge = 결제 예정 금액
ahead-bill-subject = { $agency }: { $date }에 { $name } 청구서를 보내드립니다
ahead-bill-intro = { $date }에 { $name } 청구서를 보내드립니다. 그 전에 하실 일은 없습니다.
ahead-bill = 청구 예정 금액
ahead-by-work = 약정에 따라 실제 작업 기준
ahead-for = 내용
ahead-on = 예정일
ahead-method = 등록해 두신 결제 수단
ahead-outlook = 잘못된 점이 있거나 중단을 원하시면 그날 전에 이 메일로 회신해 주세요.

## 프로젝트를 마친 뒤의 감사 인사

thanks-subject = { $project } 프로젝트를 함께해 주셔서 감사합니다
thanks-heading = 감사합니다
thanks-intro = { $project } 프로젝트를 마무리했습니다. 함께할 수 있어 기뻤으며, 다시 함께 일할 수 있기를 바랍니다.
thanks-project = 완료
thanks-outlook = 더 필요하신 것이 있으시면 이 메일에 회신해 주세요.

## 거래 명세서

statement-subject = { $agency } 거래 명세서, { $period }
statement-heading = 거래 명세서
statement-for = { $client } 님의 거래 명세서
statement-intro = { $period } 거래 내역과 마지막 날 기준 미납 내역을 알려드립니다.
statement-nothing = 거래 내역과 미납 금액이 없습니다
statement-owed = { $date } 기준 미납 금액
statement-before = { $date } 이전 미납 금액
statement-overdue = 그중 연체 금액
statement-disputed = 그중 이의 제기 금액
statement-balance = 아직 청구서에 쓰이지 않은 고객님 잔액
statement-balance-owed = 돌려드린 금액으로 추가로 납부하실 금액
statement-moved = 거래 내역
statement-column-balance = 남은 금액
statement-more = 앞의 내역만 표시했습니다. 나머지 { $count }건은 페이지에서 보실 수 있습니다.
statement-open = 미납
statement-open-item = 청구서 { $number }, { $date }까지
statement-late = 연체
statement-ages = 연체 기간별
statement-not-due = 기한 전
statement-to-30 = 1~30일 연체
statement-to-60 = 31~60일 연체
statement-to-90 = 61~90일 연체
statement-over-90 = 90일 넘게 연체
statement-carried-over = 청구서 { $number } (이전 장부에서 이월)
statement-invoice = 청구서 { $number }
statement-late-fee = 연체료 청구서 { $number }
statement-payment = { $number } 결제
statement-balance-applied = { $number }에 잔액 사용
statement-credit-note = { $number }의 크레디트 노트 { $note }
statement-set-free = { $number }에서 고객님 잔액으로 전환
statement-write-off = { $number } 중 더 이상 청구하지 않는 금액
statement-recovered = { $number } 중 그 뒤에 납부된 금액
statement-write-off-reversed = { $number } 중 다시 청구하는 금액
statement-refund = { $number } 환불
statement-payment-lost = { $number } 결제 반환
statement-payment-undone = { $number } 결제 기록 취소
statement-payment-reinstated = { $number } 결제 재입금
statement-void = 청구서 { $number } 취소
statement-see = 거래 명세서 보기
statement-outlook = 장부와 다른 점이 있으면 알려 주세요.

## 실제로 없는 문서에 관한 메일: 직접 쓴 문구를 보기 위한 것

sample-subject = 테스트: { $subject }
sample-client = 한강서점
sample-contact = 김지우
sample-about = 새 웹사이트

## The mail that brings an invoice

invoice-subject = [{ $agency }] 청구서 { $number }: { $amount }, 납부 기한 { $date }
invoice-subject-nothing-owed = [{ $agency }] 청구서 { $number }: 납부하실 금액 없음
invoice-preheader = { $amount }, 납부 기한 { $date }
invoice-nothing-owed = 납부하실 금액이 없습니다.
invoice-intro = 청구서를 보내드립니다. 아래 버튼을 누르시면 상세 내역과 금액, 납부 방법을 확인하실 수 있습니다.
invoice-intro-about = ‘{ $about }’ 건의 청구서를 보내드립니다. 아래 버튼을 누르시면 상세 내역과 금액, 납부 방법을 확인하실 수 있습니다.

## The entry for a calendar

calendar-summary = { $agency } 청구서 { $number } 납부: { $amount }

## The mail that thanks for a payment

receipt-subject = 감사합니다! 청구서 { $number }의 { $amount } 결제가 확인되었습니다
receipt-heading = 결제해 주셔서 감사합니다
receipt-intro = { $date }에 { $amount } 결제가 확인되었습니다. 진심으로 감사드립니다.
receipt-settled = 이로써 청구서 { $number } 건이 모두 납부되었습니다. 더 하실 일은 없습니다.
receipt-left = 청구서 { $number } 건에 반영했습니다. 남은 금액은 { $amount }이며, 납부 기한은 { $date }입니다.
receipt-next = 청구서 { $number } 건에 반영했습니다. 다음 분할 납부액은 { $amount }이며, 납부 기한은 { $date }입니다.
receipt-void = 입금 전에 청구서 { $number }은(는) 이미 취소되었습니다.
receipt-kept = 이 중 { $amount }은 이번 청구서에 쓰이지 않아 고객님의 예치금으로 보관합니다. 환불을 원하시면 알려 주세요.
receipt-subject-several = 감사합니다! 청구서 { $count }건의 { $amount } 결제가 확인되었습니다
receipt-several = 아래 청구서에 필요한 만큼 반영했습니다.
receipt-covered = 청구서 { $number }
receipt-kept-several = 이 중 { $amount }은 이 청구서들에 쓰이지 않아 고객님의 예치금으로 보관합니다. 환불을 원하시면 알려 주세요.
receipt-received = 결제 금액
receipt-received-on = 결제일
receipt-method = 결제 수단
receipt-reference = 결제 참조 번호
receipt-payable = 청구 금액
receipt-closing = 앞으로도 잘 부탁드립니다.

## The mail that reminds

before-subject = [{ $agency }] 청구서 { $number } 납부 기한은 { $date }입니다
before-heading = 납부 기한을 미리 알려드립니다
before-text = { $days ->
    [1] 청구서 { $number }({ $amount })의 납부 기한이 내일({ $date })입니다.
   *[other] 청구서 { $number }({ $amount })의 납부 기한이 { $days }일 남았습니다. 기한은 { $date }입니다.
  }
before-ask = 이미 납부를 진행하셨다면 더 하실 일은 없습니다. 감사합니다.
today-subject = [{ $agency }] 청구서 { $number } 납부 기한이 오늘입니다
today-heading = 오늘이 납부 기한입니다
today-text = 청구서 { $number }({ $amount })의 납부 기한이 오늘입니다.
today-ask = 이미 납부하셨다면 이 메일은 무시하셔도 됩니다. 감사합니다.
late-subject = [{ $agency }] 청구서 { $number } 납부 확인 부탁드립니다(기한 { $date })
late-heading = 납부 확인을 부탁드립니다
late-text = 청구서 { $number }의 납부 기한({ $date })이 지났으나 { $amount } 입금이 아직 확인되지 않았습니다. 혹시 놓치셨다면 한번 확인해 주시겠어요?
late-ask = 최근에 납부하셨다면 이 메일은 무시해 주세요. 청구 내용에 다른 점이 있다면 알려 주시는 대로 함께 확인하겠습니다.
plain-subject = [{ $agency }] 청구서 { $number } 납부 기한이 { $days }일 지났습니다
plain-heading = 납부 기한이 { $days }일 지났습니다
plain-text = 청구서 { $number }의 납부 기한은 { $date }이었으며, { $amount } 금액이 아직 미납 상태입니다.
plain-ask = 며칠 안에 납부해 주시거나, 납부 예정일을 알려 주시기 바랍니다. 청구 내용에 문의가 있으시면 언제든지 말씀해 주세요.
firm-subject = [{ $agency }] 청구서 { $number } 납부를 요청드립니다({ $days }일 경과)
firm-heading = 조속한 납부를 요청드립니다
firm-text = 청구서 { $number }의 납부 기한({ $date })이 { $days }일 지났으며, { $amount } 금액이 여전히 미납 상태입니다.
firm-ask = 지금 바로 납부해 주시기 바랍니다. 납부가 어려운 사정이 있다면 오늘 중으로 연락 주세요. 함께 방법을 찾겠습니다.
soon-subject = [{ $agency }] 청구서 { $number } 납부 기한 안내({ $date })
soon-heading = 납부 기한은 { $date }입니다
soon-text = { $days ->
    [1] 청구서 { $number }({ $amount })의 납부 기한은 내일({ $date })입니다.
   *[other] 청구서 { $number }({ $amount })의 납부 기한까지 { $days }일 남았습니다. 기한은 { $date }입니다.
  }
soon-ask = 기한 안에 납부가 완료될 수 있도록 확인 부탁드립니다. 이미 진행하셨다면 더 하실 일은 없습니다. 감사합니다.
due-subject = [{ $agency }] 청구서 { $number }: 오늘까지 납부 부탁드립니다
due-heading = 오늘까지 납부 부탁드립니다
due-text = 청구서 { $number }({ $amount })의 납부 기한은 오늘({ $date })입니다.
due-ask = 오늘 중으로 납부해 주시기 바랍니다. 이미 납부하셨다면 이 메일은 무시해 주세요. 감사합니다.
final-subject = [{ $agency }] 마지막 안내: 청구서 { $number } 납부 요청
final-heading = 마지막 납부 안내입니다
final-text = 청구서 { $number }의 납부 기한({ $date })이 { $days }일 지났습니다. 그동안 안내해 드렸으나 { $amount } 금액이 여전히 미납 상태입니다.
final-ask = 메일로 보내 드리는 안내는 이번이 마지막이며, 이후에는 담당자가 직접 연락드리겠습니다. 지금 납부해 주시기 바랍니다. 납부가 어려우시다면 오늘 중으로 짧게라도 알려 주세요. 함께 방법을 찾고 싶습니다.
promise-subject = [{ $agency }] 청구서 { $number }: { $promised } 납부 예정 확인 부탁드립니다
promise-heading = { $promised }에 납부하실 예정이었습니다
promise-text = 청구서 { $number }의 납부 예정일을 { $promised }로 알려 주셔서 감사합니다. 다만 { $amount } 입금이 아직 확인되지 않았습니다.
promise-ask = 이미 납부하셨다면 이 메일은 무시해 주세요. 사정이 생기셨다면 가능한 날짜를 알려 주세요. 다시 기록해 두겠습니다.
promise-firm-subject = [{ $agency }] 청구서 { $number }: 약속하신 납부를 요청드립니다({ $promised })
promise-firm-heading = 약속하신 납부를 요청드립니다
promise-firm-text = 청구서 { $number }의 납부일을 { $promised }로 약속해 주셨습니다. 납부 기한({ $date })이 지났으며, { $amount } 금액이 여전히 미납 상태입니다.
promise-firm-ask = 지금 바로 납부해 주시기 바랍니다. 어려우시다면 지키실 수 있는 날짜를 오늘 중으로 알려 주세요. 함께 방법을 찾겠습니다.
reminder-closing = 감사합니다.

## The mail that hands over to a member

hand-over-subject = 담당자 확인 요청: { $client } 청구서 { $number } { $days }일 연체
hand-over-heading = 청구서 { $number }에 담당자의 확인이 필요합니다
hand-over-intro = { $client }에 대한 청구서 { $number }의 알림이 모두 끝났으나 { $amount } 금액이 아직 미납 상태입니다. 더 이상 자동으로 발송되는 메일은 없습니다. 직접 연락해 주세요. 한 통의 전화가 메일보다 나을 때가 많습니다.
hand-over-none-sent = 발송된 알림이 없습니다.
hand-over-said = { $date } { $client }의 메시지: { $text }
hand-over-silent = { $client }에서 이 청구서에 대해 남긴 메시지가 없습니다.
hand-over-reply = 이 이메일에 답장하시면 고객에게 전달됩니다.
hand-over-promise = { $date } 납부 약속
hand-over-promise-replaced = 다른 날짜로 변경됨
hand-over-promise-broken = 지켜지지 않음
hand-over-promise-over = 지난 약속
tone-friendly = 친절한 알림
tone-neutral = 일반 알림
tone-firm = 단호한 알림
tone-final = 마지막 알림
tone-promise = 납부 약속 확인
mail-state = { $date }: { $state }
mail-state-sent = 발송됨
mail-state-waits = 발송 중
mail-state-doubt = 발송 여부 불확실
mail-state-failed = 전달되지 않음
mail-state-cancelled = 발송되지 않음

## The mail that withdraws an invoice

void-subject = [{ $agency }] 청구서 { $number } 취소 안내: 납부하실 금액 없음
void-heading = 청구서 { $number } 취소 안내
void-intro = 청구서 { $number } 건이 취소되었습니다. 이 청구서로 납부하실 금액은 없습니다.
void-outlook = 이 메일을 해당 청구서와 함께 보관해 주세요. 번거롭게 해드려 죄송합니다.
void-outlook-replaced = 새 청구서 { $number } 건을 별도 메일로 보내드립니다. 이 메일을 해당 청구서와 함께 보관해 주세요.
void-sum = 취소된 청구 금액
void-on = 취소일
void-replaced-by = 대체 청구서
void-nothing = 없음
void-closing = 감사합니다.

## The page of an estimate

offer-title = { $kind } { $number }
offer-number = 견적서
offer-word = 견적서
section-subtotal = 소계
section-other = 기타 작업
change-number = 변경 견적서
change-word = 변경 견적서
change-amends = 변경 대상
change-of-estimate = 견적서 { $number }
change-lines = 변경 내용
change-added = 추가 내용
change-before = 기존
change-after = 변경 후
change-difference = 차액
change-out = 제외
change-quantity = { $before } → { $after }
change-stage = { $before } → { $after } (세금 별도)
change-changed = 변경 금액 (세금 포함)
change-added-total = 추가 금액 (세금 포함)
change-total-before = 기존 합의 금액 (세금 포함)
change-total = 이번 변경 (세금 포함)
change-total-after = 변경 후 합의 금액 (세금 포함)
change-statement = 본인은 { $client }을(를) 위하여 { $agency }의 변경 견적서 { $number } 버전 { $version }을(를) 이 페이지에 표시된 대로 수락합니다. 합의 총액은 { $amount }만큼 변경되어 { $after }이(가) 됩니다. 본인은 그럴 권한이 있으며, 입력한 성명이 본인의 서명입니다.
change-accept = 이 변경에 서명하기
change-mail-intro = 견적서 { $amends }에서 합의한 내용의 변경 건입니다: { $title }. 기존 합의와 변경 내용, 변경 후 금액은 페이지에서 확인하실 수 있습니다.
offer-version = 버전
offer-to = 받는 분
offer-sent-on = 발송일
offer-valid-until = 유효 기한
offer-lines = 견적 내용
offer-optional = 선택 항목
offer-not-before = { $date } 이후
offer-update = 합계 다시 계산
offer-update-hint = 원하시는 항목을 선택해 주세요. 아직 아무것도 확정되지 않습니다.
offer-stages = 청구 일정
offer-deposit = 선금
offer-deposit-when = 작업 시작 전, 세금 포함
offer-net = { $amount } (세금 별도)
offer-from-day = { $date }부터
offer-on-delivery = ‘{ $title }’ 납품 시
offer-deliverables = 제공 내용
offer-assumptions = 전제 조건
offer-exclusions = 포함되지 않는 사항
offer-signatures = 서명
offer-hash = 서명된 문서의 SHA-256:
offer-document = 해시된 그대로의 서명 문서
offer-go-sign = 수락하고 서명하기
offer-sign = 이 { $document } 수락하기
offer-sign-how = 본인 확인을 위해 { $email }(으)로 서명용 코드를 보내 드립니다.
offer-send-code = 코드 받기
offer-send-code-again = 새 코드 받기
offer-code-sent = { $email }(으)로 코드를 보내 드렸습니다. 15분 동안 유효합니다.
offer-name = 성명
offer-code = 코드
offer-statement = 본인은 { $client }을(를) 위하여 { $agency }의 견적서 { $number } 버전 { $version }을(를) 이 페이지에 표시된 대로 총액 { $amount }에 수락합니다. 본인은 그럴 권한이 있으며, 입력한 성명이 본인의 서명입니다.
offer-accept = { $amount }에 서명하기
offer-decline-instead = 거절하겠습니다
offer-decline-reason = 어떤 점이 맞지 않나요? 담당자가 읽습니다.
offer-decline = { $document } 거절하기

offer-open-until = { $date }까지 유효
offer-open-sub = 여기에서 수락하지 않은 것은 청구되지 않습니다.
offer-signed-by-you = 서명 완료
offer-others-sign = 감사합니다! 다른 분들도 서명하시면 효력이 생깁니다.
offer-expired = { $date }에 만료됨
offer-ask-for-new = 더 이상 수락할 수 없습니다. 연락 주시면 새 버전을 보내 드리겠습니다.
offer-accepted = { $date }에 수락됨
offer-declined = { $date }에 거절됨
offer-withdrawn = { $date }에 철회됨
offer-superseded = 새 버전으로 대체됨
offer-superseded-sub = 새 버전을 보내 드렸습니다. 가장 최근 이메일의 링크를 열어 주세요.

offer-due-on-receipt = 청구서는 수령 즉시 지급해 주세요.
offer-due-net = 청구서는 { $days }일 이내에 지급해 주세요.
offer-due-eom = 청구서는 해당 월말까지 지급해 주세요.
offer-due-eom-plus = 청구서는 해당 월말로부터 { $days }일 후까지 지급해 주세요.
offer-due-net-eom = 청구서는 발행일로부터 { $days }일 후가 속한 달의 말일까지 지급해 주세요.
offer-due-on = 청구서는 { $date }까지 지급해 주세요.

offer-notice-signed = 감사합니다! 서명이 기록되었습니다.
offer-notice-declined = 알려 주셔서 감사합니다. 거절 의사가 전달되었습니다.
offer-notice-code-sent = 코드를 보내 드렸습니다. 메일함을 확인해 주세요.
offer-notice-too-many-codes = 코드를 너무 많이 요청하셨습니다. 내일 다시 시도하시거나 연락해 주세요.
offer-notice-wrong-code = 보내 드린 코드와 다릅니다. 다시 확인해 주세요.
offer-notice-ended-code = 이 코드는 더 이상 유효하지 않습니다. 새 코드를 요청해 주세요.
offer-notice-blank-name = 서명하려면 성명을 입력해 주세요.
offer-notice-no-consent = 수락한다는 확인란을 선택해 주세요.
offer-notice-other-choice = 다른 분이 다른 항목을 선택하여 서명했습니다. 서명된 내용은 아래와 같습니다.
offer-notice-changed = 페이지를 여신 후 내용이 변경되어 서명되지 않았습니다. 다시 읽어 주세요.
offer-notice-scope-full = 이 프로젝트에는 더 이상 항목을 추가할 수 없어 서명되지 않았습니다. 연락 주시면 새 프로젝트로 다시 보내 드리겠습니다.
offer-notice-outdated = 발송 후 합의 또는 청구 내용이 변경되어 서명되지 않았습니다. 연락 주시면 새 버전을 보내 드리겠습니다.
offer-notice-no-reason = 거절 사유를 간단히 적어 주세요.

## Questions about a document

promise-open-form = 다른 날에 납부하겠습니다
promise-hint = { $first }부터 { $last } 사이에서 납부하실 날짜를 알려 주세요. 그날이 지나기 전에는 이 청구서의 알림을 보내지 않습니다.
promise-date = 납부하실 날짜
promise-send = { $agency }에 알리기
promise-noted = { $date }에 납부하겠다고 알려 주셨습니다. 감사합니다. 그때까지 이 청구서의 알림을 보내지 않습니다.
promise-notice-taken = 감사합니다. 날짜를 기록했으며, 그날이 지나기 전에는 이 청구서의 알림을 보내지 않습니다.
promise-notice-not-then = 양식에서 선택할 수 있는 날짜를 골라 주세요. 기록된 내용은 없습니다.
promise-notice-too-many = 날짜가 이미 여러 번 변경되었습니다. 저희에게 연락해 주시면 함께 방법을 찾겠습니다.
question-title = 문의
question-you = 고객님
question-ask = 문의하기
question-label = 무엇이 궁금하신가요? 이메일과 이 페이지로 답변해 드립니다.
question-send = 문의 보내기
question-notice-asked = 감사합니다. 문의가 접수되었으며 이메일로 답변해 드리겠습니다.
question-notice-none = 문의 내용을 먼저 입력해 주세요.
question-notice-too-many = 오늘 문의가 많습니다. 이메일이나 전화로 연락해 주세요.
question-subject = { $client } 문의: { $document } { $number }
question-intro = { $client }에서 { $document } { $number } 페이지를 통해 문의했습니다.
question-outlook = API로 답변하시면 페이지를 보는 모든 분께 표시됩니다. 이 이메일에 바로 회신하셔도 됩니다.
question-files = 첨부 파일
question-mail = 원본 메일
question-original = reply.eml로 첨부, { $file }로 보관
reply-subject = { $client } 회신: { $document } { $number }
reply-intro = { $client }에서 { $document } { $number }에 대해 이메일로 회신했습니다.
returned-subject = { $client }에게 보낸 메일이 반송되었습니다: { $document } { $number }
returned-heading = 메일이 반송되었습니다
returned-intro = { $document } { $number }에 대해 { $client }에게 보낸 메일을 전달하지 못했습니다. 수신 서버가 받을 사람이 없다고 답했습니다.
returned-address = 주소
returned-outlook = { $client }의 주소를 고친 뒤 다시 보내 주십시오. 그때까지 그 주소로는 후속 메일이 나가지 않습니다.
held-subject = 확인이 필요한 회신: { $document } { $number }
held-intro = { $client } 관련 { $document } { $number }에 대한 이메일이 도착했으나 대화에 추가되지 않았습니다.
held-sender-unknown = 팀의 답변용 주소로 왔지만, 귀사를 대신해 쓸 수 있는 사람이 보냈다는 것이 확인되지 않았습니다. 고객에게는 아무것도 전송되지 않았습니다.
held-thread-full = 대화에 더 이상 메시지를 담을 수 없습니다.
held-too-many = 오늘 고객의 메시지가 너무 많아 더 이상 추가하지 않았습니다.
held-outlook = 이메일을 받은 그대로 첨부했습니다. 이 이메일에 회신하시면 { $client }에게 전달되고 대화에 추가됩니다.
answer-subject = { $agency } 메시지: { $document } { $number }
answer-heading = 메시지가 도착했습니다
answer-intro = { $document } { $number }에 관한 메시지를 보내 드립니다.
answer-open = 페이지 열기
instalment-title = 분할 납부
instalment-subject = [{ $agency }] 청구서 { $number } 분할 납부 안내
instalment-heading = 분할 납부 안내
instalment-intro = 협의한 대로 청구서 { $number } 건의 남은 금액을 나누어 납부하시면 됩니다. 회차마다 기한 전에 미리 알려 드리겠습니다.
instalment-next = 다음 납부액은 { $amount }이며, 납부 기한은 { $date }입니다.
instalment-outlook = 납부 내역과 다음 회차는 페이지에서 언제든지 확인하실 수 있습니다. 날짜나 금액을 바꾸고 싶으시면 편하게 알려 주세요.
instalment-paid = 납부 완료
instalment-late = 연체
instalment-open = 납부 예정
instalment-left = { $amount } 남음
invoice-kind = 청구서
invoice-word = 청구서

## The mails about an estimate

offer-mail-subject = { $agency } { $kind } { $number }: { $title }, { $date }까지 유효
offer-mail-intro = { $title } { $document }를 보내 드립니다. 제공 내용과 일정, 금액은 페이지에서 확인하실 수 있습니다.
offer-mail-open = { $document } 열기
offer-mail-outlook = 페이지에서 항목을 선택하고, 수락하여 서명하거나 거절하실 수 있습니다. 이 링크는 본인 전용이니 다른 분께 전달하지 마세요.
code-mail-subject = { $document } { $number } 서명 코드
code-mail-heading = 서명 코드
code-mail-intro = { $document } { $number } 페이지에 이 코드를 입력하여 서명해 주세요.
code-mail-outlook = 15분 동안 유효합니다. 요청하지 않으셨다면 이 메일을 무시해 주세요. 코드 없이는 서명되지 않습니다. 저희는 전화로 코드를 묻지 않습니다.
certificate-subject = 서명 완료: { $agency } { $document } { $number }
certificate-heading = 감사합니다. 합의되었습니다
certificate-intro = { $title } { $kind } { $number }이(가) 수락되었습니다. 이 메일이 증명서이며, 서명된 문서를 첨부합니다.
certificate-total = 합의 금액
certificate-accepted-on = 수락일
certificate-accepted-by = 수락자
certificate-reference = 참조 번호
certificate-file = 증빙 파일
certificate-signed-by = 서명자
certificate-signature = { $name }, { $email }, { $time }
certificate-hash = SHA-256
certificate-outlook = 이 메일을 보관해 주세요. 첨부 파일은 서명된 문서 그대로이며, 그 SHA-256은 위의 값과 같습니다. 체크섬 프로그램으로 확인하실 수 있습니다.
offer-withdrawn-subject = { $agency } { $kind } { $number } 철회 안내
offer-withdrawn-heading = { $kind } { $number } 철회 안내
offer-withdrawn-intro = { $document } { $number }을(를) 철회하였습니다. 더 이상 수락하실 수 없습니다.
offer-withdrawn-sum = 철회된 { $document }
answered-accepted-subject = { $client }에서 { $document } { $number }을(를) 수락했습니다
answered-accepted = 좋은 소식입니다. { $client }에서 { $title } { $document }를 수락했습니다. 이제 수락된 내용을 프로젝트에서 청구하실 수 있습니다.
answered-declined-subject = { $client }에서 { $document } { $number }을(를) 거절했습니다
answered-declined = { $client }에서 { $title } { $document }를 거절했습니다. 사유는 다음과 같습니다.
answered-by = 회신자
answered-reply = 이 이메일에 답장하시면 고객에게 전달됩니다.

## 크레디트 노트

credit-title = 크레디트 노트 { $number }
credit-subject = [{ $agency }] 청구서 { $invoice } 크레디트 노트 { $number }
credit-heading = 납부하실 금액이 줄었습니다
credit-intro = 청구서 { $invoice }에 대한 크레디트 노트 { $number }을(를) 발행했습니다.
credit-for = 대상 청구서
credit-reason = 사유
credit-sum = 차감 금액
credit-open = 크레디트 노트 보기
credit-left = 이 청구서의 남은 금액은 { $amount }입니다.
credit-nothing-left = 이 청구서로 더 납부하실 금액은 없습니다.
credit-kept = 이미 더 많은 금액을 납부해 주셨습니다. { $amount }은(는) 고객님의 잔액으로 보관되며, 다음 청구에 사용하거나 원하시면 돌려드립니다.
credit-issued = 발행일
credit-for-invoice = { $number } ({ $date })
credit-list = 크레디트 노트
credit-back = 청구서로 돌아가기
paper-sheet = { $number } / { $of } 쪽
paper-open = PDF 내려받기
paper-receipt = 청구서 { $number } 영수증
paper-receipt-several = 영수증
paper-receipt-paid = 받은 금액
paper-plan = 청구서 { $number } 분할 납부 계획
paper-plan-agreed = 합의일
paper-plan-of = 대상 청구서
paper-plan-sum = 분할 납부 합계

## 고객이 이의를 제기한 항목

dispute-title = 확인 중인 항목
dispute-open = 확인 중
dispute-upheld = 확인 완료: 변동 없음
dispute-credited = 차감됨
dispute-open-form = 청구 내용에 문제가 있나요?
dispute-hint = 어느 항목이 왜 맞지 않는지 알려 주세요. 답변드릴 때까지 그 항목은 납부하지 않으셔도 되며, 나머지 금액은 그대로 납부해 주세요.
dispute-line = 항목
dispute-choose = 항목 선택
dispute-option = { $line }: { $amount }
dispute-reason = 어떤 점이 맞지 않나요?
dispute-send = 보내기
dispute-notice-taken = 감사합니다. 확인 후 이메일로 답변드리겠습니다. 그때까지 이 항목은 납부하지 않으셔도 됩니다.
dispute-notice-none = 항목을 선택하고 어떤 점이 맞지 않는지 적어 주세요.
dispute-notice-closed = 이 항목은 더 이상 이의를 제기할 수 없습니다. 저희에게 문의해 주세요.
dispute-subject = { $client } 님이 { $document } { $number }의 항목에 이의를 제기했습니다
dispute-intro = { $client } 님이 { $document } { $number }의 한 항목에 동의하지 않습니다.
dispute-outlook = 이 항목의 금액은 보류되어 알림이 발송되지 않습니다. API로 차감하거나 답변과 함께 유지할 수 있으며, 결과는 고객에게 이메일로 전달됩니다.
hero-disputed = 확인 중인 항목 { $lines }건. 지금 납부하실 금액: { $amount }

## 팀 초대

role-viewer = 열람자
role-biller = 청구 담당자
role-manager = 관리자
role-owner = 소유자
role-viewer-may = 모든 내용을 볼 수 있으며, 변경할 수는 없습니다.
role-biller-may = 견적서와 청구서를 작성하여 보내고 입금을 기록할 수 있습니다.
role-manager-may = 청구 업무는 물론, 다른 사람이 작성한 문서를 승인하고 설정을 바꾸고 동료를 초대할 수 있습니다.
role-owner-may = 모든 작업을 할 수 있습니다.
invitation-subject = { $agency } 팀에 초대합니다
invitation-heading = { $agency } 팀 초대
invitation-intro = { $agency }에서는 Remit으로 견적서와 청구서를 관리합니다. 함께 일할 수 있도록 팀에 초대합니다.
invitation-role = 역할
invitation-may = 할 수 있는 일
invitation-for = 받는 분
invitation-until = 유효 기한
invitation-open = 초대 보기
invitation-outlook = 링크를 열면 초대를 수락하는 버튼이 있습니다. 이 링크는 한 번만 쓸 수 있는 본인 전용 링크이니 다른 분께 전달하지 마세요. 예상하지 못한 초대라면 이 메일을 무시하셔도 됩니다. 아무 일도 일어나지 않습니다.
join-text = { $name } 님을 다음 역할로 초대합니다: { $role }
join-until = 이 초대는 { $date }까지 유효합니다.
join-action = 초대 수락
joined-title = { $agency } 팀에 오신 것을 환영합니다
joined-text = 이제 팀의 구성원입니다. 역할: { $role }
joined-key = 아래는 본인의 API 키입니다. 이 페이지에서만 볼 수 있으니 비밀번호처럼 안전하게 보관해 주세요. 요청을 보낼 때마다 Authorization: Bearer 헤더에 넣어 사용합니다.
joined-identity = 소속 에이전시에서 별도의 로그인 서비스를 사용한다면, 이 키를 사용하고 본문에 토큰을 넣어 해당 계정을 한 번 연결해 주세요. 그 뒤로는 키 대신 토큰을 사용할 수 있습니다.
join-used-title = 이미 수락된 초대입니다
join-used-text = 초대는 한 번만 수락할 수 있습니다. 직접 수락하지 않으셨거나 키를 분실하셨다면 { $agency }의 소유자에게 문의해 주세요.
join-expired-title = 만료된 초대입니다
join-expired-text = 이 초대는 { $date }까지 유효했습니다. { $agency }에 다시 초대를 요청해 주세요.

## 에이전시의 현황

month-of-year = { $year }년 { $month }
overview-title = 현황
overview-at = { $date } 기준
overview-outstanding = 미수금
overview-outstanding-in = 미수금 ({ $currency })
overview-invoices = 청구서 { $invoices }건
overview-payments = 결제 { $payments }건
overview-overdue = 연체
overview-processing = 입금 진행 중
overview-disputed = 이의 제기
overview-received = 이번 달 입금
overview-given-back = 이번 달 환불
overview-ages = 기간별 연체
overview-age-30 = 1~30일
overview-age-60 = 31~60일
overview-age-90 = 61~90일
overview-age-more = 90일 초과
overview-share = 연체 금액의 { $percent }
overview-months = 월별 입금
overview-months-said = { $first }부터 { $last }까지. 입금이 가장 많은 달: { $month }, { $amount }.
overview-figures = 월별 금액 보기
overview-back = { $amount } 환불
overview-waiting = 처리할 일
overview-nothing-waits = 처리할 일이 없습니다.
overview-questions = 고객 문의
overview-estimates-in-review = 승인할 견적서
overview-submitted-work = 승인할 작업
overview-bank-entries = 확인할 은행 거래
overview-unmatched-payments = 맞는 청구서가 없는 입금
overview-promised = 납부 약속
overview-promised-for = { $date } 납부 약속
overview-ending = 곧 마감되는 견적서
overview-ends = { $date }까지 유효
overview-more = 외 { $entries }건
overview-empty-title = 미수금이 없습니다
overview-empty = 청구서를 발행하시면 미수금, 연체, 입금 현황이 여기에 표시됩니다.
overview-signed-in = { $name } 님({ $role })으로 로그인하셨습니다.
overview-sign-out = 로그아웃
overview-signed-out = 이 페이지에서 로그아웃하셨습니다.
overview-ask = 미수금, 연체, 입금 현황을 한눈에 보실 수 있습니다. 소속 에이전시가 사용하는 서비스에서 로그인해 주세요.
overview-sign-in = 로그인
overview-again-title = 로그인하지 못했습니다
overview-again = 로그인이 중단되었거나, 시간이 오래 걸렸거나, 다른 브라우저에서 시작되었습니다. 다시 한번 시도해 주세요.
overview-unknown-title = 소속된 팀이 없습니다
overview-unknown = 로그인은 되었지만 이 계정을 아는 팀이 없습니다. 먼저 초대를 수락하시거나, 본인 계정을 팀에 연결해 달라고 요청하시거나, 다른 계정으로 로그인해 주세요.
overview-closed = 아직 이 페이지에서 로그인할 수 없습니다. 시스템 운영자가 먼저 인증 서비스의 클라이언트를 지정해야 합니다.
overview-form-old = 페이지를 여신 지 오래되어 안전을 위해 중단했습니다. 변경된 내용은 없습니다.
overview-return = 현황으로 돌아가기
overview-problem = 불편을 드려 죄송합니다. 잠시 후 다시 시도해 주세요.
