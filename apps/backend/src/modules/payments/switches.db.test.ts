import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { createMoneyWorld, type MoneyWorld } from '../../../test/money-world.ts';
import { SYSTEM } from '../audit/index.ts';
import { ProviderSwitchedOff } from './errors.ts';

let world: MoneyWorld;
const opened: MoneyWorld[] = [];
beforeEach(async () => {
  world = await createMoneyWorld();
  opened.push(world);
});
afterAll(async () => {
  await Promise.all(opened.map((one) => one.close()));
});

const turn = (isOff: boolean, key: string) =>
  world.payments.switchByStaff(
    { actor: SYSTEM, reason: 'it takes no cards', key },
    { provider: 'yookassa', isOff },
  );

describe('a way to pay that staff switched off', () => {
  it('rests at once, takes no new payment, and comes back', async () => {
    const order = await world.placeOrder();
    await turn(true, 'key-off');
    expect(await world.payments.resting()).toEqual(new Set(['yookassa']));
    await expect(world.startPayment(order)).rejects.toThrow(ProviderSwitchedOff);
    await turn(false, 'key-on');
    expect(await world.payments.resting()).toEqual(new Set());
    expect(await world.startPayment(order)).toMatchObject({ state: 'pending' });
  });

  it('still brings in what was begun: by its notice, and by our own question', async () => {
    const [told, asked] = [await world.startPayment(), await world.startPayment()];
    await turn(true, 'key-off');
    for (const { reference } of [told, asked]) {
      world.provider.change(reference, { state: 'settled' });
    }
    expect(await world.notify(told.reference)).toBe(200);
    await world.payments.judgeNotices();
    await world.everythingDue();
    await world.payments.askDue();
    for (const { id } of [told, asked]) {
      expect(await world.payments.find(id)).toMatchObject({ state: 'settled' });
    }
  });

  it('is one act however often it is pressed, with its reason in the audit log', async () => {
    const pressed = await Promise.all([1, 2, 3].map(() => turn(true, 'key-off')));
    expect(pressed.filter(({ isFirst }) => isFirst)).toHaveLength(1);
    const { items } = await world.audit.list({ act: 'providers.switch_off' }, { limit: 10 });
    expect(items).toMatchObject([{ reason: 'it takes no cards', after: { switched: 'off' } }]);
  });
});
