import {
  INNER_PATHS,
  KeyDecisionAnswer,
  type AccessClaims,
  type KeyDecisionWire,
} from '@opora/contracts';
import type { Clock } from '@opora/kernel';
import type { ShownKey } from '../../../platform/tokens/index.ts';
import type { AuthClient } from './auth-client.ts';
import { FRESH_MS } from './decisions.ts';

/** Decisions that are kept, of unknown keys too; the oldest gives way. */
const KEPT_MAX = 10_000;

/**
 * The auth service's decisions about API keys, for ten seconds and no longer: while it is away no key
 * counts. Found by the hash of the whole secret: nothing that would open a door is remembered.
 */
export class KeyDecisions {
  readonly #clock: Clock;
  readonly #auth: AuthClient;
  readonly #kept = new Map<string, { key: KeyDecisionWire | undefined; atMs: number }>();
  readonly #underWay = new Map<string, Promise<KeyDecisionWire | undefined>>();

  constructor(clock: Clock, auth: AuthClient) {
    this.#clock = clock;
    this.#auth = auth;
  }

  /** Undefined: nobody's, expired or ended. Throws `AuthAway`. */
  async of(shown: ShownKey): Promise<KeyDecisionWire | undefined> {
    const name = `${shown.publicId} ${shown.secretHash}`;
    const known = this.#kept.get(name);
    if (known !== undefined && this.#clock.monotonicMs() - known.atMs <= FRESH_MS) return known.key;
    const underWay = this.#underWay.get(name);
    if (underWay !== undefined) return await underWay;
    const asked = this.#ask(name, shown).finally(() => this.#underWay.delete(name));
    this.#underWay.set(name, asked);
    return await asked;
  }

  async #ask(name: string, shown: ShownKey): Promise<KeyDecisionWire | undefined> {
    // The age of a decision counts from the question: it may have been answered before a change.
    const atMs = this.#clock.monotonicMs();
    const answer = await this.#auth.ask(INNER_PATHS.keyDecision, shown, KeyDecisionAnswer);
    const key = answer.key ?? undefined;
    this.#kept.delete(name);
    this.#kept.set(name, { key, atMs });
    const oldest = this.#kept.keys().next().value;
    if (this.#kept.size > KEPT_MAX && oldest !== undefined) this.#kept.delete(oldest);
    return key;
  }
}

/** To the revocations a key is a token of its person, as old as the key. */
export function claimsOf(key: KeyDecisionWire): Pick<AccessClaims, 'sid' | 'jti' | 'sub' | 'iat'> {
  const iat = Math.floor(Date.parse(key.createdAt) / 1000);
  return { sid: key.keyId, jti: key.keyId, sub: key.personId, iat };
}
