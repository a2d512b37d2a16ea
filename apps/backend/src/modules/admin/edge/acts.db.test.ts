/** Each act of staff over real services: foreseen, done once however often it is pressed, told. */
import {
  API,
  isStaffPermission,
  ROLE_PERMISSIONS,
  STEP_UP_PERMISSIONS,
  type ActDone,
  type StaffRole,
} from '@opora/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createAdminWorld, type AdminWorld } from '../../../../test/admin-world.ts';
import { sql } from '../../../platform/db/index.ts';
import { systemIds } from '../../../platform/ids/index.ts';

const DAY_MS = 86_400_000;
const reason = 'asked by the customer';

let world: AdminWorld;
let personId: string;
let paymentId: string;

beforeAll(async () => {
  world = await createAdminWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  personId = await world.meet();
  paymentId = await world.sell(personId);
  world.told.length = 0;
});

const subscription = async () => {
  const [one] = await world.subscriptions.ofPerson(personId);
  if (one === undefined) throw new Error('no subscription');
  return one;
};
const account = async () => world.panel.accounts.get((await subscription()).id);
const freshKey = (): string => systemIds.secret(16);

function press(name: string, wish: object, options: { key?: string; role?: StaffRole } = {}) {
  const headers = {
    'idempotency-key': options.key ?? freshKey(),
    'x-test-role': options.role ?? 'owner',
  };
  return world.post(`/api/v1/admin/acts/${name}`, { ...wish, reason }, headers);
}

/** Thirty presses at once with one key: one of them is the first, all tell of one entry. */
async function pressThirtyTimes(name: string, wish: object): Promise<void> {
  const key = freshKey();
  const answers = await Promise.all(Array.from({ length: 30 }, () => press(name, wish, { key })));
  expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array(30).fill(200));
  const done = answers.map((answer) => answer.json<ActDone>());
  expect(done.filter(({ isFirst }) => isFirst)).toHaveLength(1);
  expect(new Set(done.map(({ auditId }) => auditId)).size).toBe(1);
}

async function count(table: string, where: string, value: string): Promise<number> {
  const { rows } = await sql<{ count: bigint }>`select count(*) as count from ${sql.table(table)}
    where ${sql.ref(where)} = ${value}`.execute(world.db.read);
  return Number(rows[0]?.count);
}

async function foresee(name: string, wish: object) {
  const answer = await world.post(`/api/v1/admin/acts/${name}/preview`, wish);
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json();
}

describe('extending by staff', () => {
  it('adds the days once, reaches the panel, is told, and stands in the log', async () => {
    const before = await subscription();
    const wish = { subscriptionId: before.id, days: 7 };
    const { consequences } = await foresee('subscriptions.extend', wish);
    expect(consequences[0].text.en).toMatch(/until 27 December 2026/);
    await pressThirtyTimes('subscriptions.extend', wish);
    await world.runJobs();
    const after = await subscription();
    expect(after.expiresAt.getTime() - before.expiresAt.getTime()).toBe(7 * DAY_MS);
    expect(after).toMatchObject({ revision: 2, deliveredRevision: 2 });
    expect((await account())?.expiresAt).toEqual(after.expiresAt);
    expect(world.told.map(({ template }) => template)).toEqual(['staff.extended']);
    const { items } = await world.audit.list({ subjectId: before.id }, { limit: 10 });
    expect(items).toMatchObject([
      { act: 'subscriptions.extend', reason, after: { days: '7' }, actorName: 'Operator' },
    ]);
  });

  it('refuses one key for seven and for thirty days', async () => {
    const { id } = await subscription();
    const key = freshKey();
    await press('subscriptions.extend', { subscriptionId: id, days: 7 }, { key });
    const other = await press('subscriptions.extend', { subscriptionId: id, days: 30 }, { key });
    expect(other.statusCode).toBe(409);
    expect(other.json()).toMatchObject({ code: 'audit.key_reused' });
  });
});

