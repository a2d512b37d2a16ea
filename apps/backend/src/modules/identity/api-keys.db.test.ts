import { CUSTOMER_SCOPES, type KeyScope, type StaffRole } from '@opora/contracts';
import { readApiKey, type ShownKey } from '../../platform/tokens/index.ts';
import { createNetworks } from '../../platform/network/index.ts';
import { createLog } from '../../platform/log/index.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApiKeys, createStanding } from './index.ts';
import {
  act,
  createWorld,
  dump,
  elsewhere,
  firstOwner,
  from,
  invited,
  race,
  refusal,
  type Member,
  type World,
} from './testing/world.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const ADDRESS = '192.0.2.1';

let world: World;
let owner: Member;
let members = 0;

beforeAll(async () => {
  world = await createWorld();
  owner = await firstOwner(world);
});

afterAll(() => world.base.close());

const helper = (role: StaffRole): Promise<Member> =>
  invited(world, owner, { role, email: `key-${String((members += 1))}@example.com` });
const by = ({ personId, signedIn }: Pick<Member, 'personId' | 'signedIn'>) => ({
  ...{ personId, sessionId: signedIn.view.sessionId, from: from() },
});
const wish = (scopes: readonly KeyScope[], days = 30, networks: readonly string[] = []) => ({
  ...{ name: 'Figures', scopes, days, networks },
});

function shown(key: string): ShownKey {
  const found = readApiKey(`Bearer ${key}`);
  if (typeof found !== 'object') throw new Error('not a key');
  return found;
}
const make = async (member: Member, scopes: readonly KeyScope[] = ['people:read']) => {
  const { key, made } = await world.accounts.addKey(by(member), wish(scopes));
  return { ...shown(key), key, id: made.id };
};
const refused = (key: ShownKey) => refusal(world.apiKeys.use(key, ADDRESS));

async function customer() {
  members += 1;
  const user = { id: BigInt(members), firstName: 'Olga', username: undefined, languageCode: 'en' };
  const { id: personId } = await world.identity.resolveTelegram(user);
  const link = await world.sessions.createLink(personId);
  return { personId, signedIn: await world.signIn.enter(link, elsewhere()) };
}

describe('making an API key (I9, C7)', () => {
  it('shows it once, keeps a hash, tells its holder and the audit log', async () => {
    const member = await helper('support');
    const { key, publicId, secretHash, id } = await make(member);
    expect(key).toMatch(/^opk_dev_/);
    const all = await dump(world);
    expect(all).toContain(secretHash);
    expect(all).not.toContain(key.slice(`opk_dev_${publicId}_`.length, -6));
    const { keys, scopes } = await world.accounts.keys(by(member));
    expect(keys).toMatchObject([{ id, name: 'Figures', scopes: ['people:read'] }]);
    expect(JSON.stringify(keys)).not.toContain(secretHash);
    expect(scopes).toContain('people:message');
    expect(scopes).not.toContain('ledger:read');
    expect(world.notices.at(-1)).toMatchObject({ kind: 'key_created', personId: member.personId });
    const { items } = await world.audit.list({ act: 'key.created' }, { limit: 1 });
    expect(items).toMatchObject([{ personId: member.personId, after: { scopes: 'people:read' } }]);
  });

  it('wants a proof of the last five minutes', async () => {
    const member = await helper('support');
    await world.clock.advance(5 * MINUTE);
    const call = world.accounts.addKey(by(member), wish(['people:read']));
    expect(await refusal(call)).toMatchObject({ name: 'StepUpRequired' });
  });

  it('gives no more than its maker may, and a customer none unless the product says so', async () => {
    const member = await helper('support');
    for (const scope of ['ledger:read', 'session', 'audit:read'] as const) {
      const call = world.accounts.addKey(by(member), wish([scope]));
      expect(await refusal(call)).toMatchObject({ name: 'KeyScopeRefused' });
    }
    const olga = await customer();
    const offered = () => world.accounts.keys(by(olga));
    expect((await offered()).scopes).toEqual([]);
    const asked = () => world.accounts.addKey(by(olga), wish(['session']));
    expect(await refusal(asked())).toMatchObject({ name: 'KeysNotOffered' });
    world.keyRules.forCustomers = true;
    expect((await offered()).scopes).toEqual(CUSTOMER_SCOPES);
    const { key } = await asked();
    world.keyRules.forCustomers = false;
    const caller = await world.apiKeys.use(shown(key), ADDRESS);
    expect([caller.role, [...caller.grants]]).toEqual([undefined, ['session']]);
    const more = world.accounts.addKey(by(olga), wish(['people:read']));
    expect(await refusal(more)).toMatchObject({ name: 'KeysNotOffered' });
  });

  it('ten and no more, however many are asked for at once', async () => {
    const member = await helper('support');
    const { done, refused: names } = await race(14, () => make(member));
    expect([done.length, new Set(names)]).toEqual([10, new Set(['TooManyKeys'])]);
    await world.accounts.removeKey(by(member), done[0]?.id ?? '');
    await make(member);
  });
});

