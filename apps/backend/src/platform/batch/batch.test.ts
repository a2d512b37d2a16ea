import { OperationalError } from '@opora/kernel';
import { describe, expect, it } from 'vitest';
import { createBatcher, createGatherer } from './index.ts';

class Away extends OperationalError {
  readonly code = 'test.away';
}

/** A writer that only writes when the test lets it, and remembers what it was given. */
function heldWriter() {
  const batches: (readonly string[])[] = [];
  const gates: (() => void)[] = [];
  return {
    batches,
    open() {
      for (const gate of gates.splice(0)) gate();
    },
    async write(items: readonly string[]): Promise<string[]> {
      batches.push(items);
      await new Promise<void>((resolve) => gates.push(resolve));
      return items.map((item) => item.toUpperCase());
    },
  };
}

const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const LIMITS = { sizeMax: 3, waitingMax: 100, writersMax: 1 };

describe('a batcher', () => {
  it('writes together what waits together and gives each caller its own result', async () => {
    const writer = heldWriter();
    const batcher = createBatcher({ ...LIMITS, keyOf: (item) => item, write: writer.write });
    const results = Promise.all(['a', 'b', 'c', 'd', 'e'].map((item) => batcher.add(item)));
    for (let round = 0; round < 3; round += 1) {
      await tick();
      writer.open();
    }
    expect(await results).toEqual(['A', 'B', 'C', 'D', 'E']);
    expect(writer.batches).toEqual([['a'], ['b', 'c', 'd'], ['e']]);
  });

  it('answers nobody before the write of their batch has ended', async () => {
    const writer = heldWriter();
    const batcher = createBatcher({ ...LIMITS, keyOf: (item) => item, write: writer.write });
    let isAnswered = false;
    const added = batcher.add('a').then(() => {
      isAnswered = true;
    });
    await tick();
    expect(isAnswered).toBe(false);
    writer.open();
    await added;
    expect(isAnswered).toBe(true);
  });

  it('never puts one key twice into a batch and keeps the order of that key', async () => {
    const writer = heldWriter();
    const batcher = createBatcher({
      ...LIMITS,
      keyOf: (item) => item.slice(0, 1),
      write: writer.write,
    });
    const all = Promise.all(['x1', 'a1', 'a2', 'b1', 'a3'].map((item) => batcher.add(item)));
    for (let round = 0; round < 5; round += 1) {
      await tick();
      writer.open();
    }
    await all;
    expect(writer.batches).toEqual([['x1'], ['a1', 'b1'], ['a2'], ['a3']]);
  });

  it('tries a failing batch one by one, so that only the poisonous item fails', async () => {
    const written: string[][] = [];
    const batcher = createBatcher({
      ...LIMITS,
      keyOf: (item: string) => item,
      async write(items) {
        await tick();
        written.push([...items]);
        if (items.includes('bad')) throw new Error('poison');
        return items;
      },
    });
    const results = await Promise.allSettled(
      ['first', 'a', 'bad', 'b'].map((item) => batcher.add(item)),
    );
    expect(results.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
    expect(written).toEqual([['first'], ['a', 'bad', 'b'], ['a'], ['bad'], ['b']]);
    await expect(batcher.add('afterwards')).resolves.toBe('afterwards');
  });

  it('tells all at once when the database is away, instead of waiting for it one by one', async () => {
    let writes = 0;
    const batcher = createBatcher({
      ...LIMITS,
      keyOf: (item: string) => item,
      async write(items) {
        await tick();
        writes += 1;
        if (writes > 1) throw new Away('away');
        return items;
      },
    });
    const results = await Promise.allSettled(['1', '2', '3', '4'].map((item) => batcher.add(item)));
    expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(3);
    expect(writes).toBe(2);
  });

  it('refuses more callers than may wait', async () => {
    const writer = heldWriter();
    const batcher = createBatcher({
      ...LIMITS,
      waitingMax: 2,
      keyOf: (item) => item,
      write: writer.write,
    });
    const waiting = ['a', 'b', 'c'].map((item) => batcher.add(item));
    await expect(batcher.add('d')).rejects.toThrow(OperationalError);
    for (let round = 0; round < 3; round += 1) {
      await tick();
      writer.open();
    }
    await Promise.all(waiting);
  });
});

describe('a gatherer', () => {
  it('asks once for what is asked together, each key once, and answers everybody', async () => {
    const asked: (readonly string[])[] = [];
    const gather = createGatherer<string, string>(async (keys) => {
      asked.push(keys);
      await tick();
      return new Map(keys.filter((key) => key !== 'x').map((key) => [key, key.toUpperCase()]));
    });
    const answers = await Promise.all(['a', 'b', 'c', 'b', 'x'].map(gather));
    expect(answers).toEqual(['A', 'B', 'C', 'B', undefined]);
    expect(asked).toEqual([['a'], ['b', 'c', 'x']]);
  });

  it('never answers with a read that began before it was asked', async () => {
    let committed = 'old';
    const gather = createGatherer<string, string>(async (keys) => {
      const seen = committed;
      await tick();
      return new Map(keys.map((key) => [key, seen]));
    });
    const early = gather('a');
    committed = 'new';
    expect(await gather('a')).toBe('new');
    expect(await early).toBe('old');
  });
});