describe('granting by staff', () => {
  it('gives a plan to somebody who never paid, once, with a link', async () => {
    personId = await world.meet('Ann');
    const { id: planId } = await world.catalog.byCode('vpn', 'month');
    await pressThirtyTimes('subscriptions.grant', { personId, planId, days: 30 });
    await world.runJobs();
    const granted = await subscription();
    expect(granted.expiresAt.getTime() - world.clock.now().getTime()).toBe(30 * DAY_MS);
    expect(await count('subscription_grant', 'subscription_id', granted.id)).toBe(1);
    expect(await account()).toMatchObject({ status: 'ACTIVE', expiresAt: granted.expiresAt });
    const [message] = world.told;
    expect(message?.template).toBe('staff.granted');
    expect(message?.values['link']).toEqual({ text: `https://panel.test/${granted.id}` });
  });
});

describe('revoking by staff', () => {
  it('switches the account off, leaves its evidence, and an extension switches it on', async () => {
    const { id: subscriptionId } = await subscription();
    await pressThirtyTimes('subscriptions.revoke', { subscriptionId });
    await world.runJobs();
    expect((await subscription()).expiresAt).toEqual(world.clock.now());
    expect((await account())?.status).toBe('DISABLED');
    const grants = await world.subscriptions.grants(world.db.read, subscriptionId, 99);
    expect(grants.map(({ kind }) => kind)).toEqual(['order', 'revoke']);
    await press('subscriptions.extend', { subscriptionId, days: 3 });
    await world.runJobs();
    expect((await account())?.status).toBe('ACTIVE');
    expect(world.told.map(({ template }) => template)).toEqual(['staff.revoked', 'staff.extended']);
  });
});

describe('a ban', () => {
  it('switches access off and its end switches it on, both told', async () => {
    await pressThirtyTimes('people.ban', { personId });
    await world.runJobs();
    expect((await account())?.status).toBe('DISABLED');
    expect((await world.identity.person(personId)).state).toBe('banned');
    // What is bought meanwhile is kept and stays off.
    await world.sell(personId);
    expect((await account())?.status).toBe('DISABLED');
    await pressThirtyTimes('people.unban', { personId });
    await world.runJobs();
    expect((await account())?.status).toBe('ACTIVE');
    expect(world.told.map(({ template }) => template)).toEqual([
      'staff.banned',
      'extended',
      'staff.unbanned',
    ]);
  });

  it('leaves an account off that somebody switched off at the panel', async () => {
    const own = await account();
    if (own === undefined) throw new Error('no account');
    await world.panel.disable(own);
    await press('subscriptions.extend', { subscriptionId: (await subscription()).id, days: 1 });
    await world.runJobs();
    expect((await account())?.status).toBe('DISABLED');
  });
});

