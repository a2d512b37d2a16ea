import type { Language } from '@opora/kernel';
import { type Answer, html, redirect, type Request, type Router } from '../http.ts';
import type { World } from '../world.ts';
import { MINUTE_MS } from './cabinet.ts';
import {
  billHead,
  type Face,
  form,
  frame,
  otherBills,
  outcomes,
  press,
  resultPage,
  unknownPage,
  type View,
} from './checkout-parts.ts';
import { CHECKOUT_WORDS } from './checkout-words.ts';
import { chooseLanguage, markup, type Markup, price } from './page.ts';
import { ACTS, ActRefused, type ActName, type Bill, type Till, type Wish } from './till.ts';

/** Longest wait of a late buyer: the page offers less. */
const LATE_MAX_MINUTES = 60;
const PRESSED: readonly ActName[] = ['pay', 'decline', 'abandon', 'late', 'twice', 'other'];

/** A way to pay that the vendor's page offers; the first is the main button. */
export type Method = Readonly<{ id: string; label: Readonly<Record<Language, string>> }>;

export type Checkout = Face &
  Readonly<{
    methods: readonly Method[];
    /** Instead of the buttons of `methods`: a card form, a step at the bank. */
    payWith?: (bill: Bill, view: View, request: Request) => Markup;
    /** More outcomes than the common ones. */
    more?: (bill: Bill, view: View) => Markup;
    /** The buyer has the page before their eyes: some vendors note it. */
    opened?: (bill: Bill) => void;
    /** A second page of the same bill (`?step=bank`), shown while it is open. */
    step?: (name: string) => ((bill: Bill, view: View) => string) | undefined;
    /** A pressed button the shell does not know: does it, and says where it leads. */
    press?: (bill: Bill, fields: URLSearchParams) => Step;
  }>;

/** The query of the page a pressed button leads to: `{ done: 'pay' }`, `{ step: 'bank' }`. */
export type Step = Readonly<Record<string, string>>;

/** The buyer's page under `/<vendor>/checkout/:id`. */
export function registerCheckout(
  router: Router,
  world: World,
  parts: Readonly<{ till: Till; checkout: Checkout }>,
): void {
  const { till, checkout } = parts;
  const base = `/${checkout.vendor}/checkout/:id`;
  const acts = new Set(ACTS.filter((name) => till.acts[name] !== undefined));

  const withBill = (request: Request, show: (bill: Bill, view: View) => Answer): Answer => {
    const bill = find(till, request.params['id'] ?? '');
    const language = chooseLanguage(request, bill?.language);
    if (bill === undefined) return html(unknownPage(checkout, language), 404);
    return show(bill, { face: checkout, language, others: othersOf(till, bill), acts });
  };

  router.on('GET', base, (request) =>
    withBill(request, (bill, view) => {
      const done = request.query.get('done') ?? undefined;
      if (done !== undefined || bill.state !== 'open') return html(resultPage(bill, view, done));
      checkout.opened?.(bill);
      const step = checkout.step?.(request.query.get('step') ?? '');
      if (step !== undefined) return html(step(bill, view));
      return html(checkoutPage(bill, view, { checkout, request }));
    }),
  );
  router.on('POST', base, (request) =>
    withBill(request, (bill, { language }) => {
      const fields = new URLSearchParams(String(request.body));
      const step = world.store.together(() => play({ till, checkout, bill, fields }));
      const query = new URLSearchParams({ ...step, lang: language });
      const here = `/${checkout.vendor}/checkout/${encodeURIComponent(bill.id)}`;
      return redirect(`${here}?${query.toString()}`);
    }),
  );
}

/** A bill that can be paid: the sum, the ways to pay, and a button for each outcome. */
function checkoutPage(
  bill: Bill,
  view: View,
  { checkout, request }: Readonly<{ checkout: Checkout; request: Request }>,
): string {
  const { language } = view;
  const words = CHECKOUT_WORDS[language];
  const sum = price(bill.amount, language);
  const fault = request.query.get('fault');
  const alert = markup`<p class="fault" role="alert"
 data-testid="fault">${words.refused} ${fault ?? ''}</p>`;
  const body = markup`${billHead(bill, view)}
${fault === null ? undefined : alert}
${checkout.payWith?.(bill, view, request) ?? methodButtons(bill, view, checkout.methods)}
${outcomes(bill, view, checkout.more?.(bill, view))}
${otherBills(view)}`;
  return frame(view, bill, { title: `${words.toPay}: ${sum}`, body });
}

function methodButtons(bill: Bill, view: View, methods: readonly Method[]): Markup {
  const { language } = view;
  const sum = price(bill.amount, language);
  const buttons = methods.map(({ id, label }, at) => {
    const inner = markup`<input type="hidden" name="method" value="${id}">
${press({
  act: 'pay',
  testId: at === 0 ? 'pay-now' : `pay-by-${id}`,
  label: at === 0 ? `${CHECKOUT_WORDS[language].pay} ${sum}` : label[language],
  ...(at === 0 && { note: label[language], main: true }),
})}`;
    return form(bill, view, inner);
  });
  return markup`<div class="stack">${buttons}</div>`;
}

type Pressed = Readonly<{ till: Till; checkout: Checkout; bill: Bill; fields: URLSearchParams }>;

/** Plays the pressed button; answers which page of the bill the buyer is sent to. */
function play({ till, checkout, bill, fields }: Pressed): Step {
  const name = PRESSED.find((each) => each === fields.get('act'));
  try {
    if (name === undefined) return checkout.press?.(bill, fields) ?? {};
    till.acts[name]?.(bill.id, wishOf(fields));
    return { done: name };
  } catch (error) {
    if (!(error instanceof ActRefused)) throw error;
    // Two taps or two open pages: the second finds the bill already decided and only sees it.
    if (till.bill(bill.id).state !== 'open') return { done: 'seen' };
    return { fault: error.message };
  }
}

function wishOf(fields: URLSearchParams): Wish {
  const [value, method] = [fields.get('value'), fields.get('method')];
  const asked = Number(fields.get('minutes') ?? 0);
  const minutes = Math.min(Math.max(Number.isFinite(asked) ? asked : 0, 0), LATE_MAX_MINUTES);
  return {
    afterMs: minutes * MINUTE_MS,
    ...(value !== null && { value }),
    ...(method !== null && { method }),
  };
}

function othersOf(till: Till, bill: Bill): Bill[] {
  if (bill.order === undefined) return [];
  return till
    .bills()
    .filter(({ id, order, state }) => order === bill.order && id !== bill.id && state === 'open');
}

function find(till: Till, id: string): Bill | undefined {
  try {
    return till.bill(id);
  } catch (error) {
    if (error instanceof ActRefused && error.isMissing) return undefined;
    throw error;
  }
}
