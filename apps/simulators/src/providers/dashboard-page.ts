import {
  type Currency,
  formatMajor,
  isPositive,
  type Language,
  parseMajor,
  subtractMoney,
} from '@opora/kernel';
import type { Delivery } from '../deliveries.ts';
import { sumsOf } from './control.ts';
import { DASHBOARD_WORDS } from './dashboard-words.ts';
import { deskTime, exactSum, markup, type Markup, page } from './page.ts';
import type { ActName, Bill, BillState, Till } from './till.ts';

export const BILLS_SHOWN = 25;

/** A setting of the vendor's own beside the common ones; `choices` make it a list. */
export type SettingField = Readonly<{
  name: string;
  label: Readonly<Record<Language, string>>;
  kind: 'text' | 'number' | 'flag' | readonly string[];
}>;

/** What differs from vendor to vendor on the merchant's page. */
export type Dashboard = Readonly<{
  title: string;
  /** The account as the vendor numbers it: `shopId 100500`. */
  account: string;
  /** The vendor's own statuses, for people; one that is missing stands as it is. */
  statuses: Readonly<Record<string, Readonly<Record<Language, string>>>>;
  /** More about a payment, under its description. */
  notes?: (bill: Bill, language: Language) => Markup | undefined;
  /** What a notice is about. A forged one may be anything: take nothing for granted. */
  notice: (delivery: Delivery) => Readonly<{ event: string; object: string }>;
  fields?: readonly SettingField[];
}>;

type DashboardView = Readonly<{
  till: Till;
  dashboard: Dashboard;
  language: Language;
  /** Why the last button did nothing. */
  fault: string | undefined;
  /** How many newer ones are not shown. */
  from: number;
  all: readonly Bill[];
  /** The stretch that is shown, newest first. */
  bills: readonly Bill[];
  /** Newest first. */
  deliveries: readonly Delivery[];
}>;

type Chip = readonly [tone: string, sign: string];
const CHIPS: Readonly<Record<BillState, Chip>> = {
  open: ['info', '…'],
  held: ['warn', '‖'],
  paid: ['good', '✓'],
  closed: ['', '×'],
  disputed: ['bad', '!'],
};
const DELIVERY_CHIPS: Readonly<Record<Delivery['state'], Chip>> = {
  waiting: ['warn', '…'],
  done: ['good', '✓'],
  'given-up': ['bad', '!'],
};
const ANSWERS_SHOWN = 6;
/** What can be pressed in which state. */
const ACTS_IN: Readonly<Record<BillState, readonly ActName[]>> = {
  open: ['cancel'],
  held: ['capture', 'cancel'],
  paid: ['refund', 'dispute'],
  closed: [],
  disputed: ['win', 'lose'],
};

export function dashboardPage(view: DashboardView): string {
  const { language, fault, till, dashboard } = view;
  const words = DASHBOARD_WORDS[language];
  const other = language === 'ru' ? 'en' : 'ru';
  const title = `${dashboard.title}: ${words.title}`;
  const alert = markup`<p class="fault" role="alert"
 data-testid="fault">${words.refused} ${fault}</p>`;
  const body = markup`<main class="cabinet">
<header class="stack">
<div class="row small"><a href="/">${words.home}</a>
<a href="/${till.id}/?lang=${other}" lang="${other}"
 data-testid="language">${words.otherLanguage}</a></div>
<h1>${title}</h1>
<p class="muted"><code>${dashboard.account}</code>. ${words.about}</p>
${fault === undefined ? undefined : alert}
</header>
${tallies(view)}
${billTable(view)}
${deliveryTable(view)}
${settingsForm(view)}
</main>`;
  return page({ vendor: till.id, language, kind: 'desk', title, body });
}

function tallies({ language, all, dashboard }: DashboardView): Markup {
  const { taken, returned } = DASHBOARD_WORDS[language];
  const tally = (name: string, value: string, id: string): Markup =>
    markup`<div class="card"><dt>${name}</dt><dd data-testid="total-${id}">${value}</dd></div>`;
  const sums = Object.entries(sumsOf(all)).flatMap(([name, sum]) => {
    const currency = name as Currency; // a key of the sums; Object.entries forgets which
    return [
      tally(taken, exactSum({ value: sum.taken, currency }, language), `taken-${currency}`),
      tally(
        returned,
        exactSum({ value: sum.returned, currency }, language),
        `returned-${currency}`,
      ),
    ];
  });
  const counts = new Map<string, number>();
  for (const { status } of all) counts.set(status, (counts.get(status) ?? 0) + 1);
  const states = [...counts].map(([status, count]) =>
    tally(statusWord(dashboard, status, language), String(count), status),
  );
  return markup`<dl class="tallies">${sums}${states}</dl>`;
}

