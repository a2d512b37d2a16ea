/** Breakers of a process without a database: an api hears how they stand, and says where staff holds them. */
import { INNER_PATHS, SwitchesWire, type BreakersAsk } from '@opora/contracts';
import type { Switch, Switchboard } from '../platform/breaker/index.ts';
import type { InnerCall } from './inner-call.ts';

/** Until `signal` aborts; while no api answers nothing changes but what ends by its own clock. */
export async function followThroughApi(
  deps: Readonly<{
    board: Switchboard;
    /** `gateway#0`: unique among the living processes. */
    process: string;
    /** Those that are there now. */
    api: () => InnerCall;
  }>,
  signal: AbortSignal,
): Promise<void> {
  const { board, process, api } = deps;
  await board.follow(async (): Promise<readonly Switch[]> => {
    const words = board.words().map(({ changedAt, ...word }) => ({
      ...word,
      changedAt: changedAt.toISOString(),
    }));
    const ask: BreakersAsk = { process, words };
    const { switches } = await api().ask(INNER_PATHS.breakers, SwitchesWire, ask);
    return switches.map(({ until, ...one }) => ({ ...one, until: new Date(until) }));
  }, signal);
}
