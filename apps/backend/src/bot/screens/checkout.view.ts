import type { Money } from '@opora/kernel';
import type { Action } from '../actions.ts';
import type { Speech } from '../speech.ts';
import { fitted, menuRow, type Button, type View } from '../view.ts';
import { wire } from './plans.view.ts';

/** With the consent to renewals ticked, and with the balance first. */
type How = Readonly<{ renews: boolean; mixed: boolean }>;

const otherTerm = (speech: Speech): Button => ({
  label: speech.label('otherTerm'),
  action: { type: 'plans' },
});
const support = (speech: Speech): Button => ({
  label: speech.label('support'),
  action: { type: 'support' },
});

/** A column of this many fits under one message, beside the other term and the menu. */
const COLUMN_MAX = 3;
/** In pairs twice as many do; with more, the other term joins the menu. */
const PAIRS_MAX = 6;
const WAYS_SHOWN_MAX = 8;

/** A way whose price is in another currency than the one asked about says so in the text. */
export function chooseWayView(
  speech: Speech,
  facts: {
    price: Money;
    ways: readonly Readonly<{ provider: string; price: Money }>[];
    resting: readonly string[];
    how: How;
  },
): View {
  const shown = facts.ways.slice(0, WAYS_SHOWN_MAX);
  const question = facts.how.mixed ? 'pay.chooseRest' : 'pay.choose';
  const asked = speech.html(question, { price: { money: wire(facts.price) } });
  const others = shown
    .filter(({ price }) => price.currency !== facts.price.currency)
    .map(({ provider, price }) =>
      speech.html('pay.priceOf', {
        method: { text: speech.method(provider) },
        price: { money: wire(price) },
      }),
    );
  const resting = facts.resting.map((way) =>
    speech.html('pay.resting', { method: { text: speech.method(way) } }),
  );
  const perRow = shown.length > COLUMN_MAX ? 2 : 1;
  const buttons = shown.map(({ provider }): Button => {
    return { label: fitted(speech.way(provider)), action: wayAction(facts.how, provider) };
  });
  const rows = Array.from({ length: Math.ceil(buttons.length / perRow) }, (_, row) =>
    buttons.slice(row * perRow, (row + 1) * perRow),
  );
  const end = [otherTerm(speech), ...menuRow(speech)];
  return {
    html: [[asked, ...others].join('\n'), ...resting].join('\n\n'),
    rows: [...rows, ...(shown.length > PAIRS_MAX ? [end] : end.map((each) => [each]))],
  };
}

/** The balance pays it wholly, or its part: the sums are said before the button. */
export function offerBalanceView(
  speech: Speech,
  facts: {
    price: Money;
    balance: Money;
    /** What the balance would pay of the price, and what would be left; undefined: it pays all. */
    mixed: Readonly<{ part: Money; rest: Money }> | undefined;
    versionId: string;
    renews: boolean;
  },
): View {
  const { price, balance, mixed, versionId: id, renews } = facts;
  const common = { balance: { money: wire(balance) }, price: { money: wire(price) } };
  const button: Button =
    mixed === undefined
      ? { label: speech.label('payBalance'), action: { type: 'wallet', id } }
      : {
          label: speech.label('payRest', { price: { money: wire(mixed.rest) } }),
          action: waysAction({ renews, mixed: true }, id),
        };
  return {
    html:
      mixed === undefined
        ? speech.html('pay.balance', common)
        : speech.html('pay.mixed', {
            ...common,
            part: { money: wire(mixed.part) },
            rest: { money: wire(mixed.rest) },
          }),
    rows: [
      [{ ...button, style: 'primary' }],
      [
        {
          label: speech.label(mixed === undefined ? 'otherWay' : 'keepBalance'),
          action: waysAction({ renews, mixed: false }, id),
        },
      ],
      [otherTerm(speech)],
      menuRow(speech),
    ],
  };
}

/** A provider is chosen for the whole price or for what the balance leaves. */
export function waysAction({ renews, mixed }: How, id: string): Action {
  if (mixed) return { type: renews ? 'waysmixauto' : 'waysmix', id };
  return { type: renews ? 'waysauto' : 'ways', id };
}

function wayAction({ renews, mixed }: How, id: string): Action {
  if (mixed) return { type: renews ? 'waymixauto' : 'waymix', id };
  return { type: renews ? 'wayauto' : 'way', id };
}

type Bill = Readonly<{
  paymentId: string;
  checkoutUrl: string;
  /** Where the button beside "check" leads: to another term, or to another way. */
  other: Action;
  price: Money;
  /** What the balance pays beside it; undefined: nothing. */
  part: Money | undefined;
  deadline: Date;
}>;

export function payLinkView(speech: Speech, facts: Bill): View {
  const { part, other } = facts;
  const common = {
    price: { money: wire(facts.price) },
    deadline: { date: facts.deadline.toISOString() },
  };
  const label = speech.label(other.type === 'plans' ? 'otherTerm' : 'otherWay');
  return {
    html:
      part === undefined
        ? speech.html('pay.link', common)
        : speech.html('pay.linkRest', { ...common, part: { money: wire(part) } }),
    rows: [
      [{ label: speech.label('goPay'), url: facts.checkoutUrl, style: 'primary' }],
      [
        { label: speech.label('check'), action: action(facts) },
        { label, action: other },
      ],
      menuRow(speech),
    ],
  };
}

export function waitingView(
  speech: Speech,
  bill: { paymentId: string; checkoutUrl?: string },
): View {
  return {
    html: speech.html('waiting'),
    rows: [
      [{ label: speech.label('checkAgain'), action: action(bill), style: 'primary' }],
      ...(bill.checkoutUrl === undefined
        ? []
        : [[{ label: speech.label('goPay'), url: bill.checkoutUrl }]]),
      [support(speech)],
      menuRow(speech),
    ],
  };
}

/** Paid, and access is slow to come. The words promise a link, so only after the money. */
export function paidPreparingView(
  speech: Speech,
  facts: { price: Money; paymentId: string },
): View {
  return {
    html: speech.html('paid.preparing', { price: { money: wire(facts.price) } }),
    rows: [
      [{ label: speech.label('check'), action: action(facts), style: 'primary' }],
      [support(speech)],
      menuRow(speech),
    ],
  };
}

/** The balance has paid: there is nothing to wait for but access. */
export function paidFromBalanceView(
  speech: Speech,
  facts: { price: Money; left: Money; paymentId: string },
): View {
  const { price, left } = facts;
  return {
    html: speech.html('paid.balance', {
      price: { money: wire(price) },
      left: { money: wire(left) },
    }),
    rows: [
      [{ label: speech.label('check'), action: action(facts), style: 'primary' }],
      [support(speech)],
      menuRow(speech),
    ],
  };
}

/** The bill came to its end without money. */
export function billClosedView(speech: Speech): View {
  return {
    html: speech.html('pay.closed'),
    rows: [
      [{ label: speech.label('plans'), action: { type: 'plans' }, style: 'primary' }],
      [support(speech)],
      menuRow(speech),
    ],
  };
}

export function payUnavailableView(speech: Speech, way: string): View {
  return {
    html: speech.html('pay.unavailable', { method: { text: speech.method(way) } }),
    rows: [
      [{ label: speech.label('repeat'), action: { type: 'again' }, style: 'primary' }],
      [otherTerm(speech)],
      menuRow(speech),
    ],
  };
}

function action({ paymentId }: { paymentId: string }): { type: 'check'; id: string } {
  return { type: 'check', id: paymentId };
}
