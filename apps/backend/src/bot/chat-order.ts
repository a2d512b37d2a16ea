/** The order a chat is about: what "pay", "another way" and "try again" mean there. */
import { sameMoney, type Money } from '@opora/kernel';
import { OrderNotFound, type Order } from '../modules/orders/index.ts';
import { readCheckout, saveCheckout } from './chat-state.ts';
import type { ScreenDeps, Turn } from './deps.ts';
import { missing } from './errors.ts';

/** The chat's order while it is this person's, open and in time. */
export async function orderOfChat(deps: ScreenDeps, turn: Turn): Promise<Order | undefined> {
  const chat = { botId: deps.botId, chatId: turn.chatId };
  const { checkout } = await readCheckout(deps.db.read, chat);
  if (checkout === undefined) return undefined;
  const order = await deps.orders.find(checkout.orderId).catch(missing(OrderNotFound));
  const isUsable =
    order?.personId === turn.person.id &&
    order.state === 'open' &&
    order.expiresAt > deps.clock.now();
  return isUsable ? order : undefined;
}

/** The chat's order when it is of this wish and can still be paid; else a new one. */
export async function openOrder(
  deps: ScreenDeps,
  turn: Turn,
  wish: { amount: Money; versionId: string | undefined },
): Promise<Order> {
  const { amount, versionId } = wish;
  const chat = { botId: deps.botId, chatId: turn.chatId };
  const known = await orderOfChat(deps, turn);
  if (
    known?.planVersionId === versionId &&
    known !== undefined &&
    sameMoney(known.amount, amount)
  ) {
    return known;
  }
  const { version } = await readCheckout(deps.db.read, chat);
  const asked = { personId: turn.person.id, product: deps.product.slug, amount };
  const order =
    versionId === undefined
      ? await deps.orders.placeTopUp(asked)
      : await deps.orders.place({ ...asked, planVersionId: versionId });
  const checkout = { orderId: order.id, versionId: versionId ?? '' };
  await saveCheckout(deps.db.read, chat, { checkout, version, at: deps.clock.now() });
  return order;
}
