/** People as staff sees them: found by id, name, e-mail or payment; one with everything about them. */
import { z } from 'zod';
import { SUBSCRIPTION_STATES } from '../wire.ts';
import { AuditWire } from './audit.ts';
import {
  exampleAt,
  exampleIds,
  examplePerson,
  Id,
  Instant,
  NO_PAGE,
  pageOf,
  PageQuery,
  Sums,
  Text,
} from './shapes.ts';
import { csvFile } from './csv-file.ts';
import { endpoint } from './endpoint.ts';
import { OrderRow } from './orders.ts';
import { PaymentRow } from './payments.ts';
import { examplePersonMoney, PersonMoney } from './person-money.ts';
import { SubscriptionRow } from './subscriptions.ts';

export const SEARCH_HITS_MAX = 20;
const RELATED_MAX = 50;

export const PersonRow = z.object({
  id: Id,
  name: z.string().max(128),
  language: z.enum(['ru', 'en']),
  state: z.enum(['active', 'banned']),
  telegramId: z.string().max(32).nullable(),
  telegramUsername: z.string().max(64).nullable(),
  /** Masked for roles that may not see it whole. */
  email: z.string().max(254).nullable(),
  createdAt: Instant,
  subscription: z.object({ state: z.enum(SUBSCRIPTION_STATES), endsAt: Instant }).nullable(),
});
export type PersonRow = z.infer<typeof PersonRow>;

export const SentMessageWire = z.object({
  id: Id,
  at: Instant,
  channel: z.enum(['telegram', 'email']),
  template: z.string().max(64),
  state: z.enum(['waiting', 'sent', 'delivered', 'blocked', 'failed', 'bounced']),
  error: z.string().max(500).nullable(),
});

export const PersonDetails = z.object({
  person: PersonRow,
  /** The person blocked our bot at this time. */
  botBlockedAt: Instant.nullable(),
  balances: Sums,
  money: PersonMoney,
  subscriptions: z.array(SubscriptionRow).max(RELATED_MAX),
  orders: z.array(OrderRow).max(RELATED_MAX),
  payments: z.array(PaymentRow).max(RELATED_MAX),
  messages: z.array(SentMessageWire).max(RELATED_MAX),
  audit: z.array(AuditWire).max(RELATED_MAX),
});
export type PersonDetails = z.infer<typeof PersonDetails>;

export const SearchHit = z.object({
  kind: z.enum(['person', 'order', 'payment', 'subscription']),
  id: Id,
  /** Whose it is; of a person, the same as `id`. */
  personId: Id,
  title: z.string().max(200),
  detail: Text,
});
export type SearchHit = z.infer<typeof SearchHit>;

const filters = PageQuery.extend({
  q: z.string().max(200).optional(),
  state: z.enum(['active', 'banned']).optional(),
});
const row: PersonRow = {
  id: exampleIds.person,
  name: 'Olga',
  language: 'ru',
  state: 'active',
  telegramId: '77210',
  telegramUsername: 'olga',
  email: null,
  createdAt: exampleAt,
  subscription: { state: 'active', endsAt: exampleAt },
};

export const people = {
  list: endpoint({
    method: 'GET',
    path: '/api/v1/admin/people',
    permission: 'people:read',
    about: 'People, newest first; `q` is an id, a name, an e-mail, a Telegram id or a payment.',
    query: filters,
    answer: pageOf(PersonRow),
    example: { query: { q: 'olga' }, answer: { items: [row], older: null, newer: null } },
  }),
  read: endpoint({
    method: 'GET',
    path: '/api/v1/admin/people/{personId}',
    permission: 'people:read',
    about: 'One person with everything about them.',
    params: z.strictObject({ personId: Id }),
    answer: PersonDetails,
    example: {
      params: { personId: exampleIds.person },
      answer: {
        person: row,
        botBlockedAt: null,
        balances: [],
        money: examplePersonMoney,
        subscriptions: [],
        orders: [],
        payments: [],
        messages: [],
        audit: [],
      },
    },
  }),
  export: csvFile({
    name: 'people',
    query: filters.omit(NO_PAGE),
    example: { query: { state: 'active' }, answer: 'id,created,name,telegram,email,state\r\n' },
  }),
  search: endpoint({
    method: 'GET',
    path: '/api/v1/admin/search',
    permission: 'people:read',
    about:
      "Everything that fits: people, orders, payments (our id or the provider's), subscriptions.",
    query: z.strictObject({ q: z.string().min(1).max(200) }),
    answer: z.object({ items: z.array(SearchHit).max(SEARCH_HITS_MAX) }),
    example: {
      query: { q: '8F2K' },
      answer: {
        items: [
          {
            kind: 'order',
            id: exampleIds.order,
            personId: exampleIds.person,
            title: examplePerson.name,
            detail: '199.00 RUB',
          },
        ],
      },
    },
  }),
} as const;
