// flagged: no-cycles
import type { Second } from './second.ts';

export interface First {
  readonly other?: Second;
}
