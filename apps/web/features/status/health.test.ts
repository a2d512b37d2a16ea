import { describe, expect, it } from 'vitest';
import { overallOf, parseHealth } from './health.ts';

const report = (states: Readonly<Record<string, readonly string[]>>) => ({
  at: '2026-11-24T14:32:10.000Z',
  status: 'ok',
  version: '9.9.9',
  services: Object.entries(states).flatMap(([role, list]) =>
    list.map((state, at) => ({ name: `${role}-${String(at)}`, role, state })),
  ),
});
const ALL_UP = {
  gateway: ['up'],
  api: ['up', 'up'],
  bot: ['up'],
  worker: ['up'],
  postgres: ['up'],
};

describe('the health that customers are told', () => {
  it('says that everything works when every role does', () => {
    const { parts, asOf } = parseHealth(report(ALL_UP));
    expect(overallOf(parts)).toBe('works');
    expect(new Set(Object.values(parts))).toEqual(new Set(['works']));
    expect(asOf.toISOString()).toBe('2026-11-24T14:32:10.000Z');
  });

  it('does not call one lost instance of two an outage', () => {
    const { parts } = parseHealth(report({ ...ALL_UP, api: ['up', 'down'] }));
    expect(parts.buying).toBe('partly');
    expect(parts.bot).toBe('works');
  });

  it('names what is hit when a role is gone, and what still stands', () => {
    const { parts } = parseHealth(report({ ...ALL_UP, worker: ['down'] }));
    expect(parts).toEqual({
      buying: 'works',
      access: 'down',
      bot: 'works',
      cabinet: 'works',
      payments: 'down',
    });
    expect(overallOf(parts)).toBe('down');
  });

  it('takes a role nobody looked at for unknown, and a missing one for unknown too', () => {
    expect(parseHealth(report({ ...ALL_UP, bot: ['unknown'] })).parts.bot).toBe('unknown');
    expect(
      parseHealth(report({ gateway: ['up'], api: ['up'], postgres: ['up'] })).parts.access,
    ).toBe('unknown');
  });

  it('says that nothing can be bought while the database is away', () => {
    const { parts } = parseHealth(report({ ...ALL_UP, postgres: ['down'] }));
    expect(parts.buying).toBe('down');
  });

  it('refuses what is no report', () => {
    for (const body of [undefined, {}, { at: 'now', services: [] }, 'ok']) {
      expect(() => parseHealth(body)).toThrow();
    }
  });
});
