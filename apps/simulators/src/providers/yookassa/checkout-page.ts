import type { Language } from '@opora/kernel';
import { CHECKOUT_WORDS } from './checkout-words.ts';
import { buyerTime, markup, type Markup, page, price } from './page.ts';
import type { Payment, PaymentStatus } from './payment.ts';
import type { MethodType } from './order.ts';
import { lineTotal, type Receipt } from './receipt.ts';

export type CheckoutView = Readonly<{
  language: Language;
  shopId: string;
  /** Bills of the same order that can still be paid. */
  others: readonly Payment[];
}>;

/** The vendor's own success card; the other two are the simulator's. */
export const TEST_CARDS = [
  { number: '5555 5555 5555 4477', outcome: 'pay' },
  { number: '5555 5555 5555 4584', outcome: 'decline' },
  { number: '5555 5555 5555 4592', outcome: 'secure' },
] as const;

/** Asked for one of the others, the page shows a single button. */
const OWN_FORMS: readonly MethodType[] = ['bank_card', 'sbp'];
const RETURN_SECONDS = 5;
const LATE_MINUTES = [1, 5, 30];
const TONES: Readonly<Record<PaymentStatus, readonly [tone: string, sign: string]>> = {
  pending: ['warn', '…'],
  waiting_for_capture: ['warn', '…'],
  succeeded: ['good', '✓'],
  canceled: ['bad', '!'],
};

const addressOf = (payment: Payment): string => `/yookassa/checkout/${payment.id}`;

/** A bill that can be paid: the sum, the card form, and a button for each outcome. */
export function checkoutPage(payment: Payment, view: CheckoutView, cardUnknown: boolean): string {
  const { language } = view;
  const words = CHECKOUT_WORDS[language];
  const sum = price(payment.amount, language);
  const asked = payment.methodType;
  const sbp = press({ act: 'sbp', testId: 'pay-sbp', label: words.orBySbp });
  const wallet = press({
    act: 'pay',
    testId: 'pay-card',
    label: `${words.pay} ${sum}`,
    main: true,
  });
  const body = markup`${bill(payment, view)}
${asked === undefined || asked === 'bank_card' ? cardForm(payment, view, cardUnknown) : undefined}
${asked === undefined || asked === 'sbp' ? form(payment, language, sbp) : undefined}
${asked !== undefined && !OWN_FORMS.includes(asked) ? form(payment, language, wallet) : undefined}
${outcomes(payment, view)}
${otherBills(view)}`;
  return frame(view, `${words.toPay}: ${sum}`, payment, body);
}

/** The page of the buyer's bank: the second step of 3-D Secure. */
export function bankPage(payment: Payment, view: CheckoutView): string {
  const { language } = view;
  const words = CHECKOUT_WORDS[language];
  const buttons = markup`
${press({ act: 'pay', testId: 'bank-confirm', label: words.bankConfirm, main: true })}
${press({ act: 'bank-fail', testId: 'bank-fail', label: words.bankFail })}
${press({ act: 'leave', testId: 'bank-leave', label: words.bankLeave })}`;
  const body = markup`<section class="card stack" data-testid="bank">
<h1>${words.bankAsks}</h1>
<p class="sum">${price(payment.amount, language)}</p>
<p class="muted">${words.bankHint}</p>
${form(payment, language, buttons)}
</section>`;
  return frame(view, words.bankAsks, payment, body);
}

/** What became of the payment; just after an act the browser goes on to the shop by itself. */
export function resultPage(payment: Payment, view: CheckoutView, arrived: boolean): string {
  const { language } = view;
  const words = CHECKOUT_WORDS[language];
  const { status, payAt, description, returnUrl } = payment;
  const [title, text] =
    status === 'pending' && payAt !== undefined ? words.promised : words.states[status];
  const [tone, sign] = TONES[status];
  const again =
    arrived && returnUrl !== undefined ? { seconds: RETURN_SECONDS, href: returnUrl } : undefined;
  const body = markup`<section class="card stack centred"
 data-testid="result" data-status="${status}">
<p class="seal ${tone}" aria-hidden="true">${sign}</p>
<h1>${title}</h1>
<p class="sum">${price(payment.amount, language)}</p>
<p>${reasonOf(payment, language)}${text}${payAt && markup` ${buyerTime(payAt, language)}.`}</p>
${description && markup`<p class="muted">${description}</p>`}
${resultLinks(payment, language)}
${again && markup`<p class="muted small">${words.returning}</p>`}
</section>
${otherBills(view)}`;
  return frame(view, title, payment, body, again);
}

export function unknownPage(language: Language): string {
  const { unknown } = CHECKOUT_WORDS[language];
  const body = markup`<main class="checkout"><p class="card">${unknown}</p></main>`;
  return page({ language, kind: 'buyer', title: 'YooKassa', body });
}

function frame(
  view: CheckoutView,
  title: string,
  payment: Payment,
  body: Markup,
  again?: { seconds: number; href: string },
): string {
  const { language } = view;
  const words = CHECKOUT_WORDS[language];
  const other = language === 'ru' ? 'en' : 'ru';
  const whole = markup`<p class="rehearsal" role="note">${words.rehearsal}</p>
<main class="checkout">
<header class="row"><strong class="vendor">ЮKassa</strong>
<a class="small" href="${addressOf(payment)}?lang=${other}" lang="${other}"
 data-testid="language">${words.otherLanguage}</a></header>
${body}
</main>`;
  return page({ language, kind: 'buyer', title: `${title} · ЮKassa`, body: whole, again });
}

