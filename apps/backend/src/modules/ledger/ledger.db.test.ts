import { money } from '@opora/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cloneDatabase, type TestDatabase } from '../../../test/database.ts';
import {
  clearingAccount,
  createLedger,
  customerAccount,
  salesAccount,
  type Transfer,
} from './index.ts';

const ledger = createLedger();
let base: TestDatabase;
beforeAll(async () => {
  base = await cloneDatabase();
});
afterAll(() => base.close());

function transfer(id: string, change: Partial<Transfer> = {}): Transfer {
  return {
    id,
    debit: clearingAccount('yookassa', 'RUB'),
    credit: customerAccount('per_1', 'RUB'),
    amount: money(19_900n, 'RUB'),
    kind: 'payment',
    reference: 'pay_1',
    at: new Date('2026-11-20T12:00:00.123Z'),
    ...change,
  };
}

const post = (...transfers: Transfer[]): Promise<void> =>
  base.db.transaction((tx) => ledger.post(tx, transfers));
const balance = (personId: string) => ledger.balance(base.db.read, personId, 'RUB');

describe('posting', () => {
  it('changes nothing when the same transfer is posted again', async () => {
    const credit = customerAccount('per_repeat', 'RUB');
    await post(transfer('repeat', { credit }));
    await post(transfer('repeat', { credit }), transfer('repeat-2', { credit }));
    expect((await balance('per_repeat')).minor).toBe(39_800n);
  });

  it.each([
    ['sum', { amount: money(1n, 'RUB') }],
    ['debtor', { debit: salesAccount('vpn', 'RUB') }],
    ['creditor', { credit: customerAccount('per_2', 'RUB') }],
  ])('refuses the same id with another %s and rolls everything back', async (name, change) => {
    const id = `other-${name}`;
    await post(transfer(id));
    const beside = transfer(`${id}-beside`, { credit: customerAccount('per_beside', 'RUB') });
    await expect(post(beside, transfer(id, change))).rejects.toThrow(/other facts/);
    expect((await balance('per_beside')).minor).toBe(0n);
  });

  it('refuses two transfers of one id in one go, nothing, negative sums and other currencies', async () => {
    await expect(post(transfer('twin'), transfer('twin'))).rejects.toThrow(/one id/);
    await expect(post(transfer('zero', { amount: money(0n, 'RUB') }))).rejects.toThrow();
    await expect(post(transfer('less', { amount: money(-1n, 'RUB') }))).rejects.toThrow();
    await expect(post(transfer('usd', { amount: money(5n, 'USD') }))).rejects.toThrow(/not in USD/);
    await expect(
      post(transfer('self', { debit: customerAccount('per_1', 'RUB') })),
    ).rejects.toThrow();
  });

  it('makes one transfer of a hundred that are posted with one id at the same time', async () => {
    const credit = customerAccount('per_race', 'RUB');
    await Promise.all(Array.from({ length: 100 }, () => post(transfer('race', { credit }))));
    expect((await balance('per_race')).minor).toBe(19_900n);
  });

  it('does not deadlock when batches name new accounts in opposite orders', async () => {
    const one = (at: number) => customerAccount(`per_a${String(at)}`, 'RUB');
    const pairs = Array.from({ length: 20 }, (_, at) => at);
    await Promise.all(
      pairs.flatMap((at) => [
        post(
          transfer(`ab${String(at)}`, { debit: one(at), credit: one(at + 1) }),
          transfer(`ab2${String(at)}`, { debit: one(at + 2), credit: one(at) }),
        ),
        post(
          transfer(`ba${String(at)}`, { debit: one(at + 2), credit: one(at + 1) }),
          transfer(`ba2${String(at)}`, { debit: one(at + 1), credit: one(at) }),
        ),
      ]),
    );
  });

  it('keeps sums that no float can hold, and the trial balance at zero', async () => {
    const credit = customerAccount('per_big', 'RUB');
    const amount = money(2n ** 53n + 1n, 'RUB');
    await post(transfer('big', { credit, amount }));
    expect(await balance('per_big')).toEqual(amount);
    const rows = await ledger.trialBalance(base.db.read);
    expect(rows.length).toBeGreaterThan(5);
    expect(rows.reduce((sum, { minor }) => sum + minor, 0n)).toBe(0n);
  });
});
