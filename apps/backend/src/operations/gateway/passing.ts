import type { Socket } from 'node:net';
import type { AuthLevel } from '@opora/contracts';
import type { Asked } from './answer.ts';
import type { Route } from './routes.ts';

/** What becomes a WebSocket: its connection, and what the client sent before it was allowed to. */
export type Upgrade = Readonly<{ socket: Socket; head: Buffer }>;

/** A request that leads somewhere, and what is known of it. */
export type Passing = Asked &
  Readonly<{
    route: Route;
    method: string;
    path: string;
    address: string;
    startedMs: number;
    level: AuthLevel;
    /** What its answer says besides: names and values in turn. */
    headers: readonly string[];
    upgrade?: Upgrade;
  }>;
