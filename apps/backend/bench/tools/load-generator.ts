/**
 * A process that sends one request after another over a number of connections that stay open. It
 * speaks HTTP on bare sockets, because a client library would cost more than what is measured.
 * Talks by IPC: told an `Order`, says `warm`, then a `Tally`.
 */
import { connect, type Socket } from 'node:net';
import { p99 } from './latency.ts';
import { UNIQUE_DIGITS } from './unique.ts';

export type Order = Readonly<{
  port: number;
  connections: number;
  warmUpMs: number;
  measureMs: number;
  /** Request line and headers without content-length, each line ended by CRLF; several take turns. */
  heads: readonly string[];
  /** Its `{{unique}}` becomes a number of 13 digits that no other request has. */
  body: string;
  /** Where the numbers of this run begin. */
  firstNumber: number;
}>;

/** Answers of the measured time only; anything but 2xx is a failure. */
export type Tally = Readonly<{
  answered: number;
  seconds: number;
  failures: number;
  p99Ms: number;
}>;

/** Numbers of one connection; the next one begins after them. */
const NUMBERS_PER_CONNECTION = 1_000_000;
const HEAD_END = '\r\n\r\n';

process.on('message', (order: Order) => void run(order));
process.on('disconnect', () => process.exit(0));
process.send?.('ready');

async function run(order: Order): Promise<void> {
  const counts = { answered: 0, failures: 0 };
  const waits: number[] = [];
  let lastFailure = '';
  const fail = (answer: string): void => {
    counts.failures += 1;
    lastFailure = answer.slice(0, 300);
  };
  const sockets = Array.from({ length: order.connections }, (_, at) =>
    open(order, order.firstNumber + at * NUMBERS_PER_CONNECTION, counts, waits, fail),
  );
  await pause(order.warmUpMs);
  waits.length = 0;
  const [before, since] = [{ ...counts }, performance.now()];
  process.send?.('warm');
  await pause(order.measureMs);
  const tally: Tally = {
    answered: counts.answered - before.answered,
    seconds: (performance.now() - since) / 1000,
    failures: counts.failures,
    p99Ms: p99(waits),
  };
  for (const socket of sockets) socket.destroy();
  if (lastFailure !== '') process.stderr.write(`load: ${lastFailure}\n`);
  process.send?.(tally);
}

function open(
  order: Order,
  firstNumber: number,
  counts: { answered: number },
  waits: number[],
  fail: (answer: string) => void,
): Socket {
  const socket = connect({ port: order.port, host: '127.0.0.1', noDelay: true });
  const length = Buffer.byteLength(order.body.replaceAll('{{unique}}', '0'.repeat(UNIQUE_DIGITS)));
  const heads = order.heads.map((head) => `${head}content-length: ${String(length)}${HEAD_END}`);
  let [number, received, sentAt] = [firstNumber, '', 0];
  const send = (): void => {
    const body = order.body.replaceAll('{{unique}}', String(number));
    const head = heads[number % heads.length] ?? '';
    number += 1;
    sentAt = performance.now();
    socket.write(head + body);
  };
  socket.on('connect', send);
  socket.on('error', (error) => fail(error.message));
  socket.setEncoding('latin1');
  socket.on('data', (chunk) => {
    received += chunk.toString();
    const end = received.indexOf(HEAD_END);
    if (end < 0) return;
    const bodyLength = /content-length: (\d+)/i.exec(received)?.[1] ?? '0';
    if (received.length < end + HEAD_END.length + Number(bodyLength)) return;
    waits.push(performance.now() - sentAt);
    if (received.startsWith('HTTP/1.1 2')) counts.answered += 1;
    else fail(received);
    received = '';
    send();
  });
  return socket;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
