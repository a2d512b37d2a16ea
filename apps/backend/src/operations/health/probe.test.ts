import { once } from 'node:events';
import { createServer } from 'node:http';
import { createManualClock } from '@opora/testkit';
import { expect, it } from 'vitest';
import { createProbe, type Service } from './index.ts';

it('gives a silent service up after exactly two seconds, so that two looks find a hang in time', async () => {
  const silent = createServer();
  silent.listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const address = silent.address();
  const port = typeof address === 'object' ? String(address?.port) : '';
  const origin = `http://127.0.0.1:${port}`;
  const look = { kind: 'http', origin } as const;
  const service: Service = { name: 'api#0', role: 'api', critical: true, look };
  const clock = createManualClock();
  const probe = createProbe(clock);
  const looked = probe.look(service, 'liveness');
  const turn = () => new Promise((resolve) => setImmediate(resolve, 'still waiting'));
  const known = () => Promise.race([looked, turn()]);
  await once(silent, 'request');
  await clock.advance(1_999);
  expect(await known()).toBe('still waiting');
  await clock.advance(1);
  expect(await known()).toEqual({ state: 'down', degraded: [], latencyMs: 2_000 });
  await probe.close();
  silent.closeAllConnections();
  silent.close();
});
