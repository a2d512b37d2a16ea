/** Where a chat is in its dialog: one typed state in the database, nothing in memory. */
import { z } from 'zod';
import type { Tx } from '../platform/db/index.ts';
import { ChatMoved } from './errors.ts';
import { selectChat, writeChat } from './repository.ts';

const checkoutSchema = z.strictObject({ orderId: z.string(), versionId: z.string() });

/** The order the chat is about: what "pay", "another way" and "try again" mean. */
export type CheckoutState = z.infer<typeof checkoutSchema>;

export type ChatKey = Readonly<{ botId: bigint; chatId: bigint }>;

const CHECKOUT = 'checkout';

/** `version` goes back into `saveCheckout`. A state of an older form reads as none. */
export async function readCheckout(
  tx: Tx,
  chat: ChatKey,
): Promise<{ version: number; checkout: CheckoutState | undefined }> {
  const row = await selectChat(tx, chat);
  if (row?.screen !== CHECKOUT) return { version: row?.version ?? 0, checkout: undefined };
  return { version: row.version, checkout: checkoutSchema.safeParse(row.data).data };
}

/** Throws `ChatMoved` when another update of this chat wrote first: this one is handled again. */
export async function saveCheckout(
  tx: Tx,
  chat: ChatKey,
  state: { checkout: CheckoutState; version: number; at: Date },
): Promise<void> {
  const { checkout, version, at } = state;
  const data = JSON.stringify(checkout);
  const isWritten = await writeChat(tx, { ...chat, screen: CHECKOUT, data, version, at });
  if (!isWritten) throw new ChatMoved(`chat ${chat.chatId.toString()} moved on`);
}
