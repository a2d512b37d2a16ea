/** What the drill tells the process it observes, and what that says back. */
import { z } from 'zod';

const numbered = { id: z.number() };

/**
 * - `begin`   counts points anew, and ends itself at the one named
 * - `passed`  the points that were passed since
 * - `sell`    an order of that person and the start of its payment; repeated with one key it is one
 * - `refund`  all of a payment, or half of it, the same way
 */
export const orderSchema = z.discriminatedUnion('type', [
  z.object({ ...numbered, type: z.literal('begin'), at: z.string().optional() }),
  z.object({ ...numbered, type: z.literal('passed') }),
  z.object({
    ...numbered,
    type: z.literal('sell'),
    key: z.string(),
    chatId: z.number(),
    provider: z.string(),
  }),
  z.object({
    ...numbered,
    type: z.literal('refund'),
    key: z.string(),
    paymentId: z.string(),
    part: z.enum(['all', 'half']),
  }),
]);
export type Order = z.infer<typeof orderSchema>;

/** The first word to a process: until then it only reads its code. */
export const serveSchema = z.object({ type: z.literal('serve') });

export const doneSchema = z.object({
  type: z.literal('done'),
  id: z.number(),
  value: z.unknown().optional(),
  error: z.string().optional(),
});

export type Done = z.infer<typeof doneSchema>;

export const soldSchema = z.object({
  paymentId: z.string(),
  /** Absent once it is paid. */
  checkoutUrl: z.string().optional(),
});
export const passedSchema = z.array(z.string());
export const poolSchema = z.object({ type: z.literal('worker-pool'), id: z.string() });
export const readySchema = z.object({ type: z.literal('ready') });