function billTable(view: DashboardView): Markup {
  const { columns, payments: title, noneYet } = DASHBOARD_WORDS[view.language];
  const rows = view.bills.map((each) => billRow(each, view));
  return markup`<section class="card stack" data-testid="payments"><h2>${title}</h2>
${table(Object.values(columns), rows, noneYet)}
${pager(view)}</section>`;
}

function pager({ till, language, from, all }: DashboardView): Markup | undefined {
  const words = DASHBOARD_WORDS[language];
  const next = from + BILLS_SHOWN;
  if (from === 0 && next >= all.length) return undefined;
  const here = `/${till.id}/?lang=${language}`;
  const older = markup`<a href="${here}&from=${String(next)}" data-testid="older">${words.older}</a>`;
  return markup`<nav class="acts">
${from > 0 ? markup`<a href="${here}" data-testid="newest">${words.newest}</a>` : undefined}
${next < all.length ? older : undefined}
</nav>`;
}

function billRow(bill: Bill, view: DashboardView): Markup {
  const { language, dashboard } = view;
  const words = DASHBOARD_WORDS[language];
  const { columns } = words;
  const { id, status, state, amount, returned, reference, description = '' } = bill;
  const { currency } = amount;
  const [tone, sign] = CHIPS[state];
  const back = isPositive(parseMajor(returned, currency))
    ? note(`${words.returnedPart} ${exactSum({ value: returned, currency }, language)}`)
    : undefined;
  return markup`<tr data-testid="payment-${id}" data-status="${status}" data-state="${state}">
${cell(columns.status, chip(tone, sign, statusWord(dashboard, status, language)))}
${cell(columns.sum, markup`${exactSum(amount, language)}${back}`, 'sums')}
${cell(
  columns.payment,
  markup`${description}<div class="id">${id}</div>
${reference && markup`<div class="muted small">${words.ours} <span class="id">${reference}</span></div>`}
${dashboard.notes?.(bill, language)}`,
)}
${cell(columns.created, deskTime(bill.createdAt, language))}
${actsCell(columns.acts, actsOf(bill, view))}
</tr>`;
}

function actsOf(bill: Bill, { till, language }: DashboardView): Markup {
  const words = DASHBOARD_WORDS[language];
  const { id, state, amount } = bill;
  const rest = subtractMoney(
    parseMajor(bill.taken, amount.currency),
    parseMajor(bill.returned, amount.currency),
  );
  const open = markup`<a href="${bill.checkoutUrl}" target="_blank"
 data-testid="open-${id}">${words.open}</a>`;
  const buttons = ACTS_IN[state]
    .filter((name) => till.acts[name] !== undefined && (name !== 'refund' || isPositive(rest)))
    .map((name) => {
      const field = markup`<input class="field" name="value" inputmode="decimal"
 value="${formatMajor(rest)}" aria-label="${words.refundSum}" data-testid="refund-sum-${id}">`;
      const path = `payments/${encodeURIComponent(id)}/${name}`;
      const what = {
        till,
        language,
        path,
        testId: `${name}-${id}`,
        label: words.acts[name] ?? name,
      };
      return button(what, name === 'refund' ? field : undefined);
    });
  return markup`${state === 'open' ? open : undefined}${buttons}`;
}

function deliveryTable(view: DashboardView): Markup {
  const words = DASHBOARD_WORDS[view.language];
  const { event, object, tries, answers, columns } = words;
  const rows = view.deliveries.map((delivery) => deliveryRow(delivery, view));
  return markup`<section class="card stack" data-testid="notifications">
<h2>${words.notifications}</h2>
${table([columns.status, event, object, tries, answers, columns.acts], rows, words.none)}
</section>`;
}

