/** Drives one server with the load generator and reads what it cost that server. */
import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { Order, Tally } from './load-generator.ts';
import type { Timed } from './latency.ts';
import { nextTurn } from './unique.ts';

const WARM_UP_MS = 1_000;
const MEASURE_MS = 3_000;
/** A few answers may be lost to a full machine; more is another program than the measured one. */
const FAILURES_MAX = 0;

export type Measured = Timed & Readonly<{ cpuMicros: number }>;

export type Request = Readonly<{
  port: number;
  /** One, or several that take turns. */
  head: string | readonly string[];
  body: string;
  connections: number;
  /** Absent: the server at `port` tells on /metrics. */
  readCpu?: () => Promise<number>;
}>;

/** Throws when a request failed: a quick refusal is not a quick answer. */
export async function load({ readCpu, head, ...request }: Request): Promise<Measured> {
  const cpuNow = readCpu ?? (() => cpuSeconds(request.port));
  const generator = fork(join(import.meta.dirname, 'load-generator.ts'), {
    // A profile is asked for the servers.
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  const messages = queueOf<unknown>();
  generator.on('message', messages.push);
  generator.on('exit', (code) => messages.push(`generator left (${String(code)})`));
  try {
    await messages.next();
    const order: Order = {
      ...request,
      heads: [head].flat(),
      warmUpMs: WARM_UP_MS,
      measureMs: MEASURE_MS,
      firstNumber: nextTurn(),
    };
    generator.send(order);
    await messages.next();
    const before = await cpuNow();
    const tally = (await messages.next()) as Tally; // what the generator sends after `warm`
    const cpu = (await cpuNow()) - before;
    if (tally.failures > FAILURES_MAX || !(tally.answered > 0)) {
      throw new Error(`${String(tally.failures)} requests failed on port ${String(request.port)}`);
    }
    return {
      perSecond: tally.answered / tally.seconds,
      p99Ms: tally.p99Ms,
      cpuMicros: (cpu * 1e6) / tally.answered,
    };
  } finally {
    generator.kill();
  }
}

/** Every measured server, ours and raw, tells its own processor time the same way. */
export async function cpuSeconds(port: number): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${String(port)}/metrics`);
  const line = /^process_cpu_seconds (\S+)$/m.exec(await answer.text());
  if (line === null) throw new Error(`no processor time on port ${String(port)}`);
  return Number(line[1]);
}

function queueOf<T>(): { push: (item: T) => void; next: () => Promise<T> } {
  const items: T[] = [];
  const waiting: ((item: T) => void)[] = [];
  return {
    push: (item) => {
      const taker = waiting.shift();
      if (taker === undefined) items.push(item);
      else taker(item);
    },
    next: async () => {
      const item = items.shift();
      return item ?? new Promise<T>((resolve) => waiting.push(resolve));
    },
  };
}
