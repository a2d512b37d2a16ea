/** Sealed values move to the newest key beside those who write them, and none is lost (I2). */
import { randomBytes } from 'node:crypto';
import { Secret } from '@opora/kernel';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { cloneDatabase, type TestDatabase } from '../../../test/database.ts';
import { sql } from '../db/index.ts';
import { countByKey, createSealing, placeIn, readSealingKeys, resealColumn } from './index.ts';

const column = { table: 'totp_credential', column: 'secret', row: 'person_id' };
const [NEW, OLD] = ['new', 'old'].map((id) => `${id}:${randomBytes(32).toString('base64')}`);
const sealingWith = (...keys: (string | undefined)[]) =>
  createSealing(readSealingKeys(new Secret(keys.join(','))), [column]);
const [before, after] = [sealingWith(OLD), sealingWith(NEW, OLD)];
/** More than two batches. */
const ROWS = 450;
const person = (at: number): string => `per_${String(at).padStart(4, '0')}`;
let base: TestDatabase;

beforeAll(async () => {
  base = await cloneDatabase();
});
afterAll(() => base.close());
beforeEach(async () => {
  await sql`delete from totp_credential`.execute(base.db.read);
  for (let at = 0; at < ROWS; at += 1)
    await put(person(at), before.seal(secretOf(at), placeOf(at)));
});

const secretOf = (at: number): Buffer => Buffer.from(`secret ${String(at)}`);
const placeOf = (at: number) => placeIn(column, person(at));

async function put(row: string, sealed: string): Promise<void> {
  await sql`insert into totp_credential (person_id, secret, confirmed_at, last_step)
            values (${row}, ${sealed}, now(), 0)
            on conflict (person_id) do update set secret = excluded.secret`.execute(base.db.read);
}

async function values(): Promise<string[]> {
  const { rows } = await sql<{ secret: string }>`
    select secret from totp_credential order by person_id`.execute(base.db.read);
  return rows.map(({ secret }) => secret);
}

describe('sealing anew', () => {
  it('moves every value, and the new key alone opens them all', async () => {
    expect(await resealColumn(base.db, after, column)).toEqual({ moved: ROWS, broken: [] });
    const alone = sealingWith(NEW);
    const opened = (await values()).map((value, at) => alone.open(value, placeOf(at)).toString());
    expect(opened).toEqual(Array.from({ length: ROWS }, (_, at) => `secret ${String(at)}`));
    expect(await countByKey(base.db, column)).toEqual(new Map([['new', ROWS]]));
    expect(await resealColumn(base.db, after, column)).toEqual({ moved: 0, broken: [] });
  });

  it('goes on after a cut, and leaves what is moved already as it is', async () => {
    await put(person(0), after.seal(secretOf(0), placeOf(0)));
    const [first] = await values();
    expect((await resealColumn(base.db, after, column)).moved).toBe(ROWS - 1);
    expect((await values())[0]).toBe(first);
  });

  it('never puts back what somebody else has written meanwhile', async () => {
    const late = Buffer.from('written meanwhile');
    const sealed = after.seal(late, placeOf(7));
    // The other writer comes between the read and the write of the batch.
    const opens = after.open.bind(after);
    let isWritten = false;
    const watched = {
      ...after,
      open(value: string, place: Parameters<typeof opens>[1]) {
        isWritten ||= place.row === person(7);
        return opens(value, place);
      },
    };
    const writer = base.db.transaction(async (tx) => {
      await sql`update totp_credential set secret = ${sealed} where person_id = ${person(7)}`.execute(
        tx,
      );
      await expect.poll(() => isWritten, { interval: 5, timeout: 10_000 }).toBe(true);
    });
    const { moved } = await resealColumn(base.db, watched, column);
    await writer;
    expect(moved).toBe(ROWS - 1);
    const [, , , , , , , seventh = ''] = await values();
    expect(after.open(seventh, placeOf(7)).toString()).toBe('written meanwhile');
  });

  it('names a value that does not open, keeps it, and moves the others', async () => {
    await put(person(3), before.seal(secretOf(4), placeOf(4)));
    const { moved, broken } = await resealColumn(base.db, after, column);
    expect([moved, broken]).toEqual([ROWS - 1, [person(3)]]);
    expect(await countByKey(base.db, column)).toEqual(
      new Map([
        ['new', ROWS - 1],
        ['old', 1],
      ]),
    );
  });
});
