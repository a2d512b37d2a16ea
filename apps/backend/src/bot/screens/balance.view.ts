import { isPositive, money, type Money } from '@opora/kernel';
import type { BalanceEntry } from '../../modules/ledger/index.ts';
import type { Speech } from '../speech.ts';
import { fitted, menuRow, type View } from '../view.ts';
import { wire } from './plans.view.ts';

/** Moves that one message shows; the site has more of them. */
const ENTRIES_SHOWN_MAX = 5;
/** Sums of a top-up: two rows of two. */
const SUMS_SHOWN_MAX = 4;
/** Ways in pairs, beside the way back and the menu. */
const WAYS_SHOWN_MAX = 8;
const COLUMN_MAX = 3;

export function balanceView(
  speech: Speech,
  facts: {
    /** At least one, zero when there is nothing. */
    free: readonly Money[];
    held: readonly Money[];
    entries: readonly BalanceEntry[];
  },
): View {
  const [first = money(0n, 'RUB'), ...others] = facts.free;
  const sums = [
    speech.html('balance', { sum: { money: wire(first) } }),
    ...others.map((sum) => speech.html('balance.also', { sum: { money: wire(sum) } })),
    ...facts.held.map((sum) => speech.html('balance.held', { sum: { money: wire(sum) } })),
  ];
  const entries = facts.entries.slice(0, ENTRIES_SHOWN_MAX).map((entry) => line(speech, entry));
  return {
    html: [sums.join('\n'), ...(entries.length === 0 ? [] : [entries.join('\n')])]
      .concat(speech.html('balance.hint'))
      .join('\n\n'),
    rows: [
      [{ label: speech.label('topUp'), action: { type: 'topup' }, style: 'primary' }],
      [{ label: speech.label('plans'), action: { type: 'plans' } }],
      menuRow(speech),
    ],
  };
}

function line(speech: Speech, { at, amount, kind }: BalanceEntry): string {
  const isIn = isPositive(amount);
  const sum = isIn ? amount : money(-amount.minor, amount.currency);
  return speech.html(isIn ? 'balance.in' : 'balance.out', {
    sum: { money: wire(sum) },
    what: { words: `balance.kind.${kind}` },
    at: { date: at.toISOString() },
  });
}

/** How to top up: the ways first, because each has its currency. */
export function topUpWaysView(
  speech: Speech,
  facts: { ways: readonly string[]; resting: readonly string[] },
): View {
  const ways = facts.ways.slice(0, WAYS_SHOWN_MAX);
  const perRow = ways.length > COLUMN_MAX ? 2 : 1;
  const buttons = ways.map((id) => ({
    label: fitted(speech.way(id)),
    action: { type: 'topupby', id } as const,
  }));
  const resting = facts.resting.map((way) =>
    speech.html('pay.resting', { method: { text: speech.method(way) } }),
  );
  return {
    html: [speech.html('topUp'), ...resting].join('\n\n'),
    rows: [
      ...Array.from({ length: Math.ceil(buttons.length / perRow) }, (_, row) =>
        buttons.slice(row * perRow, (row + 1) * perRow),
      ),
      [{ label: speech.label('balance'), action: { type: 'balance' } }, ...menuRow(speech)],
    ],
  };
}

export function topUpSumsView(
  speech: Speech,
  facts: { way: string; sums: readonly Money[]; hasOtherWays: boolean },
): View {
  const sums = facts.sums.slice(0, SUMS_SHOWN_MAX).map((sum) => ({
    label: speech.label('sum', { sum: { money: wire(sum) } }),
    action: { type: 'topupsum', id: `${facts.way}-${sum.minor.toString()}` } as const,
  }));
  return {
    html: speech.html('topUp.sum', { method: { text: speech.method(facts.way) } }),
    rows: [
      sums.slice(0, 2),
      ...(sums.length > 2 ? [sums.slice(2)] : []),
      ...(facts.hasOtherWays
        ? [[{ label: speech.label('otherWay'), action: { type: 'topup' } as const }]]
        : []),
      menuRow(speech),
    ],
  };
}
