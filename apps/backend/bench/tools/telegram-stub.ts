/** The Bot API as a benchmark needs it: every call is fine, answered at once, and counted. */
import { createServer } from 'node:http';
import type { Lifecycle } from '../../src/platform/lifecycle/index.ts';

export type Call = Readonly<{ path: string; body: string }>;

export interface TelegramStub {
  /** Hears every call from now on. */
  onCall: (call: Call) => void;
}

const ANSWER = JSON.stringify({
  ok: true,
  result: { message_id: 1, date: 0, chat: { id: 1, type: 'private' }, url: '' },
});

export async function openTelegramStub(port: number, lifecycle: Lifecycle): Promise<TelegramStub> {
  const stub: TelegramStub = { onCall: () => undefined };
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(ANSWER);
      stub.onCall({ path: request.url ?? '', body });
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  lifecycle.onStop('telegram stub', () => {
    server.closeAllConnections();
    server.close();
  });
  return stub;
}
