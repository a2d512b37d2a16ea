/**
 * Staff of the drill's own: gives money back through the door of the administration, and presses
 * again with the same key while nothing answers, or while the money is not known yet.
 */
import { createHash } from 'node:crypto';
import { cookieNames } from '@opora/contracts';
import { parseMajor, isCurrency, type Clock, type Ids } from '@opora/kernel';
import type { Config } from '../../../config/shape.ts';
import type { Ask } from '../ask-database.ts';
import { DrillRefused } from '../simulated-only.ts';
import type { Bill } from '../simulated-world.ts';

export type Giving = Readonly<{ part: 'all' | 'half'; target: 'provider' | 'balance' }>;

export interface Office {
  /** False when it never came about. */
  giveBack(bill: Bill, how: Giving): Promise<boolean>;
}

type Deps = Readonly<{
  config: Config;
  ask: Ask;
  clock: Clock;
  ids: Ids;
  stopping: AbortSignal;
}>;

const ANSWER_MS = 12_000;
const AGAIN_AFTER_MS = 700;
const ENTER_TRIES = 20;
const PATIENCE_MS = 90_000;

export async function openOffice(deps: Deps): Promise<Office> {
  const { clock, ids, stopping } = deps;
  const names = cookieNames({ webPort: deps.config.ports.web, secure: false });
  const signed = await signIn(deps, names.access);
  return {
    async giveBack(bill, how) {
      const key = ids.next('ref');
      const body = { ...wishOf(bill, how), reason: 'drill' };
      const sinceMs = clock.monotonicMs();
      while (clock.monotonicMs() - sinceMs < PATIENCE_MS && !stopping.aborted) {
        const headers = { ...signed, 'idempotency-key': key };
        const path = '/api/v1/admin/acts/payments.refund';
        const answer = await call(deps, { method: 'POST', path, headers, body });
        if (answer?.status === 200) return true;
        await clock.sleep(AGAIN_AFTER_MS, stopping);
      }
      return false;
    },
  };
}

function wishOf({ reference, amount: { value, currency } }: Bill, { part, target }: Giving) {
  if (reference === undefined || !isCurrency(currency)) {
    throw new DrillRefused('a bill names no payment of ours');
  }
  const { minor } = parseMajor(value, currency);
  const given = part === 'half' ? minor / 2n : minor;
  return { paymentId: reference, amount: { minor: given.toString(), currency }, target };
}

/** The headers of a signed-in owner, who proved the second factor a moment ago and for all day. */
async function signIn(deps: Deps, cookie: string): Promise<Record<string, string>> {
  const { ask, ids } = deps;
  const [person, link] = [ids.next('per'), ids.secret(32)];
  await ask(
    `with one as (
       insert into person (id, name, language, state, created_at)
       values ($1, 'Drill office', 'en', 'active', now()) returning id),
     member as (
       insert into staff_member (person_id, role, state, created_at, created_by)
       select id, 'owner', 'active', now(), 'system' from one)
     insert into login_link (hash, person_id, expires_at)
     select $2, id, now() + interval '1 hour' from one`,
    [person, createHash('sha256').update(link).digest('base64url')],
  );
  const from = { 'sec-fetch-site': 'same-origin' };
  const entered = await enterOnceServed(deps, { headers: from, body: { link } });
  const token = entered?.headers
    .getSetCookie()
    .find((each) => each.startsWith(`${cookie}=`))
    ?.split(';')[0];
  const told = await entered?.json().catch(() => undefined);
  const csrf = readCsrf(told);
  if (token === undefined || csrf === undefined) throw new DrillRefused('staff cannot sign in');
  await ask(
    `update session set kind = 'staff', amr = 'pwd otp mfa',
            second_factor_at = now() + interval '11 hours' where person_id = $1`,
    [person],
  );
  return { ...from, cookie: token, 'x-csrf-token': csrf };
}

/** The gateway finds the auth service a moment after the platform is ready. */
async function enterOnceServed(
  deps: Deps,
  about: Pick<Call, 'headers' | 'body'>,
): Promise<Response | undefined> {
  let entered: Response | undefined;
  for (let tries = 0; tries < ENTER_TRIES && entered?.ok !== true; tries += 1) {
    if (tries > 0) await deps.clock.sleep(AGAIN_AFTER_MS);
    entered = await call(deps, { method: 'POST', path: '/auth/enter', ...about });
  }
  return entered;
}

/** Out of what signing in answers; undefined: it is not there. */
export function readCsrf(told: unknown): string | undefined {
  return /"csrfToken":"([^"]+)"/.exec(JSON.stringify({ told }))?.[1];
}

type Call = Readonly<{
  method: string;
  path: string;
  headers: Record<string, string>;
  body: object;
}>;

/** Undefined: no answer. */
async function call(
  { config }: Deps,
  { method, path, headers, body }: Call,
): Promise<Response | undefined> {
  return fetch(`${config.gatewayUrl}${path}`, {
    method,
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(ANSWER_MS),
  }).catch(() => undefined);
}
