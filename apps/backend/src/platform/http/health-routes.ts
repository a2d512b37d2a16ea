import type { Metrics } from '../metrics/index.ts';
import type { App } from './app.ts';

/** Should this instance get traffic? Shared dependencies that fail make it `degraded`, not red. */
export type Readiness = Readonly<{ ready: boolean; degraded?: readonly string[] }>;

/** Liveness never looks at others: a dead dependency must not restart healthy processes. */
export function addHealthRoutes(
  app: App,
  deps: { readiness: () => Readiness; draining: () => boolean; metrics: Metrics },
): void {
  const config = { permission: 'public' } as const;

  app.get('/health/live', { config }, () => ({ status: 'live' }));

  app.get('/health/ready', { config }, (_request, reply) => {
    const { ready, degraded = [] } = deps.readiness();
    if (deps.draining()) return reply.code(503).send({ status: 'draining' });
    if (!ready) return reply.code(503).send({ status: 'not_ready', degraded });
    return { status: degraded.length === 0 ? 'ready' : 'degraded', degraded };
  });

  app.get('/metrics', { config }, (_request, reply) =>
    reply.type('text/plain; version=0.0.4; charset=utf-8').send(deps.metrics.text()),
  );
}