function bill(payment: Payment, { language, shopId }: CheckoutView): Markup {
  const words = CHECKOUT_WORDS[language];
  const until = buyerTime(payment.deadlineAt ?? payment.createdAt, language);
  return markup`<section class="bill">
<p class="muted">${words.shop} ${shopId}</p>
<h1 class="sum" data-testid="sum">${price(payment.amount, language)}</h1>
${payment.description && markup`<p>${payment.description}</p>`}
<p class="muted small">${words.validUntil} ${until}</p>
${payment.receipt && receiptLines(payment.receipt, language)}
</section>`;
}

function receiptLines({ items, customer }: Receipt, language: Language): Markup {
  const words = CHECKOUT_WORDS[language];
  const lines = items.map((item) => {
    const times = Number(item.quantity) === 1 ? '' : ` × ${item.quantity}`;
    const sum = price(lineTotal(item), language);
    return markup`<li class="row"><span>${item.description}${times}</span>
<span class="figure">${sum}</span></li>`;
  });
  return markup`<details class="receipt"><summary>${words.receipt}</summary><ul>${lines}</ul>
<p class="muted small">${words.receiptTo} ${customer.email ?? customer.phone}</p></details>`;
}

function cardForm(payment: Payment, { language }: CheckoutView, unknown: boolean): Markup {
  const words = CHECKOUT_WORDS[language];
  const label = `${words.pay} ${price(payment.amount, language)}`;
  const cards = TEST_CARDS.map(
    ({ number, outcome }) => markup`<li>${number}: ${words.cards[outcome]}</li>`,
  );
  const field = (title: string, name: string, value: string): Markup =>
    markup`<label class="label">${title}<input class="field" name="${name}" value="${value}"
 inputmode="numeric" autocomplete="off" required data-testid="card-${name}"></label>`;
  const fault = markup`<p class="fault" role="alert"
 data-testid="card-unknown">${words.cardUnknown}</p>`;
  const inner = markup`<h2>${words.card}</h2>
${unknown ? fault : undefined}
${field(words.cardNumber, 'number', TEST_CARDS[0].number)}
<ul class="cards muted small">${cards}</ul>
<div class="pair">
${field(words.cardExpiry, 'expiry', '12/30')}
${field(words.cardCode, 'code', '123')}
</div>
${press({ act: 'card', testId: 'pay-card', label, main: true })}`;
  return form(payment, language, inner, 'card');
}

function outcomes(payment: Payment, { language }: CheckoutView): Markup {
  const words = CHECKOUT_WORDS[language];
  const { decline, declineHint, secure, secureHint, late } = words;
  const minutes = LATE_MINUTES.map(
    (each) => markup`<option value="${String(each)}">${words.lateMinutes(each)}</option>`,
  );
  const atOnce = markup`
${press({ act: 'decline', testId: 'pay-decline', label: decline, note: declineHint })}
${press({ act: 'secure', testId: 'pay-3ds', label: secure, note: secureHint })}`;
  const later = markup`<p class="muted small">${words.lateHint}</p>
<div class="late">${press({ act: 'late', testId: 'pay-late', label: late })}
<select class="field" name="minutes" aria-label="${late}" data-testid="late-minutes">
<option value="0">${words.lateNow}</option>${minutes}</select></div>`;
  return markup`<section class="card stack" data-testid="outcomes">
<h2>${words.rehearse}</h2>
<p class="muted small">${words.rehearseHint}</p>
${form(payment, language, atOnce)}
${form(payment, language, later)}
</section>`;
}

function otherBills({ language, others }: CheckoutView): Markup | undefined {
  if (others.length === 0) return undefined;
  const words = CHECKOUT_WORDS[language];
  const bills = others.map((other) => {
    const label = `${words.payOther} ${price(other.amount, language)}`;
    const note = other.description ?? other.id;
    return form(other, language, press({ act: 'pay', testId: 'pay-other', label, note }));
  });
  return markup`<section class="card stack" data-testid="other-bills">
<h2>${words.again}</h2>
<p class="muted small">${words.againHint}</p>
${bills}
</section>`;
}

function reasonOf({ cancelReason }: Payment, language: Language): string {
  return cancelReason === undefined ? '' : `${CHECKOUT_WORDS[language].reasons[cancelReason]} `;
}

function resultLinks(payment: Payment, language: Language): Markup {
  const words = CHECKOUT_WORDS[language];
  const link = (href: string, testId: string, label: string, kind: string): Markup =>
    markup`<a class="button ${kind} wide" href="${href}" data-testid="${testId}">${label}</a>`;
  const { returnUrl, status } = payment;
  const here = `${addressOf(payment)}?lang=${language}`;
  return markup`
${returnUrl && link(returnUrl, 'return-to-shop', words.returnToShop, 'primary')}
${status === 'pending' ? link(here, 'back-to-payment', words.backToPayment, 'quiet') : undefined}`;
}

function press(
  what: Readonly<{ act: string; testId: string; label: string; note?: string; main?: boolean }>,
): Markup {
  const { act, testId, label, note, main = false } = what;
  return markup`<button class="button wide ${main ? 'primary' : ''}" name="act" value="${act}"
 data-testid="${testId}">${label}${note && markup`<small>${note}</small>`}</button>`;
}

function form(payment: Payment, language: Language, inner: Markup, kind = ''): Markup {
  return markup`<form class="stack ${kind}" method="post" action="${addressOf(payment)}">
<input type="hidden" name="lang" value="${language}">${inner}</form>`;
}
