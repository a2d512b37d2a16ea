import type { Money } from '@opora/kernel';
import type { Speech } from '../speech.ts';
import { fitted, menuRow, type Button, type View } from '../view.ts';
import { wire } from './plans.view.ts';

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
    renews: boolean;
  },
): View {
  const shown = facts.ways.slice(0, WAYS_SHOWN_MAX);
  const asked = speech.html('pay.choose', { price: { money: wire(facts.price) } });
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
    const type = facts.renews ? 'wayauto' : 'way';
    return { label: fitted(speech.way(provider)), action: { type, id: provider } };
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

type Bill = Readonly<{
  paymentId: string;
  checkoutUrl: string;
  hasOtherWays: boolean;
  versionId: string;
  renews: boolean;
}>;

export function payLinkView(speech: Speech, facts: Bill & { price: Money; deadline: Date }): View {
  const check = { label: speech.label('check'), action: action(facts) };
  return {
    html: speech.html('pay.link', {
      price: { money: wire(facts.price) },
      deadline: { date: facts.deadline.toISOString() },
    }),
    rows: [
      [{ label: speech.label('goPay'), url: facts.checkoutUrl, style: 'primary' }],
      [check, other(speech, facts)],
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

/** "Another way" only where there is one; else another term. */
function other(speech: Speech, bill: Bill): Button {
  if (!bill.hasOtherWays) return otherTerm(speech);
  return {
    label: speech.label('otherWay'),
    action: { type: bill.renews ? 'payauto' : 'pay', id: bill.versionId },
  };
}
