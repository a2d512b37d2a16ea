import { expect, it } from 'vitest';
import { standingOf } from './standing.ts';

const now = new Date('2026-11-24T12:00:00Z');
const standing = (
  state: 'pending' | 'active' | 'grace' | 'expired' | 'cancelled',
  endsAt: string,
) => standingOf({ state, endsAt }, now);

it('is calm until three days before the end, then warns, and is bad only when access is off', () => {
  expect(standing('active', '2026-12-24T12:00:00Z')).toMatchObject({ tone: 'good', daysLeft: 30 });
  expect(standing('active', '2026-11-27T12:00:00Z')).toMatchObject({ kind: 'active', daysLeft: 3 });
  expect(standing('active', '2026-11-27T11:59:59Z')).toMatchObject({
    kind: 'expiring',
    tone: 'warn',
    daysLeft: 2,
  });
  expect(standing('active', '2026-11-24T20:00:00Z')).toMatchObject({ daysLeft: 0 });
  expect(standing('expired', '2026-11-23T12:00:00Z')).toMatchObject({ tone: 'bad', daysLeft: 0 });
});

it('gives the link while it works, in grace too, and not while it is being prepared', () => {
  expect(standing('grace', '2026-11-23T12:00:00Z').isUsable).toBe(true);
  expect(standing('pending', '2026-12-24T12:00:00Z')).toMatchObject({
    kind: 'pending',
    isUsable: false,
  });
  expect(standing('cancelled', '2026-12-24T12:00:00Z').isUsable).toBe(false);
});