describe('a refund by staff', () => {
  const half = { minor: '9900', currency: 'RUB' };

  it('gives the money back once, posts it, and the order keeps its access', async () => {
    const preview = await foresee('payments.refund', { paymentId, amount: half });
    expect(preview).toMatchObject({ needsStepUp: true, isDangerous: true });
    expect(preview.title.en).toMatch(/Refund .*99/);
    await pressThirtyTimes('payments.refund', { paymentId, amount: half });
    await world.runJobs();
    expect(await world.payments.find(paymentId)).toMatchObject({
      state: 'partly_refunded',
      refunded: { minor: 9900n },
    });
    expect(await count('refund', 'payment_id', paymentId)).toBe(1);
    expect((await world.books()).sum).toBe(0n);
    expect((await account())?.status).toBe('ACTIVE');
  });

  it('to the balance is told in words there are: what becomes of the access', async () => {
    await press('payments.refund', { paymentId, amount: half, target: 'balance' });
    await world.runJobs();
    await press('payments.refund', {
      paymentId,
      amount: { ...half, minor: '10000' },
      target: 'balance',
    });
    await world.runJobs();
    const told = world.told.filter(({ template }) => template === 'refund.balance');
    expect(told.map(({ values }) => values['access'])).toEqual([
      { words: 'refund.access.never' },
      { words: 'refund.access.immediately' },
    ]);
  });

  it('is done also when the provider does not answer, and says so', async () => {
    world.provider.fault = 'away';
    const answer = await press('payments.refund', { paymentId, amount: half });
    world.provider.fault = 'none';
    expect(answer.json().note.en).toMatch(/asked again by itself/);
    await world.everythingDue();
    await world.payments.retryRefunds();
    expect((await world.payments.find(paymentId)).state).toBe('partly_refunded');
  });

  it.each([
    [
      'more than there is',
      { minor: '9999900', currency: 'RUB' },
      'payments.refund_exceeds_payment',
    ],
    ['another currency', { minor: '100', currency: 'USD' }, 'payments.state_conflict'],
  ])('of %s is refused before and at the press', async (_name, amount, code) => {
    const wish = { paymentId, amount };
    const preview = await world.post('/api/v1/admin/acts/payments.refund/preview', wish);
    expect(preview.json()).toMatchObject({ status: 409, code });
    expect((await press('payments.refund', wish)).json()).toMatchObject({ status: 409, code });
    expect(await count('audit_entry', 'subject_id', paymentId)).toBe(0);
  });
});

describe('asking the provider', () => {
  it('finds money nobody told of', async () => {
    const payment = await world.startPayment(await world.placeOrder(personId));
    world.provider.change(payment.reference, { state: 'settled' });
    await pressThirtyTimes('payments.look', { paymentId: payment.id });
    expect((await world.payments.find(payment.id)).state).toBe('settled');
  });
});

describe('a delivery', () => {
  it('is tried now, once', async () => {
    const { id: subscriptionId } = await subscription();
    const ensured = world.panel.ensured;
    await pressThirtyTimes('deliveries.retry', { subscriptionId });
    await world.runJobs();
    expect(world.panel.ensured).toBe(ensured + 1);
  });

  it('has its link sent again, once', async () => {
    const { id: subscriptionId } = await subscription();
    await pressThirtyTimes('subscriptions.resend', { subscriptionId });
    await world.runJobs();
    expect(world.told).toMatchObject([
      {
        template: 'staff.link',
        values: { link: { text: `https://panel.test/${subscriptionId}` } },
      },
    ]);
  });
});

describe('a message', () => {
  it('goes out once, as it was written', async () => {
    await pressThirtyTimes('people.message', { personId, text: 'We <b>have</b> mended it & more' });
    await world.runJobs();
    expect(world.told).toMatchObject([
      {
        template: 'staff.message',
        values: { message: { text: 'We <b>have</b> mended it & more' } },
      },
    ]);
  });
});

describe('a new version of a plan', () => {
  it('is published once, keeps old orders, and survives the next seeding', async () => {
    const order = await world.placeOrder(personId);
    const { id: planId } = await world.catalog.byCode('vpn', 'month');
    const change = {
      title: { ru: 'Месяц', en: 'Month' },
      termDays: 30,
      devices: 5,
      trafficBytes: '0',
      prices: [{ minor: '24900', currency: 'RUB' }],
    };
    await pressThirtyTimes('plans.publish', { planId, change });
    const seed = { ...change, code: 'month', trafficBytes: 0n, prices: [] };
    expect(await world.catalog.seed('vpn', [seed])).toMatchObject({ changed: 0, kept: 1 });
    const newest = await world.catalog.byCode('vpn', 'month');
    expect(newest).toMatchObject({ version: 2, devices: 5 });
    expect((await world.orders.find(order.id)).planVersionId).not.toBe(newest.versionId);
    const twice = { ...change, prices: [...change.prices, ...change.prices] };
    const refused = await press('plans.publish', { planId, change: twice });
    expect(refused.json()).toMatchObject({ status: 400, code: 'admin.prices_ambiguous' });
  });
});

