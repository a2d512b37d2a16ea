import type { ServerResponse } from 'node:http';

/** What changed, told to every open chat page and drill: a name and the new state. */
export type LiveEvent = Readonly<{ name: string; data: unknown }>;

export interface Hub {
  tell(name: string, data: unknown): void;
  /** Turns this answer into a stream of server-sent events until the reader leaves. */
  stream(response: ServerResponse): void;
}

/** A reader that cannot keep up is cut off; its page reconnects and reads the state anew. */
const BACKLOG_MAX_BYTES = 8 * 1024 * 1024;

export function createHub(): Hub {
  const readers = new Set<ServerResponse>();
  return {
    tell(name, data) {
      if (readers.size === 0) return;
      const lines = `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
      for (const reader of readers) {
        reader.write(lines);
        if (reader.writableLength > BACKLOG_MAX_BYTES) reader.destroy();
      }
    },
    stream(response) {
      response.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
      });
      response.write('retry: 1000\n\nevent: ready\ndata: {}\n\n');
      readers.add(response);
      response.on('close', () => readers.delete(response));
    },
  };
}
