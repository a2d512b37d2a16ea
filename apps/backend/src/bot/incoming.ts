/** Updates as Telegram sends them, read down to what this bot acts on. */
import type { Language } from '@opora/kernel';
import { z } from 'zod';

export const sender = z.object({
  id: z.number().int(),
  first_name: z.string(),
  username: z.string().optional(),
  language_code: z.string().optional(),
});
const chat = z.object({ id: z.number().int(), type: z.string() });

/** Enough to store an update that is not understood otherwise. */
const numberSchema = z.object({ update_id: z.number().int().nonnegative() });

const numbered = z.object({ id: z.number().int() });
const placed = z.object({ chat: numbered }).optional();
/** Where an update belongs; the rest is read when it is handled. */
const addressSchema = numberSchema.extend({
  message: placed,
  callback_query: z.object({ from: numbered, message: placed }).optional(),
  my_chat_member: placed,
  subscription: z.object({ user: numbered }).optional(),
});

const updateSchema = z.object({
  update_id: z.number().int().nonnegative(),
  message: z.object({ chat, from: sender.optional(), text: z.string().optional() }).optional(),
  callback_query: z
    .object({
      id: z.string(),
      from: sender,
      data: z.string().optional(),
      message: z.object({ message_id: z.number().int(), chat }).optional(),
    })
    .optional(),
  my_chat_member: z
    .object({ chat, from: sender, new_chat_member: z.object({ status: z.string() }) })
    .optional(),
  subscription: z
    .object({
      user: numbered,
      invoice_payload: z.string().max(128),
      state: z.enum(['canceled', 'active', 'failed']),
    })
    .optional(),
});

export type Update = z.infer<typeof updateSchema>;
export type Sender = z.infer<typeof sender>;

/** What Telegram is asked to send: all that is acted on, nothing else. */
export const ALLOWED_UPDATES = [
  'message',
  'callback_query',
  'my_chat_member',
  'pre_checkout_query',
  'subscription',
] as const;

/** A language for somebody nobody is written down for. */
export function languageHint({ language_code: code }: Sender): Language {
  return code?.startsWith('ru') === true ? 'ru' : 'en';
}

/** Undefined: not an update, or one whose known parts have another form. */
export function readUpdate(body: unknown): Update | undefined {
  return updateSchema.safeParse(body).data;
}

/** Only its number and its chat: an update is stored even when the rest is not understood. */
export function addressOf(body: unknown): { updateId: bigint; chatId: bigint } | undefined {
  const update = addressSchema.safeParse(body).data;
  const updateId = update?.update_id ?? numberSchema.safeParse(body).data?.update_id;
  if (updateId === undefined) return undefined;
  const found =
    update?.message?.chat.id ??
    update?.callback_query?.message?.chat.id ??
    update?.callback_query?.from.id ??
    update?.my_chat_member?.chat.id ??
    // The chat with a person has their number.
    update?.subscription?.user.id ??
    0;
  return { updateId: BigInt(updateId), chatId: BigInt(found) };
}
