import { systemIds } from '../../platform/ids/index.ts';
import { createLog } from '../../platform/log/index.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createStanding, type SignedIn, type Standing } from './index.ts';
import { act, createWorld, elsewhere, firstOwner, refusal, type Member } from './testing/world.ts';
import type { World } from './testing/world.ts';

const SECOND = 1_000;
const MONTH = 31 * 24 * 3_600_000;

let world: World;
let owner: Member;
let standing: Standing;
let people = 0n;

beforeAll(async () => {
  world = await createWorld();
  owner = await firstOwner(world);
  const log = createLog({ level: 'fatal', role: 'auth' });
  standing = createStanding({ ...world, log });
});

afterAll(() => world.base.close());

async function customer(): Promise<SignedIn> {
  people += 1n;
  const user = { id: people, firstName: 'Olga', username: undefined, languageCode: 'en' };
  const { id } = await world.identity.resolveTelegram(user);
  return again(id);
}
const again = async (personId: string): Promise<SignedIn> =>
  world.signIn.enter(await world.sessions.createLink(personId), elsewhere());

const idOf = ({ view }: SignedIn): string => view.sessionId;
const lives = async (one: SignedIn): Promise<boolean> =>
  (await standing.decide([idOf(one)])).length === 1;
/** What the feed tells of the last minute. */
const told = () => standing.revokedSince(new Date(world.clock.now().getTime() - 60 * SECOND));

describe('signing a person out (R4)', () => {
  it('ends all their sessions and nobody elses, and they may sign in again', async () => {
    const [one, other] = [await customer(), await customer()];
    const { personId } = one.view;
    const second = await again(personId);
    const order = act(owner);
    const [first, repeat] = [
      await world.identity.signOut.person(order, personId),
      await world.identity.signOut.person(order, personId),
    ];
    expect([first.isFirst, repeat.isFirst]).toEqual([true, false]);
    expect([await lives(one), await lives(second), await lives(other)]).toEqual([
      false,
      false,
      true,
    ]);
    expect(await refusal(world.sessions.refresh(second.refreshToken))).toMatchObject({
      name: 'SessionEnded',
    });
    const { revoked, cuts } = await told();
    expect(revoked.map(({ sessionId }) => sessionId).toSorted()).toEqual(
      [idOf(one), idOf(second)].toSorted(),
    );
    expect(cuts).toMatchObject([{ kind: 'person', personId }]);
    await world.clock.advance(SECOND);
    const back = await again(personId);
    expect(await lives(back)).toBe(true);
    const [cut] = cuts;
    if (cut?.kind !== 'person') throw new Error('no cut');
    // Exactly: the old token is before the cut, the new one is not.
    expect(one.access.claims.iat * SECOND).toBeLessThan(Date.parse(cut.issuedBefore));
    expect(back.access.claims.iat * SECOND).toBeGreaterThanOrEqual(Date.parse(cut.issuedBefore));
    const { items } = await world.audit.list({ act: 'people.sign_out' }, { limit: 10 });
    expect(items).toMatchObject([{ personId, reason: 'a good reason', actorId: owner.personId }]);
  });

  it('nobody unknown', async () => {
    const call = world.identity.signOut.person(act(owner), systemIds.next('per'));
    expect(await refusal(call)).toMatchObject({ name: 'PersonNotFound' });
  });
});

describe('ending one token (R4)', () => {
  it('is told by its id, and its session lives on', async () => {
    const one = await customer();
    const { jti } = one.access.claims;
    await world.identity.signOut.token(act(owner), jti);
    expect((await told()).cuts).toContainEqual(
      expect.objectContaining({ kind: 'token', tokenId: jti }),
    );
    expect(await lives(one)).toBe(true);
    for (const wrong of ['', 'everybody', one.view.sessionId, `${jti}0`]) {
      const call = world.identity.signOut.token(act(owner), wrong);
      expect(await refusal(call)).toMatchObject({ name: 'TokenIdInvalid' });
    }
  });
});

describe('signing everybody out (R4)', () => {
  it('ends what was opened before, of customers and staff, at every question', async () => {
    const [one, leaving] = [await customer(), await customer()];
    const before = owner.signedIn;
    expect([await lives(one), await lives(before)]).toEqual([true, true]);
    await world.identity.signOut.everybody(act(owner));
    expect([await lives(one), await lives(before)]).toEqual([false, false]);
    const ended = { name: 'SessionEnded' };
    const { sessionId } = before.view;
    expect(await refusal(world.sessions.staff(sessionId, '192.0.2.1'))).toMatchObject(ended);
    expect(await refusal(world.sessions.view(idOf(one)))).toMatchObject(ended);
    expect(await refusal(world.sessions.refresh(leaving.refreshToken))).toMatchObject(ended);
    expect(await world.sessions.ofPerson(one.view.personId)).toEqual([]);
    const own = { personId: one.view.personId, sessionId: idOf(one) };
    expect(await refusal(world.accounts.read(own))).toMatchObject(ended);
    expect((await world.identity.staff.means()).get(owner.personId)?.sessions).toBe(0);
    expect((await told()).cuts).toContainEqual(expect.objectContaining({ kind: 'everybody' }));
    await world.clock.advance(SECOND);
    expect(await lives(await again(one.view.personId))).toBe(true);
  });

  it('a session served after it is a violation', async () => {
    await world.clock.advance(SECOND);
    const one = await customer();
    await world.identity.signOut.everybody(act(owner));
    await world.clock.advance(5 * SECOND);
    const at = world.clock.now().toISOString();
    const { sessionId, personId } = one.view;
    const row = { sessionId, personId, level: 3, allowed: true, endpoint: 'me.payments', times: 1 };
    const decided = [{ ...row, reason: 'auth is away', firstAt: at, lastAt: at }];
    expect(await standing.recordAway(decided)).toEqual([sessionId]);
  });

  it('is remembered for as long as a session could have lived', async () => {
    await world.clock.advance(SECOND);
    const one = await customer();
    await world.identity.signOut.everybody(act(owner));
    await world.clock.advance(MONTH - SECOND);
    await world.signIn.sweep();
    expect(await refusal(world.sessions.view(idOf(one)))).toMatchObject({ name: 'SessionEnded' });
    await world.clock.advance(2 * SECOND);
    expect(await world.signIn.sweep()).toBeGreaterThan(0);
  });
});
