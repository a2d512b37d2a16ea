import { type Answer, json, parseJson, type Request, type Router } from '../../http.ts';
import { isFields } from '../fields.ts';
import { ActRefused } from '../till.ts';
import type { Notices } from './notices.ts';
import { RENEWALS } from './settings.ts';
import type { Shop } from './shop.ts';

const BASE = '/tribute/control';

/**
 * What only Tribute has, beside the routes every vendor has:
 *
 * - `POST /payments/:id/renew`        `{ outcome: 'success' | 'failed' }`: the vendor charges the next period now
 * - `POST /payments/:id/unsubscribe`  the buyer cancels a recurring order in Tribute
 * - `POST /events`                    `{ name, payload }`: a creator's event (subscription of a channel,
 *                                     donation), truly signed: the vendor makes them without our asking
 */
export function registerSubscriptionControl(
  router: Router,
  { shop, notices }: Readonly<{ shop: Shop; notices: Notices }>,
): void {
  const on = (path: string, work: (request: Request, body: object) => unknown): void => {
    router.on('POST', `${BASE}${path}`, (request) => attempt(request, work));
  };
  on('/payments/:id/renew', (request, body) => {
    const asked = 'outcome' in body ? body.outcome : 'success';
    const outcome = RENEWALS.find((each) => each === asked);
    if (outcome === undefined) throw new ActRefused(`outcome: ${RENEWALS.join(' or ')}`);
    return shop.renew(request.params['id'] ?? '', outcome);
  });
  on('/payments/:id/unsubscribe', (request) => shop.cancel(request.params['id'] ?? '', 'user'));
  on('/events', (_request, body) => {
    const { name, payload } = { name: undefined, payload: undefined, ...body };
    if (typeof name !== 'string' || !isFields(payload)) {
      throw new ActRefused('name must be a text and payload an object');
    }
    notices.tell(name, payload);
    return { sent: true };
  });
}

function attempt(request: Request, work: (request: Request, body: object) => unknown): Answer {
  try {
    const body = request.body.length === 0 ? {} : parseJson(request.body);
    if (!isFields(body)) throw new ActRefused('the body must be a JSON object');
    return json(200, work(request, body));
  } catch (error) {
    if (!(error instanceof ActRefused)) throw error;
    return json(error.isMissing ? 404 : 409, { error: error.message });
  }
}
