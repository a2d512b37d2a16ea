import { DomainError } from '@opora/kernel';
import { createManualClock } from '@opora/testkit';
import { describe, expect, it } from 'vitest';
import { DatabaseAway } from '../db/index.ts';
import { createCopies } from './index.ts';

class Ended extends DomainError {
  readonly code = 'test.ended';
  readonly kind = 'unauthenticated';
}

const away = (): Promise<number> => Promise.reject(new DatabaseAway());

function world() {
  const clock = createManualClock();
  return { clock, copies: createCopies<number>({ clock }) };
}

/** Whether it has ended by now; look after the clock has moved. */
function watched(work: Promise<unknown>): () => boolean {
  let isOver = false;
  const end = (): void => {
    isOver = true;
  };
  work.then(end, end);
  return () => isOver;
}

describe('a copy', () => {
  it('is never shown while the database is there', async () => {
    const { copies } = world();
    await copies.read('a', () => Promise.resolve(1));
    expect(await copies.read('a', () => Promise.resolve(2))).toEqual({ value: 2 });
  });

  it('is shown with its time while the database is away, under its own key only', async () => {
    const { clock, copies } = world();
    const asOf = clock.now();
    await copies.read('a', () => Promise.resolve(1));
    await clock.advance(60_000);
    expect(await copies.read('a', away)).toEqual({ value: 1, asOf });
    await expect(copies.read('b', away)).rejects.toThrow(DatabaseAway);
  });

  it('is forgotten when its reader is refused', async () => {
    const { copies } = world();
    await copies.read('a', () => Promise.resolve(1));
    await expect(copies.read('a', () => Promise.reject(new Ended('over')))).rejects.toThrow(Ended);
    await expect(copies.read('a', away)).rejects.toThrow(DatabaseAway);
  });

  it('is shown when a read is late, and renewed by what comes of it', async () => {
    const { clock, copies } = world();
    await copies.read('a', () => Promise.resolve(1));
    const asOf = clock.now();
    const slow = Promise.withResolvers<number>();
    const read = copies.read('a', () => slow.promise);
    const isOver = watched(read);
    await clock.advance(499);
    expect(isOver()).toBe(false);
    await clock.advance(1);
    expect(await read).toEqual({ value: 1, asOf });
    slow.resolve(2);
    await slow.promise;
    expect(await copies.read('a', away)).toMatchObject({ value: 2 });
  });

  it('is shown at once behind a late read: nobody else asks until that one ends', async () => {
    const { clock, copies } = world();
    await copies.read('a', () => Promise.resolve(1));
    const slow = Promise.withResolvers<number>();
    const late = copies.read('a', () => slow.promise);
    await clock.advance(500);
    await late;
    let asked = 0;
    const ask = (): Promise<number> => Promise.resolve((asked += 1));
    expect(await copies.read('a', ask)).toMatchObject({ value: 1 });
    expect(asked).toBe(0);
    slow.reject(new DatabaseAway());
    await slow.promise.catch(() => undefined);
    await expect.poll(() => copies.read('a', ask)).toEqual({ value: 1 });
    expect(asked).toBe(1);
  });

  it('is no reason to hurry: a read without one waits, under another key too', async () => {
    const { clock, copies } = world();
    await copies.read('a', () => Promise.resolve(1));
    const slow = Promise.withResolvers<number>();
    const read = copies.read('b', () => slow.promise);
    const isOver = watched(read);
    await clock.advance(5_000);
    expect(isOver()).toBe(false);
    slow.resolve(2);
    expect(await read).toEqual({ value: 2 });
  });

  it('is forgotten when the late read is refused in the end', async () => {
    const { clock, copies } = world();
    await copies.read('a', () => Promise.resolve(1));
    const slow = Promise.withResolvers<number>();
    const late = copies.read('a', () => slow.promise);
    await clock.advance(500);
    await late;
    slow.reject(new Ended('over'));
    await slow.promise.catch(() => undefined);
    await expect(copies.read('a', away)).rejects.toThrow(DatabaseAway);
  });

  it('is not shown by a late read when another reader of it was refused meanwhile', async () => {
    const { clock, copies } = world();
    await copies.read('a', () => Promise.resolve(1));
    const slow = Promise.withResolvers<number>();
    const late = copies.read('a', () => slow.promise);
    const isOver = watched(late);
    await expect(copies.read('a', () => Promise.reject(new Ended('over')))).rejects.toThrow(Ended);
    await clock.advance(5_000);
    expect(isOver()).toBe(false);
    await expect(copies.read('a', away)).rejects.toThrow(DatabaseAway);
    slow.reject(new Ended('over'));
    await expect(late).rejects.toThrow(Ended);
  });

  it('is never older than one that came meanwhile', async () => {
    const { clock, copies } = world();
    await copies.read('a', () => Promise.resolve(1));
    const slow = Promise.withResolvers<number>();
    const late = copies.read('a', () => slow.promise);
    await clock.advance(100);
    await copies.read('a', () => Promise.resolve(2));
    await clock.advance(400);
    expect(await late).toMatchObject({ value: 2 });
    slow.resolve(1);
    await slow.promise;
    expect(await copies.read('a', away)).toMatchObject({ value: 2 });
  });

  it('never hurries a patient reader, who may be told that the session has ended', async () => {
    const clock = createManualClock();
    const copies = createCopies<number>({ clock }, { isPatient: true });
    await copies.read('a', () => Promise.resolve(1));
    const slow = Promise.withResolvers<number>();
    const read = copies.read('a', () => slow.promise);
    const isOver = watched(read);
    await clock.advance(5_000);
    expect(isOver()).toBe(false);
    slow.reject(new Ended('over'));
    await expect(read).rejects.toThrow(Ended);
    await expect(copies.read('a', away)).rejects.toThrow(DatabaseAway);
  });

  it('is of no use after a day', async () => {
    const { clock, copies } = world();
    await copies.read('a', () => Promise.resolve(1));
    await clock.advance(86_400_001);
    await expect(copies.read('a', away)).rejects.toThrow(DatabaseAway);
  });

  it('gives way when there are too many', async () => {
    const { copies } = world();
    for (let key = 0; key <= 5_000; key += 1) {
      await copies.read(String(key), () => Promise.resolve(key));
    }
    await expect(copies.read('0', away)).rejects.toThrow(DatabaseAway);
    expect(await copies.read('1', away)).toMatchObject({ value: 1 });
  });
});
