/**
 * Is the server there? A connection of its own asks each second, so a pool whose connections are all
 * busy says nothing about it. A silence is looked at twice, the second time over a new connection: the
 * old one may have been cut on the way, or its backend ended alone. A connection that breaks is
 * looked after at once.
 */
import { Socket } from 'node:net';
import type { Clock } from '@opora/kernel';
import pg from 'pg';
import type { OperatedBreaker } from '../breaker/breaker.ts';
import { withinTurns, type Turns } from '../clock/index.ts';

const LOOK_EVERY_MS = 1_000;
/** Between tries while it is away, the longest. */
export const PROBE_EVERY_MS = 1_000;
/** How long one look lasts. */
const LOOK: Turns = { turns: 6, turnMs: 250 };
/** The server answers, though not to us: it shuts down, starts, or repairs itself after a crash. */
const NOT_THERE_YET = new Set(['57P01', '57P02', '57P03']);

type Deps = Readonly<{ url: string; name: string; clock: Clock; breaker: OperatedBreaker }>;

/** Turns the breaker, which must open at the first failure, until stopped. */
export function keepPulse(deps: Deps): { stop(): Promise<void> } {
  const { clock, breaker } = deps;
  const stopping = new AbortController();
  let line: Line | undefined;

  async function isThere(): Promise<boolean> {
    if (line !== undefined && (await line.answers())) return true;
    line?.drop();
    line = openLine(deps);
    return await line.answers();
  }

  async function look(): Promise<void> {
    if (!breaker.permit()) return;
    const sinceMs = clock.monotonicMs();
    const found = await isThere();
    if (!stopping.signal.aborted) {
      breaker.settle(found ? 'success' : 'failure', clock.monotonicMs() - sinceMs);
    }
    // Back: the other looks it takes to close follow at once.
    if (found && breaker.state === 'half_open') await look();
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      await look();
      const isLost = breaker.state === 'closed' ? line?.isLost : undefined;
      const wake = AbortSignal.any([stopping.signal, ...(isLost === undefined ? [] : [isLost])]);
      await clock.sleep(LOOK_EVERY_MS, wake);
    }
    line?.drop();
  }

  const running = run();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

interface Line {
  /** Something that only a living server says came back in time. */
  answers(): Promise<boolean>;
  /** Aborted when the connection ends. */
  readonly isLost: AbortSignal;
  drop(): void;
}

function openLine({ url, name, clock }: Deps): Line {
  const socket = new Socket();
  const lost = new AbortController();
  const client = new pg.Client({
    connectionString: url,
    application_name: `${name} pulse`,
    stream: () => socket,
  });
  client.on('error', () => undefined);
  client.on('end', () => {
    lost.abort();
  });
  const connected = client.connect();

  async function ask(): Promise<boolean> {
    try {
      await connected;
      await client.query('select 1');
      return true;
    } catch (error) {
      // Whoever refuses us in the server's own words is there: a busy server, another password.
      return error instanceof pg.DatabaseError && !NOT_THERE_YET.has(error.code ?? '');
    }
  }

  return {
    isLost: lost.signal,
    answers: async () => (await withinTurns(ask(), { ...LOOK, clock })) === true,
    drop() {
      socket.destroy();
    },
  };
}
