import { connect } from 'node:net';
import type { Clock } from '@opora/kernel';
import { Agent, request } from 'undici';
import { z } from 'zod';
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

const readyAnswer = z.object({ degraded: z.array(z.string().max(50)).max(50) });

export function createProbe(clock: Clock): Probe {
  const agent = new Agent({
    connect: { timeout: TIMEOUT_MS },
    headersTimeout: TIMEOUT_MS,
    bodyTimeout: TIMEOUT_MS,
    connections: 2,
  });

  async function judge(service: Service, path: string): Promise<Omit<ProbeResult, 'latencyMs'>> {
    const { look } = service;
    if (look.kind === 'tcp') {
      await reach(look.host, look.port);
      return { state: 'up', degraded: [] };
    }
    const { statusCode, body } = await request(`${look.origin}${path}`, { dispatcher: agent });
    const text = await body.text();
    if (statusCode !== 200) return { state: 'not_ready', degraded: [] };
    const degraded = degradedOf(text);
    return { state: degraded.length === 0 ? 'up' : 'degraded', degraded };
  }

  return {
    async look(service, depth) {
      const startedMs = clock.monotonicMs();
      const path = depth === 'liveness' ? '/health/live' : '/health/ready';
      const judged = await judge(service, path).catch(() => {
        // Refused, reset or late: each is the same answer to this question.
        return { state: 'down' as const, degraded: [] };
      });
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

function reach(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new Error('late')));
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.destroy();
      resolve();
    });
  });
}
