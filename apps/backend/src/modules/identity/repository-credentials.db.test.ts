/** What counts once does so by its statement alone, whatever locks its callers hold. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cloneDatabase, type TestDatabase } from '../../../test/database.ts';
import {
  insertTotp,
  replaceRecoveryCodes,
  useRecoveryCode,
  useStep,
} from './repository-credentials.ts';

const at = new Date('2026-11-20T12:00:00.000Z');
const personId = 'per_1';
let base: TestDatabase;

beforeAll(async () => {
  base = await cloneDatabase();
});
afterAll(() => base.close());

const hundred = (call: () => Promise<boolean>) =>
  Promise.all(Array.from({ length: 100 }, call)).then((all) => all.filter(Boolean).length);

describe('of a hundred at once', () => {
  it('one uses a step of the authenticator, and nobody an earlier one (C1)', async () => {
    const { read } = base.db;
    await insertTotp(read, { personId, secret: 'sealed', step: 10, at });
    expect(await hundred(() => useStep(read, personId, 12))).toBe(1);
    expect(await hundred(() => useStep(read, personId, 11))).toBe(0);
    expect(await hundred(() => useStep(read, 'per_2', 13))).toBe(0);
  });

  it('one enrols, and one uses a recovery code, which is nobody else s (C4)', async () => {
    const { read } = base.db;
    const enrol = () => insertTotp(read, { personId: 'per_3', secret: 'sealed', step: 1, at });
    expect(await hundred(enrol)).toBe(1);
    await replaceRecoveryCodes(read, { personId, hashes: ['a', 'b'], at });
    expect(await hundred(() => useRecoveryCode(read, { personId: 'per_2', hash: 'a', at }))).toBe(
      0,
    );
    expect(await hundred(() => useRecoveryCode(read, { personId, hash: 'a', at }))).toBe(1);
    await replaceRecoveryCodes(read, { personId, hashes: ['c'], at });
    expect(await useRecoveryCode(read, { personId, hash: 'b', at })).toBe(false);
  });
});
