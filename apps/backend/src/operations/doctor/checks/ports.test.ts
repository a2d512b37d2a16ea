import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { loadConfig } from '../../../config/load.ts';
import type { Config } from '../../../config/shape.ts';
import type { ChildFacts } from '../../control/index.ts';
import { checkOwnPorts } from './ports.ts';

const child = (name: string, state: ChildFacts['state']): ChildFacts => ({
  ...{
    name,
    state,
    role: name.replace(/#.*/, ''),
    port: 1,
    restarts: 0,
    since: '',
    ends: [],
    isRestarting: false,
  },
});
const running = (...children: ChildFacts[]) => ({ ok: true, pid: 1, ready: true, children });
const config = loadConfig({ OPORA_HOME: '/nonexistent' });

it('is good when our own platform holds the ports', async () => {
  const found = await checkOwnPorts(config, running(child('api#0', 'ready'))).run();
  expect(found).toEqual({ state: 'good', says: 'running, 1 processes hold their ports' });
});

it('warns of a role that is on its way, and is wrong about one that was given up', async () => {
  const late = running(child('api#0', 'ready'), child('bot#0', 'starting'));
  expect(await checkOwnPorts(config, late).run()).toMatchObject({
    state: 'warning',
    says: 'not ready: bot#0 starting',
    mend: '`npx opora logs bot` says why',
  });
  const lost = running(child('worker#0', 'given_up'));
  expect(await checkOwnPorts(config, lost).run()).toMatchObject({
    state: 'wrong',
    says: 'not ready: worker#0 given up',
  });
});

/** Below what the system gives away by itself; other runs on this machine may hold some. */
async function freePlace(): Promise<Config> {
  for (let base = 11_000; base < 20_000; base += 17) {
    const config = loadConfig({ OPORA_HOME: '/nonexistent', OPORA_PORT_BASE: String(base) });
    if ((await checkOwnPorts(config, undefined).run()).state === 'good') return config;
  }
  throw new Error('no free ports between 11000 and 20000');
}

it('is good when nothing runs and the ports are free, and wrong when a foreigner has one', async () => {
  const place = await freePlace();
  const free = await checkOwnPorts(place, undefined).run();
  expect(free.says).toMatch(/^not running; its ports from \d+ are free$/);
  const foreign = createServer();
  await new Promise<void>((resolve) => {
    foreign.listen(place.ports.gateway, '127.0.0.1', resolve);
  });
  const taken = await checkOwnPorts(place, undefined).run();
  expect(taken).toMatchObject({ state: 'wrong' });
  expect(taken.says).toContain(`port ${String(place.ports.gateway)} is taken`);
  await new Promise((resolve) => foreign.close(resolve));
});
