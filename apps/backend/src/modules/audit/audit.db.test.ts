import { createManualClock, type ManualClock } from '@opora/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { asOwner, cloneDatabase, type TestDatabase } from '../../../test/database.ts';
import { pageWish, type Page, type PageWish } from '../../platform/db/index.ts';
import { systemIds } from '../../platform/ids/index.ts';
import { AuditKeyReused, createAudit, SYSTEM, type Audit, type AuditWish } from './index.ts';

let base: TestDatabase;
let clock: ManualClock;
let audit: Audit;

beforeAll(async () => {
  base = await cloneDatabase();
});
afterAll(() => base.close());
beforeEach(() => {
  clock = createManualClock();
  audit = createAudit({ db: base.db, clock, ids: systemIds });
});

const wish = (changes: Partial<AuditWish> = {}): AuditWish => ({
  actor: { id: 'per_owner', name: 'Owner', requestId: 'req_1', remoteAddress: '192.0.2.1' },
  act: 'people.ban',
  subject: { kind: 'person', id: systemIds.next('per') },
  reason: 'fraud',
  before: { state: 'active' },
  after: { state: 'banned' },
  ...changes,
});
const record = (one: AuditWish) => base.db.transaction((tx) => audit.record(tx, one));

describe('an entry of the audit log', () => {
  it('tells who did what to whom, why, and what it changed', async () => {
    const one = wish();
    const { id, isFirst } = await record(one);
    expect(isFirst).toBe(true);
    const { items } = await audit.list({ subjectId: one.subject.id }, { limit: 10 });
    expect(items).toEqual([
      {
        id,
        at: clock.now(),
        actorId: 'per_owner',
        actorName: 'Owner',
        act: 'people.ban',
        subject: one.subject,
        personId: undefined,
        reason: 'fraud',
        before: { state: 'active' },
        after: { state: 'banned' },
        result: 'done',
        requestId: 'req_1',
        remoteAddress: '192.0.2.1',
      },
    ]);
  });

  it('is not there when its act was rolled back', async () => {
    const one = wish();
    const failing = base.db.transaction(async (tx) => {
      await audit.record(tx, one);
      throw new Error('the act failed');
    });
    await expect(failing).rejects.toThrow('the act failed');
    expect((await audit.list({ subjectId: one.subject.id }, { limit: 10 })).items).toEqual([]);
  });

  it('can neither be changed nor removed, not even by the owner of the table', async () => {
    await record(wish());
    for (const statement of ['update audit_entry set reason = null', 'delete from audit_entry']) {
      const asOwnerOfIt = asOwner(base.ownerUrl, (client) => client.query(statement));
      await expect(asOwnerOfIt).rejects.toThrow('append only');
    }
  });
});

describe('the key of an act', () => {
  it('lets thirty presses at once be one act', async () => {
    const one = wish({ key: 'key-of-thirty-presses' });
    const all = await Promise.all(Array.from({ length: 30 }, () => record(one)));
    expect(all.filter(({ isFirst }) => isFirst)).toHaveLength(1);
    expect(new Set(all.map(({ id }) => id)).size).toBe(1);
  });

  it('refuses to stand for another act', async () => {
    const one = wish({ key: 'key-of-another-act' });
    await record(one);
    const others = [
      { reason: 'mistake' },
      { act: 'people.unban' },
      { actor: SYSTEM },
      { asked: { days: '30' } },
    ];
    for (const other of others) {
      await expect(record({ ...one, ...other })).rejects.toThrow(AuditKeyReused);
    }
  });
});

describe('the pages of the log', () => {
  it('follow each other by their keys, in both directions, without losing a row', async () => {
    const subject = { kind: 'person', id: systemIds.next('per') };
    const made: { id: string; second: number }[] = [];
    for (let at = 0; at < 7; at += 1) {
      made.push({ id: (await record(wish({ subject }))).id, second: Math.ceil(at / 2) });
      if (at % 2 === 0) await clock.advance(1_000);
    }
    // Of one second the greater id is first: two ids of one millisecond are in no other order.
    const newestFirst = made.toSorted((a, b) => b.second - a.second || (a.id < b.id ? 1 : -1));
    const ids = newestFirst.map(({ id }) => id);
    const filter = { subjectId: subject.id };
    const first = await audit.list(filter, { limit: 3 });
    expect(first.newer).toBeNull();
    const second = await audit.list(filter, older(first));
    const third = await audit.list(filter, older(second));
    expect(third.older).toBeNull();
    const all = [first, second, third].flatMap(({ items }) => items);
    expect(all.map(({ id }) => id)).toEqual(ids);
    const back = await audit.list(filter, pageWish({ before: second.newer ?? '', limit: 3 }));
    expect(back.items).toEqual(first.items);
    expect(back.newer).toBeNull();
  });
});

function older({ older: cursor }: Page<unknown>): PageWish {
  return pageWish({ after: cursor ?? '', limit: 3 });
}
