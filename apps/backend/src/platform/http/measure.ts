import type { Metrics } from '../metrics/index.ts';
import type { App } from './app.ts';

type Cells = { count: { add(): void }; latency: { observe(seconds: number): void } };

/** Counts every answer and its latency by route template (never by address) and status. */
export function countAnswers(app: App, metrics: Metrics): void {
  const labels = ['method', 'route', 'status'] as const;
  const counts = metrics.counter('http_requests_total', 'Answers.', labels);
  const latencies = metrics.histogram('http_request_seconds', 'Time to answer.', ['route']);
  const cells = new Map<string, Cells>();

  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'unknown';
    const key = `${request.method} ${route} ${String(reply.statusCode)}`;
    let found = cells.get(key);
    if (found === undefined) {
      found = {
        count: counts.cell(request.method, route, String(reply.statusCode)),
        latency: latencies.cell(route),
      };
      cells.set(key, found);
    }
    found.count.add();
    found.latency.observe(reply.elapsedTime / 1000);
    done();
  });
}
