import { createHash } from 'node:crypto';
import { cookieNames, type CookieNames } from '@opora/contracts';
import type { Ids } from '@opora/kernel';
import { Pool } from 'undici';
import type { Config } from '../../../config/shape.ts';
import type { Ask } from '../ask-database.ts';
import { DrillRefused } from '../simulated-only.ts';
import { whyUnanswered } from '../unanswered.ts';

const LINKS_AT_ONCE = 500;
const ENTERING_AT_ONCE = 16;
const ANSWER_MS = 12_000;
const ENTER_TRIES = 5;
/** No answer of auth: none at all, or the gateway's own word that it had none. */
const UNANSWERED = new Set([0, 502, 503, 504]);

/** One call through the gateway: 0 stands for no answer at all, then `why` says what the socket said. */
export type Answered = Readonly<{
  status: number;
  cookies: readonly string[];
  tookMs: number;
  why?: string;
}>;

export type Visitor = { access: string; refresh: string; busy: boolean; address: string };

/** People of the drill's own, and what a browser of theirs would do. */
export interface People {
  /** So many one-time links for people nobody else knows. */
  links(count: number): Promise<string[]>;
  enter(link: string): Promise<{ answered: Answered; visitor: Visitor | undefined }>;
  refresh(visitor: Visitor): Promise<Answered>;
  leave(visitor: Visitor): Promise<Answered>;
  /** Reads something of one's own, which needs a session. */
  read(visitor: Visitor): Promise<Answered>;
  /** Several enter at once until all have; throws when one is refused or is never answered. */
  enterAll(links: readonly string[]): Promise<Visitor[]>;
  close(): Promise<void>;
}

export function createPeople(deps: {
  config: Config;
  ids: Ids;
  ask: Ask;
  nowMs: () => number;
}): People {
  const { config, ids, ask, nowMs } = deps;
  const pool = new Pool(config.gatewayUrl, { connections: 64, headersTimeout: ANSWER_MS });
  const secure = config.webUrl.startsWith('https:');
  const names = cookieNames({ webPort: config.ports.web, secure });

  const call = createCaller(pool, nowMs);
  const people: People = {
    async links(count) {
      const made = Array.from({ length: count }, () => ({
        personId: ids.next('per'),
        link: ids.secret(32),
      }));
      for (let at = 0; at < count; at += LINKS_AT_ONCE) {
        const some = made.slice(at, at + LINKS_AT_ONCE);
        await ask(
          `with people as (
             insert into person (id, name, language, state, created_at)
             select id, 'Drill', 'en', 'active', now() from unnest($1::text[]) as id returning id)
           insert into login_link (hash, person_id, expires_at)
           select hash, id, now() + interval '1 hour' from unnest($1::text[], $2::text[]) as given (id, hash)`,
          [some.map(({ personId }) => personId), some.map(({ link }) => hashOf(link))],
        );
      }
      return made.map(({ link }) => link);
    },
    async enter(link) {
      const address = addressOf(link);
      const answered = await call('POST', '/auth/enter', { cookie: '', address }, { link });
      return { answered, visitor: readVisitor(answered, names, address) };
    },
    async refresh(visitor) {
      const answered = await call('POST', '/auth/refresh', from(visitor, 'refresh'), {});
      const renewed = readVisitor(answered, names, visitor.address);
      if (renewed !== undefined) Object.assign(visitor, renewed);
      return answered;
    },
    leave: (visitor) => call('POST', '/auth/leave', from(visitor, 'refresh'), {}),
    read: (visitor) => call('GET', '/api/v1/me/subscriptions', from(visitor, 'access')),
    async enterAll(links) {
      const visitors: Visitor[] = [];
      const left = [...links];
      const one = async (): Promise<void> => {
        for (let link = left.pop(); link !== undefined; link = left.pop()) {
          visitors.push(await enterSurely(people, link));
        }
      };
      await Promise.all(Array.from({ length: ENTERING_AT_ONCE }, one));
      return visitors;
    },
    close: () => pool.destroy(),
  };
  return people;
}

/** The drill has not begun: whom a busy machine leaves without an answer comes again as somebody else. */
async function enterSurely(people: People, link: string): Promise<Visitor> {
  let mine = link;
  for (let left = ENTER_TRIES; ; left -= 1) {
    const { answered, visitor } = await people.enter(mine);
    if (visitor !== undefined) return visitor;
    if (!UNANSWERED.has(answered.status) || left === 1) {
      throw new DrillRefused(`entering answered ${String(answered.status)}`);
    }
    [mine = ''] = await people.links(1);
  }
}

type Caller = Readonly<{ cookie: string; address: string }>;

function from(visitor: Visitor, token: 'access' | 'refresh'): Caller {
  return { cookie: visitor[token], address: visitor.address };
}

/** A home of one's own, from the networks kept for benchmarks (RFC 2544). */
function addressOf(link: string): string {
  const [one = 0, two = 0, three = 0] = createHash('sha256').update(link).digest();
  return `198.${String(18 + (one % 2))}.${String(two)}.${String(three)}`;
}

/** Calls as a browser on our site makes them; no answer is an answer with the status 0. */
function createCaller(pool: Pool, nowMs: () => number) {
  return async (method: 'GET' | 'POST', path: string, by: Caller, body?: object) => {
    const startedMs = nowMs();
    try {
      const answer = await pool.request({
        method,
        path,
        headers: {
          cookie: by.cookie,
          'x-forwarded-for': by.address,
          'sec-fetch-site': 'same-origin',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      await answer.body.dump();
      const cookies = [answer.headers['set-cookie'] ?? []].flat();
      return { status: answer.statusCode, cookies, tookMs: nowMs() - startedMs };
    } catch (error) {
      const why = whyUnanswered(error);
      return { status: 0, cookies: [], tookMs: nowMs() - startedMs, why };
    }
  };
}

function readVisitor(
  { cookies }: Answered,
  names: CookieNames,
  address: string,
): Visitor | undefined {
  const value = (name: string): string | undefined =>
    cookies.find((cookie) => cookie.startsWith(`${name}=`))?.split(';')[0];
  const [access, refresh] = [value(names.access), value(names.refresh)];
  return access === undefined || refresh === undefined
    ? undefined
    : { access, refresh, busy: false, address };
}

function hashOf(link: string): string {
  return createHash('sha256').update(link).digest('base64url');
}
