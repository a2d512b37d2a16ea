/**
 * How roles of ours know each other (security D10): a token of two minutes, made by one role for one
 * other. What a role was told is of no use at a third one, and an hour later nowhere. The keys are a
 * set like any other: the newest makes, all are believed; they are read anew every ten seconds, so they
 * change while everything runs. Without keys nothing is proved.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { HEADERS } from '@opora/contracts';
import type { Clock, Secret } from '@opora/kernel';
import { createSealing, readSealingKeys, type Sealing } from '../sealing/index.ts';

/** Life of a token, and from when on the next one is sent. */
const LIFE_S = 120;
const RENEWED_BEFORE_S = 60;
/** Longest life that is believed, and how far clocks of two hosts may differ. */
const LIFE_MAX_S = 300;
const LEEWAY_S = 30;
const READ_EVERY_MS = 10_000;
const PURPOSE = 'service token';
const FORM = /^ost\.(([a-z]{1,16})\.([a-z]{1,16})\.(\d{10}))\.([A-Za-z0-9_-]{22})$/;

export interface InnerLink {
  /** What this role sends to the role `to`, as a bearer or as the inner header. */
  tokenFor(to: string): string;
  /** The call came from a role of ours (mostly: from anybody, through our gateway). */
  proves(headers: IncomingHttpHeaders): boolean;
  /** The call is a role's own: a token as bearer, or the header without a gateway. */
  isService(headers: IncomingHttpHeaders): boolean;
  /** A mark on what a role keeps for itself; undefined without keys: anybody could have made it. */
  mark(text: string): string | undefined;
  knowsMark(text: string, mark: string): boolean;
}

export type InnerLinkParts = Readonly<{
  /** Whose link this is: tokens made for others prove nothing here. */
  role: string;
  /** Asked again and again; what cannot be read leaves the keys as they were. */
  keys: () => Secret | undefined;
  clock: Clock;
}>;

/** Throws `SealingKeysInvalid` when the keys it starts with are none. */
export function createInnerLink({ role, keys, clock }: InnerLinkParts): InnerLink {
  const current = keysInForce(keys, clock);
  current();
  const made = new Map<string, { token: string; untilS: number; by: Sealing }>();
  const nowS = (): number => Math.floor(clock.now().getTime() / 1000);

  function isGood(token: string | string[] | undefined): boolean {
    const [, said, , to, until, mac] = (typeof token === 'string' && FORM.exec(token)) || [];
    const sealing = current();
    if (said === undefined || mac === undefined || sealing === undefined) return false;
    const leftS = Number(until) - nowS();
    const isInTime = leftS > -LEEWAY_S && leftS <= LIFE_MAX_S + LEEWAY_S;
    return sealing.verifies(PURPOSE, said, mac) && isInTime && to === role;
  }

  return {
    tokenFor(to) {
      const sealing = current();
      if (sealing === undefined) return '';
      const known = made.get(to);
      if (known?.by === sealing && known.untilS - nowS() > RENEWED_BEFORE_S) return known.token;
      const untilS = nowS() + LIFE_S;
      const said = `${role}.${to}.${String(untilS)}`;
      const token = `ost.${said}.${sealing.mac(PURPOSE, said)}`;
      made.set(to, { token, untilS, by: sealing });
      return token;
    },
    proves: (headers) => isGood(headers[HEADERS.inner]),
    isService(headers) {
      const { authorization } = headers;
      if (authorization?.startsWith('Bearer ') === true) return isGood(authorization.slice(7));
      // The gateway adds a token for everybody, and X-Forwarded-For always: that is the difference.
      return headers['x-forwarded-for'] === undefined && isGood(headers[HEADERS.inner]);
    },
    mark: (text) => current()?.mac(`mark of ${role}`, text),
    knowsMark: (text, mark) => current()?.verifies(`mark of ${role}`, text, mark) === true,
  };
}

/** The keys as they are now, the same object until they change. */
function keysInForce(read: InnerLinkParts['keys'], clock: Clock): () => Sealing | undefined {
  let sealing: Sealing | undefined;
  let text: string | undefined;
  let readAtMs = Number.NEGATIVE_INFINITY;
  return () => {
    const nowMs = clock.monotonicMs();
    if (nowMs - readAtMs < READ_EVERY_MS) return sealing;
    readAtMs = nowMs;
    try {
      const keys = read();
      if (keys !== undefined && keys.reveal() !== text) {
        sealing = createSealing(readSealingKeys(keys), []);
        text = keys.reveal();
      }
    } catch (error) {
      // A file that is being replaced; the next look finds it whole.
      if (sealing === undefined) throw error;
    }
    return sealing;
  };
}
