import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createManualClock } from '@opora/testkit';
import { describe, expect, it } from 'vitest';
import { keepBeating } from './heartbeat.ts';
import { emptyJournal, step } from './incident.ts';
import { openStore } from './store.ts';
import { log } from './testing/world.ts';

const now = new Date('2026-11-20T12:00:00.000Z');
const fresh = () => join(mkdtempSync(join(tmpdir(), 'opora-store-')), 'state.json');

describe('the state on disk', () => {
  it('survives the process, news that are not told included', async () => {
    const path = fresh();
    const store = await openStore(path, { now, log });
    const crash = {
      kind: 'crash',
      detail: 'SIGKILL',
      isUnavailable: true,
      isOutage: true,
      isCritical: false,
    } as const;
    const { journal, notices } = step(emptyJournal(now), new Map([['api#0', crash]]), now);
    const outbox = notices.map((notice) => ({ notice, waiting: ['telegram'] }));
    await store.put({ journal, outbox });
    expect((await openStore(path, { now, log })).state).toEqual({ journal, outbox });
    expect(journal.open).toHaveLength(1);
  });

  it('begins anew when it cannot be read, and keeps what was there', async () => {
    const path = fresh();
    writeFileSync(path, '{"journal":');
    expect((await openStore(path, { now, log })).state.journal.open).toEqual([]);
    expect(readFileSync(`${path}.unreadable`, 'utf8')).toBe('{"journal":');
  });

  it('says so when the disk takes nothing', async () => {
    const store = await openStore('/nowhere/at/all/state.json', { now, log });
    await store.put({ journal: emptyJournal(now), outbox: [] });
    expect(store.isWell).toBe(false);
  });
});

describe('the heartbeat', () => {
  it('is sent every minute, not while the monitor is unwell, and again after a failure', async () => {
    const clock = createManualClock();
    const leaving = new AbortController();
    const beats: number[] = [];
    let isWell = true;
    const beating = keepBeating({
      beat() {
        beats.push(clock.monotonicMs());
        return beats.length === 2 ? Promise.reject(new Error('no answer')) : Promise.resolve();
      },
      isWell: () => isWell,
      ...{ clock, log, signal: leaving.signal },
    });
    await clock.advance(120_000);
    isWell = false;
    await clock.advance(120_000);
    isWell = true;
    await clock.advance(60_000);
    expect(beats).toEqual([0, 60_000, 120_000, 300_000]);
    leaving.abort();
    await beating;
  });
});
