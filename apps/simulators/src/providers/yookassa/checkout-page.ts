/** What YooKassa's page has beside the common parts: a card form, the bank's step, the receipt. */
import type { Language } from '@opora/kernel';
import { form, frame, press, type View } from '../checkout-parts.ts';
import { CHECKOUT_WORDS } from '../checkout-words.ts';
import { markup, type Markup, price } from '../page.ts';
import type { Bill } from '../till.ts';
import { YOOKASSA_WORDS } from './checkout-words.ts';
import type { MethodType } from './order.ts';
import { lineTotal, type Receipt } from './receipt.ts';

/** The vendor's own success card; the other two are the simulator's. */
export const TEST_CARDS = [
  { number: '5555 5555 5555 4477', outcome: 'pay' },
  { number: '5555 5555 5555 4584', outcome: 'decline' },
  { number: '5555 5555 5555 4592', outcome: 'secure' },
] as const;

/** Asked for one of the others, the page shows a single button. */
const OWN_FORMS: readonly MethodType[] = ['bank_card', 'sbp'];

/** The ways to pay: all that the page has, or the one the shop asked for. */
export function payForms(
  bill: Bill,
  view: View,
  how: Readonly<{ asked: MethodType | undefined; cardUnknown: boolean }>,
): Markup {
  const { language } = view;
  const { asked, cardUnknown } = how;
  const sbp = press({ act: 'sbp', testId: 'pay-sbp', label: YOOKASSA_WORDS[language].orBySbp });
  const label = `${CHECKOUT_WORDS[language].pay} ${price(bill.amount, language)}`;
  const wallet = press({ act: 'pay', testId: 'pay-card', label, main: true });
  return markup`
${asked === undefined || asked === 'bank_card' ? cardForm(bill, view, cardUnknown) : undefined}
${asked === undefined || asked === 'sbp' ? form(bill, view, sbp) : undefined}
${asked !== undefined && !OWN_FORMS.includes(asked) ? form(bill, view, wallet) : undefined}`;
}

function cardForm(bill: Bill, view: View, unknown: boolean): Markup {
  const words = YOOKASSA_WORDS[view.language];
  const label = `${CHECKOUT_WORDS[view.language].pay} ${price(bill.amount, view.language)}`;
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
  return markup`<div class="card">${form(bill, view, inner)}</div>`;
}

/** One more outcome: the bank wants to see the buyer. */
export function secureButton({ language }: View): Markup {
  const { secure, secureHint } = YOOKASSA_WORDS[language];
  return press({ act: 'secure', testId: 'pay-3ds', label: secure, note: secureHint });
}

/** The page of the buyer's bank: the second step of 3-D Secure. */
export function bankPage(bill: Bill, view: View): string {
  const { language } = view;
  const words = YOOKASSA_WORDS[language];
  const buttons = markup`
${press({ act: 'pay', testId: 'bank-confirm', label: words.bankConfirm, main: true })}
${press({ act: 'bank-fail', testId: 'bank-fail', label: words.bankFail })}
${press({ act: 'abandon', testId: 'bank-leave', label: words.bankLeave })}`;
  const body = markup`<section class="card stack" data-testid="bank">
<h1>${words.bankAsks}</h1>
<p class="sum">${price(bill.amount, language)}</p>
<p class="muted">${words.bankHint}</p>
${form(bill, view, buttons)}
</section>`;
  return frame(view, bill, { title: words.bankAsks, body });
}

export function receiptLines({ items, customer }: Receipt, language: Language): Markup {
  const words = YOOKASSA_WORDS[language];
  const lines = items.map((item) => {
    const times = Number(item.quantity) === 1 ? '' : ` × ${item.quantity}`;
    const sum = price(lineTotal(item), language);
    return markup`<li class="row"><span>${item.description}${times}</span>
<span class="figure">${sum}</span></li>`;
  });
  return markup`<details class="receipt"><summary>${words.receipt}</summary><ul>${lines}</ul>
<p class="muted small">${words.receiptTo} ${customer.email ?? customer.phone}</p></details>`;
}
