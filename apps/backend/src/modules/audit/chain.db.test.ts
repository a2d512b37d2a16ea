import { generateKeyPairSync } from 'node:crypto';
import { createManualClock, type ManualClock } from '@opora/testkit';
import { Secret } from '@opora/kernel';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { asOwner, cloneDatabase, type TestDatabase } from '../../../test/database.ts';
import { systemIds } from '../../platform/ids/index.ts';
import { readKeySet } from '../../platform/tokens/index.ts';
import {
  anchorLine,
  createAudit,
  createAuditChain,
  readAnchors,
  SYSTEM,
  type Audit,
  type AuditChain,
} from './index.ts';

let base: TestDatabase;
let clock: ManualClock;
let audit: Audit;
let chain: AuditChain;

beforeEach(async () => {
  base = await cloneDatabase();
  clock = createManualClock();
  audit = createAudit({ db: base.db, clock, ids: systemIds });
  chain = createAuditChain({ db: base.db, clock });
});
afterEach(() => base.close());

const newKeys = (kid: string) => {
  const jwk = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  return readKeySet(new Secret(JSON.stringify([{ kid, ...jwk }])));
};
const keys = newKeys('now');

async function write(count: number): Promise<void> {
  for (let at = 0; at < count; at += 1) {
    await base.db.transaction((tx) =>
      audit.record(tx, {
        actor: SYSTEM,
        act: 'plans.reprice',
        subject: { kind: 'plan', id: `pln_${String(at)}` },
        reason: at % 2 === 0 ? `reason ${String(at)}` : undefined,
        before: { price: '199', note: null },
        after: { price: '249' },
      }),
    );
    await clock.advance(7);
  }
}

/** Seals everything; the anchor that a worker would write then. */
async function sealAll(by = keys): Promise<string> {
  for (;;) {
    const { sealed, last } = await chain.seal();
    if (sealed > 0) continue;
    if (last === undefined) throw new Error('nothing was sealed');
    return anchorLine(last, clock.now(), by);
  }
}

const faults = async (...lines: string[]): Promise<readonly string[]> =>
  (await chain.verify(readAnchors(lines.join('\n'), keys))).violations;

/** What somebody with the rights of the owner could do, the triggers out of the way. */
async function tamper(...statements: string[]): Promise<void> {
  await asOwner(base.ownerUrl, async (client) => {
    for (const table of ['audit_entry', 'audit_seal']) {
      await client.query(`alter table ${table} disable trigger ${table}_append_only`);
    }
    for (const statement of statements) await client.query(statement);
  });
}

const third = `(select entry_id from audit_seal where seq = 3)`;

describe('the chain over the log', () => {
  it('fits while nobody touches it, however the sealers meet', async () => {
    await write(8);
    await Promise.all(Array.from({ length: 6 }, () => chain.seal()));
    await write(3);
    const anchor = await sealAll();
    const report = await chain.verify(readAnchors(anchor, keys));
    expect(report).toEqual({ links: 11, anchors: 1, unverifiable: 0, waiting: 0, violations: [] });
  });

  it('takes an entry that committed late, though others with later times are sealed', async () => {
    await base.db.transaction(async (tx) => {
      const late = { actor: SYSTEM, act: 'people.ban', subject: { kind: 'person', id: 'per_1' } };
      await audit.record(tx, late);
      await write(2);
      await sealAll();
    });
    expect(await faults(await sealAll())).toEqual([]);
    expect((await chain.verify([])).links).toBe(3);
  });

  it.each([
    [
      'an entry that was changed',
      `update audit_entry set reason = 'other' where id = ${third}`,
      'not what was sealed',
    ],
    [
      'a fact that was changed',
      `update audit_entry set after = '{"price":"1"}' where id = ${third}`,
      'not what was sealed',
    ],
    [
      'an absent text made empty',
      `update audit_entry set person_id = '' where id = ${third}`,
      'not what was sealed',
    ],
    [
      'an entry that was removed',
      `delete from audit_entry where id = ${third}`,
      'the entry is gone',
    ],
    ['a link that was removed', `delete from audit_seal where seq = 3`, 'are gone'],
    [
      'an entry slipped in past the chain',
      `delete from audit_unsealed; insert into audit_entry (id, at, actor_id, actor_name, act, subject_kind, subject_id, result) values ('aud_x', now(), 'a', 'a', 'x', 'x', 'x', 'done'); delete from audit_unsealed`,
      'in no chain',
    ],
    [
      'two entries that changed places',
      `update audit_seal set entry_id = 'aside' where seq = 3; update audit_seal set entry_id = (select id from audit_entry where subject_id = 'pln_2') where seq = 4; update audit_seal set entry_id = (select id from audit_entry where subject_id = 'pln_3') where seq = 3`,
      'not what was sealed',
    ],
  ])('shows %s (H3)', async (_name, statement, named) => {
    await write(6);
    const anchor = await sealAll();
    expect(await faults(anchor)).toEqual([]);
    await tamper(statement);
    expect((await faults(anchor)).join()).toContain(named);
  });

  it('says when nobody seals', async () => {
    await write(2);
    const anchor = await sealAll();
    await write(1);
    expect(await faults(anchor)).toEqual([]);
    await clock.advance(11 * 60_000);
    expect((await faults(anchor)).join()).toContain('no worker seals');
  });
});

describe('anchors', () => {
  it('show an end that was cut off, and a chain that was made anew (H4)', async () => {
    await write(6);
    const anchor = await sealAll();
    await tamper(
      `delete from audit_entry where id in (select entry_id from audit_seal where seq > 4)`,
      `delete from audit_seal where seq > 4`,
    );
    expect(await faults(anchor)).toEqual([expect.stringContaining('number 6, anchored at')]);
    await tamper(
      `update audit_entry set reason = 'other' where id = ${third}`,
      'delete from audit_seal',
      'insert into audit_unsealed select id from audit_entry',
    );
    await write(2);
    await sealAll();
    expect((await faults(anchor)).join()).toContain('another one than was anchored');
  });

  it('must be signed by our keys; one of a retired key is compared by its hash alone', async () => {
    await write(2);
    const anchor = await sealAll();
    const forged = anchor.replace('"seq":"2"', '"seq":"1"');
    expect((await faults(anchor, forged)).join()).toContain('not signed by our keys');
    expect((await faults('{}')).join()).toContain('no anchor to compare with');
    const old = readAnchors(await sealAll(newKeys('old')), keys);
    expect(await chain.verify(old)).toMatchObject({ unverifiable: 1, violations: [] });
    expect((await faults()).join()).toContain('no anchor to compare with');
  });
});
