/**
 * What a button means: callback data <-> a typed tap, through one codec. The data is hostile (any
 * client can send any bytes), so it names things by opaque ids only and proves nothing: whoever
 * reads an id checks whose it is.
 *
 * Form: `1:name` or `1:name:id`. `1` is the version; `!` instead of the first `:` says that the
 * message above is a fact and stays, the answer is a message of its own.
 */
import { z } from 'zod';

/** Telegram's limit of callback data, in bytes. */
export const CALLBACK_BYTES_MAX = 64;
const VERSION = '1';

const id = (prefix: string) => z.string().regex(new RegExp(`^${prefix}_[0-9a-z]{26}$`));
const code = z.string().regex(/^[a-z]{2,16}$/);
const plain = z.strictObject({
  type: z.enum([
    'menu',
    'plans',
    'subscription',
    'devices',
    'connect',
    'account',
    'language',
    'support',
    'terms',
    'renewal',
    'renewoff',
  ]),
});

/** Everything that leads to a bill, or from the balance. */
const paying = [
  z.strictObject({ type: z.enum(['again', 'balance', 'topup']) }),
  /**
   * Ids are those of plan versions: a changed price makes an old button find nothing. `auto`: with
   * the consent to renewals ticked; `mix`: the balance pays its part first; `ways`: it pays nothing.
   */
  z.strictObject({ type: z.enum(['price', 'priceauto']), id: id('plv') }),
  z.strictObject({ type: z.enum(['pay', 'payauto']), id: id('plv') }),
  z.strictObject({ type: z.enum(['ways', 'waysauto', 'waysmix', 'waysmixauto']), id: id('plv') }),
  /** The balance pays it wholly. */
  z.strictObject({ type: z.literal('wallet'), id: id('plv') }),
  /** A way to pay the order the chat is about. */
  z.strictObject({ type: z.enum(['way', 'wayauto', 'waymix', 'waymixauto']), id: code }),
  /** A way to top up the balance; then also the sum, in minor units of its currency. */
  z.strictObject({ type: z.literal('topupby'), id: code }),
  z.strictObject({
    type: z.literal('topupsum'),
    id: z.string().regex(/^[a-z]{2,16}-[1-9]\d{0,11}$/),
  }),
  z.strictObject({ type: z.literal('check'), id: id('pay') }),
] as const;

export type PayAction = z.infer<(typeof paying)[number]>;

export const actionSchema = z.discriminatedUnion('type', [
  plain,
  ...paying,
  /** Agrees to the price of that version. */
  z.strictObject({ type: z.literal('renewon'), id: id('plv') }),
  z.strictObject({ type: z.literal('forget'), id: id('mth') }),
  z.strictObject({ type: z.literal('guide'), id: code }),
  z.strictObject({ type: z.literal('speak'), id: z.enum(['ru', 'en']) }),
  /** A short name of a device, made from its id. */
  z.strictObject({ type: z.literal('remove'), id: z.string().regex(/^[0-9a-f]{12}$/) }),
]);

export type Action = z.infer<typeof actionSchema>;

const tapSchema = z.strictObject({ action: actionSchema, keeps: z.boolean() });

/** A press of a button: what it asks for, and whether the message above it stays. */
export type Tap = z.infer<typeof tapSchema>;

const dataSchema = z
  .string()
  .refine((data) => Buffer.byteLength(data) <= CALLBACK_BYTES_MAX, 'longer than callback data');

export const tapCodec = z.codec(dataSchema, tapSchema, {
  decode(data, context) {
    const [, mark, type, argument] =
      new RegExp(`^${VERSION}([:!])([a-z]{1,16})(?::([^:]{1,40}))?$`).exec(data) ?? [];
    const given = { type, ...(argument === undefined ? {} : { id: argument }) };
    const action = actionSchema.safeParse(given);
    if (action.success) return { action: action.data, keeps: mark === '!' };
    context.issues.push({ code: 'custom', message: 'not a tap', input: data });
    return z.NEVER;
  },
  encode({ action, keeps }) {
    const argument = 'id' in action ? `:${action.id}` : '';
    return `${VERSION}${keeps ? '!' : ':'}${action.type}${argument}`;
  },
});

/** Callback data of a button under a menu; throws on an action no codec could read back. */
export function encodeAction(action: Action): string {
  return tapCodec.encode({ action, keeps: false });
}

/** Undefined: forged, or from a version of us that is gone. */
export function decodeTap(data: string): Tap | undefined {
  return tapCodec.safeDecode(data).data;
}
