/**
 * What a list can get wrong, one fault for each property of it: an adapter's list is wrapped with the
 * fault, and the property must not hold any more. A fault that nobody sees is a promise without a test.
 */
import type {
  PaymentProvider,
  ProviderPayment,
  TimeWindow,
} from '../src/modules/payments/provider.ts';

export type List = PaymentProvider['list'];
/**
 * - `edges`     the start of a window is in it, and its end is not
 * - `midnight`  days are cut in UTC
 * - `many`      each of many of one second comes once, whatever became of it, over all pages
 */
export type ListProperty = 'edges' | 'midnight' | 'many';

const SECOND_MS = 1_000;
/** Where the vendors of this product live. */
const MOSCOW_MS = 3 * 3_600_000;
/** No vendor's page is smaller; the last one of the tests is not full. */
const PAGE = 100;

type Fault = Readonly<{ name: string; breaks: ListProperty; plant: (list: List) => List }>;

export const LIST_FAULTS: readonly Fault[] = [
  { name: 'the first second of a window is left out', breaks: 'edges', plant: moved(SECOND_MS, 0) },
  { name: 'the end of a window is taken in', breaks: 'edges', plant: moved(0, SECOND_MS) },
  { name: 'days are cut in Moscow', breaks: 'midnight', plant: moved(-MOSCOW_MS, -MOSCOW_MS) },
  {
    name: 'the last page is dropped',
    breaks: 'many',
    plant: given((all) => all.slice(0, all.length - (all.length % PAGE))),
  },
  { name: 'a row is repeated', breaks: 'many', plant: given((all) => [...all, ...all.slice(-1)]) },
  {
    name: 'what was paid is left out',
    breaks: 'many',
    plant: given((all) => all.filter(({ state }) => state !== 'settled')),
  },
  {
    name: 'a status is left out',
    breaks: 'many',
    // That of most rows: the first and the last of them were paid.
    plant: given((all) => {
      const usual = all[Math.floor(all.length / 2)]?.state;
      return all.filter(({ state }) => state !== usual);
    }),
  },
];

/** The vendor is asked for another window. */
function moved(fromMs: number, toMs: number): Fault['plant'] {
  return (list) =>
    ({ from, to }: TimeWindow) =>
      list({ from: new Date(from.getTime() + fromMs), to: new Date(to.getTime() + toMs) });
}

/** What it gave becomes something else. */
function given(change: (all: readonly ProviderPayment[]) => readonly ProviderPayment[]) {
  return (list: List): List =>
    async function* (window) {
      yield* change(await Array.fromAsync(list(window)));
    };
}
