import http from 'node:http';
import https from 'node:https';

/**
 * `/api` and `/auth` on the browser's one origin, passed to the gateway as they are: method, path,
 * body and answer stream through, nothing is kept. In production nginx does the same before us.
 */
const FORWARDED = /^\/(?:api|auth)(?:[/?]|$)/;

/** Of one connection only (RFC 9110, 7.6.1), or ours to say: a client cannot set them. */
const DROPPED =
  /^(?:connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|expect|host|forwarded|x-forwarded-.*|x-real-ip|x-opora-.*)$/;
const HOP_BY_HOP =
  /^(?:connection|keep-alive|proxy-connection|te|trailer|transfer-encoding|upgrade)$/;

const SOCKETS_MAX = 256;
const CONNECT_TIMEOUT_MS = 3_000;
/** Longer than any answer's silence: streams of events beat every half minute. */
const SILENCE_MS = 120_000;
const RETRY_AFTER_S = 2;

/** @param {string | undefined} url */
export function isForwarded(url) {
  return url !== undefined && FORWARDED.test(url);
}

/**
 * @param {string} gatewayUrl base address of the gateway
 * @param {boolean} isClosed the site has a door: the word it asks for goes no further
 * @returns a handler of one request, and `close` to drop the idle connections
 */
export function createForward(gatewayUrl, isClosed = false) {
  const gateway = new URL(gatewayUrl);
  const { Agent, request } = gateway.protocol === 'https:' ? https : http;
  const agent = new Agent({ keepAlive: true, maxSockets: SOCKETS_MAX });

  /**
   * @param {http.IncomingMessage} incoming
   * @param {http.ServerResponse} outgoing
   * @param {string} requestId
   */
  function forward(incoming, outgoing, requestId) {
    const upstream = request({
      agent,
      protocol: gateway.protocol,
      hostname: gateway.hostname,
      port: gateway.port,
      method: incoming.method,
      path: incoming.url,
      headers: requestHeaders(incoming, { host: gateway.host, requestId, isClosed }),
    });
    const giveUp = setTimeout(
      () => upstream.destroy(new Error('no connection')),
      CONNECT_TIMEOUT_MS,
    );
    const connected = () => clearTimeout(giveUp);
    upstream.on('socket', (socket) =>
      socket.connecting ? socket.once('connect', connected) : connected(),
    );
    upstream.setTimeout(SILENCE_MS, () => upstream.destroy(new Error('no answer')));

    upstream.on('information', ({ statusCode }) => {
      if (statusCode === 100) outgoing.writeContinue();
    });
    upstream.on('response', (answer) => {
      outgoing.writeHead(
        answer.statusCode ?? 502,
        answer.statusMessage ?? '',
        responseHeaders(answer),
      );
      // Without this the first bytes of a stream of events wait for the first event.
      outgoing.flushHeaders();
      answer.pipe(outgoing);
      answer.on('error', () => outgoing.destroy());
    });
    upstream.on('error', () => {
      clearTimeout(giveUp);
      if (outgoing.headersSent) outgoing.destroy();
      else answerUnavailable(outgoing, requestId);
    });
    outgoing.on('close', () => {
      if (!outgoing.writableFinished) upstream.destroy();
    });
    incoming.on('error', () => upstream.destroy());
    incoming.pipe(upstream);
  }

  return { forward, close: () => agent.destroy() };
}

/**
 * What the gateway reads of the client comes from the socket; what the client said of itself is lost.
 * @param {http.IncomingMessage} incoming
 * @param {{ host: string, requestId: string, isClosed: boolean }} of
 * @returns {string[]} names and values in turn
 */
function requestHeaders(incoming, { host, requestId, isClosed }) {
  const named = connectionNamed(incoming);
  if (isClosed) named.add('authorization');
  const kept = pairs(incoming.rawHeaders).filter(
    ([name]) => !DROPPED.test(name) && !named.has(name) && name !== 'x-request-id',
  );
  const { remoteAddress = '' } = incoming.socket;
  const ours = [
    ['host', host],
    ['x-forwarded-for', remoteAddress.replace(/^::ffff:/, '')],
    ['x-forwarded-host', incoming.headers.host ?? ''],
    ['x-forwarded-proto', 'encrypted' in incoming.socket ? 'https' : 'http'],
    ['x-request-id', requestId],
  ];
  const framing = incoming.headers['transfer-encoding'] ? [['transfer-encoding', 'chunked']] : [];
  return [...kept, ...ours, ...framing].flat();
}

/**
 * Names and values as they came, so that several `set-cookie` stay several.
 * @param {http.IncomingMessage} answer
 */
function responseHeaders(answer) {
  const named = connectionNamed(answer);
  return pairs(answer.rawHeaders)
    .filter(([name]) => !HOP_BY_HOP.test(name) && !named.has(name))
    .flat();
}

/** @param {http.IncomingMessage} message */
function connectionNamed(message) {
  const names = message.headers.connection?.toLowerCase().split(',') ?? [];
  return new Set(names.map((name) => name.trim()));
}

/**
 * @param {readonly string[]} raw
 * @returns {[name: string, value: string][]}
 */
function pairs(raw) {
  return Array.from({ length: raw.length / 2 }, (_, at) => [
    String(raw[2 * at]).toLowerCase(),
    String(raw[2 * at + 1]),
  ]);
}

/**
 * @param {http.ServerResponse} outgoing
 * @param {string} requestId
 */
function answerUnavailable(outgoing, requestId) {
  const problem = {
    type: 'urn:opora:problem:web.gateway_unavailable',
    title: 'The gateway does not answer',
    status: 503,
    code: 'web.gateway_unavailable',
    instance: `urn:opora:request:${requestId}`,
  };
  outgoing.writeHead(503, {
    'content-type': 'application/problem+json',
    'cache-control': 'no-store',
    'retry-after': String(RETRY_AFTER_S),
    'x-request-id': requestId,
  });
  outgoing.end(JSON.stringify(problem));
}
