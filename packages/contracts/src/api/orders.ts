import { z } from 'zod';
import { MoneyWire, ORDER_STATES } from '../wire.ts';
import {
  exampleAt,
  exampleIds,
  examplePerson,
  Id,
  Instant,
  NO_PAGE,
  pageOf,
  PeriodQuery,
  PersonBrief,
  Timeline,
  Words,
} from './shapes.ts';
import { csvFile } from './csv-file.ts';
import { endpoint } from './endpoint.ts';
import { examplePaymentRow, PaymentRow } from './payments.ts';

export const OrderRow = z.object({
  id: Id,
  person: PersonBrief,
  /** `top_up` buys no plan: its money goes to the balance. */
  kind: z.enum(['plan', 'top_up']),
  plan: z
    .object({ id: Id, code: z.string().max(64), version: z.int().positive(), title: Words })
    .nullable(),
  amount: MoneyWire,
  state: z.enum(ORDER_STATES),
  createdAt: Instant,
  expiresAt: Instant,
  paidAt: Instant.nullable(),
  deliveredAt: Instant.nullable(),
});
export type OrderRow = z.infer<typeof OrderRow>;

export const OrderDetails = z.object({
  order: OrderRow,
  payments: z.array(PaymentRow).max(50),
  timeline: Timeline,
});
export type OrderDetails = z.infer<typeof OrderDetails>;

const row: OrderRow = {
  id: exampleIds.order,
  person: examplePerson,
  kind: 'plan',
  plan: {
    id: exampleIds.plan,
    code: 'month',
    version: 4,
    title: { ru: '1 месяц', en: '1 month' },
  },
  amount: { minor: '19900', currency: 'RUB' },
  state: 'paid',
  createdAt: exampleAt,
  expiresAt: exampleAt,
  paidAt: exampleAt,
  deliveredAt: exampleAt,
};
const filters = PeriodQuery.extend({
  state: z.enum(ORDER_STATES).optional(),
  /** Paid, and not delivered yet. */
  undelivered: z.enum(['yes']).optional(),
});

export const orders = {
  list: endpoint({
    method: 'GET',
    path: '/api/v1/admin/orders',
    permission: 'orders:read',
    about: 'Orders, newest first.',
    query: filters,
    answer: pageOf(OrderRow),
    example: { query: { state: 'paid' }, answer: { items: [row], older: null, newer: null } },
  }),
  read: endpoint({
    method: 'GET',
    path: '/api/v1/admin/orders/{orderId}',
    permission: 'orders:read',
    about: 'One order with its payments and its timeline.',
    params: z.strictObject({ orderId: Id }),
    answer: OrderDetails,
    example: {
      params: { orderId: exampleIds.order },
      answer: { order: row, payments: [examplePaymentRow], timeline: [] },
    },
  }),
  export: csvFile({
    name: 'orders',
    query: filters.omit(NO_PAGE),
    example: {
      query: { state: 'paid' },
      answer: 'id,created,person,plan,amount,currency,state\r\n',
    },
  }),
} as const;
