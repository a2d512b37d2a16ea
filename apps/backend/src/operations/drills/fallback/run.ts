/**
 * The drill about the levels of authorization: a truth table against a running platform. Auth is
 * stopped; what the gateway knows is made older by rewriting its file, signed as it signs, while it
 * is killed and begins anew; every row is one call by a caller with its token.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HEADERS } from '@opora/contracts';
import { Pool } from 'undici';
import { sessionCookies } from '../../../config/session-names.ts';
import { createInnerLink } from '../../../platform/http/index.ts';
import { createSealing, readSealingKeys } from '../../../platform/sealing/index.ts';
import { createAsk } from '../ask-database.ts';
import { onAuthStage, until, type DrillDeps, type Stage } from '../auth/stage.ts';
import { DrillRefused } from '../simulated-only.ts';
import { whileStopped } from '../standstill.ts';
import { createMint, openSessions, revoke, type Caller } from './callers.ts';
import { judgeFallback, type FallbackOptions, type FallbackReport, type Tried } from './judge.ts';
import { OPERATIONS, rowsOf, type Row, type State } from './truth.ts';

const INSTANCES = 2;
const AT_ONCE = 8;
/** The gateway writes what it knows every ten seconds. */
const WRITTEN_AFTER_MS = 12_000;
const NOTICED_WITHIN_MS = 20_000;
const TOLD_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 100;
const MINUTE_MS = 60_000;

/** The first one ends under a gateway that lived through it, the second under a new one. */
const OUTAGES: readonly (readonly State[])[] = [
  ['fresh', 'cold'],
  ['stale', 'emergency', 'clock'],
];

/** What the gateway is made to have slept through before a state. */
const OLDER: Partial<Record<State, { byMs: number; aheadMs: number }>> = {
  stale: { byMs: 20 * MINUTE_MS, aheadMs: 0 },
  emergency: { byMs: 41 * MINUTE_MS, aheadMs: 0 },
  // The clock went back by two minutes since the last writing.
  clock: { byMs: 0, aheadMs: 2 * MINUTE_MS },
};

/** Throws `DrillRefused` when it cannot take place. */
export async function runFallback(
  options: FallbackOptions,
  deps: DrillDeps,
): Promise<FallbackReport> {
  return await onAuthStage({ instances: INSTANCES }, deps, async (stage) => {
    const { config } = stage.platform;
    const ask = createAsk(config.database.ownerUrl?.reveal() ?? '', deps.clock);
    const callers = await openSessions(ask, deps.ids);
    const tryRow = createTry(stage, callers, { ...deps, options });
    const rows = rowsOf(options.every);
    for (const one of callers.filter(({ isKnown }) => isKnown)) await tryRow.warm(one);
    await revoke(ask, deps.ids, callers);
    await deps.clock.sleep(WRITTEN_AFTER_MS);
    const tried: Tried[] = [];
    const play = async (state: State): Promise<void> => {
      tried.push(
        ...(await together(
          rows.filter((row) => row.state === state),
          tryRow.one,
        )),
      );
      deps.say(`${state}: ${String(tried.length)} rows so far`);
    };
    await play('well');
    const backMs: number[] = [];
    for (const states of OUTAGES) {
      await stage.allServe();
      await whileStopped(stage.platform, 'auth', async () => {
        await seesAuth(stage, 'away', deps);
        for (const state of states) {
          if (OLDER[state] !== undefined) await makeOlder(stage, state, deps);
          await play(state);
        }
      });
      backMs.push(await seesAuth(stage, 'answers', deps));
    }
    const untold = await tellsAll(stage, deps);
    return judgeFallback({ options, tried, backMs: Math.max(...backMs), untold });
  });
}

