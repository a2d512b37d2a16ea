/**
 * What the auth service does: a token verified, against node:crypto alone; sessions renewed; people
 * who sign in with a password, against argon2id alone with the same parameters at once.
 */
import { generateKeyPairSync, verify } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { HEADERS } from '@opora/contracts';
import { Secret } from '@opora/kernel';
import { Pool } from 'undici';
import { sessionCookies, TOKEN_NAMES } from '../src/config/session-names.ts';
import { createHasher } from '../src/modules/identity/index.ts';
import { HASH_COST } from '../src/modules/identity/hasher.ts';
import { systemClock } from '../src/platform/clock/index.ts';
import { createInnerLink } from '../src/platform/http/index.ts';
import { systemIds } from '../src/platform/ids/index.ts';
import {
  createTokenIssuer,
  createTokenVerifier,
  readKeySet,
} from '../src/platform/tokens/index.ts';
import { p99, type Timed } from './tools/latency.ts';
import { inTurns, single, type Result } from './tools/rounds.ts';
import type { World } from './tools/world.ts';
import { TARGETS } from './targets.ts';

const TOKENS = 2_000;
const RENEWING = 32;
const ACCOUNTS = 200;
const MEASURE_MS = 4_000;
const PASSWORD = 'correct horse battery staple';
/** Hashes at once, as the service allows itself. */
const HASHING = Math.max(1, availableParallelism() - 1);
/** One more than are hashed is always there, so that no hash waits for a request. */
const SIGNING_IN = HASHING + 3;

export async function benchAuth(world: World): Promise<Result[]> {
  const token = await benchToken();
  await world.role('auth');
  const pool = new Pool(`http://127.0.0.1:${String(world.config.ports.auth)}`, {
    connections: RENEWING,
  });
  const call = callerOf(world, pool);
  try {
    return [token, await benchRefresh(world, call), await benchLogin(world, call)];
  } finally {
    await pool.destroy();
  }
}

/** Tokens nobody saw before: what is remembered is a look into a map. */
function benchToken(): Promise<Result> {
  const jwk = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  const keys = readKeySet(new Secret(JSON.stringify([{ kid: 'bench', ...jwk }])));
  const parts = { clock: systemClock, ids: systemIds, ...TOKEN_NAMES };
  const issuer = createTokenIssuer({ ...parts, keys });
  const tokens = Array.from({ length: TOKENS }, (_, at) => {
    const subject = { personId: `per_${String(at)}`, sessionId: `ses_${String(at)}` };
    return issuer.issue({ ...subject, authzVersion: 1, amr: ['otp'] }).token;
  });
  const bare = tokens.map((text) => {
    const cut = text.lastIndexOf('.');
    return {
      signed: Buffer.from(text.slice(0, cut)),
      signature: Buffer.from(text.slice(cut + 1), 'base64url'),
    };
  });
  const [publicKey] = keys.verifying.values();
  if (publicKey === undefined) throw new Error('no key');
  return inTurns(
    {
      name: 'token',
      target: TARGETS.token,
      note: 'ceiling: crypto.verify on the same bytes',
    },
    {
      ours: async () => {
        const verifier = createTokenVerifier({ ...parts, keys: keys.verifying, cacheMax: TOKENS });
        return perSecond(tokens, (one) => void verifier.verify(one));
      },
      ceiling: async () =>
        perSecond(bare, ({ signed, signature }) => {
          if (!verify(null, signed, publicKey, signature)) throw new Error('a bad signature');
        }),
    },
  );
}

function perSecond<T>(items: readonly T[], work: (item: T) => void): number {
  const since = performance.now();
  for (const item of items) work(item);
  return (items.length * 1_000) / (performance.now() - since);
}

type Call = (path: string, cookie: string, from: number, body: object) => Promise<Answer>;
type Answer = Readonly<{ status: number; cookies: readonly string[] }>;

/** As the gateway passes on what a browser of ours sends; each `from` is a network of its own. */
function callerOf({ config }: World, pool: Pool): Call {
  const { readServiceKeys: keys } = config;
  const link = createInnerLink({ role: 'gateway', keys, clock: systemClock });
  return async (path, cookie, from, body) => {
    const answer = await pool.request({
      method: 'POST',
      path,
      headers: {
        cookie,
        'content-type': 'application/json',
        'sec-fetch-site': 'same-origin',
        'x-forwarded-for': `198.18.${String(from >> 8)}.${String(from & 255)}`,
        [HEADERS.inner]: link.tokenFor('auth'),
      },
      body: JSON.stringify(body),
    });
    await answer.body.dump();
    return { status: answer.statusCode, cookies: [answer.headers['set-cookie'] ?? []].flat() };
  };
}

