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
