import type { Socket } from 'node:net';
import type { Clock } from '@opora/kernel';
import pg from 'pg';
import type { Log } from '../log/index.ts';
import { statement } from './statement.ts';
import type { Tx } from './tx.ts';

/**
 * NOTIFY as a doorbell: it only says "look now". It may be lost (no listener, a restart), so every
 * listener polls as well. Rung outside transactions and coalesced, because a NOTIFY inside one
 * serialises all commits of the server.
 */
export interface Doorbell {
  /** Rings soon; many calls within the pause are one ring. Never throws. */
  ring(): void;
  /** Calls `onRing` at each ring, from a connection of its own that reconnects. */
  listen(onRing: () => void): { stop(): Promise<void> };
}

const RING = statement(`select pg_notify($1, '')`);
const PAUSE_MS = 10;
const RECONNECT_MS = 1_000;

export function createDoorbell(deps: {
  channel: string;
  url: string;
  read: Tx;
  /** Makes the listener's connection one of those that are cut while the server is away. */
  socket?: () => Socket;
  clock: Clock;
  log: Log;
}): Doorbell {
  let ringing = false;

  async function ringSoon(): Promise<void> {
    await deps.clock.sleep(PAUSE_MS);
    ringing = false;
    await RING(deps.read, [deps.channel]);
  }

  async function listenOnce(onRing: () => void, signal: AbortSignal): Promise<void> {
    const client = new pg.Client({
      connectionString: deps.url,
      application_name: 'doorbell',
      ...(deps.socket === undefined ? {} : { stream: deps.socket }),
    });
    const ended = new Promise<void>((resolve) => {
      client.on('error', () => resolve());
      client.on('end', resolve);
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    client.on('notification', onRing);
    try {
      await client.connect();
      await client.query(`listen ${client.escapeIdentifier(deps.channel)}`);
      await ended;
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  return {
    ring() {
      if (ringing) return;
      ringing = true;
      ringSoon().catch((error: unknown) => {
        deps.log.debug({ error }, 'the doorbell could not ring');
      });
    },
    listen(onRing) {
      const stopping = new AbortController();
      const loop = (async () => {
        while (!stopping.signal.aborted) {
          await listenOnce(onRing, stopping.signal).catch((error: unknown) => {
            deps.log.debug({ error }, 'the doorbell lost its connection');
          });
          await deps.clock.sleep(RECONNECT_MS, stopping.signal);
        }
      })();
      return {
        async stop() {
          stopping.abort();
          await loop;
        },
      };
    },
  };
}
