/** What staff sees of one person's own money: balance, what is kept, what is charged by itself. */
import { z } from 'zod';
import { MoneyWire } from '../wire.ts';
import { BalanceEntryWire } from './own-money.ts';
import { exampleAt, exampleIds, Id, Instant, Sums } from './shapes.ts';

const ENTRIES_MAX = 20;
const SHOWN_MAX = 50;

export const PersonMethodWire = z.object({
  id: Id,
  provider: z.string().max(32),
  title: z.string().max(128),
  state: z.enum(['active', 'removed', 'refused']),
  /** A new consent would be about this one. */
  isDefault: z.boolean(),
  savedAt: Instant,
  expiresAt: Instant.nullable(),
  endedAt: Instant.nullable(),
});
export type PersonMethodWire = z.infer<typeof PersonMethodWire>;

export const PersonRenewalWire = z.object({
  /** Of the subscription: each has one renewal at most. */
  id: Id,
  state: z.enum(['on', 'off', 'ended']),
  /** Why it ended. */
  why: z.string().max(32).nullable(),
  amount: MoneyWire,
  provider: z.string().max(32),
  method: z.string().max(128).nullable(),
  agreedAt: Instant,
  /** The version of the words that were agreed to. */
  words: z.string().max(32),
  /** When the next charge is due while it is on. */
  nextAt: Instant.nullable(),
  /** The last charge of the coming term that was declined, and how often that happened. */
  decline: z
    .object({
      paymentId: Id,
      at: Instant,
      /** The vendor's word. */
      reason: z.string().max(200).nullable(),
      /** What it means: try again, another method, never again. */
      advice: z.enum(['retry', 'another_method', 'stop']).nullable(),
      tries: z.int().positive(),
    })
    .nullable(),
});
export type PersonRenewalWire = z.infer<typeof PersonRenewalWire>;

export const PersonMoney = z.object({
  /** Held of the balance beside unpaid orders; the payments that hold it are among the payments. */
  held: Sums,
  entries: z.array(BalanceEntryWire).max(ENTRIES_MAX),
  methods: z.array(PersonMethodWire).max(SHOWN_MAX),
  renewals: z.array(PersonRenewalWire).max(SHOWN_MAX),
});
export type PersonMoney = z.infer<typeof PersonMoney>;

const amount = { minor: '19900', currency: 'RUB' as const };
export const examplePersonMoney: PersonMoney = {
  held: [],
  entries: [{ at: exampleAt, amount, kind: 'payment' }],
  methods: [
    {
      ...{ id: exampleIds.method, provider: 'yookassa', title: '•• 4477', state: 'active' },
      ...{ isDefault: true, savedAt: exampleAt, expiresAt: null, endedAt: null },
    },
  ],
  renewals: [
    {
      ...{ id: exampleIds.subscription, state: 'on', why: null, amount, provider: 'yookassa' },
      ...{ method: '•• 4477', agreedAt: exampleAt, words: '2026-11', nextAt: exampleAt },
      decline: {
        ...{ paymentId: exampleIds.payment, at: exampleAt, reason: 'insufficient_funds' },
        ...{ advice: 'retry', tries: 1 },
      },
    },
  ],
};
