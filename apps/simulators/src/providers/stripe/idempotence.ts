import { createHash } from 'node:crypto';
import type { Answer, Request } from '../../http.ts';
import type { World } from '../../world.ts';
import { Refusal } from './refusal.ts';

/** Stripe's memory of answers to POST: one key, one act, for at least a day. */
export interface Idempotence {
  /**
   * Does `act` once per key and keeps its answer, a decline included; a repeat gets the same
   * status and body. The same key with other parameters is refused. An act that throws is not kept.
   */
  once(request: Request, act: () => Answer): Answer;
  /** Forgets what is older than a day. */
  forgetOld(): void;
}

type Kept = Readonly<{ fingerprint: string; status: number; body: string; at: number }>;

const KEY_MAX = 255;
const KEPT_MS = 24 * 3_600_000;

export function openIdempotence(world: World): Idempotence {
  const answers = world.store.collection<Kept>('stripe.answers');
  const nowMs = (): number => world.clock.now().getTime();

  return {
    once(request, act) {
      const key = request.headers['idempotency-key'];
      if (typeof key !== 'string' || key === '') return act();
      if (key.length > KEY_MAX) {
        throw new Refusal('invalid_request_error', 'Idempotency keys are at most 255 characters');
      }
      const fingerprint = createHash('sha256')
        .update(`${request.path}\n`)
        .update(request.body)
        .digest('hex');
      const kept = answers.get(key);
      if (kept !== undefined && nowMs() - kept.at < KEPT_MS) return replay(kept, fingerprint);
      return world.store.together(() => {
        const answer = act();
        if (typeof answer === 'object') {
          const body = String(answer.body ?? '');
          answers.put(key, { fingerprint, status: answer.status, body, at: nowMs() });
        }
        return answer;
      });
    },
    forgetOld() {
      for (const [key, { at }] of answers.entries()) {
        if (nowMs() - at >= KEPT_MS) answers.delete(key);
      }
    },
  };
}

function replay(kept: Kept, fingerprint: string): Answer {
  if (kept.fingerprint !== fingerprint) {
    throw new Refusal(
      'idempotency_error',
      'Keys for idempotent requests can only be used with the same parameters they were first used with.',
    );
  }
  const headers = { 'content-type': 'application/json', 'idempotent-replayed': 'true' };
  return { status: kept.status, headers, body: kept.body };
}
