/** The ages that the monitor judges, read from real tables. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createAdminWorld, type AdminWorld } from '../../../test/admin-world.ts';
import { createAuditChain } from '../../modules/audit/index.ts';
import { systemClock } from '../../platform/clock/index.ts';
import { createJobs } from '../../platform/jobs/index.ts';
import { silentBell } from '../../../test/database.ts';
import { readBacklog } from './index.ts';

let world: AdminWorld;
beforeEach(async () => {
  world = await createAdminWorld();
});
afterEach(() => world.close());

const jobs = createJobs({ doorbell: silentBell });
const read = () =>
  readBacklog({
    ...world,
    jobs,
    auditChain: createAuditChain({ db: world.db, clock: world.clock }),
  });

it('is nothing while nothing waits', async () => {
  expect(await read()).toEqual({ payments: 0, others: 0, undelivered: 0, unsealed: 0 });
});

it('tells money from the rest, and due from planned', async () => {
  const at = (seconds: number): Date => new Date(systemClock.now().getTime() + seconds * 1000);
  const task = { task: 'subscriptions.extend', payload: {} };
  await jobs.add(world.db.read, [
    { ...task, runAt: at(-90) },
    { ...task, runAt: at(-400), priority: 5 },
    { ...task, runAt: at(3_600) },
  ]);
  const { payments, others } = await read();
  expect(payments).toBeGreaterThanOrEqual(90);
  expect(payments).toBeLessThan(400);
  expect(others).toBeGreaterThanOrEqual(400);
});

it('knows the oldest order that is paid and not delivered', async () => {
  await world.sell(await world.meet());
  expect((await read()).undelivered).toBe(0);
  const personId = await world.meet();
  const order = await world.placeOrder(personId);
  const { reference } = await world.startPayment(order);
  world.provider.change(reference, { state: 'settled' });
  await world.notify(reference);
  await world.payments.judgeNotices();
  await world.clock.advance(75_000);
  expect((await read()).undelivered).toBeCloseTo(75, 0);
});
