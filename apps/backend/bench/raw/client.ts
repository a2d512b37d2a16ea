/** A bare client of PostgreSQL: what pgbench would do, where pgbench is absent. Talks by IPC. */
import pg from 'pg';
import type { Length, Script } from '../tools/ceiling.ts';
import { p99, type Timed } from '../tools/latency.ts';

type Given = Readonly<{
  url: string;
  script: Script;
  length: Length;
  clients: number;
  first: number;
  perClient: number;
}>;

process.on('disconnect', () => process.exit(0));
process.once('message', (given: Given) => void measure(given));

async function measure(given: Given): Promise<void> {
  const clients = await Promise.all(
    Array.from({ length: given.clients }, () => connect(given.url)),
  );
  const since = performance.now();
  const waits: number[] = [];
  const done = await Promise.all(
    clients.map((client, at) => repeat(given, client, at, since, waits)),
  );
  const seconds = (performance.now() - since) / 1000;
  const perSecond = done.reduce((sum, count) => sum + count, 0) / seconds;
  process.send?.({ perSecond, p99Ms: p99(waits) } satisfies Timed);
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client;
}

async function repeat(
  { script, length, ...given }: Given,
  client: pg.Client,
  position: number,
  since: number,
  waits: number[],
): Promise<number> {
  const first = given.first + position * given.perClient;
  const statements = script.statements.map((text, at) => ({
    name: `s${String(at)}`,
    text: text.replaceAll(/(?<!:):n\b/g, '$1'),
    takesNumber: /(?<!:):n\b/.test(text),
  }));
  const isOver = (count: number): boolean =>
    'seconds' in length
      ? performance.now() - since >= length.seconds * 1000
      : count >= length.transactionsPerClient;
  let count = 0;
  for (; !isOver(count); count += 1) {
    const number = String(first + count);
    const begun = performance.now();
    for (const { takesNumber, ...query } of statements) {
      await client.query({ ...query, values: takesNumber ? [number] : [] });
    }
    waits.push(performance.now() - begun);
  }
  return count;
}
