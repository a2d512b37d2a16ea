import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { quietLog } from '../../../test/database.ts';
import { createMoneyWorld, type MoneyWorld } from '../../../test/money-world.ts';
import { ScriptedPanel } from '../../../test/scripted-panel.ts';
import { sql } from '../../platform/db/index.ts';
import type { ProvisioningDeps } from './deps.ts';
import { createProvisioning, type Finding } from './index.ts';
import type { PanelAccount } from './panel.ts';
import { syncPanel } from './sync.ts';

const DAY_MS = 86_400_000;
/** How many of the subscriptions below have ended, and how many are paid for. */
const [ENDED, PAID] = [2, 4];

let world: MoneyWorld;
let panel: ScriptedPanel;
let ids: string[];
let asBought: ReadonlyMap<string, PanelAccount>;

beforeAll(async () => {
  world = await createMoneyWorld();
  panel = new ScriptedPanel();
  for (let at = 0; at < ENDED; at += 1) await buy(`per_ended_${String(at)}`);
  await world.clock.advance(31 * DAY_MS);
  for (let at = 0; at < PAID; at += 1) await buy(`per_paid_${String(at)}`);
  ids = (await world.subscriptions.page(undefined, 100)).map(({ id }) => id);
  await work(deps());
  asBought = new Map(panel.accounts);
});
beforeEach(async () => {
  panel = new ScriptedPanel();
  for (const [name, account] of asBought) panel.accounts.set(name, account);
  // The rows as they are after a delivery of these accounts.
  await sql`delete from panel_account`.execute(world.db.read);
  for (const id of ids) await createProvisioning(deps()).deliver(id);
  for (const [name, account] of asBought) panel.accounts.set(name, account);
});
afterAll(() => world.close());

function deps(part: Partial<ProvisioningDeps> = {}): ProvisioningDeps {
  return {
    ...world,
    log: quietLog(),
    panel,
    webhook: undefined,
    squads: [],
    isBanned: () => Promise.resolve(false),
    telegramIdOf: () => Promise.resolve(undefined),
    publish: () => Promise.resolve(),
    ...part,
  };
}

async function buy(personId: string): Promise<void> {
  const payment = await world.startPayment(await world.placeOrder(personId));
  world.provider.change(payment.reference, { state: 'settled' });
  await world.payments.look(payment.id);
  await world.subscriptions.extend(payment.orderId);
}

/** Does what a worker does with the waiting deliveries; how many there were. */
async function work(given: ProvisioningDeps): Promise<number> {
  const jobs = await world.jobsOf('provisioning.deliver');
  await sql`select count(*) from graphile_worker.complete_jobs(array(
    select id from graphile_worker.jobs where task_identifier = 'provisioning.deliver'))`.execute(
    world.db.read,
  );
  const provisioning = createProvisioning(given);
  for (const { subscriptionId, again, enable } of jobs) {
    await provisioning.deliver(String(subscriptionId), {
      again: again === true,
      enable: enable === true,
    });
  }
  return jobs.length;
}

const sync = (apply: boolean, given = deps()): Promise<Finding[]> =>
  Array.fromAsync(syncPanel(given, { apply, window: 2 }));
const kinds = (findings: readonly Finding[]) => findings.map(({ kind }) => kind);
const repairs = (findings: readonly Finding[]) => findings.filter(({ isRepaired }) => isRepaired);

function idOf(at: number): string {
  const id = ids[at];
  if (id === undefined) throw new Error(`no subscription ${String(at)}`);
  return id;
}
/** A subscription that is paid for. */
const paid = (): string => idOf(ENDED);
const ended = (): string => idOf(0);
const accountOf = (id: string): PanelAccount => {
  const account = panel.accounts.get(id);
  if (account === undefined) throw new Error(`no account ${id}`);
  return account;
};
const shifted = (id: string, days: number): Date =>
  new Date((asBought.get(id)?.expiresAt.getTime() ?? 0) + days * DAY_MS);

/** What a payer lost against `before` though our books do not say so; strangers count whole. */
async function takenWithoutEvidence(before: ReadonlyMap<string, PanelAccount>): Promise<string[]> {
  const now = world.clock.now().getTime();
  const limit = (account: PanelAccount): number => (account.deviceLimit ?? 1) || Infinity;
  const taken: string[] = [];
  for (const [name, was] of before) {
    const is = panel.accounts.get(name);
    if (!ids.includes(name)) {
      if (is !== was) taken.push(`${name} is not ours and was touched`);
    } else if (is === undefined) {
      taken.push(`${name} is gone`);
    } else if ((await world.subscriptions.find(name)).expiresAt.getTime() > now) {
      if (is.expiresAt < was.expiresAt) taken.push(`${name} ends earlier`);
      if (limit(is) < limit(was)) taken.push(`${name} has fewer devices`);
      if (!was.squads.every((squad) => is.squads.includes(squad)))
        taken.push(`${name} lost a squad`);
      if (is.status === 'DISABLED' && was.status !== 'DISABLED') taken.push(`${name} is off`);
    } else if (is.expiresAt < was.expiresAt && is.expiresAt.getTime() < now) {
      taken.push(`${name} ends before now`);
    }
  }
  return taken;
}

