/** The review of access against staff whose rights, sessions and acts are known. */
import { ROLE_PERMISSIONS, type AccessRow, type StaffRole } from '@opora/contracts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createAdminWorld, OWNER, type AdminWorld } from '../../../../test/admin-world.ts';
import { sql } from '../../../platform/db/index.ts';
import { systemIds } from '../../../platform/ids/index.ts';

const HOUR_MS = 3_600_000;

let world: AdminWorld;
beforeAll(async () => {
  world = await createAdminWorld();
  await hire('Operator', 'owner', OWNER);
});
afterAll(() => world.close());

async function hire(name: string, role: StaffRole, personId = systemIds.next('per')) {
  const at = world.clock.now();
  await sql`insert into person (id, name, language, state, created_at)
    values (${personId}, ${name}, 'en', 'active', ${at})`.execute(world.db.read);
  await sql`insert into staff_member (person_id, role, state, created_at, created_by)
    values (${personId}, ${role}, 'active', ${at}, 'system')`.execute(world.db.read);
  return personId;
}

async function session(personId: string, seenAt: Date, revokedAt: Date | null = null) {
  const expiresAt = new Date(world.clock.now().getTime() + HOUR_MS);
  const id = systemIds.next('ses');
  await sql`insert into session (id, person_id, created_at, expires_at, revoked_at, refresh_hash,
      refresh_expires_at, rotated_at, kind, last_seen_at)
    values (${id}, ${personId}, ${seenAt}, ${expiresAt}, ${revokedAt}, ${id}, ${expiresAt},
      ${seenAt}, 'staff', ${seenAt})`.execute(world.db.read);
}

async function review(): Promise<{ items: AccessRow[]; invitations: unknown[] }> {
  const answer = await world.get('/api/v1/admin/access');
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json();
}

async function rowOf(personId: string): Promise<AccessRow> {
  const row = (await review()).items.find((each) => each.personId === personId);
  if (row === undefined) throw new Error('no such member');
  return row;
}

it('says what a role gives, and nothing of one who was disabled', async () => {
  const max = await hire('Max', 'support');
  expect((await rowOf(max)).permissions.toSorted()).toEqual(
    [...ROLE_PERMISSIONS.support].toSorted(),
  );
  await sql`update staff_member set state = 'disabled' where person_id = ${max}`.execute(
    world.db.read,
  );
  expect(await rowOf(max)).toMatchObject({ state: 'disabled', permissions: [], used: [] });
});

it('counts open sessions: neither ended ones nor those that nobody used for half an hour', async () => {
  const anna = await hire('Anna', 'finance');
  const now = world.clock.now();
  const before = new Date(now.getTime() - HOUR_MS);
  await session(anna, now);
  await session(anna, before);
  await session(anna, now, now);
  await sql`insert into recovery_code (hash, person_id, created_at, used_at)
    values ('one', ${anna}, ${now}, null), ('two', ${anna}, ${now}, ${now})`.execute(world.db.read);
  expect(await rowOf(anna)).toMatchObject({
    ...{ sessions: 1, recoveryCodes: 1, hasSecondFactor: false },
    lastSeenAt: now.toISOString(),
  });
});

it('shows living API keys with their addresses and last call, and no ended one', async () => {
  const vera = await hire('Vera', 'support');
  const now = world.clock.now();
  const later = new Date(now.getTime() + HOUR_MS);
  const key = async (id: string, until: Date, endedAt: Date | null = null) => {
    await sql`insert into api_key (id, person_id, kind, public_id, secret_hash, prefix, name,
        scopes, networks, created_at, expires_at, used_at, revoked_at)
      values (${id}, ${vera}, 'staff', ${id}, 'hash', 'opk_dev_k3Xr9TbQ', 'Figures',
        'people:read orders:read', '192.0.2.0/24', ${now}, ${until}, ${now}, ${endedAt})`.execute(
      world.db.read,
    );
    return id;
  };
  const living = await key(systemIds.next('key'), later);
  await key(systemIds.next('key'), later, now);
  await key(systemIds.next('key'), now);
  const { keys } = await rowOf(vera);
  expect(keys).toMatchObject([
    {
      ...{ id: living, name: 'Figures', networks: ['192.0.2.0/24'] },
      ...{ scopes: ['people:read', 'orders:read'], usedAt: now.toISOString() },
    },
  ]);
  expect(JSON.stringify(keys)).not.toContain('hash');
});

it('says when a right was last used: by the newest of its acts, for half a year', async () => {
  const press = (act: string) =>
    world.post(
      `/api/v1/admin/acts/${act}`,
      { provider: 'yookassa', reason: 'the bank is at work' },
      { 'idempotency-key': systemIds.secret(16) },
    );
  expect((await rowOf(OWNER)).used).toEqual([]);
  await press('providers.switch_off');
  await world.clock.advance(HOUR_MS);
  await press('providers.switch_on');
  const used = [{ permission: 'providers:switch', lastAt: world.clock.now().toISOString() }];
  expect((await rowOf(OWNER)).used).toEqual(used);
  await world.clock.advance(181 * 24 * HOUR_MS);
  expect((await rowOf(OWNER)).used).toEqual([]);
});

it('names who invited whom, and is closed to those who may not read staff', async () => {
  await world.post(
    '/api/v1/admin/acts/staff.invite',
    { email: 'new@example.com', role: 'finance', reason: 'a new colleague' },
    { 'idempotency-key': systemIds.secret(16) },
  );
  expect((await review()).invitations).toMatchObject([
    { email: 'new@example.com', role: 'finance', by: 'Operator' },
  ]);
  expect((await world.get('/api/v1/admin/access', 'finance')).statusCode).toBe(403);
});
