import { ROLE_PERMISSIONS, type DecidedAway } from '@opora/contracts';
import { systemIds } from '../../platform/ids/index.ts';
import { createLog } from '../../platform/log/index.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createStanding, type Standing } from './index.ts';
import { act, createWorld, firstOwner, invited, type Member, type World } from './testing/world.ts';

let world: World;
let owner: Member;
let standing: Standing;
const lines: string[] = [];

beforeAll(async () => {
  world = await createWorld();
  owner = await firstOwner(world);
  const log = createLog({ level: 'error', role: 'auth', write: (line) => void lines.push(line) });
  standing = createStanding({ ...world, log });
});

afterAll(() => world.base.close());

const sessionOf = ({ signedIn }: Member): string => signedIn.view.sessionId;

describe('how sessions stand', () => {
  it('the living ones come with their rights, the others not at all', async () => {
    const helper = await invited(world, owner, { role: 'support', email: 'one@example.com' });
    const [mine, hers] = [sessionOf(owner), sessionOf(helper)];
    const decided = await standing.decide([mine, hers, systemIds.next('ses')]);
    expect(new Map(decided.map((one) => [one.sessionId, one.role]))).toEqual(
      new Map([
        [mine, 'owner'],
        [hers, 'support'],
      ]),
    );
    const found = decided.find(({ sessionId }) => sessionId === hers);
    expect(new Set(found?.grants)).toEqual(ROLE_PERMISSIONS.support);
    await world.identity.staff.disable(act(owner), helper.personId);
    expect(await standing.decide([hers])).toEqual([]);
  });

  it('the monitor is told every living session of staff, and none that ended', async () => {
    const helper = await invited(world, owner, { role: 'admin', email: 'zero@example.com' });
    const told = async () =>
      (await standing.staff()).sessions.map(({ sessionId, role }) => [sessionId, role]);
    expect(await told()).toContainEqual([sessionOf(helper), 'admin']);
    expect(await told()).toContainEqual([sessionOf(owner), 'owner']);
    await world.identity.staff.disable(act(owner), helper.personId);
    expect((await told()).flat()).not.toContain(sessionOf(helper));
  });

  it('every end is told: of staff, by a changed role, from a moment on (B4)', async () => {
    const helper = await invited(world, owner, { role: 'support', email: 'two@example.com' });
    const before = world.clock.now();
    await world.clock.advance(1_000);
    await world.identity.staff.setRole(act(owner), { personId: helper.personId, role: 'admin' });
    const told = await standing.revokedSince(before);
    expect(told.isWhole).toBe(true);
    expect(told.revoked.map(({ sessionId }) => sessionId)).toContain(sessionOf(helper));
    await world.clock.advance(1_000);
    expect((await standing.revokedSince(world.clock.now())).revoked).toEqual([]);
  });

  it('what the gateway decided alone is in the audit log once, and a violation is shouted', async () => {
    const helper = await invited(world, owner, { role: 'finance', email: 'three@example.com' });
    await world.identity.staff.disable(act(owner), helper.personId);
    await world.clock.advance(5_000);
    const at = world.clock.now().toISOString();
    const row = (member: Member): DecidedAway => ({
      ...{ sessionId: sessionOf(member), personId: member.personId, level: 2, allowed: true },
      ...{ endpoint: 'people.list', reason: 'auth is away', times: 3, firstAt: at, lastAt: at },
    });
    for (let time = 0; time < 2; time += 1) {
      const violations = await standing.recordAway([row(owner), row(helper)]);
      expect(violations).toEqual([sessionOf(helper)]);
    }
    expect(lines.join('\n')).toContain('served after their end');
    const { items } = await world.audit.list({ act: 'auth.decided_while_away' }, { limit: 10 });
    expect(
      items.map(({ subject, after }) => [subject.id, after?.['violation']]).toSorted(),
    ).toEqual(
      [
        [sessionOf(owner), 'false'],
        [sessionOf(helper), 'true'],
      ].toSorted(),
    );
  });
});
