import { API } from '@opora/contracts';
import { expect, it } from 'vitest';
import { createStatusSource } from './status-source.ts';

const wire = API.status.read.example.answer;

function world() {
  let at = Date.parse(wire.at);
  let isUp = true;
  let asked = 0;
  const source = createStatusSource({
    load: () => {
      asked += 1;
      return isUp ? Promise.resolve(wire) : Promise.reject(new Error('away'));
    },
    now: () => new Date(at),
  });
  return {
    source,
    asked: () => asked,
    setUp: (value: boolean) => (isUp = value),
    advance: (ms: number) => (at += ms),
  };
}

it('asks once for readers who come together', async () => {
  const { source, asked } = world();
  await Promise.all([source.read(), source.read(), source.read()]);
  await source.read();
  expect(asked()).toBe(1);
});

it('keeps the last copy while the monitor is away, and says that it is old', async () => {
  const { source, setUp, advance } = world();
  expect((await source.read()).state).toBe('fresh');
  setUp(false);
  advance(59_000);
  expect((await source.read()).state).toBe('fresh');
  advance(1_000);
  expect(await source.read()).toMatchObject({ state: 'stale', status: { at: wire.at } });
});

it('has nothing to say when there never was an answer, or none that can be read', async () => {
  const { source, setUp } = world();
  setUp(false);
  expect(await source.read()).toEqual({ state: 'absent' });
  const foreign = createStatusSource({
    load: () => Promise.resolve({ parts: 'all' }),
    now: () => new Date(wire.at),
  });
  expect(await foreign.read()).toEqual({ state: 'absent' });
});

it('gives the last copy at once and asks meanwhile, for lines on other pages', async () => {
  const { source, asked } = world();
  expect(source.last()).toBeUndefined();
  expect(asked()).toBe(1);
  await source.read();
  expect(source.last()).toMatchObject({ at: wire.at });
});
