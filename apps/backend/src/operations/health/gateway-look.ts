/** What the gateway thinks of the instances behind it: the only judge of live traffic. */
import { request } from 'undici';
import { z } from 'zod';

export type Judged = Readonly<{ state: 'up' | 'ejected' | 'down'; breaker: string }>;
/** By the name of the service: `auth#0`. */
export type GatewayLook = () => Promise<ReadonlyMap<string, Judged>>;

const TIMEOUT_MS = 2_000;
const answer = z.object({
  upstreams: z.record(
    z.string(),
    z.array(
      z.object({
        name: z.string(),
        state: z.enum(['up', 'ejected', 'down']),
        breaker: z.string(),
      }),
    ),
  ),
});

/** An empty answer when it cannot be asked: its own check says why. */
export function createGatewayLook(origin: string): GatewayLook {
  return async () => {
    try {
      const limits = { headersTimeout: TIMEOUT_MS, bodyTimeout: TIMEOUT_MS };
      const { body } = await request(`${origin}/health`, limits);
      const { upstreams } = answer.parse(await body.json());
      return new Map(
        Object.values(upstreams)
          .flat()
          .map(({ name, ...judged }) => [name.replace(/-(\d+)$/, '#$1'), judged]),
      );
    } catch {
      return new Map();
    }
  };
}
