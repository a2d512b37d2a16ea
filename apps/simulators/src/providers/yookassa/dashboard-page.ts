import { formatMajor, isPositive, type Language } from '@opora/kernel';
import type { Delivery } from '../../deliveries.ts';
import { parseJson } from '../../http.ts';
import type { Page } from './book.ts';
import { DASHBOARD_WORDS } from './dashboard-words.ts';
import { isFields } from './fields.ts';
import { deskTime, exactSum, markup, type Markup, page } from './page.ts';
import { type Payment, PAYMENT_STATUSES, type PaymentStatus, refundable } from './payment.ts';
import { lineTotal } from './receipt.ts';
import { SAVED_CHARGES, type Settings } from './settings.ts';
import type { Totals } from './shop.ts';

export type DashboardView = Readonly<{
  language: Language;
  /** Why the last button did nothing. */
  fault: string | undefined;
  /** Not the newest stretch of payments. */
  older: boolean;
  shopId: string;
  totals: Totals;
  settings: Settings;
  payments: Page<Payment>;
  /** Newest first. */
  deliveries: readonly Delivery[];
}>;

const CHIPS: Readonly<Record<PaymentStatus, readonly [tone: string, sign: string]>> = {
  pending: ['info', '…'],
  waiting_for_capture: ['warn', '‖'],
  succeeded: ['good', '✓'],
  canceled: ['', '×'],
};
const DELIVERY_CHIPS: Readonly<Record<Delivery['state'], readonly [string, string]>> = {
  waiting: ['warn', '…'],
  done: ['good', '✓'],
  'given-up': ['bad', '!'],
};
const ANSWERS_SHOWN = 6;

export function dashboardPage(view: DashboardView): string {
  const { language, fault, shopId } = view;
  const words = DASHBOARD_WORDS[language];
  const other = language === 'ru' ? 'en' : 'ru';
  const alert = markup`<p class="fault" role="alert"
 data-testid="fault">${words.refused} ${fault}</p>`;
  const body = markup`<main class="cabinet">
<header class="stack">
<div class="row small"><a href="/">${words.home}</a>
<a href="/yookassa/?lang=${other}" lang="${other}"
 data-testid="language">${words.otherLanguage}</a></div>
<h1>${words.title}</h1>
<p class="muted">shopId <code>${shopId}</code>. ${words.about}</p>
${fault === undefined ? undefined : alert}
</header>
${tallies(view)}
${paymentTable(view)}
${deliveryTable(view)}
${settingsForm(view)}
</main>`;
  return page({ language, kind: 'desk', title: words.title, body });
}

function tallies({ language, totals }: DashboardView): Markup {
  const { captured, refunded, states } = DASHBOARD_WORDS[language];
  const tally = (name: string, value: string, id: string): Markup =>
    markup`<div class="card"><dt>${name}</dt><dd data-testid="total-${id}">${value}</dd></div>`;
  return markup`<dl class="tallies">
${tally(captured, exactSum(totals.captured, language), 'captured')}
${tally(refunded, exactSum(totals.refunded, language), 'refunded')}
${PAYMENT_STATUSES.map((each) => tally(states[each], String(totals.statuses[each]), each))}
</dl>`;
}

function paymentTable(view: DashboardView): Markup {
  const { language, payments } = view;
  const { columns, payments: title, noneYet } = DASHBOARD_WORDS[language];
  const { status, sum, payment, created, receipt, acts: actions } = columns;
  const rows = payments.items.map((each) => paymentRow(each, language));
  return markup`<section class="card stack" data-testid="payments"><h2>${title}</h2>
${table([status, sum, payment, created, receipt, actions], rows, noneYet)}
${pager(view)}</section>`;
}

function pager({ language, older, payments }: DashboardView): Markup | undefined {
  const words = DASHBOARD_WORDS[language];
  const { next } = payments;
  if (!older && next === undefined) return undefined;
  const here = `/yookassa/?lang=${language}`;
  return markup`<nav class="acts">
${older ? markup`<a href="${here}" data-testid="newest">${words.newest}</a>` : undefined}
${next && markup`<a href="${here}&after=${next}" data-testid="older">${words.older}</a>`}
</nav>`;
}

function paymentRow(payment: Payment, language: Language): Markup {
  const words = DASHBOARD_WORDS[language];
  const { columns } = words;
  const { id, status, income, refunded, cancelReason, description = '' } = payment;
  const order = payment.metadata['order_id'];
  const [tone, sign] = CHIPS[status];
  const sum = (value: string): string => exactSum(value, language);
  const state = chip(tone, sign, words.states[status]);
  const received = income && note(`${words.income} ${sum(income.value)}`);
  const returned =
    refunded.value === '0.00' ? undefined : note(`${words.refundedPart} ${sum(refunded.value)}`);
  return markup`<tr data-testid="payment-${id}" data-status="${status}">
${cell(columns.status, markup`${state}${cancelReason && note(cancelReason)}`)}
${cell(columns.sum, markup`${sum(payment.amount.value)}${received}${returned}`, 'sums')}
${cell(
  columns.payment,
  markup`${description}<div class="id">${id}</div>
${order && markup`<div class="muted small">${words.order} <span class="id">${order}</span></div>`}`,
)}
${cell(columns.created, deskTime(payment.createdAt, language))}
${cell(columns.receipt, receiptCell(payment, language))}
${actsCell(columns.acts, acts(payment, language))}
</tr>`;
}

