/** What only the api can tell the monitor: how those outside do, as our breakers and staff see it. */
import { INNER_PATHS, OutsideWire } from '@opora/contracts';
import type { InnerCall } from '../inner-call.ts';

export type Outside = OutsideWire;

/** Undefined when no api can tell: why, is told by its own check. */
export function createOutsideLook(api: InnerCall): () => Promise<Outside | undefined> {
  return () => api.ask(INNER_PATHS.outside, OutsideWire).catch(() => undefined);
}