/** Every renewal takes the token of the one before it. The clients and PostgreSQL are counted too. */
async function benchRefresh(world: World, call: Call): Promise<Result> {
  const name = sessionCookies(world.config).refresh;
  const visitors = await enter(world, call, name);
  const measured = await repeat(visitors, async (visitor, at) => {
    const answer = await call('/auth/refresh', visitor.cookie, at, {});
    if (answer.status !== 200) throw new Error(`a renewal was answered ${String(answer.status)}`);
    visitor.cookie = cookieOf(answer, name);
  });
  const note = `${figure(measured.perSecond)} a second on ${String(availableParallelism())} cores, the clients and PostgreSQL included; p99 ${figure(measured.p99Ms)} ms`;
  const perCore = measured.perSecond / availableParallelism();
  return single({ name: 'refresh', target: TARGETS.refresh, note }, perCore);
}

async function enter(world: World, call: Call, name: string): Promise<{ cookie: string }[]> {
  const { parts, admin } = world;
  await admin(`insert into person (id, name, language, state, created_at)
     select 'per_' || lpad(n::text, 26, '0'), 'Bench', 'en', 'active', now()
       from generate_series(1, ${String(RENEWING)}) as n`);
  const entered = Array.from({ length: RENEWING }, async (_, at) => {
    const link = await parts.sessions.createLink(`per_${String(at + 1).padStart(26, '0')}`);
    return { cookie: cookieOf(await call('/auth/enter', '', at, { link }), name) };
  });
  return Promise.all(entered);
}

function cookieOf({ status, cookies }: Answer, name: string): string {
  const found = cookies.find((cookie) => cookie.startsWith(`${name}=`))?.split(';')[0];
  if (found === undefined) throw new Error(`no session came back (${String(status)})`);
  return found;
}

async function benchLogin(world: World, call: Call): Promise<Result> {
  const hasher = createHasher({ clock: systemClock, cores: availableParallelism() });
  const phc = await hasher.hash(PASSWORD);
  const accounts = await addAccounts(world, phc);
  const { memoryKib, passes, lanes } = HASH_COST;
  let turn = 0;
  const about = {
    name: 'login',
    target: TARGETS.login,
    note: `ceiling: argon2id alone, m=${String(memoryKib)} t=${String(passes)} p=${String(lanes)}, ${String(HASHING)} at once`,
  };
  return inTurns(about, {
    ours: () =>
      repeat(Array<undefined>(SIGNING_IN).fill(undefined), async () => {
        turn += 1;
        const email = accounts[turn % accounts.length];
        const answer = await call('/auth/password', '', turn % accounts.length, {
          email,
          password: PASSWORD,
        });
        if (answer.status !== 200) throw new Error(`a login was answered ${String(answer.status)}`);
      }),
    ceiling: () =>
      repeat(Array<undefined>(HASHING).fill(undefined), async () => {
        if (!(await hasher.verify(PASSWORD, phc))) throw new Error('the password does not fit');
      }),
  });
}

/** Staff with a password and a second factor; all have the one password. */
async function addAccounts({ admin, parts }: World, phc: string): Promise<string[]> {
  const ids = Array.from({ length: ACCOUNTS }, () => parts.ids.next('per'));
  const people = `unnest('{${ids.join(',')}}'::text[]) as id`;
  await admin(`insert into person (id, name, language, state, created_at)
     select id, 'Staff', 'en', 'active', now() from ${people}`);
  await admin(`insert into staff_member (person_id, role, state, created_at, created_by)
     select id, 'support', 'active', now(), 'system' from ${people}`);
  await admin(`insert into person_email (address, person_id, display, confirmed_at)
     select lower(id) || '@example.com', id, lower(id) || '@example.com', now() from ${people}`);
  await admin(`insert into password_credential (person_id, phc, changed_at)
     select id, '${phc}', now() from ${people}`);
  await admin(`insert into totp_credential (person_id, secret, confirmed_at, last_step)
     select id, 'not looked at', now(), 0 from ${people}`);
  return ids.map((id) => `${id.toLowerCase()}@example.com`);
}

/** Each of `clients` does `work` again and again for the measured time. */
async function repeat<T>(
  clients: readonly T[],
  work: (client: T, at: number) => Promise<void>,
): Promise<Timed> {
  const waits: number[] = [];
  const since = performance.now();
  await Promise.all(
    clients.map(async (client, at) => {
      while (performance.now() - since < MEASURE_MS) {
        const begun = performance.now();
        await work(client, at);
        waits.push(performance.now() - begun);
      }
    }),
  );
  const seconds = (performance.now() - since) / 1_000;
  return { perSecond: waits.length / seconds, p99Ms: p99(waits) };
}

function figure(value: number): string {
  return value >= 100 ? String(Math.round(value)) : value.toFixed(1);
}
