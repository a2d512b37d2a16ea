/** The order a chat is about: what "pay", "another way" and "try again" mean there. */
import { sameMoney, type Money } from '@opora/kernel';
import { OrderNotFound, type Order } from '../modules/orders/index.ts';
import { readCheckout, saveCheckout } from './chat-state.ts';
import type { ScreenDeps, Turn } from './deps.ts';
import { missing } from './errors.ts';

/** The chat's order while it is this person's, open and in time. */
export async function orderOfChat(deps: ScreenDeps, turn: Turn): Promise<Order | undefined> {
  const order = await lastOrder(deps, turn);
  return order !== undefined && isPayable(deps, order) ? order : undefined;
}

function isPayable({ clock }: ScreenDeps, { state, expiresAt }: Order): boolean {
  return state === 'open' && expiresAt > clock.now();
}

/** This person's, whatever became of it. */
async function lastOrder(deps: ScreenDeps, turn: Turn): Promise<Order | undefined> {
  const chat = { botId: deps.botId, chatId: turn.chatId };
  const { checkout } = await readCheckout(deps.db.read, chat);
  if (checkout === undefined) return undefined;
  const order = await deps.orders.find(checkout.orderId).catch(missing(OrderNotFound));
  return order?.personId === turn.person.id ? order : undefined;
}

type Wish = Readonly<{ amount: Money; versionId: string | undefined }>;

/**
 * The order that was offered: also when it is paid by now. A press that comes again, or whose work was
 * done by a process that died before it could say so, means that one and never a new one.
 */
export async function offeredOrder(deps: ScreenDeps, turn: Turn, wish: Wish): Promise<Order> {
  const last = await lastOrder(deps, turn);
  // One look decides: between two of them another press may pay it.
  const isMeant =
    last !== undefined && isOf(wish, last) && (last.state === 'paid' || isPayable(deps, last));
  return isMeant ? last : openOrder(deps, turn, wish);
}

function isOf({ versionId, amount }: Wish, order: Order): boolean {
  return order.planVersionId === versionId && sameMoney(order.amount, amount);
}

/** The chat's order when it is of this wish and can still be paid; else a new one. */
export async function openOrder(deps: ScreenDeps, turn: Turn, wish: Wish): Promise<Order> {
  const { amount, versionId } = wish;
  const chat = { botId: deps.botId, chatId: turn.chatId };
  const known = await orderOfChat(deps, turn);
  if (known !== undefined && isOf(wish, known)) return known;
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
