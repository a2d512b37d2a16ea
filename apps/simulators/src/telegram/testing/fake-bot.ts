import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One delivery as the bot's side sees it, waiting for `answer`. */
export type Received = Readonly<{
  updateId: number;
  chatId: number;
  text: string;
  headers: IncomingHttpHeaders;
  answer: (status: number, body?: object) => void;
}>;

/** The bot's webhook in a test: deliveries are taken one by one and answered by hand. */
export interface FakeBot {
  readonly url: string;
  next(): Promise<Received>;
  /** Deliveries that came and were not taken by `next` yet. */
  readonly unread: number;
  stop(): Promise<void>;
}

type Body = { update_id: number; message?: { chat: { id: number }; text: string } };

export async function startFakeBot(): Promise<FakeBot> {
  const unread: Received[] = [];
  const waiting: ((received: Received) => void)[] = [];
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString()) as Body; // sent by the simulator
      const received = { ...summary(body), headers: incoming.headers, answer: by(response) };
      const taker = waiting.shift();
      if (taker === undefined) unread.push(received);
      else taker(received);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // it listens on a port, not on a pipe
  return {
    url: `http://127.0.0.1:${String(port)}/updates`,
    get unread() {
      return unread.length;
    },
    next: () =>
      new Promise((resolve) => {
        const first = unread.shift();
        if (first === undefined) waiting.push(resolve);
        else resolve(first);
      }),
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const summary = (body: Body): Pick<Received, 'updateId' | 'chatId' | 'text'> => ({
  updateId: body.update_id,
  chatId: body.message?.chat.id ?? 0,
  text: body.message?.text ?? '',
});

const by =
  (response: ServerResponse): Received['answer'] =>
  (status, body) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(body === undefined ? '' : JSON.stringify(body));
  };
