import {
  addMoney,
  type Currency,
  formatMajor,
  isCurrency,
  money,
  type Money,
  parseMajor,
} from '@opora/kernel';
import { type Answer, json, parseJson, type Request, type Router } from '../http.ts';
import type { World } from '../world.ts';
import { type Fields, isFields } from './fields.ts';
import { ACTS, ActRefused, type Bill, type Till, type Wish } from './till.ts';

/**
 * What a drill does in place of people, the same for every vendor under `/<vendor>/control`:
 *
 * - `GET  /acts`                `{ acts }`: which of `ACTS` the vendor makes possible
 * - `GET  /payments`            `{ payments: Bill[] }`, oldest first; `?state=open` for those of a state
 * - `GET  /payments/:id`        one `Bill`
 * - `POST /payments/:id/<act>`  an act with a `Wish` or nothing as its body; answers the `Bill`
 * - `GET  /books`               `{ sums: { RUB: { taken, returned } }, payments }`: their side of the books
 * - `GET`, `PUT /settings`      the merchant's cabinet, `repeatsMs` among it
 * - `POST /notifications`       `{ body }`: a forged notice
 * - `GET  /deliveries`          `{ deliveries }`: notices, their tries and what we answered;
 *                               `?state=waiting` for those of a state
 *
 * 404: no such payment; 409 `{ error }`: not possible now, or never here. No authentication: the
 * simulators listen on this machine only.
 */
export function registerControl(router: Router, world: World, till: Till): void {
  const on = (method: string, path: string, handler: (request: Request) => Answer): void => {
    router.on(method, `/${till.id}/control${path}`, (request) =>
      orConflict(() => handler(request)),
    );
  };
  const idOf = (request: Request): string => request.params['id'] ?? '';

  on('GET', '/acts', () => json(200, { acts: ACTS.filter((name) => till.acts[name]) }));
  on('GET', '/payments', ({ query }) => {
    const state = query.get('state');
    const payments = till.bills().filter((bill) => state === null || bill.state === state);
    return json(200, { payments });
  });
  on('GET', '/payments/:id', (request) => json(200, till.bill(idOf(request))));
  for (const name of ACTS) {
    on('POST', `/payments/:id/${name}`, (request) => {
      const act = till.acts[name];
      if (act === undefined) throw new ActRefused(`${till.id} has no such act: ${name}`);
      const wish = readWish(request);
      world.store.together(() => {
        act(till.bill(idOf(request)).id, wish);
      });
      return json(200, till.bill(idOf(request)));
    });
  }
  on('GET', '/books', () => json(200, booksOf(till.bills())));
  on('GET', '/settings', () => json(200, till.cabinet.settings()));
  on('PUT', '/settings', (request) => {
    const fault = till.cabinet.change(readFields(request));
    return fault === undefined ? json(200, till.cabinet.settings()) : json(400, { error: fault });
  });
  on('POST', '/notifications', (request) => {
    const { body } = readFields(request);
    if (body === undefined) return json(400, { error: 'body is missing' });
    till.forge(typeof body === 'string' ? body : JSON.stringify(body));
    return json(202, { sent: true });
  });
  on('GET', '/deliveries', ({ query }) => {
    const state = query.get('state');
    const all = world.deliveries.list(till.id);
    return json(200, { deliveries: all.filter((row) => state === null || row.state === state) });
  });
}

/** Sums of what bills brought and gave back, as decimal text by currency. */
export type Sums = Readonly<
  Partial<Record<Currency, Readonly<{ taken: string; returned: string }>>>
>;

export function sumsOf(bills: readonly Bill[]): Sums {
  const sums = new Map<Currency, { taken: Money; returned: Money }>();
  for (const { amount, taken, returned } of bills) {
    const nothing = money(0n, amount.currency);
    const before = sums.get(amount.currency) ?? { taken: nothing, returned: nothing };
    sums.set(amount.currency, {
      taken: addMoney(before.taken, parseMajor(taken, amount.currency)),
      returned: addMoney(before.returned, parseMajor(returned, amount.currency)),
    });
  }
  return Object.fromEntries(
    [...sums].map(([currency, { taken, returned }]) => [
      currency,
      { taken: formatMajor(taken), returned: formatMajor(returned) },
    ]),
  );
}

function booksOf(bills: readonly Bill[]): unknown {
  const payments = bills.map(({ id, status, taken, returned }) => ({
    id,
    status,
    taken,
    returned,
  }));
  return { sums: sumsOf(bills), payments };
}

/** A sum a person typed, which must be positive; `undefined` means they named none. */
export function sumOf({ value }: Wish, currency: string): Money | undefined {
  if (value === undefined) return undefined;
  if (!isCurrency(currency)) throw new ActRefused(`no such currency: ${currency}`);
  try {
    const sum = parseMajor(value.replace(',', '.').trim(), currency);
    if (sum.minor > 0n) return sum;
  } catch {
    // Said below: a text that is no sum and a sum that is not positive are one mistake to a person.
  }
  throw new ActRefused(`not a positive sum in ${currency}: ${value}`);
}

function readWish(request: Request): Wish {
  if (request.body.length === 0) return {};
  const { value, afterMs, method } = readFields(request);
  if (value !== undefined && typeof value !== 'string') {
    throw new ActRefused('value must be decimal text');
  }
  if (afterMs !== undefined && !(Number.isInteger(afterMs) && Number(afterMs) >= 0)) {
    throw new ActRefused('afterMs must be whole milliseconds');
  }
  if (method !== undefined && typeof method !== 'string') {
    throw new ActRefused('method must be text');
  }
  return {
    ...(value !== undefined && { value }),
    ...(method !== undefined && { method }),
    ...(afterMs !== undefined && { afterMs: Number(afterMs) }),
  };
}

function readFields(request: Request): Fields {
  const body = parseJson(request.body);
  if (!isFields(body)) throw new ActRefused('the body must be a JSON object');
  return body;
}

function orConflict(work: () => Answer): Answer {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof ActRefused)) throw error;
    return json(error.isMissing ? 404 : 409, { error: error.message });
  }
}
