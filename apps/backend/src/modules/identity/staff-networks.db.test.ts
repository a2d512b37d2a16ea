import { expect, it } from 'vitest';
import { cloneDatabase } from '../../../test/database.ts';
import { createNetworks } from '../../platform/network/index.ts';
import { StaffAddressRefused } from './errors.ts';
import { createWorld, firstOwner, freshCode, from, passPassword } from './testing/world.ts';

it('staff who may work from some networks only neither sign in nor act from elsewhere (A3)', async () => {
  const base = await cloneDatabase();
  const world = await createWorld(base, createNetworks(['192.0.2.0/24']));
  const owner = await firstOwner(world);
  const { sessionId } = owner.signedIn.view;
  expect(await world.sessions.staff(sessionId, '192.0.2.77')).toMatchObject({ role: 'owner' });
  const refused = world.sessions.staff(sessionId, '203.0.113.9');
  await expect(refused).rejects.toThrow(StaffAddressRefused);
  const away = from({ address: '203.0.113.9' });
  const challenge = await passPassword(world, owner.email, away);
  const answer = { challenge, code: await freshCode(world, owner.secret) };
  await expect(world.signIn.secondFactor(answer, away)).rejects.toThrow(StaffAddressRefused);
  await base.close();
});
