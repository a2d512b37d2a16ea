/** The parts a buyer's page is made of, the same at every simulated vendor. */
import type { Language } from '@opora/kernel';
import { CHECKOUT_WORDS } from './checkout-words.ts';
import { buyerTime, markup, type Markup, page, price } from './page.ts';
import type { ActName, Bill, BillState } from './till.ts';

/** How one vendor presents itself to a buyer. */
export type Face = Readonly<{
  /** The folder and the path of the vendor. */
  vendor: string;
  /** The name over the bill. */
  title: string;
  /** The shop as the vendor numbers it. */
  shop: string;
  /** Why a bill was refused or closed, when the vendor knows. */
  reason?: (bill: Bill, language: Language) => string | undefined;
  /** What became of the bill in the vendor's own words; undefined: the common ones. */
  outcome?: (bill: Bill, language: Language) => readonly [title: string, text: string] | undefined;
  /** Stands under the sum: a receipt, for instance. */
  details?: (bill: Bill, language: Language) => Markup | undefined;
}>;

export type View = Readonly<{
  face: Face;
  language: Language;
  /** Bills of the same order that can still be paid. */
  others: readonly Bill[];
  /** What the vendor makes possible. */
  acts: ReadonlySet<ActName>;
}>;

const RETURN_SECONDS = 5;
const LATE_MINUTES = [1, 5, 30];
const TONES: Readonly<Record<BillState, readonly [tone: string, sign: string]>> = {
  open: ['warn', '…'],
  held: ['warn', '…'],
  paid: ['good', '✓'],
  closed: ['bad', '!'],
  disputed: ['warn', '!'],
};

const addressOf = ({ face }: View, bill: Bill): string =>
  `/${face.vendor}/checkout/${encodeURIComponent(bill.id)}`;

/** The page around it: plainly a rehearsal, in the vendor's name, in either language. */
export function frame(
  view: View,
  bill: Bill,
  what: Readonly<{ title: string; body: Markup; again?: { seconds: number; href: string } }>,
): string {
  const { language, face } = view;
  const words = CHECKOUT_WORDS[language];
  const other = language === 'ru' ? 'en' : 'ru';
  const body = markup`<p class="rehearsal" role="note">${words.rehearsal}</p>
<main class="checkout">
<header class="row"><strong class="vendor">${face.title}</strong>
<a class="small" href="${addressOf(view, bill)}?lang=${other}" lang="${other}"
 data-testid="language">${words.otherLanguage}</a></header>
${what.body}
</main>`;
  const { vendor } = face;
  const title = `${what.title} · ${face.title}`;
  return page({ vendor, language, kind: 'buyer', title, body, again: what.again });
}

/** Who asks for how much, and for what. */
export function billHead(bill: Bill, { face, language }: View): Markup {
  const words = CHECKOUT_WORDS[language];
  const { description, deadlineAt } = bill;
  const until =
    deadlineAt &&
    markup`<p class="muted small">${words.validUntil} ${buyerTime(deadlineAt, language)}</p>`;
  return markup`<section class="bill">
<p class="muted">${words.shop} ${face.shop}</p>
<h1 class="sum" data-testid="sum">${price(bill.amount, language)}</h1>
${description && markup`<p>${description}</p>`}
${until}
${face.details?.(bill, language)}
</section>`;
}

/** A button for each outcome beside paying; `more` are the vendor's own. */
export function outcomes(bill: Bill, view: View, more?: Markup): Markup {
  const words = CHECKOUT_WORDS[view.language];
  const { acts } = view;
  const titled = (act: ActName, [label, note]: readonly [string, string]): Markup | undefined =>
    acts.has(act) ? press({ act, testId: `pay-${act}`, label, note }) : undefined;
  const atOnce = markup`
${titled('decline', words.decline)}${more}
${titled('abandon', words.abandon)}
${titled('twice', words.twice)}`;
  return markup`<section class="card stack" data-testid="outcomes">
<h2>${words.rehearse}</h2>
<p class="muted small">${words.rehearseHint}</p>
${form(bill, view, atOnce)}
${acts.has('other') ? form(bill, view, otherAmount(bill, view)) : undefined}
${acts.has('late') ? form(bill, view, later(view)) : undefined}
</section>`;
}

function otherAmount(bill: Bill, { language }: View): Markup {
  const { other, otherHint, otherSum } = CHECKOUT_WORDS[language];
  return markup`<p class="muted small">${otherHint}</p>
<div class="late">${press({ act: 'other', testId: 'pay-other-amount', label: other })}
<input class="field" name="value" inputmode="decimal" autocomplete="off" aria-label="${otherSum}"
 value="${bill.amount.value}" data-testid="other-amount"></div>`;
}

