import type { Language } from '@opora/kernel';
import { markup, type Markup, page, price } from '../../providers/page.ts';
import type { Person } from '../people.ts';
import type { Attempt } from './charge.ts';
import type { Invoice } from './invoice.ts';
import { SHEET_WORDS } from './sheet-words.ts';

export type SheetView = Readonly<{
  language: Language;
  /** Whose phone this is; undefined outside of the phones: then somebody is chosen. */
  person: Person | undefined;
  people: readonly Person[];
}>;

/** What a press without a question to the bot came to. */
export const ENDS = ['tooFew', 'left', 'promised'] as const;
export type End = (typeof ENDS)[number];

const LATE_MINUTES = [1, 30, 61];
const REFRESH_SECONDS = 1;
const TONES: Readonly<Record<Attempt['state'] | End, readonly [tone: string, sign: string]>> = {
  asked: ['warn', '…'],
  paid: ['good', '✓'],
  refused: ['bad', '!'],
  expired: ['bad', '!'],
  tooFew: ['bad', '!'],
  left: ['warn', '…'],
  promised: ['warn', '…'],
};

/** The payment sheet of an invoice: the sum, the person, and a button for each outcome. */
export function sheetPage(invoice: Invoice, view: SheetView): string {
  const words = SHEET_WORDS[view.language];
  const { title, description, isSubscription } = invoice;
  const sum = starsOf(invoice, view.language);
  const body = markup`<section class="bill">
<p class="muted">${title}</p>
<h1 class="sum" data-testid="sum">${sum}</h1>
<p>${description}</p>
${isSubscription ? markup`<p class="muted small">${words.monthly}</p>` : undefined}
</section>
<form class="stack" method="post" action="${addressOf(invoice)}">
<input type="hidden" name="lang" value="${view.language}">
${payer(view)}
${press('pay', [words.pay(sum)], 'primary')}
<section class="card stack" data-testid="outcomes">
<h2>${words.outcomes}</h2>
<p class="muted small">${words.outcomesHint}</p>
${press('poor', words.poor)}
${press('cancel', words.cancel)}
${press('twice', words.twice)}
<p class="muted small">${words.lateHint}</p>
<div class="late">${press('late', [words.late])}
<select class="field" name="minutes" aria-label="${words.late}" data-testid="late-minutes">
${LATE_MINUTES.map((each) => option(String(each), words.lateMinutes(each)))}</select></div>
</section>
</form>`;
  return frame({ invoice, view, title: words.title, body });
}

/** What became of a press; while the bot is asked, the page looks again by itself. */
export function outcomePage(invoice: Invoice, view: SheetView, what: Attempt | End): string {
  const words = SHEET_WORDS[view.language];
  const state = typeof what === 'string' ? what : what.state;
  const [title, text] = words[state];
  const [tone, sign] = TONES[state];
  const said = typeof what === 'string' ? undefined : what.words;
  const here = `${addressOf(invoice)}?${queryOf(view)}`;
  const again =
    typeof what !== 'string' && state === 'asked'
      ? { seconds: REFRESH_SECONDS, href: `${here}&attempt=${what.id}` }
      : undefined;
  const body = markup`<section class="card stack centred" data-testid="result" data-state="${state}">
<p class="seal ${tone}" aria-hidden="true">${sign}</p>
<h1>${title}</h1>
<p class="sum">${starsOf(invoice, view.language)}</p>
<p>${text} ${said}</p>
<a class="button primary wide" href="/telegram/" data-back data-testid="back-to-chat">${words.back}</a>
<a class="button quiet wide" href="${here}" data-testid="back-to-invoice">${words.again}</a>
</section>`;
  return frame({ invoice, view, title, body, again });
}

export function unknownPage(language: Language): string {
  const { unknown, title } = SHEET_WORDS[language];
  const body = markup`<main class="checkout"><p class="card">${unknown}</p></main>`;
  return page({ vendor: 'stars', language, kind: 'buyer', title, body });
}

const starsOf = ({ amount }: Invoice, language: Language): string =>
  price({ value: String(amount), currency: 'XTR' }, language);

const addressOf = ({ id }: Invoice): string => `/telegram/invoice/${id}`;

function queryOf({ language, person }: SheetView): string {
  const whose = person === undefined ? {} : { person: String(person.id) };
  return new URLSearchParams({ lang: language, ...whose }).toString();
}

function payer({ language, person, people }: SheetView): Markup {
  if (person !== undefined) {
    return markup`<input type="hidden" name="person" value="${String(person.id)}">`;
  }
  const { who } = SHEET_WORDS[language];
  return markup`<label class="label">${who}<select class="field" name="person" data-testid="payer">
${people.map(({ id, name }) => option(String(id), `${name} · ${String(id)}`))}</select></label>`;
}

const option = (value: string, label: string): Markup =>
  markup`<option value="${value}">${label}</option>`;

function press(act: string, [label, note]: readonly string[], kind = ''): Markup {
  return markup`<button class="button wide ${kind}" name="act" value="${act}"
 data-testid="stars-${act}">${label}${note && markup`<small>${note}</small>`}</button>`;
}

function frame(
  what: Readonly<{
    invoice: Invoice;
    view: SheetView;
    title: string;
    body: Markup;
    again?: { seconds: number; href: string } | undefined;
  }>,
): string {
  const { invoice, view, title, body, again } = what;
  const { language } = view;
  const words = SHEET_WORDS[language];
  const other = language === 'ru' ? 'en' : 'ru';
  const query = queryOf({ ...view, language: other });
  const whole = markup`<p class="rehearsal" role="note">${words.rehearsal}</p>
<main class="checkout">
<header class="row"><strong class="vendor">Telegram Stars</strong>
<a class="small" href="${addressOf(invoice)}?${query}" lang="${other}"
 data-testid="language">${words.otherLanguage}</a></header>
${body}
</main>
<script src="/telegram/page/invoice.js" defer></script>`;
  return page({ vendor: 'stars', language, kind: 'buyer', title, body: whole, again });
}
