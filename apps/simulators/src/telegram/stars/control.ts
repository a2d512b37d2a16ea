import { type Answer, json, parseJson, type Request, type Router } from '../../http.ts';
import { ActRefused } from '../../providers/till.ts';
import type { People } from '../people.ts';
import type { StarsDesk } from './desk.ts';

const BASE = '/stars/control';

/**
 * What only Stars have, beside the routes every vendor has:
 *
 * - `GET  /charges`                     `{ charges }`, oldest first, with what was given back
 * - `GET  /subscriptions`               `{ subscriptions }`
 * - `POST /subscriptions/:id/renew`     `{ outcome: 'paid' | 'failed' }`: the next 30 days, now
 * - `POST /subscriptions/:id/cancel`    the person cancels it in Telegram; `/resume` takes that back
 * - `GET  /attempts/:id`, `POST /attempts {invoiceId, personId}`: a press of "pay" and its answer
 */
export function registerStarsControl(
  router: Router,
  { desk, people }: Readonly<{ desk: StarsDesk; people: People }>,
): void {
  const on = (method: string, path: string, work: (call: Call) => unknown): void => {
    router.on(method, `${BASE}${path}`, (request) => attempt(request, work));
  };
  on('GET', '/charges', () => ({ charges: desk.books.charges.values() }));
  on('GET', '/subscriptions', () => ({ subscriptions: desk.books.subscriptions.values() }));
  on('POST', '/subscriptions/:id/renew', ({ id, fields }) => {
    const outcome = fields['outcome'] ?? 'paid';
    if (outcome !== 'paid' && outcome !== 'failed') throw new ActRefused('outcome: paid or failed');
    return desk.renew(id, outcome);
  });
  on('POST', '/subscriptions/:id/cancel', ({ id }) => desk.changeSubscription(id, 'canceled'));
  on('POST', '/subscriptions/:id/resume', ({ id }) => desk.changeSubscription(id, 'active'));
  on('GET', '/attempts/:id', ({ id }) => {
    const found = desk.attempt(id);
    if (found === undefined) throw new ActRefused(`no attempt ${id}`, true);
    return found;
  });
  on('POST', '/attempts', ({ fields }) => {
    const person = people.get(Number(fields['personId']));
    if (person === undefined) throw new ActRefused('no such person', true);
    return desk.ask(person, String(fields['invoiceId']));
  });
}

type Call = Readonly<{ id: string; fields: Readonly<Record<string, unknown>> }>;

function attempt(request: Request, work: (call: Call) => unknown): Answer {
  try {
    const body = request.body.length === 0 ? {} : parseJson(request.body);
    if (typeof body !== 'object' || body === null) throw new ActRefused('the body must be JSON');
    return json(200, work({ id: request.params['id'] ?? '', fields: { ...body } }));
  } catch (error) {
    if (!(error instanceof ActRefused)) throw error;
    return json(error.isMissing ? 404 : 409, { error: error.message });
  }
}
