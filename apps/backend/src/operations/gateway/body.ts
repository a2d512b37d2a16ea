import type { IncomingMessage } from 'node:http';

/** Bodies up to this size are collected before they are sent on: they can be sent again. */
const COLLECT_MAX = 65_536;

export class BodyTooLarge extends Error {
  override readonly name = 'BodyTooLarge';
}

/** Null: none. A Buffer can be sent again, a stream cannot. */
export type Body = null | Buffer | IncomingMessage | AsyncIterable<Buffer>;

export type BodyPlan = Readonly<{
  kind: 'none' | 'collect' | 'stream' | 'count' | 'too_large';
  /** The announced length of a streamed body. */
  length?: number;
}>;

/** How the body of a request will travel. The parser holds a body to its announced length. */
export function planBody(
  headers: IncomingMessage['headers'],
  limits: { bodyMax: number; collects: boolean },
): BodyPlan {
  if (headers['transfer-encoding'] !== undefined) {
    return { kind: limits.collects ? 'collect' : 'count' };
  }
  const length = Number(headers['content-length'] ?? 0);
  if (length === 0) return { kind: 'none' };
  if (length > limits.bodyMax) return { kind: 'too_large' };
  return length <= COLLECT_MAX || limits.collects
    ? { kind: 'collect' }
    : { kind: 'stream', length };
}

/** The whole body; rejects with `BodyTooLarge`, or with the connection's fault. */
export function collect(request: IncomingMessage, most: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > most) {
        request.removeAllListeners('data');
        reject(new BodyTooLarge('body over the limit'));
      } else chunks.push(chunk);
    });
    request.once('end', () => {
      resolve(chunks.length === 1 ? (chunks[0] ?? Buffer.alloc(0)) : Buffer.concat(chunks));
    });
    request.once('error', reject);
    request.once('close', () => {
      // Every request closes; only one that is incomplete is worth an error with its stack.
      if (!request.complete) reject(new Error('the client left before its body ended'));
    });
  });
}

/** A body of unknown length, cut where it exceeds `most`. */
export async function* counted(request: IncomingMessage, most: number): AsyncIterable<Buffer> {
  let size = 0;
  // The connection must outlive the refusal: it carries the 413.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    const bytes = chunk as Buffer; // no encoding was set: chunks are bytes
    size += bytes.length;
    if (size > most) throw new BodyTooLarge('body over the limit');
    yield bytes;
  }
}
