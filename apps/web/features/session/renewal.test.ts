import type { SessionWire } from '@opora/contracts';
import { expect, it } from 'vitest';
import { renewWith, type Tabs } from './renewal.ts';

const session: SessionWire = {
  personId: `per_${'0'.repeat(26)}`,
  name: 'Ann',
  language: 'en',
  email: null,
  expiresAt: '2026-11-24T14:15:00.000Z',
  csrfToken: 'token',
  staff: null,
};
const serverNow = Date.parse('2026-11-24T14:00:00.000Z');
const good = { ok: true as const, answer: session, serverNow };
const refused = (status: number) => ({ ok: false as const, problem: { status } });

/** Tabs of one browser: one lock, one memory, and a server that takes each refresh token once. */
function browser(answers: { refresh?: object; read?: object } = {}) {
  let queue = Promise.resolve<unknown>(undefined);
  let renewedAt = -Infinity;
  const calls: string[] = [];
  const answer = (name: 'refresh' | 'read') => () => {
    calls.push(name);
    return Promise.resolve((answers[name] ?? good) as typeof good); // the scripted answer of this call
  };
  const tab: Tabs = {
    locked: (work) => {
      const turn = queue.then(work);
      queue = turn;
      return turn;
    },
    renewedAt: () => renewedAt,
    remember: (at) => {
      renewedAt = at;
    },
    now: () => 1_000,
    refresh: answer('refresh'),
    read: answer('read'),
  };
  return { tab, calls };
}

it('two tabs that renew at once use the refresh token once, and both stay signed in', async () => {
  const { tab, calls } = browser();
  const renewed = await Promise.all([renewWith(tab), renewWith(tab)]);
  expect(renewed.map(({ outcome }) => outcome)).toEqual(['renewed', 'renewed']);
  expect(calls).toEqual(['refresh', 'read']);
});

it('tells how long the session is good for by the clock of the server', async () => {
  expect(await renewWith(browser().tab)).toMatchObject({ outcome: 'renewed', leftMs: 900_000 });
});

it('ends only on a refusal: an outage leaves the session as it may be', async () => {
  expect(await renewWith(browser({ refresh: refused(401) }).tab)).toEqual({ outcome: 'ended' });
  expect(await renewWith(browser({ refresh: refused(503) }).tab)).toEqual({ outcome: 'unknown' });
  const away = { ok: false, problem: undefined };
  expect(await renewWith(browser({ refresh: away }).tab)).toEqual({ outcome: 'unknown' });
});

it('renews itself when the other tab has signed out and in again meanwhile', async () => {
  const { tab, calls } = browser({ read: refused(401) });
  tab.remember(1_000);
  expect(await renewWith(tab)).toMatchObject({ outcome: 'renewed' });
  expect(calls).toEqual(['read', 'refresh']);
});
