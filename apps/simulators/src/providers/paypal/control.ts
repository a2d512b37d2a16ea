import { type Answer, json, parseJson, type Request, type Router } from '../../http.ts';
import { isFields } from '../fields.ts';
import type { Access } from './access.ts';
import { type Merchant, shownCapture, shownOrder } from './merchant.ts';
import { approve, settleCapture } from './paying.ts';
import { presentDisputeBriefly, presentRefund } from './present.ts';
import { Refusal } from './refusal.ts';
import { escalateDispute, settleRefund } from './returning.ts';

const BASE = '/paypal/control';

/**
 * What only PayPal has, beside the control routes of every vendor:
 *
 * - `POST /payments/:id/review`              the payer approves, and the capture will stay pending
 * - `POST /captures/:id/escalate`            the payer's dispute of it becomes a claim
 * - `POST /captures/:id/settle` `{ well }`   money under review is released now, or refused
 * - `POST /refunds/:id/settle` `{ well }`    a begun refund arrives now, or fails
 * - `POST /tokens/revoke`                    no access token given so far works any more
 */
export function registerOwnControl(
  router: Router,
  { merchant, access }: Readonly<{ merchant: Merchant; access: Access }>,
): void {
  const on = (path: string, act: (id: string, well: boolean) => unknown): void => {
    router.on('POST', `${BASE}${path}`, (request) =>
      orConflict(() =>
        merchant.world.store.together(() => act(request.params['id'] ?? '', isWell(request))),
      ),
    );
  };
  on('/payments/:id/review', (id) => shownOrder(merchant, approve(merchant, id, 'review')));
  on('/captures/:id/escalate', (id) =>
    presentDisputeBriefly(escalateDispute(merchant, id), merchant.base),
  );
  on('/captures/:id/settle', (id, well) =>
    shownCapture(merchant, settleCapture(merchant, id, well)),
  );
  on('/refunds/:id/settle', (id, well) =>
    presentRefund(settleRefund(merchant, id, well), merchant.base),
  );
  on('/tokens/revoke', () => {
    access.revoke();
    return { revoked: true };
  });
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
    return json(error.kind === 'RESOURCE_NOT_FOUND' ? 404 : 409, { error: error.message });
  }
}
