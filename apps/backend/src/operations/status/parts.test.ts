import { describe, expect, it } from 'vitest';
import { statesOf } from './parts.ts';

const report = (states: Readonly<Record<string, readonly string[]>>) => ({
  services: Object.entries(states).flatMap(([role, list]) =>
    list.map((state) => ({ role, state })),
  ),
});
const ALL_UP = {
  gateway: ['up'],
  auth: ['up', 'up'],
  api: ['up', 'up'],
  bot: ['up'],
  worker: ['up'],
  postgres: ['up'],
};
const told = (changes: Readonly<Record<string, boolean>> = {}, panelRests = false) => ({
  ways: ['yookassa', 'paypal'].map((way) => ({
    ...{ way, title: { ru: way, en: way } },
    rests: changes[way] ?? false,
  })),
  panelRests,
  announcements: [],
});
const of = (changes: object, outside = told()) =>
  Object.fromEntries(statesOf(report({ ...ALL_UP, ...changes }), outside));

describe('the parts that customers are told of', () => {
  it('work when every role does', () => {
    expect(new Set(Object.values(of({})))).toEqual(new Set(['works']));
    expect(Object.keys(of({}))).toHaveLength(7);
  });

  it('are no outage while one instance of two is lost', () => {
    expect(of({ api: ['up', 'down'] })).toMatchObject({ buying: 'partly', bot: 'works' });
  });

  it.each([
    ['worker', { access: 'down', buying: 'works', bot: 'works' }],
    ['auth', { signIn: 'down', cabinet: 'works', buying: 'works' }],
    ['bot', { bot: 'down', buying: 'works' }],
    ['postgres', { buying: 'down', bot: 'down', access: 'down', signIn: 'down', cabinet: 'down' }],
  ])('say what is hit when %s is gone, and what still stands', (role, expected) => {
    expect(of({ [role]: ['down'] })).toMatchObject(expected);
  });

  it('are unknown while nobody has looked', () => {
    expect(of({ bot: ['unknown'] })['bot']).toBe('unknown');
    expect(of({ worker: [] })['access']).toBe('unknown');
  });

  it('name the way to pay that rests, which is no outage of buying', () => {
    expect(of({}, told({ paypal: true }))).toMatchObject({
      ...{ 'way:paypal': 'down', 'way:yookassa': 'works', buying: 'works' },
    });
    expect(of({}, told({ paypal: true, yookassa: true }))).toMatchObject({ buying: 'down' });
  });

  it('count the servers of access as part of it', () => {
    expect(of({}, told({}, true))).toMatchObject({ access: 'down', cabinet: 'works' });
  });

  it('say nothing of ways to pay when nobody could tell', () => {
    expect([...statesOf(report(ALL_UP), undefined).keys()]).not.toContain('way:paypal');
  });
});
