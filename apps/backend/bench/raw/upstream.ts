/**
 * What stands behind both proxies: answers every address with the same bytes as fast as node:http
 * can. `/health/ready` says yes, because the gateway asks it.
 */
import { createServer } from 'node:http';
import { given } from './given.ts';

type Given = Readonly<{ port: number; bytes: number }>;

const { port, bytes } = given() as Given; // what gateway.ts writes
const body = Buffer.from(JSON.stringify({ text: 'x'.repeat(bytes) }));
const head = [
  ...['content-type', 'application/json; charset=utf-8', 'content-length', String(body.length)],
  ...['cache-control', 'no-store', 'x-content-type-options', 'nosniff', 'vary', 'accept-language'],
];

const server = createServer((_request, response) => {
  response.writeHead(200, head);
  response.end(body);
});
server.keepAliveTimeout = 65_000;
server.listen(port, '127.0.0.1', () => process.send?.('ready'));
