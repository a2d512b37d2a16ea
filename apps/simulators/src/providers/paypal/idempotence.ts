import type { Answer, Request } from '../../http.ts';
import type { World } from '../../world.ts';
import { DAY_MS, HOUR_MS } from '../cabinet.ts';

/** PayPal's memory of answers to POST: one request id, one act. */
export interface Idempotence {
  /**
   * Does `act` once per path and `PayPal-Request-Id` and keeps its answer; a repeat gets the same.
   * An act that throws is not kept: nothing happened. Without an id every call is an act.
   */
  once(request: Request, act: () => Answer): Answer;
  forgetOld(): void;
}

type Kept = Readonly<{ status: number; body: string; until: number }>;

/** Orders are remembered for hours, payments and refunds for weeks. */
const ORDERS_MS = 6 * HOUR_MS;
const PAYMENTS_MS = 45 * DAY_MS;

export function openIdempotence(world: World): Idempotence {
  const answers = world.store.collection<Kept>('paypal.answers');
  const nowMs = (): number => world.clock.now().getTime();

  return {
    once(request, act) {
      const id = request.headers['paypal-request-id'];
      if (typeof id !== 'string' || id === '') return world.store.together(act);
      const key = `${request.path} ${id}`;
      const kept = answers.get(key);
      if (kept !== undefined && kept.until > nowMs()) {
        const headers = { 'content-type': 'application/json' };
        return { status: kept.status, headers, body: kept.body };
      }
      return world.store.together(() => {
        const answer = act();
        if (typeof answer === 'object') {
          const lifeMs = request.path.includes('/v2/checkout/orders') ? ORDERS_MS : PAYMENTS_MS;
          const body = String(answer.body ?? '');
          answers.put(key, { status: answer.status, body, until: nowMs() + lifeMs });
        }
        return answer;
      });
    },
    forgetOld() {
      for (const [key, { until }] of answers.entries()) if (until <= nowMs()) answers.delete(key);
    },
  };
}
