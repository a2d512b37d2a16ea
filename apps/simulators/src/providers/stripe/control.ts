import { type Answer, json, parseJson, type Request, type Router } from '../../http.ts';
import { isFields } from '../fields.ts';
import type { Account } from './account.ts';
import { challengeSession, settleIntent } from './paying.ts';
import { presentIntent, presentRefund, presentSession } from './present.ts';
import { Refusal } from './refusal.ts';
import { settleRefund } from './returning.ts';

const BASE = '/stripe/control';

/**
 * What only Stripe has, beside the control routes of every vendor:
 *
 * - `POST /payments/:id/challenge`           the bank asks for 3-D Secure, the buyer does not answer
 * - `POST /intents/:id/settle` `{ well }`    the money of a delayed method comes now, or fails
 * - `POST /refunds/:id/settle` `{ well }`    a pending refund arrives now, or fails
 */
export function registerOwnControl(router: Router, account: Account): void {
  const on = (path: string, act: (id: string, well: boolean) => unknown): void => {
    router.on('POST', `${BASE}${path}`, (request) =>
      orConflict(() =>
        account.world.store.together(() => act(request.params['id'] ?? '', isWell(request))),
      ),
    );
  };
  on('/payments/:id/challenge', (id) =>
    presentSession(challengeSession(account, id), account.world.selfUrl),
  );
  on('/intents/:id/settle', (id, well) => {
    settleIntent(account, id, well);
    const intent = account.intents.find(id);
    return intent && presentIntent(intent);
  });
  on('/refunds/:id/settle', (id, well) => presentRefund(settleRefund(account, id, well)));
}

function isWell(request: Request): boolean {
  const body = parseJson(request.body);
  return !isFields(body) || body['well'] !== false;
}

function orConflict(work: () => unknown): Answer {
  try {
    return json(200, work());
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return json(error.facts.status === 404 ? 404 : 409, { error: error.message });
  }
}
