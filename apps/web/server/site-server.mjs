import http from 'node:http';
import net from 'node:net';
import { ASK, createDoor } from './closed-site.mjs';
import { createForward, isForwarded } from './forward.mjs';
import { newRequestId } from './request-id.mjs';
import { contentSecurityPolicy, securityHeaders } from './security-headers.mjs';

/** @typedef {(request: http.IncomingMessage, response: http.ServerResponse) => Promise<void>} Pages */

const HEADERS_TIMEOUT_MS = 10_000;
const DRAIN_MS = 5_000;
/** Callers who keep their connection hear within this time that it ends. */
const LAST_CALL_MS = 2_000;
const PREPARING_RETRY_S = 3;

/**
 * The web's one listener: forwards to the gateway, answers the probes, and gives the rest to the
 * pages with what they need to know of the request. It listens before the pages are built, so a first
 * start holds up nobody: until `openPages` they are answered with 503.
 * @param {{ gatewayUrl: string, password?: string | undefined }} options
 */
export function createSiteServer({ gatewayUrl, password }) {
  const door = createDoor(password);
  const { forward, close } = createForward(gatewayUrl, door.isClosed);
  /** @type {Pages | undefined} */
  let pages;
  let isLeaving = false;

  const server = http.createServer({ headersTimeout: HEADERS_TIMEOUT_MS }, (request, response) => {
    const requestId = newRequestId();
    if (isLeaving) response.setHeader('connection', 'close');
    const isProbe = request.url === '/health/live' || request.url === '/health/ready';
    if (!isProbe && !door.lets(request.headers.authorization)) return answerClosed(response);
    if (isForwarded(request.url)) return forward(request, response, requestId);

    const policy = contentSecurityPolicy();
    const isHttps = request.headers['x-forwarded-proto'] === 'https';
    response.setHeaders(new Map(Object.entries(securityHeaders({ policy, requestId, isHttps }))));
    if (request.url === '/health/live') return answerText(response, 200, 'live');
    if (request.url === '/health/ready') {
      return answerText(response, pages ? 200 : 503, pages ? 'ready' : 'preparing');
    }
    if (pages === undefined) return answerPreparing(response);

    Object.assign(request.headers, {
      'content-security-policy': policy,
      'x-request-id': requestId,
      'x-opora-target': request.url ?? '/',
      'x-forwarded-for': hopsOf(request),
    });
    pages(request, response).catch((/** @type {unknown} */ cause) => {
      console.error(
        JSON.stringify({ level: 'error', msg: 'page failed', requestId, cause: String(cause) }),
      );
      if (response.headersSent) response.destroy();
      else answerText(response, 500, `Страница не открылась. The page did not open.\n${requestId}`);
    });
  });

  return {
    server,
    /** @param {Pages} handler */
    openPages: (handler) => {
      pages = handler;
    },
    /**
     * Takes no new caller, tells those who are here to come back, lets running requests finish, and
     * is done after five seconds at most.
     */
    stop: async () => {
      isLeaving = true;
      // An HTTP server's own `close` would cut off who is about to ask.
      const closed = new Promise((resolve) => net.Server.prototype.close.call(server, resolve));
      const lastCall = setTimeout(() => server.closeIdleConnections(), LAST_CALL_MS);
      const cut = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
      await closed;
      for (const timer of [lastCall, cut]) clearTimeout(timer);
      close();
    },
  };
}

/**
 * The way here, the nearest hop last: the gateway reads it from that end, as far as it knows the
 * proxies, so a page is counted to its reader and not to us.
 * @param {http.IncomingMessage} request
 */
function hopsOf({ headers, socket }) {
  const before = headers['x-forwarded-for'] ?? [];
  return [before, (socket.remoteAddress ?? '').replace(/^::ffff:/, '')].flat().join(', ');
}

/** @param {http.ServerResponse} response */
function answerClosed(response) {
  response.setHeader('www-authenticate', ASK);
  answerText(response, 401, 'Этот сайт закрыт. This site is closed.');
}

/** @param {http.ServerResponse} response */
function answerPreparing(response) {
  response.setHeader('retry-after', String(PREPARING_RETRY_S));
  response.setHeader('refresh', String(PREPARING_RETRY_S));
  answerText(
    response,
    503,
    'Сайт готовится к запуску, страница откроется сама.\nThe site is being prepared; this page opens by itself.',
  );
}

/**
 * @param {http.ServerResponse} response
 * @param {number} status
 * @param {string} text
 */
function answerText(response, status, text) {
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
  });
  response.end(`${text}\n`);
}
