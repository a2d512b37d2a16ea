/** What a child is, and what it needs and tells. */
import type { Clock } from '@opora/kernel';
import type { Program } from '../process/life.ts';

export type ChildSpec = Omit<Program, 'sockets' | 'niceness'> &
  Readonly<{
    role: string;
    instance: number;
    port: number;
    /** Longest time to its `ready` message; then it is killed, which counts as an early death. */
    readyWithinMs: number;
    /** Listening sockets that are opened here and passed on: a restart refuses nobody. */
    ports?: readonly number[];
    /** Two lives may be at once: a restart begins the new one before it ends the old one. */
    overlaps?: boolean;
    /** Callers cannot go elsewhere: after a crash too they wait for the next life. */
    isDoor?: boolean;
  }>;

export type ChildDeps = Readonly<{
  clock: Clock;
  chance: () => number;
  onLine: (spec: ChildSpec, line: string) => void;
  /** What the supervisor itself has to say about a child. */
  onEvent: (spec: ChildSpec, level: 'info' | 'warn' | 'error', text: string) => void;
  /** A child is in another state, or another life of it began. */
  onChange: (spec: ChildSpec) => void;
  /** A worker died with these pools of jobs in its hands. */
  onWorkerLost: (spec: ChildSpec, pools: readonly string[]) => void;
}>;
