/**
 * A process that sends what it is given, on a core of its own. It speaks HTTP on bare sockets: a
 * client library costs more than a refusal. Told `Wire[]` once and then one `Phase` after another, by
 * IPC; answers each with its seconds.
 */
import { connect, type Socket } from 'node:net';
import { systemClock } from '../../../platform/clock/index.ts';
import type { Kind, Wire } from './mix.ts';

/** `rate` absent: as fast as `connections` answers allow. */
export type Phase = Readonly<{
  seconds: number;
  connections: number;
  rate?: number;
  /** Everybody comes on a connection of their own. */
  fresh?: boolean;
}>;

/** One second of one kind: by when it was sent. */
export type Second = {
  kind: Kind;
  at: number;
  sent: number;
  /** Answered 2xx within a second. */
  good: number;
  /** Told to come back: 429 and 503. */
  shed: number;
  /** Answered 2xx after that: whoever asked has gone. */
  late: number;
  /** Nobody took it: the whole crowd was waiting. */
  crowded: number;
  /** Anything else, and no answer. */
  failed: number;
  worstMs: number;
};

const GOOD_WITHIN_MS = 1_000;
const ANSWER_WITHIN_MS = 5_000;
const TICK_MS = 5;
const HEAD_END = '\r\n\r\n';

const clock = systemClock;
let wires: readonly Wire[] = [];
let number = 100_000_000_000;
/** Money and sessions come by ways of their own, as providers' servers do: no crowd fills those. */
const pools = { crowd: pool(), vital: pool() };
type Pool = { idle: Line[]; all: Set<Line> };

function pool(): Pool {
  return { idle: [], all: new Set() };
}

process.on('disconnect', () => process.exit(0));
process.on('message', (told: { port: number; wires: Wire[] } | Phase) => {
  if ('wires' in told) {
    ({ wires } = told);
    port = told.port;
    process.send?.('ready');
  } else void play(told).then((seconds) => process.send?.(seconds));
});
let port = 0;

type Line = {
  socket: Socket;
  home: Pool;
  busy: ((status: number) => void) | undefined;
  sinceMs: number;
};

/** A tick, after which whoever waited too long has gone away. */
async function turn(): Promise<void> {
  await clock.sleep(TICK_MS);
  const beforeMs = clock.monotonicMs() - ANSWER_WITHIN_MS;
  for (const line of [...pools.crowd.all, ...pools.vital.all])
    if (line.busy !== undefined && line.sinceMs < beforeMs) settle(line, 0, false);
}

async function play(phase: Phase): Promise<Second[]> {
  const seconds = new Map<string, Second>();
  const startedMs = clock.monotonicMs();
  const endMs = startedMs + phase.seconds * 1_000;
  let [sent, flying] = [0, 0];

  const send = (then: () => void): void => {
    const wire = wires[sent % wires.length];
    sent += 1;
    if (wire === undefined) return;
    const line = take(wire.kind, phase.connections, phase.fresh);
    const sentMs = clock.monotonicMs();
    const second = secondOf(seconds, wire.kind, Math.floor((sentMs - startedMs) / 1_000));
    second.sent += 1;
    if (line === undefined) {
      second.crowded += 1;
      return;
    }
    flying += 1;
    ask(line, wire.text, (status) => {
      flying -= 1;
      count(second, status, clock.monotonicMs() - sentMs);
      then();
    });
  };

  if (phase.rate === undefined) {
    const again = (): void => {
      if (clock.monotonicMs() < endMs) send(again);
    };
    for (let at = 0; at < phase.connections; at += 1) again();
    while (clock.monotonicMs() < endMs) await turn();
  } else {
    for (let nowMs = startedMs; nowMs < endMs; nowMs = clock.monotonicMs()) {
      const due = ((nowMs - startedMs) / 1_000) * phase.rate;
      while (sent < due) send(() => undefined);
      await turn();
    }
  }
  while (flying > 0) await turn();
  return [...seconds.values()];
}

function count(second: Second, status: number, tookMs: number): void {
  second.worstMs = Math.max(second.worstMs, Math.round(tookMs));
  if (status >= 200 && status < 300) second[tookMs <= GOOD_WITHIN_MS ? 'good' : 'late'] += 1;
  else if (status === 429 || status === 503) second.shed += 1;
  else second.failed += 1;
}

function secondOf(seconds: Map<string, Second>, kind: Kind, at: number): Second {
  const key = `${kind} ${String(at)}`;
  const found = seconds.get(key);
  if (found !== undefined) return found;
  const made = { kind, at, sent: 0, good: 0, shed: 0, late: 0, crowded: 0, failed: 0, worstMs: 0 };
  seconds.set(key, made);
  return made;
}

/** An idle line, or a new one while there are fewer than `most`; undefined: the crowd is too big. */
function take(kind: Kind, most: number, fresh = false): Line | undefined {
  const from = kind === 'notice' || kind === 'token' ? pools.vital : pools.crowd;
  if (fresh && from.all.size < most) return open(from);
  return from.idle.pop() ?? (from.all.size < most ? open(from) : undefined);
}

function open(home: Pool): Line {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  const line: Line = { socket, home, busy: undefined, sinceMs: 0 };
  home.all.add(line);
  let received = '';
  socket.setEncoding('latin1');
  socket.on('data', (chunk) => {
    received += chunk.toString();
    if (!isWhole(received)) return;
    const status = Number(received.slice(9, 12));
    const mayStay = !/^connection: close/im.test(received.slice(0, received.indexOf(HEAD_END)));
    received = '';
    settle(line, status, mayStay);
  });
  const lost = (): void => {
    settle(line, 0, false);
  };
  socket.on('error', lost);
  socket.on('close', () => {
    home.all.delete(line);
    const at = home.idle.indexOf(line);
    if (at >= 0) home.idle.splice(at, 1);
    lost();
  });
  return line;
}

function settle(line: Line, status: number, mayStay: boolean): void {
  const { busy } = line;
  line.busy = undefined;
  if (!mayStay) line.socket.destroy();
  else if (busy !== undefined) line.home.idle.push(line);
  busy?.(status);
}

function ask(line: Line, text: string, then: (status: number) => void): void {
  line.busy = then;
  line.sinceMs = clock.monotonicMs();
  line.socket.write(text.includes('{{n}}') ? text.replace('{{n}}', String((number += 1))) : text);
}

function isWhole(received: string): boolean {
  const end = received.indexOf(HEAD_END);
  if (end < 0) return false;
  const head = received.slice(0, end);
  const length = /^content-length: (\d+)/im.exec(head)?.[1];
  if (length !== undefined) return received.length >= end + HEAD_END.length + Number(length);
  return !/^transfer-encoding: chunked/im.test(head) || received.endsWith('0\r\n\r\n');
}
