import type { Clock } from '@opora/kernel';
import { Agent, request } from 'undici';
import { z } from 'zod';
import { withinTurns } from '../../platform/clock/index.ts';
import { greet } from '../greeting.ts';
import type { Service } from './services.ts';

export type ProbeResult = Readonly<{
  state: 'up' | 'degraded' | 'not_ready' | 'down';
  latencyMs: number;
  /** What the service itself says is missing. */
  degraded: readonly string[];
}>;

export interface Probe {
  /** Never rejects: a service that cannot be asked is down. */
  look(service: Service, depth: 'liveness' | 'readiness'): Promise<ProbeResult>;
  close(): Promise<void>;
}

/** Health answers within 100 ms; a service that needs longer than this is not there for anybody. */
const TIMEOUT_MS = 2_000;
/** Two looks at a silent one must fit into ten seconds with a round; the client's own limits are coarse. */
const PATIENCE = { turns: 4, turnMs: TIMEOUT_MS / 4 };
const DOWN = { state: 'down', degraded: [] } as const;

const readyAnswer = z.object({ degraded: z.array(z.string().max(50)).max(50) });

export function createProbe(clock: Clock): Probe {
  const agent = new Agent({ connect: { timeout: TIMEOUT_MS }, connections: 2 });

  async function judge(
    service: Service,
    { path, signal }: { path: string; signal: AbortSignal },
  ): Promise<Omit<ProbeResult, 'latencyMs'>> {
    const { look } = service;
    if (look.kind === 'tcp') {
      await greet(look, TIMEOUT_MS);
      return { state: 'up', degraded: [] };
    }
    const asked = look.kind === 'page' ? look.path : path;
    const how = { dispatcher: agent, signal };
    const { statusCode, body } = await request(`${look.origin}${asked}`, how);
    const text = await body.text();
    const degraded = degradedOf(text);
    // A page of the site that is not there answers too: only liveness is asked of it.
    if (look.kind === 'page') return { state: statusCode < 500 ? 'up' : 'not_ready', degraded: [] };
    if (statusCode !== 200) return { state: 'not_ready', degraded };
    return { state: degraded.length === 0 ? 'up' : 'degraded', degraded };
  }

  return {
    async look(service, depth) {
      const startedMs = clock.monotonicMs();
      const path = depth === 'liveness' ? '/health/live' : '/health/ready';
      const over = new AbortController();
      // Refused, reset or late: each is the same answer to this question.
      const asked = judge(service, { path, signal: over.signal }).catch(() => DOWN);
      const judged = (await withinTurns(asked, { ...PATIENCE, clock })) ?? DOWN;
      over.abort();
      return { ...judged, latencyMs: Math.round(clock.monotonicMs() - startedMs) };
    },
    close: () => agent.destroy(),
  };
}

/** A role of ours answers JSON; whatever else answers 200 is simply up. */
function degradedOf(text: string): readonly string[] {
  try {
    const parsed = readyAnswer.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data.degraded : [];
  } catch {
    return [];
  }
}
