import type { KeyObject } from 'node:crypto';
import type { Clock } from '@opora/kernel';
import {
  JWKS_PATH,
  JwksWire,
  publicKeysOf,
  type PublicJwk,
} from '../../../platform/tokens/index.ts';
import type { AuthClient } from './auth-client.ts';

/** Keys are asked for anew this often, so that a new one is known before it is used; for a stranger's key id this often. */
const RENEWED_EVERY_MS = 10_000;
const UNKNOWN_EVERY_MS = 30_000;
/** While auth is away the last known keys serve on for so long (resilience 9, R5). */
const STALE_MAX_MS = 24 * 3_600_000;

/** The auth service's public keys by key id, renewed by themselves. */
export class KeyRing {
  readonly #clock: Clock;
  readonly #keys = new Map<string, KeyObject>();
  #jwks: readonly PublicJwk[] = [];
  #syncedAtMs = Number.NEGATIVE_INFINITY;
  #askedForUnknownAtMs = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** For the verifier: always the same map, with the keys of this moment in it. */
  get keys(): ReadonlyMap<string, KeyObject> {
    return this.#keys;
  }

  get jwks(): readonly PublicJwk[] {
    return this.#jwks;
  }

  get ageMs(): number {
    return this.#clock.monotonicMs() - this.#syncedAtMs;
  }

  /** Nothing can be verified: no keys, or keys of yesterday. */
  get isUnknown(): boolean {
    return this.#keys.size === 0 || this.ageMs > STALE_MAX_MS;
  }

  /** Asks when it is time; throws `AuthAway`. */
  async renew(auth: AuthClient): Promise<void> {
    if (this.ageMs >= RENEWED_EVERY_MS) await this.#ask(auth);
  }

  /** A token names a key nobody told us of: a new one perhaps. Asks now and then, not each time. */
  async meetUnknown(auth: AuthClient): Promise<void> {
    const nowMs = this.#clock.monotonicMs();
    if (nowMs - this.#askedForUnknownAtMs < UNKNOWN_EVERY_MS) return;
    this.#askedForUnknownAtMs = nowMs;
    await this.#ask(auth);
  }

  restore(jwks: readonly PublicJwk[], ageMs: number): void {
    this.#take(jwks);
    this.#syncedAtMs = this.#clock.monotonicMs() - Math.max(0, ageMs);
  }

  async #ask(auth: AuthClient): Promise<void> {
    const startedMs = this.#clock.monotonicMs();
    const { keys } = await auth.ask(JWKS_PATH, undefined, JwksWire);
    this.#take(keys);
    this.#syncedAtMs = startedMs;
  }

  #take(jwks: readonly PublicJwk[]): void {
    this.#jwks = jwks;
    this.#keys.clear();
    for (const [kid, key] of publicKeysOf(jwks)) this.#keys.set(kid, key);
  }
}