describe('signing out by staff (R4)', () => {
  it('cuts a person or everybody once, with a fresh second factor, never by support', async () => {
    for (const [name, wish] of [
      ['people.sign_out', { personId }],
      ['sessions.end_all', {}],
    ] as const) {
      expect(await foresee(name, wish)).toMatchObject({ needsStepUp: true });
      expect((await press(name, wish, { role: 'support' })).statusCode).toBe(403);
      await pressThirtyTimes(name, wish);
    }
    expect(await count('revocation', 'subject', personId)).toBe(1);
    expect(await count('revocation', 'kind', 'everybody')).toBe(1);
  });
});

describe('who may act', () => {
  it('says the table of rights, and who must show a second factor', async () => {
    const { id: subscriptionId } = await subscription();
    const refused = await press('subscriptions.revoke', { subscriptionId }, { role: 'support' });
    expect(refused.statusCode).toBe(403);
    for (const { perform, preview } of Object.values(API.acts)) {
      expect(perform.permission).toBe(preview.permission);
    }
    const { needsStepUp } = await foresee('people.ban', { personId });
    expect(needsStepUp).toBe(STEP_UP_PERMISSIONS.has('people:ban'));
  });

  it('needs a key, a reason, and nothing the act does not know', async () => {
    const url = '/api/v1/admin/acts/people.ban';
    expect((await world.post(url, { personId, reason })).statusCode).toBe(400);
    const headers = { 'idempotency-key': freshKey() };
    expect((await world.post(url, { personId }, headers)).statusCode).toBe(400);
    for (const extra of [{ role: 'owner' }, { price: 1 }, { actor: 'per_1' }]) {
      const answer = await world.post(url, { personId, reason, ...extra }, headers);
      expect(answer.statusCode).toBe(400);
    }
    expect((await world.identity.person(personId)).state).toBe('active');
  });

  it.each(Object.values(API.acts).map(({ perform }) => perform))(
    '$path refuses without a reason, without a key, and to those without the right',
    async ({ path, permission, example }) => {
      const headers = { 'idempotency-key': freshKey() };
      const body = { ...example.body };
      for (const wrong of [undefined, 'no', '   ']) {
        const silent = { ...body, reason: wrong };
        expect((await world.post(path, silent, headers)).statusCode).toBe(400);
      }
      expect((await world.post(path, body)).statusCode).toBe(400);
      const stranger = { ...headers, 'x-test-role': 'nobody' };
      expect((await world.post(path, body, stranger)).statusCode).toBe(403);
      const support = { ...headers, 'x-test-role': 'support' };
      if (!isStaffPermission(permission)) throw new Error(`${permission} is no right of staff`);
      if (ROLE_PERMISSIONS.support.has(permission)) return;
      expect((await world.post(path, body, support)).statusCode).toBe(403);
    },
  );

  it('asks a fresh second factor for whatever moves money or rights', () => {
    const strict = Object.entries(API.acts)
      .filter(
        ([
          ,
          {
            perform: { permission },
          },
        ]) => isStaffPermission(permission) && STEP_UP_PERMISSIONS.has(permission),
      )
      .map(([name]) => name)
      .toSorted();
    expect(strict).toMatchInlineSnapshot(`
      [
        "adjust",
        "confirmPayment",
        "disable",
        "enterForPlan",
        "enterPayment",
        "extendAll",
        "grant",
        "invite",
        "refund",
        "refundByHand",
        "rejectPayment",
        "setRole",
        "signOut",
        "signOutEverybody",
        "undoExtendAll",
      ]
    `);
  });

  it('changes nothing by a preview', async () => {
    const entries = await count('audit_entry', 'person_id', personId);
    await foresee('people.ban', { personId });
    await foresee('people.message', { personId, text: 'hello' });
    expect(await count('audit_entry', 'person_id', personId)).toBe(entries);
    expect(await world.jobsOf('messaging.send')).toEqual([]);
  });
});
