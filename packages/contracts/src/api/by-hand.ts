/** What staff did by hand while payments did not work: money entered, days given to everybody. */
import { z } from 'zod';
import { MoneyWire } from '../wire.ts';
import { endpoint } from './endpoint.ts';
import { exampleAt, exampleIds, examplePerson, Id, Instant, PersonBrief, Text } from './shapes.ts';

export const DOCUMENT_KINDS = ['transfer', 'cash', 'invoice', 'other'] as const;
export const HAND_STATES = ['waiting', 'settled', 'rejected', 'expired'] as const;
export const EXTENSION_STATES = ['giving', 'given', 'taking', 'taken'] as const;

const LISTED_MAX = 50;

export const HandPaymentWire = z.object({
  id: Id,
  /** `in`: money that came; `back`: given back. */
  direction: z.enum(['in', 'back']),
  person: PersonBrief,
  orderId: Id,
  paymentId: Id.nullable(),
  amount: MoneyWire,
  documentKind: z.enum(DOCUMENT_KINDS),
  documentNumber: z.string().max(64),
  reason: Text,
  state: z.enum(HAND_STATES),
  enteredBy: z.string().max(200),
  enteredAt: Instant,
  /** The caller entered it, so another person confirms it. */
  isOwn: z.boolean(),
  /** Until then it can be confirmed. */
  expiresAt: Instant,
  decidedBy: z.string().max(200).nullable(),
});
export type HandPaymentWire = z.infer<typeof HandPaymentWire>;

export const ExtensionWire = z.object({
  id: Id,
  days: z.int().positive(),
  /** Terms that had ended before it were not meant. */
  since: Instant,
  state: z.enum(EXTENSION_STATES),
  /** Subscriptions: meant when it began, given to, taken back from. */
  meant: z.int().nonnegative(),
  given: z.int().nonnegative(),
  taken: z.int().nonnegative(),
  reason: Text,
  startedBy: z.string().max(200),
  startedAt: Instant,
  finishedAt: Instant.nullable(),
  undoneBy: z.string().max(200).nullable(),
});
export type ExtensionWire = z.infer<typeof ExtensionWire>;

export const byHand = {
  payments: endpoint({
    method: 'GET',
    path: '/api/v1/admin/hand-payments',
    permission: 'payments:read',
    about: 'Payments that staff entered: those that wait for a second person, then the newest.',
    answer: z.object({ items: z.array(HandPaymentWire).max(LISTED_MAX) }),
    example: {
      answer: {
        items: [
          {
            id: exampleIds.hand,
            direction: 'in',
            person: examplePerson,
            orderId: exampleIds.order,
            paymentId: null,
            amount: { minor: '1990000', currency: 'RUB' },
            documentKind: 'transfer',
            documentNumber: '1042',
            reason: 'paid by bank transfer while cards did not work',
            state: 'waiting',
            enteredBy: 'Anna',
            enteredAt: exampleAt,
            isOwn: false,
            expiresAt: exampleAt,
            decidedBy: null,
          },
        ],
      },
    },
  }),
  extensions: endpoint({
    method: 'GET',
    path: '/api/v1/admin/extensions',
    permission: 'subscriptions:read',
    about: 'Days given to everybody, newest first, with how far they are.',
    answer: z.object({ items: z.array(ExtensionWire).max(LISTED_MAX) }),
    example: {
      answer: {
        items: [
          {
            id: exampleIds.extension,
            ...{ days: 3, since: exampleAt, state: 'giving' },
            ...{ meant: 1200, given: 400, taken: 0 },
            reason: 'cards do not work',
            ...{ startedBy: 'Anna', startedAt: exampleAt, finishedAt: null, undoneBy: null },
          },
        ],
      },
    },
  }),
} as const;
