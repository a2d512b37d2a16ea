import { createHash } from 'node:crypto';
import { DecisionWire, type AccessClaims } from '@opora/contracts';
import type { Clock } from '@opora/kernel';
import { z } from 'zod';
import type { InnerLink } from '../../../platform/http/index.ts';
import type { Redis } from '../../../platform/redis/index.ts';
import type { Decided } from './decisions.ts';

/** A decision serves so long, counted from the auth service's word (resilience 9, R2). */
const GRANTED_MS = 15 * 60_000;
/** A denial is final, but there is always somebody to ask again soon. */
const DENIED_MS = 30_000;
/** Gateways' clocks may differ by so much; a word from further ahead is not believed. */
const AHEAD_MAX_MS = 5_000;
/** Tokens whose decision was written lately; the oldest gives way. */
const WRITTEN_MAX = 20_000;

const Value = z.object({
  /** Wall clock of the auth service's word, milliseconds. */
  atMs: z.number(),
  /** Null: the session had ended. */
  decision: DecisionWire.nullable(),
});

export type Found = Readonly<{ decision: DecisionWire | undefined; ageMs: number }>;

/**
 * Level 2 for all gateways: the auth service's last words in Redis, each under its own token and
 * signed, so that whoever can write there mints no rights. It is asked only while auth is away.
 */
export class SharedDecisions {
  readonly #clock: Clock;
  readonly #redis: Pick<Redis, 'ask'>;
  readonly #link: InnerLink;
  readonly #audience: string;
  readonly #written = new Map<string, number>();

  constructor(deps: {
    clock: Clock;
    redis: Pick<Redis, 'ask'>;
    /** Marks with a key that all gateways share. */
    link: InnerLink;
    audience: string;
  }) {
    this.#clock = deps.clock;
    this.#redis = deps.redis;
    this.#link = deps.link;
    this.#audience = deps.audience;
  }

  /** Writes a word of the auth service down, once for each token; nobody waits, a loss is no matter. */
  keep(claims: AccessClaims, { decision, atMs }: Decided): void {
    if (this.#written.get(claims.jti) === atMs) return;
    this.#written.delete(claims.jti);
    this.#written.set(claims.jti, atMs);
    const oldest = this.#written.keys().next().value;
    if (this.#written.size > WRITTEN_MAX && oldest !== undefined) this.#written.delete(oldest);
    const ageMs = this.#clock.monotonicMs() - atMs;
    const leftMs = Math.floor((decision === undefined ? DENIED_MS : GRANTED_MS) - ageMs);
    if (leftMs <= 0) return;
    const saidMs = Math.round(this.#clock.now().getTime() - ageMs);
    const body = JSON.stringify({ atMs: saidMs, decision: decision ?? null });
    const name = this.#nameOf(claims);
    const mark = this.#link.mark(signed(name, body));
    // Without a key anybody could have signed it.
    if (mark === undefined) return;
    const value = `${mark}.${body}`;
    this.#redis.ask(['SET', name, value, 'PX', String(leftMs)]).catch(() => undefined);
  }

  /** The last word about this token, as any gateway heard it; undefined: none that can be believed. */
  async find(claims: AccessClaims): Promise<Found | undefined> {
    const name = this.#nameOf(claims);
    const kept = await this.#redis.ask(['GET', name]).catch(() => undefined);
    if (typeof kept !== 'string') return undefined;
    const dot = kept.indexOf('.');
    const body = kept.slice(dot + 1);
    const isOurs = dot > 0 && this.#link.knowsMark(signed(name, body), kept.slice(0, dot));
    if (!isOurs) return undefined;
    const value = valueIn(body);
    if (value === undefined) return undefined;
    const { atMs, decision } = value;
    const ageMs = this.#clock.now().getTime() - atMs;
    const isBelieved = ageMs >= -AHEAD_MAX_MS && ageMs <= (decision ? GRANTED_MS : DENIED_MS);
    if (!isBelieved || (decision !== null && decision.sessionId !== claims.sid)) return undefined;
    return { decision: decision ?? undefined, ageMs: Math.max(0, ageMs) };
  }

  /** Of token, audience and version of rights: with either changed it is another name (R2). */
  #nameOf(claims: AccessClaims): string {
    const parts = [claims.jti, this.#audience, String(claims.authz_version)].join(' ');
    return `decision ${createHash('sha256').update(parts).digest('base64url')}`;
  }
}

/** The name is signed too: a value that is moved under another one does not fit. */
function signed(name: string, body: string): string {
  return `shared ${name} ${body}`;
}

/** Undefined: rightly signed, and by a gateway of another version that says it otherwise. */
function valueIn(body: string): z.infer<typeof Value> | undefined {
  try {
    return Value.parse(JSON.parse(body));
  } catch {
    return undefined;
  }
}