function later({ language }: View): Markup {
  const { late, lateHint, lateNow, lateMinutes } = CHECKOUT_WORDS[language];
  const minutes = LATE_MINUTES.map(
    (each) => markup`<option value="${String(each)}">${lateMinutes(each)}</option>`,
  );
  return markup`<p class="muted small">${lateHint}</p>
<div class="late">${press({ act: 'late', testId: 'pay-late', label: late })}
<select class="field" name="minutes" aria-label="${late}" data-testid="late-minutes">
<option value="0">${lateNow}</option>${minutes}</select></div>`;
}

/** Other bills of the same order: paying one of them too is how an order is paid twice. */
export function otherBills(view: View): Markup | undefined {
  const { language, others } = view;
  if (others.length === 0) return undefined;
  const words = CHECKOUT_WORDS[language];
  const bills = others.map((other) => {
    const label = `${words.payOther} ${price(other.amount, language)}`;
    const note = other.description ?? other.id;
    return form(other, view, press({ act: 'pay', testId: 'pay-other', label, note }));
  });
  return markup`<section class="card stack" data-testid="other-bills">
<h2>${words.again}</h2>
<p class="muted small">${words.againHint}</p>
${bills}
</section>`;
}

/** What became of the bill; just after an act the browser goes on to the shop by itself. */
export function resultPage(bill: Bill, view: View, arrived: string | undefined): string {
  const { language, face } = view;
  const words = CHECKOUT_WORDS[language];
  const { state, payAt, description, returnUrl } = bill;
  const isOpen = state === 'open';
  const isRefused = isOpen && arrived === 'decline';
  const [title, text] =
    isOpen && payAt !== undefined
      ? words.promised
      : isRefused
        ? words.declined
        : (face.outcome?.(bill, language) ?? words.states[state]);
  const [tone, sign] = isRefused ? TONES.closed : TONES[state];
  const reason = face.reason?.(bill, language);
  const again =
    arrived !== undefined && returnUrl !== undefined
      ? { again: { seconds: RETURN_SECONDS, href: returnUrl } }
      : {};
  const body = markup`<section class="card stack centred"
 data-testid="result" data-state="${state}" data-status="${bill.status}">
<p class="seal ${tone}" aria-hidden="true">${sign}</p>
<h1>${title}</h1>
<p class="sum">${price(bill.amount, language)}</p>
<p>${reason && `${reason} `}${text}${payAt && markup` ${buyerTime(payAt, language)}.`}</p>
${description && markup`<p class="muted">${description}</p>`}
${resultLinks(bill, view)}
${again.again && markup`<p class="muted small">${words.returning}</p>`}
</section>
${otherBills(view)}`;
  return frame(view, bill, { title, body, ...again });
}

function resultLinks(bill: Bill, view: View): Markup {
  const words = CHECKOUT_WORDS[view.language];
  const link = (href: string, testId: string, label: string, kind: string): Markup =>
    markup`<a class="button ${kind} wide" href="${href}" data-testid="${testId}">${label}</a>`;
  const here = `${addressOf(view, bill)}?lang=${view.language}`;
  return markup`
${bill.returnUrl && link(bill.returnUrl, 'return-to-shop', words.returnToShop, 'primary')}
${bill.state === 'open' ? link(here, 'back-to-payment', words.backToPayment, 'quiet') : undefined}`;
}

export function unknownPage(face: Face, language: Language): string {
  const { unknown } = CHECKOUT_WORDS[language];
  const body = markup`<main class="checkout"><p class="card">${unknown}</p></main>`;
  return page({ vendor: face.vendor, language, kind: 'buyer', title: face.title, body });
}

export function press(
  what: Readonly<{ act: string; testId: string; label: string; note?: string; main?: boolean }>,
): Markup {
  const { act, testId, label, note, main = false } = what;
  return markup`<button class="button wide ${main ? 'primary' : ''}" name="act" value="${act}"
 data-testid="${testId}">${label}${note && markup`<small>${note}</small>`}</button>`;
}

/** A plain form of the bill's page: it works without scripts and inside the simulated phone. */
export function form(bill: Bill, view: View, inner: Markup): Markup {
  return markup`<form class="stack" method="post" action="${addressOf(view, bill)}">
<input type="hidden" name="lang" value="${view.language}">${inner}</form>`;
}
