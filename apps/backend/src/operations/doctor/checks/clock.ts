import type { Clock } from '@opora/kernel';
import type { HttpClient } from '../../../platform/http-client/index.ts';
import { good, PAGES, skipped, warning, wrong, type Check } from '../check.ts';

/** A `Date` header counts whole seconds, and the way there takes its time. */
const WARNING_ABOVE_S = 5;
/** Beyond this tokens and signed notices begin to be refused. */
const WRONG_ABOVE_S = 60;
const CALL_MAX_MS = 5_000;

export type ClockSources = Readonly<{
  /** Addresses of the services that are called anyway; nothing but the origin is asked. */
  addresses: readonly string[];
  /** The database's clock; rejects when it is away. */
  databaseNow: () => Promise<Date>;
}>;

/** This machine's clock against theirs. Who does not answer is told by its own check. */
export function checkClock(sources: ClockSources, deps: { http: HttpClient; clock: Clock }): Check {
  const { http, clock } = deps;

  /** How far the other clock is ahead of ours, seconds; nothing when it does not say. */
  async function ahead(name: string, ask: () => Promise<Date>): Promise<[string, number][]> {
    const sentMs = clock.now().getTime();
    const theirs = await ask().catch(() => undefined);
    if (theirs === undefined || Number.isNaN(theirs.getTime())) return [];
    const middleMs = (sentMs + clock.now().getTime()) / 2;
    return [[name, (theirs.getTime() - middleMs) / 1_000]];
  }

  const askHttp = (origin: string) => async (): Promise<Date> => {
    const url = new URL('/', origin);
    const { headers } = await http.call({ method: 'GET', url, timeoutMs: CALL_MAX_MS });
    return new Date(headers['date'] ?? '');
  };

  return {
    name: 'clock',
    async run() {
      const origins = [...new Set(sources.addresses.map((address) => new URL(address).origin))];
      const asked = [
        ahead('the database', sources.databaseNow),
        ...origins.map((origin) => ahead(new URL(origin).host, askHttp(origin))),
      ];
      const known = (await Promise.all(asked)).flat();
      const [furthest] = known.toSorted(([, a], [, b]) => Math.abs(b) - Math.abs(a));
      if (furthest === undefined) return skipped('nobody to compare it with answers');
      const [name, seconds] = furthest;
      const off = Math.abs(seconds);
      const says = `${off.toFixed(1)} s ${seconds > 0 ? 'behind' : 'ahead of'} ${name}`;
      const more = {
        mend: 'let the system keep the time: `timedatectl set-ntp true`, on the other machine too',
        page: PAGES.doctor,
      };
      if (off > WRONG_ABOVE_S) return wrong(says, more);
      if (off > WARNING_ABOVE_S) return warning(says, more);
      const others = known.map(([each]) => each).join(', ');
      return good(`agrees with ${others}`);
    },
  };
}
