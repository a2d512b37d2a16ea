import { createHash } from 'node:crypto';
import type { Request } from '../../http.ts';
import type { World } from '../../world.ts';
import { refuse } from './refusal.ts';

/** YooKassa's memory of POST answers: one key, one act. */
export interface Idempotence {
  /**
   * Does `act` once per key and answers its JSON text; a repeat within 24 h gets the stored text.
   * Refused: no key, a key over 64 characters, a key that was used with other data. An act that
   * throws is not remembered: nothing happened.
   */
  once(request: Request, act: () => unknown): string;
  /** Forgets what is older than 24 h. */
  forgetOld(): void;
}

type Remembered = Readonly<{ fingerprint: string; answer: string; at: number }>;

const HEADER = 'Idempotence-Key';
const KEY_MAX = 64;
const KEPT_MS = 24 * 3_600_000;

export function openIdempotence(world: World): Idempotence {
  const answers = world.store.collection<Remembered>('yookassa.answers');

  function recall(key: string): Remembered | undefined {
    const known = answers.get(key);
    const age = world.clock.now().getTime() - (known?.at ?? 0);
    return age < KEPT_MS ? known : undefined;
  }

  return {
    once(request, act) {
      const key = request.headers['idempotence-key'];
      if (typeof key !== 'string' || key === '')
        return refuse(HEADER, 'Idempotence key is missing');
      if (key.length > KEY_MAX) return refuse(HEADER, 'Idempotence key is too long');
      const fingerprint = createHash('sha256')
        .update(`${request.path}\n`)
        .update(request.body)
        .digest('hex');
      const known = recall(key);
      if (known !== undefined) {
        return known.fingerprint === fingerprint
          ? known.answer
          : refuse(HEADER, 'Idempotence key was used with other data');
      }
      return world.store.together(() => {
        const answer = JSON.stringify(act());
        answers.put(key, { fingerprint, answer, at: world.clock.now().getTime() });
        return answer;
      });
    },
    forgetOld() {
      const oldest = world.clock.now().getTime() - KEPT_MS;
      for (const [key, { at }] of answers.entries()) if (at <= oldest) answers.delete(key);
    },
  };
}
