import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createManualClock } from '@opora/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLog } from '../../platform/log/index.ts';
import type { Outside } from './outside.ts';
import { openPublicStatus } from './service.ts';

const log = createLog({ role: 'test', level: 'silent' });
const OUTSIDE: Outside = {
  ways: [{ way: 'yookassa', title: { ru: 'Карта', en: 'Card' }, rests: false }],
  panelRests: false,
  announcements: [],
};
const ROLES = ['gateway', 'auth', 'api', 'bot', 'worker', 'postgres'];

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'opora-status-'))));
afterEach(() => rm(folder, { recursive: true }));

async function world() {
  const clock = createManualClock();
  const down = new Set<string>();
  let outside: Outside | undefined = OUTSIDE;
  const status = await openPublicStatus({
    path: join(folder, 'public.json'),
    report: () => ({
      services: ROLES.map((role) => ({ role, state: down.has(role) ? 'down' : 'up' })),
    }),
    askOutside: () => Promise.resolve(outside),
    ...{ clock, log },
  });
  const leaving = new AbortController();
  const watching = status.watch(leaving.signal);
  const part = (name: string) => status.read().parts.find((one) => one.part === name);
  return {
    ...{ clock, down, status, part },
    tell: (told: Outside | undefined) => (outside = told),
    async stop() {
      leaving.abort();
      await watching;
    },
  };
}

describe('the public status', () => {
  it('tells of an outage as it goes on and after it', async () => {
    const { clock, down, part, status, stop } = await world();
    await clock.advance(60_000);
    down.add('api');
    await clock.advance(30_000);
    expect(part('buying')).toMatchObject({ state: 'down' });
    expect(status.read().outages).toMatchObject([{ to: null, parts: ['buying', 'cabinet'] }]);
    down.delete('api');
    await clock.advance(30_000);
    expect(part('buying')?.days[0]).toMatchObject({ measuredS: 120, downS: 30 });
    expect(status.read().outages[0]?.to).not.toBeNull();
    await stop();
  });

  it('knows the ways to pay by their names after they can no more be asked about', async () => {
    const { clock, status, tell, stop } = await world();
    await clock.advance(5_000);
    expect(status.read().ways).toMatchObject([{ way: 'yookassa', state: 'works' }]);
    tell(undefined);
    await clock.advance(180_000);
    expect(status.read().ways).toMatchObject([{ title: { en: 'Card' }, state: 'unknown' }]);
    await stop();
  });

  it('remembers after a restart, and does not count the time between', async () => {
    const before = await world();
    await before.clock.advance(60_000);
    await before.stop();
    const { clock, part, stop } = await world();
    await clock.advance(3_600_000);
    await stop();
    const measured = part('buying')?.days.reduce((sum, { measuredS }) => sum + measuredS, 0);
    expect(measured).toBe(3_660);
    const text = await readFile(join(folder, 'public.json'), 'utf8');
    expect(JSON.parse(text)).toMatchObject({ told: { outside: OUTSIDE } });
  });

  it('begins anew when its file is not readable, and keeps that file', async () => {
    await writeFile(join(folder, 'public.json'), '{"book":');
    const { stop } = await world();
    await stop();
    expect(await readFile(join(folder, 'public.json.unreadable'), 'utf8')).toBe('{"book":');
  });
});