function createTry(
  stage: Stage,
  callers: readonly Caller[],
  deps: DrillDeps & { options: FallbackOptions },
) {
  const { config } = stage.platform;
  const { options } = deps;
  if (config.encryptionKeys === undefined) throw new DrillRefused('no keys of forms');
  const sealing = createSealing(readSealingKeys(config.encryptionKeys), []);
  const mint = createMint(config, deps, options.isKeyLeaked);
  const cookie = sessionCookies(config).access;
  const pool = new Pool(config.gatewayUrl, { connections: AT_ONCE });
  let calls = 0;

  const call = async (row: Row, caller: Caller): Promise<Tried> => {
    const { method, path, body } = row.operation;
    calls += 1;
    try {
      const answer = await pool.request({
        ...{ method, path },
        headers: {
          cookie: `${cookie}=${mint(caller, row.token)}`,
          // A home of its own for each call: nobody is refused for another's faults.
          'x-forwarded-for': `198.18.${String(calls >> 8)}.${String(calls & 255)}`,
          'sec-fetch-site': 'same-origin',
          [HEADERS.csrf]: sealing.mac('csrf', caller.sessionId),
          // Said by a client, it must mean nothing.
          [HEADERS.level]: '1',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await answer.body.text();
      const code = /urn:opora:problem:([a-z_.]+)/.exec(text)?.[1];
      return { row, status: answer.statusCode, code };
    } catch {
      return { row, status: 0, code: undefined };
    }
  };
  return {
    async one(row: Row): Promise<Tried> {
      const caller = callers.find(
        ({ role, revocation, isKnown }) =>
          role === row.role && revocation === row.revocation && isKnown === (row.state !== 'cold'),
      );
      if (caller === undefined) throw new DrillRefused('a row without a caller');
      return await call(row, caller);
    },
    async warm(caller: Caller): Promise<void> {
      const [operation] = OPERATIONS;
      if (operation === undefined) throw new DrillRefused('no operations');
      const row = { state: 'well', token: 'valid', operation, ...caller } as const;
      const { status } = await call(row, caller);
      if (status !== 200) throw new DrillRefused(`a good session got ${String(status)}`);
    },
  };
}

async function together<In, Out>(
  inputs: readonly In[],
  work: (input: In) => Promise<Out>,
): Promise<Out[]> {
  const left = [...inputs];
  const done: Out[] = [];
  const one = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      done.push(await work(next));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
  return done;
}

/** Kills the gateway, ages what it wrote, and waits for the next one to serve without auth. */
async function makeOlder(stage: Stage, state: State, deps: DrillDeps): Promise<void> {
  const { byMs, aheadMs } = OLDER[state] ?? { byMs: 0, aheadMs: 0 };
  const { config } = stage.platform;
  const { children } = await stage.platform.status();
  const pid = children.find(({ role }) => role === 'gateway')?.pid;
  if (pid === undefined) throw new DrillRefused('the gateway has no process');
  process.kill(pid, 'SIGKILL');
  const path = join(config.home, 'gateway-0.json');
  const { state: text } = JSON.parse(await readFile(path, 'utf8')) as { state: string }; // the gateway's file
  const known = JSON.parse(text) as Known; // as keeper.ts makes it
  const older = JSON.stringify({
    ...known,
    wallMs: deps.clock.now().getTime() + aheadMs,
    keysAgeMs: known.keysAgeMs + byMs,
    revocationsAgeMs: known.revocationsAgeMs + byMs,
    decisions: known.decisions.map((one) => ({ ...one, ageMs: one.ageMs + byMs })),
  });
  const { readServiceKeys: keys } = config;
  const link = createInnerLink({ role: 'gateway', keys, clock: deps.clock });
  await writeFile(path, JSON.stringify({ mac: link.mark(older), state: older }));
  await seesAuth(stage, 'away', deps);
}

type Known = {
  keysAgeMs: number;
  revocationsAgeMs: number;
  decisions: readonly { ageMs: number }[];
};

type Seen = {
  authorization?: { auth: string; undelivered: number };
  upstreams: Record<string, readonly { state: string }[]>;
};

async function look({ platform }: Stage): Promise<Seen | undefined> {
  const url = `http://127.0.0.1:${String(platform.config.ports.gatewayDiagnostics)}/health`;
  const answer = await fetch(url).catch(() => undefined);
  return answer === undefined ? undefined : ((await answer.json()) as Seen); // as roles/gateway.ts makes it
}

/** How long it took until the gateway sees auth so, and the API up. */
async function seesAuth(
  stage: Stage,
  auth: 'away' | 'answers',
  { clock }: DrillDeps,
): Promise<number> {
  const sinceMs = stage.nowMs();
  const what = `the gateway does not see auth ${auth}`;
  await until(clock, { everyMs: LOOK_EVERY_MS, withinMs: NOTICED_WITHIN_MS, what }, async () => {
    const seen = await look(stage);
    const isUp = seen?.upstreams['api']?.some(({ state }) => state === 'up') === true;
    return isUp && seen.authorization?.auth === auth;
  });
  return stage.nowMs() - sinceMs;
}

/** How many decisions auth has still not been told of after a minute. */
async function tellsAll(stage: Stage, { clock }: DrillDeps): Promise<number> {
  const sinceMs = stage.nowMs();
  for (;;) {
    const left = (await look(stage))?.authorization?.undelivered ?? Infinity;
    if (left === 0 || stage.nowMs() - sinceMs > TOLD_WITHIN_MS) return left;
    await clock.sleep(LOOK_EVERY_MS);
  }
}