/** What a payer does not have though it was bought. */
async function owed(): Promise<string[]> {
  const now = world.clock.now().getTime();
  const lacking: string[] = [];
  for (const id of ids) {
    const { expiresAt } = await world.subscriptions.find(id);
    const account = panel.accounts.get(id);
    if (expiresAt.getTime() <= now) {
      if ((account?.expiresAt.getTime() ?? 0) > now + 60_000)
        lacking.push(`${id} outlives its end`);
    } else if (
      account?.status !== 'ACTIVE' ||
      account.expiresAt < expiresAt ||
      (account.deviceLimit !== 0 && (account.deviceLimit ?? 0) < 3) ||
      account.trafficLimitBytes !== 0n ||
      !['squad-1', 'squad-2'].every((squad) => account.squads.includes(squad))
    ) {
      lacking.push(`${id} lacks what was bought`);
    }
  }
  return lacking;
}

describe('a sync', () => {
  it('finds nothing where the panel has what was bought, over several windows', async () => {
    expect(await sync(false)).toEqual([]);
  });

  it('only reports unless it is told to apply', async () => {
    panel.accounts.delete(paid());
    panel.change(idOf(ENDED + 1), { expiresAt: shifted(idOf(ENDED + 1), -3), status: 'DISABLED' });
    const [accounts, writes] = [new Map(panel.accounts), panel.ensured];
    const rows = () => sql`select * from panel_account order by 1`.execute(world.db.read);
    const before = await rows();
    expect(kinds(await sync(false)).toSorted()).toEqual(['missing', 'off', 'shorter']);
    expect([new Map(panel.accounts), panel.ensured]).toEqual([accounts, writes]);
    expect((await rows()).rows).toEqual(before.rows);
    expect(await world.jobsOf('provisioning.deliver')).toEqual([]);
  });

  it.each<[string, Partial<PanelAccount>, string]>([
    ['an earlier expiry', { expiresAt: new Date(0) }, 'shorter'],
    ['a switched-off account', { status: 'DISABLED' }, 'off'],
    ['fewer devices', { deviceLimit: 1 }, 'limits'],
    ['a limit of traffic', { trafficLimitBytes: 5n }, 'limits'],
    ['a missing squad', { squads: ['squad-2'] }, 'squads'],
    ['another id', { id: '4711', key: '4711' }, 'unrecorded'],
    ['another link', { subscriptionUrl: 'https://panel.test/revoked' }, 'unrecorded'],
  ])('mends %s through the one writer of the subscription', async (_name, part, kind) => {
    panel.change(paid(), part);
    expect(kinds(await sync(true))).toEqual([kind]);
    expect(await world.jobsOf('provisioning.deliver')).toMatchObject([
      { subscriptionId: paid(), again: true },
    ]);
    expect(panel.ensured).toBe(ids.length); // those of beforeEach: sync itself wrote nothing
    await work(deps());
    expect([await owed(), await sync(false)]).toEqual([[], []]);
    const { rows } = await sql`select panel_id, subscription_url from panel_account
      where subscription_id = ${paid()}`.execute(world.db.read);
    const { id, subscriptionUrl } = accountOf(paid());
    expect(rows).toEqual([{ panel_id: id, subscription_url: subscriptionUrl }]);
  });

  it('makes a missing account anew, but none for access that has ended', async () => {
    panel.accounts.delete(paid());
    panel.accounts.delete(ended());
    expect(repairs(await sync(true))).toMatchObject([{ kind: 'missing', username: paid() }]);
    await work(deps());
    expect([...panel.accounts.keys()]).toContain(paid());
    expect([...panel.accounts.keys()]).not.toContain(ended());
  });

  it('tells of more than was bought and leaves it, also while it mends something else', async () => {
    panel.change(paid(), { expiresAt: shifted(paid(), 90), deviceLimit: 1, squads: ['squad-9'] });
    const before = new Map(panel.accounts);
    expect(kinds(await sync(true)).toSorted()).toEqual(['limits', 'longer', 'squads', 'wider']);
    await work(deps());
    expect(accountOf(paid())).toMatchObject({
      expiresAt: shifted(paid(), 90),
      deviceLimit: 3,
      squads: ['squad-1', 'squad-2', 'squad-9'],
    });
    expect(await takenWithoutEvidence(before)).toEqual([]);
    expect(kinds(await sync(true))).toEqual(['longer', 'wider']);
    expect(await work(deps())).toBe(0);
  });

  it('ends what has ended by our books and is still given, a minute from now', async () => {
    panel.change(ended(), { expiresAt: shifted(ended(), 300) });
    expect(kinds(await sync(true))).toEqual(['ended']);
    await work(deps());
    const leftMs = accountOf(ended()).expiresAt.getTime() - world.clock.now().getTime();
    expect(leftMs).toBe(60_000);
    expect(await sync(true)).toEqual([]);
  });

  it('closes again what our books have closed and somebody opened by hand', async () => {
    const closed = deps({ isBanned: () => Promise.resolve(true) });
    await createProvisioning(closed).deliver(paid(), { again: true });
    const others = new Map(panel.accounts);
    panel.change(paid(), { status: 'ACTIVE' });
    expect(kinds(await sync(true, closed))).toEqual(['on']);
    await work(closed);
    expect(panel.accounts).toEqual(others);
    expect(await sync(true, closed)).toEqual([]);
  });

  it('lists second accounts and strangers and never touches them', async () => {
    const made = { ...accountOf(paid()), id: '90', key: '90' };
    panel.accounts.set('by-hand', { ...made, username: 'by-hand', description: paid() });
    panel.accounts.set(paid().toUpperCase(), { ...made, username: paid().toUpperCase() });
    panel.accounts.set('someone', { ...made, username: 'someone', description: 'a friend' });
    const before = new Map(panel.accounts);
    const findings = await sync(true);
    expect(
      findings.map(({ kind, username, subscriptionId }) => [kind, username, subscriptionId]),
    ).toEqual([
      ['duplicate', 'by-hand', paid()],
      ['duplicate', paid().toUpperCase(), paid()],
      ['stranger', 'someone', undefined],
    ]);
    expect(await work(deps())).toBe(0);
    expect(await takenWithoutEvidence(before)).toEqual([]);
  });

  it('takes nothing for a difference that was mended while the panel was read', async () => {
    const stale = [...panel.accounts.values()].map((account) => ({ ...account, deviceLimit: 1 }));
    panel.list = async function* () {
      yield* await Promise.resolve(stale);
    };
    expect(await sync(true)).toEqual([]);
  });

  it('reads a panel of an unknown version and refuses to repair it', async () => {
    panel.version = '4.0.0';
    panel.isSupported = false;
    panel.accounts.delete(paid());
    expect(kinds(await sync(false))).toEqual(['missing']);
    await expect(sync(true)).rejects.toMatchObject({
      code: 'provisioning.panel_unsupported',
      message: expect.stringContaining('4.0.0'),
    });
    expect(await world.jobsOf('provisioning.deliver')).toEqual([]);
  });
});