function receiptCell({ receipt }: Payment, language: Language): Markup {
  const words = DASHBOARD_WORDS[language];
  if (receipt === undefined) return markup`<span class="muted">${words.none}</span>`;
  const lines = receipt.items.map((item) => {
    const sum = exactSum(lineTotal(item).value, language);
    const vat = `vat_code ${String(item.vatCode)}`;
    return markup`<div class="small">${item.description} × ${item.quantity}, ${sum}, ${vat}</div>`;
  });
  return markup`<details><summary>${words.registered}: ${String(lines.length)}</summary>
${lines}${note(receipt.customer.email ?? receipt.customer.phone ?? '')}</details>`;
}

function acts(payment: Payment, language: Language): Markup | undefined {
  const words = DASHBOARD_WORDS[language];
  const { id, status } = payment;
  if (status === 'pending') {
    return markup`<a href="/yookassa/checkout/${id}?lang=${language}" target="_blank"
 data-testid="open-${id}">${words.open}</a>`;
  }
  if (status === 'waiting_for_capture') {
    const capture = button(`payments/${id}/capture`, words.capture, language);
    return markup`${capture}${button(`payments/${id}/cancel`, words.cancel, language)}`;
  }
  const left = refundable(payment);
  if (status !== 'succeeded' || !isPositive(left)) return undefined;
  const field = markup`<input class="field" name="value" inputmode="decimal"
 value="${formatMajor(left)}" aria-label="${words.refundSum}" data-testid="refund-sum-${id}">`;
  return button(`payments/${id}/refund`, words.refund, language, field);
}

function deliveryTable({ language, deliveries }: DashboardView): Markup {
  const words = DASHBOARD_WORDS[language];
  const { event, object, tries, answers, columns } = words;
  const rows = deliveries.map((delivery) => deliveryRow(delivery, language));
  return markup`<section class="card stack" data-testid="notifications">
<h2>${words.notifications}</h2>
${table([columns.status, event, object, tries, answers, columns.acts], rows, words.none)}
</section>`;
}

function deliveryRow(delivery: Delivery, language: Language): Markup {
  const words = DASHBOARD_WORDS[language];
  const { id, state, tries } = delivery;
  const [tone, sign] = DELIVERY_CHIPS[state];
  // A forged body may be anything, so nothing in it is taken for granted.
  const body = parseJson(Buffer.from(delivery.body));
  const object = isFields(body) && isFields(body['object']) ? body['object'] : {};
  const event = isFields(body) ? textOf(body['event']) : '';
  const more = delivery.answers.length > ANSWERS_SHOWN ? '… ' : '';
  const answers = more + delivery.answers.slice(-ANSWERS_SHOWN).join(', ');
  return markup`<tr data-testid="delivery-${id}" data-state="${state}">
${cell(words.columns.status, chip(tone, sign, words.deliveries[state]))}
${cell(words.event, event)}
${cell(words.object, markup`<span class="id">${textOf(object['id'])}</span>`)}
${cell(words.tries, String(tries))}
${cell(words.answers, answers)}
${actsCell(words.columns.acts, button(`deliveries/${id}/resend`, words.resend, language))}
</tr>`;
}

function settingsForm({ language, settings }: DashboardView): Markup {
  const words = DASHBOARD_WORDS[language];
  const { notificationUrl, repeatsMs, feeBps, savedCharge, receiptsRequired } = settings;
  const field = (label: string, name: keyof Settings, value: string): Markup =>
    markup`<label class="label">${label}
<input class="field" name="${name}" value="${value}" required></label>`;
  const charges = SAVED_CHARGES.map((each) => {
    const selected = each === savedCharge ? markup` selected` : undefined;
    return markup`<option value="${each}"${selected}>${each}</option>`;
  });
  const checked = receiptsRequired ? markup` checked` : undefined;
  return markup`<section class="card stack" data-testid="settings"><h2>${words.settings}</h2>
<form class="settings" method="post" action="/yookassa/dashboard/settings">
<input type="hidden" name="lang" value="${language}">
${field(words.url, 'notificationUrl', notificationUrl)}
${field(words.repeats, 'repeatsMs', repeatsMs.join(' '))}
${field(words.fee, 'feeBps', String(feeBps))}
<label class="label">${words.savedCharge}
<select class="field" name="savedCharge">${charges}</select></label>
<label class="check"><input type="checkbox" name="receiptsRequired"${checked}>
${words.receipts}</label>
<div><button class="button primary" data-testid="save-settings">${words.save}</button></div>
</form></section>`;
}

function table(columns: readonly string[], rows: readonly Markup[], empty: string): Markup {
  if (rows.length === 0) return markup`<p class="muted">${empty}</p>`;
  const heads = columns.map((column) => markup`<th scope="col">${column}</th>`);
  return markup`<table class="table"><thead><tr>${heads}</tr></thead>
<tbody>${rows}</tbody></table>`;
}

const cell = (label: string, content: Markup | string, kind = ''): Markup =>
  markup`<td class="${kind}" data-label="${label}"><div>${content}</div></td>`;

const actsCell = (label: string, content: Markup | undefined): Markup =>
  markup`<td data-label="${label}"><div class="acts">${content}</div></td>`;

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

const note = (text: string): Markup => markup`<div class="muted small">${text}</div>`;

const chip = (tone: string, sign: string, word: string): Markup =>
  markup`<span class="chip ${tone}"><span aria-hidden="true">${sign}</span>${word}</span>`;

function button(path: string, label: string, language: Language, field?: Markup): Markup {
  const [, id = '', act = ''] = path.split('/');
  return markup`<form method="post" action="/yookassa/dashboard/${path}">
<input type="hidden" name="lang" value="${language}">${field}
<button class="button" data-testid="${act}-${id}">${label}</button></form>`;
}
