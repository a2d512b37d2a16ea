/**
 * WebSockets pass through as bytes, after the door has judged their request like any other, at level 1
 * only. Nothing that a client sends reaches an instance before that has answered with the right 101;
 * whatever else it answers, the connection ends. A socket ends with its session, when nothing passes
 * for two minutes, and when the gateway leaves.
 */
import { createHash } from 'node:crypto';
import { request as ask, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { HEADERS, type ProblemCode } from '@opora/contracts';
import type { Clock } from '@opora/kernel';
import type { InnerLink } from '../../platform/http/index.ts';
import { requestHeaders } from './headers.ts';
import { choose } from './instance.ts';
import type { Passing, Upgrade } from './passing.ts';
import type { Upstream } from './upstream.ts';

const SOCKETS_MAX = 2_000;
/** Answers of an instance to an upgrade, milliseconds. */
const ANSWER_MS = 5_000;
const SILENCE_MAX_MS = 120_000;
/** How often it is asked whether the session still lives. */
const LOOK_EVERY_MS = 5_000;
/** A close frame that says "going away" (RFC 6455, 7.4.1: 1001). */
const GOING_AWAY = Buffer.from([0x88, 0x02, 0x03, 0xe9]);
/** RFC 6455, 1.3. */
const ACCEPT_SUFFIX = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const KEY = /^[A-Za-z0-9+/]{22}==$/;
/** What of the instance's 101 is for the client. */
const RETURNED = ['sec-websocket-accept', 'sec-websocket-protocol', 'sec-websocket-extensions'];

/** Anything less is an ordinary request, whose `Upgrade` is dropped like every hop's own header. */
export function isWebSocket({ method, headers }: IncomingMessage): boolean {
  return (
    method === 'GET' &&
    headers.upgrade?.toLowerCase() === 'websocket' &&
    headers['sec-websocket-version'] === '13' &&
    KEY.test(headers['sec-websocket-key'] ?? '') &&
    headers['content-length'] === undefined &&
    headers['transfer-encoding'] === undefined
  );
}

export class Tunnels {
  readonly #open = new Set<Duplex>();
  readonly #clock: Clock;
  readonly #link: InnerLink;
  readonly #refuse: (passing: Passing, code: ProblemCode) => void;

  constructor(deps: {
    clock: Clock;
    link: InnerLink;
    refuse: (passing: Passing, code: ProblemCode) => void;
  }) {
    this.#clock = deps.clock;
    this.#link = deps.link;
    this.#refuse = deps.refuse;
  }

  /** `lives` is asked again and again: false ends the socket. */
  open(
    passing: Passing,
    upgrade: Upgrade,
    upstream: Upstream,
    lives: () => Promise<boolean>,
  ): void {
    const choice = choose(upstream.instances, upstream.chance);
    if (choice === undefined || this.#open.size >= SOCKETS_MAX) {
      this.#refuse(passing, choice === undefined ? 'gateway.no_instance' : 'gateway.overloaded');
      return;
    }
    const { request, requestId, address } = passing;
    const headers = requestHeaders(request.rawHeaders, request.headers.connection, {
      ...{
        requestId,
        deadlineMs: ANSWER_MS,
        inner: this.#link.tokenFor(passing.route.upstream),
        clientAddress: address,
      },
    });
    const asking = ask(new URL(request.url ?? '/', choice.instance.origin), {
      headers: [...headers, 'connection', 'Upgrade', 'upgrade', 'websocket'],
      agent: false,
      timeout: ANSWER_MS,
    });
    const giveUp = (code: ProblemCode): void => {
      asking.destroy();
      upgrade.socket.off('close', leave);
      this.#refuse(passing, code);
    };
    const leave = (): void => void asking.destroy();
    upgrade.socket.once('close', leave);
    asking.once('timeout', () => {
      giveUp('gateway.upstream_timeout');
    });
    asking.on('error', () => {
      if (!asking.destroyed) giveUp('gateway.upstream_failed');
    });
    asking.once('response', ({ statusCode = 502 }) => {
      giveUp(statusCode < 500 ? 'http.not_found' : 'gateway.upstream_failed');
    });
    asking.once('upgrade', (answer, other: Duplex, first: Buffer) => {
      if (!accepts(answer, request.headers['sec-websocket-key'])) {
        other.destroy();
        giveUp('gateway.upstream_failed');
        return;
      }
      upgrade.socket.off('close', leave);
      passing.response.detachSocket(upgrade.socket);
      upgrade.socket.write(switching(answer, requestId));
      if (first.length > 0) upgrade.socket.write(first);
      if (upgrade.head.length > 0) other.write(upgrade.head);
      this.#join(upgrade.socket, other, lives);
    });
    asking.end();
  }

  /** Tells everybody that the gateway goes away. */
  close(): void {
    for (const socket of this.#open) socket.end(GOING_AWAY);
  }

  #join(client: Upgrade['socket'], other: Duplex, lives: () => Promise<boolean>): void {
    this.#open.add(client);
    const ended = new AbortController();
    const end = (): void => {
      if (ended.signal.aborted) return;
      ended.abort();
      this.#open.delete(client);
      client.destroy();
      other.destroy();
    };
    client.setTimeout(SILENCE_MAX_MS, end);
    for (const one of [client, other]) one.once('close', end).on('error', end);
    client.pipe(other).pipe(client);
    void this.#watch(ended, lives, end);
  }

  async #watch(ended: AbortController, lives: () => Promise<boolean>, end: () => void) {
    while (!ended.signal.aborted) {
      await this.#clock.sleep(LOOK_EVERY_MS, ended.signal);
      if (!(await lives())) end();
    }
  }
}

function accepts({ statusCode, headers }: IncomingMessage, key = ''): boolean {
  const right = createHash('sha1').update(`${key}${ACCEPT_SUFFIX}`).digest('base64');
  return statusCode === 101 && headers['sec-websocket-accept'] === right;
}

function switching({ headers }: IncomingMessage, requestId: string): string {
  const told = RETURNED.flatMap((name) => {
    const value = headers[name];
    return typeof value === 'string' ? [`${name}: ${value}`] : [];
  });
  const lines = ['upgrade: websocket', 'connection: Upgrade', `${HEADERS.requestId}: ${requestId}`];
  return `HTTP/1.1 101 Switching Protocols\r\n${[...lines, ...told].join('\r\n')}\r\n\r\n`;
}