const change = fc.record(
  {
    isGone: fc.boolean(),
    days: fc.integer({ min: -60, max: 400 }),
    status: fc.constantFrom('ACTIVE', 'DISABLED'),
    deviceLimit: fc.option(fc.integer({ min: 0, max: 6 }), { nil: undefined }),
    trafficLimitBytes: fc.constantFrom(0n, 10n),
    squads: fc.uniqueArray(fc.constantFrom('squad-1', 'squad-2', 'squad-3')),
    id: fc.constantFrom('1', '2', '777'),
  },
  { requiredKeys: [] },
);
type Change = typeof change extends fc.Arbitrary<infer Made> ? Made : never;
const changes = fc.array(change, { minLength: ENDED + PAID, maxLength: ENDED + PAID });

/** Makes the panel differ; what it holds then. */
function plant(given: readonly Change[]): Map<string, PanelAccount> {
  for (const [name, account] of asBought) panel.accounts.set(name, account);
  for (const [at, { isGone, days = 0, ...part }] of given.entries()) {
    const expiresAt = shifted(idOf(at), days);
    if (isGone === true) panel.accounts.delete(idOf(at));
    else panel.change(idOf(at), { ...part, expiresAt, key: part.id ?? '1' });
  }
  panel.accounts.set('stranger', { ...accountTemplate(), username: 'stranger' });
  return new Map(panel.accounts);
}

function accountTemplate(): PanelAccount {
  const [account] = asBought.values();
  if (account === undefined) throw new Error('nothing was bought');
  return { ...account, description: 'nobody of ours' };
}

describe('over random differences', () => {
  it('a sync gives what was bought, takes nothing without evidence, and then finds nothing', async () => {
    await fc.assert(
      fc.asyncProperty(changes, async (given) => {
        const before = plant(given);
        await sync(true);
        await work(deps());
        expect(await takenWithoutEvidence(before)).toEqual([]);
        expect(await owed()).toEqual([]);
        expect(repairs(await sync(true))).toEqual([]);
        expect(await work(deps())).toBe(0);
      }),
      { numRuns: 12 },
    );
  });

  it('a planted sync that makes accounts exactly what the books say is noticed', async () => {
    const planted = deps({ inLine: (wanted) => wanted });
    const given: Change[] = [
      {},
      {},
      { days: 90, deviceLimit: 1 },
      { deviceLimit: 6, status: 'DISABLED' },
    ];
    const before = plant([...given, { squads: ['squad-3'] }, { days: 5, id: '777' }]);
    await sync(true, planted);
    await work(planted);
    expect((await takenWithoutEvidence(before)).map((what) => what.slice(31))).toEqual([
      'ends earlier',
      'has fewer devices',
      'lost a squad',
      'ends earlier',
    ]);
  });
});
