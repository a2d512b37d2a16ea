import { z } from 'zod';
import { SUBSCRIPTION_STATES } from '../wire.ts';
import {
  Digits,
  exampleAt,
  exampleIds,
  examplePerson,
  Id,
  Instant,
  NO_PAGE,
  pageOf,
  PageQuery,
  PersonBrief,
  Words,
} from './shapes.ts';
import { csvFile } from './csv-file.ts';
import { endpoint } from './endpoint.ts';

export const SubscriptionRow = z.object({
  id: Id,
  person: PersonBrief,
  plan: z.object({ id: Id, code: z.string().max(64), title: Words }),
  state: z.enum(SUBSCRIPTION_STATES),
  startsAt: Instant,
  endsAt: Instant,
  trafficUsedBytes: Digits,
  trafficBytes: Digits,
  /** What the panel said last. */
  panelStatus: z.string().max(64).nullable(),
  panelUsername: z.string().max(64).nullable(),
  /** The panel has everything that was bought. */
  isDelivered: z.boolean(),
});
export type SubscriptionRow = z.infer<typeof SubscriptionRow>;

const row: SubscriptionRow = {
  id: exampleIds.subscription,
  person: examplePerson,
  plan: { id: exampleIds.plan, code: 'month', title: { ru: '1 месяц', en: '1 month' } },
  state: 'active',
  startsAt: exampleAt,
  endsAt: exampleAt,
  trafficUsedBytes: '15032385536',
  trafficBytes: '107374182400',
  panelStatus: 'ACTIVE',
  panelUsername: exampleIds.subscription,
  isDelivered: true,
};

const filters = PageQuery.extend({
  state: z.enum(['active', 'expired', 'pending']).optional(),
  /** Ends within so many days from now. */
  endsWithinDays: z.coerce.number().int().min(1).max(365).optional(),
});

export const subscriptions = {
  list: endpoint({
    method: 'GET',
    path: '/api/v1/admin/subscriptions',
    permission: 'subscriptions:read',
    about: 'Subscriptions, newest first.',
    query: filters,
    answer: pageOf(SubscriptionRow),
    example: { query: { state: 'active' }, answer: { items: [row], older: null, newer: null } },
  }),
  export: csvFile({
    name: 'subscriptions',
    query: filters.omit(NO_PAGE),
    example: { query: { endsWithinDays: 7 }, answer: 'id,person,plan,state,starts,ends\r\n' },
  }),
} as const;

export const DeliveryRow = z.object({
  subscriptionId: Id,
  person: PersonBrief,
  /** The newest order that waits for it; null when staff granted. */
  orderId: Id.nullable(),
  state: z.enum(['waiting', 'stuck', 'delivered']),
  /** Since when it waits, or when it was delivered. */
  since: Instant,
  attempts: z.int().nonnegative(),
  lastError: z.string().max(500).nullable(),
  nextTryAt: Instant.nullable(),
});
export type DeliveryRow = z.infer<typeof DeliveryRow>;

const deliveryFilters = PageQuery.extend({
  state: z.enum(['waiting', 'stuck', 'delivered']).optional(),
});

export const deliveries = {
  list: endpoint({
    method: 'GET',
    path: '/api/v1/admin/deliveries',
    permission: 'deliveries:read',
    about: 'What the panel does not have yet, oldest last; `stuck` waits for more than a minute.',
    query: deliveryFilters,
    answer: pageOf(DeliveryRow),
    example: {
      query: { state: 'stuck' },
      answer: {
        items: [
          {
            subscriptionId: exampleIds.subscription,
            person: examplePerson,
            orderId: exampleIds.order,
            state: 'stuck',
            since: exampleAt,
            attempts: 4,
            lastError: 'the panel does not answer',
            nextTryAt: exampleAt,
          },
        ],
        older: null,
        newer: null,
      },
    },
  }),
  export: csvFile({
    name: 'deliveries',
    query: deliveryFilters.omit(NO_PAGE),
    example: { query: { state: 'stuck' }, answer: 'subscription,person,order,state,since\r\n' },
  }),
} as const;
