/** What a source of figures tells in one reading, and PORT: where figures come from. */
import type { Depth } from '../observation.ts';
import type { Watch } from '../standing.ts';

export type Figure = Readonly<{
  watch: Watch;
  /** What it is about: a service, a folder, a queue. */
  name: string;
  /** Undefined or NaN: nobody could say. */
  value: number | undefined;
}>;

export interface Source {
  /** `liveness`: read in every round, because it costs nothing; `readiness`: in the full ones. */
  readonly depth: Depth;
  /** Rejects, or is given up after two seconds: then nobody could say. */
  read(): Promise<readonly Figure[]>;
}