function deliveryRow(delivery: Delivery, { till, dashboard, language }: DashboardView): Markup {
  const words = DASHBOARD_WORDS[language];
  const { id, state, tries } = delivery;
  const [tone, sign] = DELIVERY_CHIPS[state];
  const { event, object } = dashboard.notice(delivery);
  const more = delivery.answers.length > ANSWERS_SHOWN ? '… ' : '';
  const answers = more + delivery.answers.slice(-ANSWERS_SHOWN).join(', ');
  const path = `deliveries/${id}/resend`;
  const resend = { till, language, path, testId: `resend-${id}`, label: words.resend };
  return markup`<tr data-testid="delivery-${id}" data-state="${state}">
${cell(words.columns.status, chip(tone, sign, words.deliveries[state]))}
${cell(words.event, event)}
${cell(words.object, markup`<span class="id">${object}</span>`)}
${cell(words.tries, String(tries))}
${cell(words.answers, answers)}
${actsCell(words.columns.acts, button(resend))}
</tr>`;
}

function settingsForm({ till, language, dashboard }: DashboardView): Markup {
  const words = DASHBOARD_WORDS[language];
  const settings = till.cabinet.settings();
  const kept: Readonly<Record<string, unknown>> = settings;
  const field = (label: string, name: string, value: string): Markup =>
    markup`<label class="label">${label}
<input class="field" name="${name}" value="${value}" required></label>`;
  const own = (dashboard.fields ?? []).map((each) => {
    const { name, kind } = each;
    const label = each.label[language];
    if (kind === 'text' || kind === 'number') return field(label, name, String(kept[name]));
    return kind === 'flag' ? flag(each, label, kept[name]) : choice(each, label, kept[name]);
  });
  return markup`<section class="card stack" data-testid="settings"><h2>${words.settings}</h2>
<form class="settings" method="post" action="/${till.id}/dashboard/settings">
<input type="hidden" name="lang" value="${language}">
${field(words.url, 'notificationUrl', settings.notificationUrl)}
${field(words.repeats, 'repeatsMs', settings.repeatsMs.join(' '))}
${own}
<div><button class="button primary" data-testid="save-settings">${words.save}</button></div>
</form></section>`;
}

function flag({ name }: SettingField, label: string, value: unknown): Markup {
  const checked = value === true ? markup` checked` : undefined;
  return markup`<label class="check"><input type="checkbox" name="${name}"${checked}>
${label}</label>`;
}

function choice({ name, kind }: SettingField, label: string, value: unknown): Markup {
  const choices = typeof kind === 'string' ? [] : kind;
  const options = choices.map((each) => {
    const selected = each === value ? markup` selected` : undefined;
    return markup`<option value="${each}"${selected}>${each}</option>`;
  });
  return markup`<label class="label">${label}
<select class="field" name="${name}">${options}</select></label>`;
}

const statusWord = (dashboard: Dashboard, status: string, language: Language): string =>
  dashboard.statuses[status]?.[language] ?? status;

function table(columns: readonly string[], rows: readonly Markup[], empty: string): Markup {
  if (rows.length === 0) return markup`<p class="muted">${empty}</p>`;
  const heads = columns.map((column) => markup`<th scope="col">${column}</th>`);
  return markup`<table class="table"><thead><tr>${heads}</tr></thead>
<tbody>${rows}</tbody></table>`;
}

const cell = (label: string, content: Markup | string, kind = ''): Markup =>
  markup`<td class="${kind}" data-label="${label}"><div>${content}</div></td>`;

const actsCell = (label: string, content: Markup): Markup =>
  markup`<td data-label="${label}"><div class="acts">${content}</div></td>`;

const note = (text: string): Markup => markup`<div class="muted small">${text}</div>`;

const chip = (tone: string, sign: string, word: string): Markup =>
  markup`<span class="chip ${tone}"><span aria-hidden="true">${sign}</span>${word}</span>`;

function button(
  what: Readonly<{ till: Till; language: Language; path: string; testId: string; label: string }>,
  field?: Markup,
): Markup {
  const { till, language, path, testId, label } = what;
  return markup`<form method="post" action="/${till.id}/dashboard/${path}">
<input type="hidden" name="lang" value="${language}">${field}
<button class="button" data-testid="${testId}">${label}</button></form>`;
}
