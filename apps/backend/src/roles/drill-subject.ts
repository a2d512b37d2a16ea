/**
 * api, worker and bot in one process, observed: the drill about crash points tells it at which
 * point it ends itself. Started by that drill alone; refused wherever the world is not simulated.
 */
import { allocate, assert } from '@opora/kernel';
import { composeModules, type Modules } from '../compose.ts';
import type { Config } from '../config/shape.ts';
import { orderSchema, serveSchema, type Order } from '../operations/drills/crash-points/orders.ts';
import { createCrashPoints, type CrashPoints } from '../operations/drills/crash-points/points.ts';
import { watchAnswers, watchCalls, watchCommits } from '../operations/drills/crash-points/watch.ts';
import { assertDrill } from '../operations/drills/simulated-only.ts';
import type { Running } from '../platform/lifecycle/index.ts';
import { composeApi } from './api.ts';
import { mountBot } from './bot.ts';
import { beginWork } from './worker.ts';

/** Throws `DrillRefused` outside the drill's pace, and where anything real is named. */
export async function start(config: Config): Promise<Running> {
  assertDrill(config);
  await toldToServe();
  const parts = await composeModules(config, 'drill-subject', 0);
  const points = createCrashPoints(endAtOnce);
  watchCommits(parts.db.pool, points);
  watchCalls(points);
  watchAnswers(points);
  // The routes of both are behind one door, the gateway's: vendors know no other.
  const http = await composeApi(parts);
  await mountBot(parts, http);
  await http.listen(config.ports.gateway);
  beginWork(parts);
  process.on('message', (message) => {
    const order = orderSchema.parse(message);
    carryOut(parts, points, order).then(
      (value) => process.send?.({ type: 'done', id: order.id, value }),
      (error: unknown) => process.send?.({ type: 'done', id: order.id, error: String(error) }),
    );
  });
  return { ready: () => !http.draining, stop: (reason) => parts.lifecycle.stop(reason) };
}

/** Its code is read by now; it holds and knows nothing. Without a parent it waits for ever. */
async function toldToServe(): Promise<void> {
  const told = Promise.withResolvers<unknown>();
  process.once('message', told.resolve);
  serveSchema.parse(await told.promise);
}

/** As a lost machine ends: nothing is written, closed or said any more. */
function endAtOnce(): never {
  process.kill(process.pid, 'SIGKILL');
  for (;;); // The signal is on its way: not one step further.
}

async function carryOut(parts: Modules, points: CrashPoints, order: Order): Promise<unknown> {
  switch (order.type) {
    case 'begin':
      points.begin(order.at);
      return undefined;
    case 'passed':
      return points.passed;
    case 'sell':
      return sell(parts, order);
    case 'refund': {
      const { amount } = await parts.payments.find(order.paymentId);
      const [half] = allocate(amount, [1n, 1n]);
      assert(half !== undefined, 'two shares were asked for');
      await parts.payments.refund({
        paymentId: order.paymentId,
        amount: order.part === 'half' ? half : amount,
        reason: 'drill',
        idempotencyKey: order.key,
      });
      return undefined;
    }
  }
}

/** What a customer does on the site: an order by its key, then its payment. */
async function sell(
  { identity, catalog, orders, payments, product }: Modules,
  wish: Extract<Order, { type: 'sell' }>,
): Promise<unknown> {
  const person = await identity.resolveTelegram({
    id: BigInt(wish.chatId),
    firstName: 'Drill',
    username: undefined,
    languageCode: 'en',
  });
  const provider = payments.offered.find((each) => each === wish.provider);
  assert(provider !== undefined, `${wish.provider} is not configured`);
  const [plan] = await catalog.offered(product.slug);
  const amount = plan && payments.priceAt(provider, plan.prices);
  assert(plan !== undefined && amount !== undefined, `nothing is sold through ${provider}`);
  const order = await orders.place({
    personId: person.id,
    product: product.slug,
    planVersionId: plan.versionId,
    amount,
    key: wish.key,
  });
  const orderId = order.id;
  if (order.state !== 'open') return { paymentId: (await payments.newestOf(orderId))?.id };
  const description = `${product.name.en}: ${plan.title.en}`;
  const payment = await payments.start({ orderId, provider, language: 'en', description });
  return { paymentId: payment.id, checkoutUrl: payment.checkoutUrl };
}