describe('a key bound to addresses (I9)', () => {
  it('is refused elsewhere, from the next call on, and free again when it is set free', async () => {
    const member = await helper('support');
    const asked = wish(['people:read'], 30, ['192.0.2.0/24', '2001:db8::1']);
    const { key, made } = await world.accounts.addKey(by(member), asked);
    const use = (address: string) => world.apiKeys.use(shown(key), address);
    for (const address of ['192.0.2.77', '::ffff:192.0.2.1', '2001:db8::1']) await use(address);
    for (const address of ['192.0.3.1', '2001:db8::2', 'unknown', '']) {
      expect(await refusal(use(address))).toMatchObject({ name: 'KeyAddressRefused' });
    }
    expect((await world.apiKeys.decide(shown(key)))?.networks).toEqual(made.networks);
    await world.accounts.bindKey(by(member), { id: made.id, networks: ['198.51.100.4'] });
    expect(await refusal(use('192.0.2.77'))).toMatchObject({ name: 'KeyAddressRefused' });
    await use('198.51.100.4');
    await world.accounts.bindKey(by(member), { id: made.id, networks: [] });
    await use('192.0.3.1');
    const { items } = await world.audit.list({ act: 'key.bound' }, { limit: 2 });
    expect(items.toReversed()).toMatchObject([
      { before: { networks: '192.0.2.0/24 2001:db8::1' }, after: { networks: '198.51.100.4' } },
      { before: { networks: '198.51.100.4' }, after: { networks: '' } },
    ]);
  });

  it('is bound by its holder alone, after a proof of late', async () => {
    const [member, other] = [await helper('support'), await helper('support')];
    const { id } = await make(member);
    const bind = (who: Member) => world.accounts.bindKey(by(who), { id, networks: ['192.0.2.1'] });
    expect(await refusal(bind(other))).toMatchObject({ name: 'KeyNotFound' });
    await world.clock.advance(5 * MINUTE);
    expect(await refusal(bind(member))).toMatchObject({ name: 'StepUpRequired' });
    expect((await world.accounts.keys(by(member))).keys[0]?.networks).toEqual([]);
  });
});

describe('using an API key', () => {
  it('gives its scopes, notes the use once a minute, and takes no other secret', async () => {
    const member = await helper('support');
    const key = await make(member, ['people:read', 'orders:read']);
    const usedAt = async () => (await world.accounts.keys(by(member))).keys[0]?.usedAt;
    const first = world.clock.now();
    const caller = await world.apiKeys.use(key, ADDRESS);
    expect(caller).toMatchObject({ personId: member.personId, role: 'support' });
    expect([...caller.grants]).toEqual(['people:read', 'orders:read']);
    await world.clock.advance(MINUTE - 1);
    await world.apiKeys.use(key, ADDRESS);
    expect(await usedAt()).toEqual(first);
    await world.clock.advance(1);
    await world.apiKeys.use(key, ADDRESS);
    expect(await usedAt()).toEqual(world.clock.now());
    const other = await make(member);
    const mixed = { publicId: key.publicId, secretHash: other.secretHash };
    for (const wrong of [mixed, { ...key, publicId: 'nobodysK' }, { ...key, secretHash: '' }]) {
      expect(await refused(wrong)).toMatchObject({ name: 'KeyRefused' });
      expect(await world.apiKeys.decide(wrong)).toBeUndefined();
    }
  });

  it('ends with its time, its holder, and when it is taken away; the feed tells (R4)', async () => {
    const log = createLog({ level: 'fatal', role: 'auth' });
    const standing = createStanding({ ...world, log });
    const told = async () => {
      const { cuts } = await standing.revokedSince(new Date(world.clock.now().getTime() - 1));
      return cuts.map((cut) => (cut.kind === 'token' ? cut.tokenId : cut.kind));
    };
    const ends: [string, (member: Member, id: string) => Promise<unknown>][] = [
      ['taken away', (member, id) => world.accounts.removeKey(by(member), id)],
      ['disabled', ({ personId }) => world.identity.staff.disable(act(owner), personId)],
      [
        'another role',
        ({ personId }) => world.identity.staff.setRole(act(owner), { personId, role: 'admin' }),
      ],
      ['signed out', ({ personId }) => world.identity.signOut.person(act(owner), personId)],
    ];
    for (const [name, end] of ends) {
      const member = await helper('support');
      const [key, mate] = [await make(member), await make(await helper('support'))];
      await end(member, key.id);
      expect(await refused(key), name).toMatchObject({ name: 'KeyRefused' });
      expect(await told(), name).toContain(key.id);
      expect(await world.apiKeys.decide(mate), name).toBeDefined();
    }
    const member = await helper('support');
    const key = await make(member);
    const hers = world.accounts.removeKey(by(owner), key.id);
    expect(await refusal(hers)).toMatchObject({ name: 'KeyNotFound' });
    await world.clock.advance(30 * DAY);
    expect(await refused(key)).toMatchObject({ name: 'KeyRefused' });
  });

  it('of staff counts where staff may work from', async () => {
    const olga = await customer();
    world.keyRules.forCustomers = true;
    const { key } = await world.accounts.addKey(by(olga), wish(['session']));
    world.keyRules.forCustomers = false;
    const staffs = await make(await helper('support'));
    const narrow = createApiKeys({ ...world, staffNetworks: createNetworks(['203.0.113.0/24']) });
    expect((await narrow.use(shown(key), ADDRESS)).personId).toBe(olga.personId);
    expect(await refusal(narrow.use(staffs, ADDRESS))).toMatchObject({
      name: 'StaffAddressRefused',
    });
    expect((await narrow.use(staffs, '203.0.113.9')).role).toBe('support');
  });

  it('a cut of everybody ends it', async () => {
    const member = await helper('support');
    const key = await make(member);
    await world.identity.signOut.everybody(act(owner));
    expect(await refused(key)).toMatchObject({ name: 'KeyRefused' });
  });
});
