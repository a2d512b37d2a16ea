/** Payments with what really happened to each, notices in their raw form, and what was refused. */
import { z } from 'zod';
import { MoneyWire } from '../wire.ts';
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

export const PAYMENT_STATES = [
  'created',
  'pending',
  'authorised',
  'settled',
  'failed',
  'cancelled',
  'expired',
  'partly_refunded',
  'refunded',
  'disputed',
] as const;
export const NOTICE_STATES = ['waiting', 'done', 'quarantined'] as const;

const Provider = z.string().max(32);

export const PaymentRow = z.object({
  id: Id,
  orderId: Id,
  person: PersonBrief,
  provider: Provider,
  /** The provider's own id. */
  reference: z.string().max(128).nullable(),
  state: z.enum(PAYMENT_STATES),
  amount: MoneyWire,
  refunded: MoneyWire,
  /** The vendor's own word for a refusal. */
  reason: z.string().max(200).nullable(),
  createdAt: Instant,
  settledAt: Instant.nullable(),
});
export type PaymentRow = z.infer<typeof PaymentRow>;

export const REFUND_TARGETS = ['provider', 'balance'] as const;

export const RefundWire = z.object({
  id: Id,
  amount: MoneyWire,
  /** Back to the payer, or to the customer's balance. */
  target: z.enum(REFUND_TARGETS),
  reason: z.string().max(500),
  state: z.enum(['requested', 'refunded', 'refused']),
  refusal: z.string().max(500).nullable(),
  createdAt: Instant,
  finishedAt: Instant.nullable(),
});
export type RefundWire = z.infer<typeof RefundWire>;

export const NoticeRow = z.object({
  id: Id,
  provider: Provider,
  event: z.string().max(100),
  reference: z.string().max(128),
  confirmed: z.boolean(),
  state: z.enum(NOTICE_STATES),
  outcome: z.string().max(64).nullable(),
  receipts: z.int().positive(),
  firstReceivedAt: Instant,
  lastReceivedAt: Instant,
  remoteAddress: z.string().max(64),
});
export type NoticeRow = z.infer<typeof NoticeRow>;

export const RefusalRow = z.object({
  id: Id,
  provider: Provider,
  reason: z.string().max(64),
  detail: z.string().max(500),
  /** What staff does about this reason. */
  check: Words,
  remoteAddress: z.string().max(64),
  receivedAt: Instant,
});
export type RefusalRow = z.infer<typeof RefusalRow>;

/** A notice as it came; secret headers are masked, the body is text or, when it is none, base64. */
export const RawNoticeWire = z.object({
  headers: z.record(z.string(), z.string()),
  query: z.string().max(8192),
  body: z.string(),
  encoding: z.enum(['utf8', 'base64']),
  remoteAddress: z.string().max(64),
  receivedAt: Instant,
});
export type RawNoticeWire = z.infer<typeof RawNoticeWire>;

export const PaymentDetails = z.object({
  payment: PaymentRow,
  plan: Words.nullable(),
  refunds: z.array(RefundWire).max(100),
  /** What can still be given back; null when nothing can. */
  refundable: MoneyWire.nullable(),
  notices: z.array(NoticeRow).max(100),
  timeline: Timeline,
});
export type PaymentDetails = z.infer<typeof PaymentDetails>;

export const examplePaymentRow: PaymentRow = {
  id: exampleIds.payment,
  orderId: exampleIds.order,
  person: examplePerson,
  provider: 'yookassa',
  reference: '2e7a1111-000f-5000-8000-112233445566',
  state: 'settled',
  amount: { minor: '19900', currency: 'RUB' },
  refunded: { minor: '0', currency: 'RUB' },
  reason: null,
  createdAt: exampleAt,
  settledAt: exampleAt,
};
const exampleRaw: RawNoticeWire = {
  headers: { 'content-type': 'application/json' },
  query: '',
  body: '{"type":"notification"}',
  encoding: 'utf8',
  remoteAddress: '185.71.76.5',
  receivedAt: exampleAt,
};
const filters = PeriodQuery.extend({
  provider: Provider.optional(),
  state: z.enum(PAYMENT_STATES).optional(),
});

export const payments = {
  list: endpoint({
    method: 'GET',
    path: '/api/v1/admin/payments',
    permission: 'payments:read',
    about: 'Payments, newest first.',
    query: filters,
    answer: pageOf(PaymentRow),
    example: {
      query: { provider: 'yookassa', state: 'settled' },
      answer: { items: [examplePaymentRow], older: null, newer: null },
    },
  }),
  read: endpoint({
    method: 'GET',
    path: '/api/v1/admin/payments/{paymentId}',
    permission: 'payments:read',
    about: 'One payment: created, sent, notices, asked, settled, posted, delivered, told.',
    params: z.strictObject({ paymentId: Id }),
    answer: PaymentDetails,
    example: {
      params: { paymentId: exampleIds.payment },
      answer: {
        payment: examplePaymentRow,
        plan: { ru: '1 месяц', en: '1 month' },
        refunds: [],
        refundable: { minor: '19900', currency: 'RUB' },
        notices: [],
        timeline: [
          {
            at: exampleAt,
            kind: 'settled',
            tone: 'good',
            detail: 'succeeded, 199.00 RUB',
            noticeId: null,
            repeats: 0,
          },
        ],
      },
    },
  }),
  export: csvFile({
    name: 'payments',
    query: filters.omit(NO_PAGE),
    example: {
      query: { state: 'settled' },
      answer: 'id,created,provider,amount,currency,state\r\n',
    },
  }),
} as const;

const noticeFilters = PeriodQuery.extend({
  provider: Provider.optional(),
  state: z.enum(NOTICE_STATES).optional(),
});
const refusalFilters = PeriodQuery.extend({
  provider: Provider.optional(),
  reason: z.string().max(64).optional(),
});

export const notices = {
  list: endpoint({
    method: 'GET',
    path: '/api/v1/admin/notices',
    permission: 'notices:read',
    about: 'Notices that were accepted; `quarantined` ones belong to no order of ours.',
    query: noticeFilters,
    answer: pageOf(NoticeRow),
    example: { query: { state: 'quarantined' }, answer: { items: [], older: null, newer: null } },
  }),
  export: csvFile({
    name: 'notices',
    query: noticeFilters.omit(NO_PAGE),
    example: { query: { state: 'quarantined' }, answer: 'id,provider,event,reference,state\r\n' },
  }),
  raw: endpoint({
    method: 'GET',
    path: '/api/v1/admin/notices/{noticeId}/raw',
    permission: 'notices:read',
    about: 'An accepted notice as it came.',
    params: z.strictObject({ noticeId: Id }),
    answer: RawNoticeWire,
    example: { params: { noticeId: exampleIds.notice }, answer: exampleRaw },
  }),
  refusals: endpoint({
    method: 'GET',
    path: '/api/v1/admin/refusals',
    permission: 'notices:read',
    about: 'Notices refused at the door, with the reason and what to check.',
    query: refusalFilters,
    answer: pageOf(RefusalRow),
    example: {
      query: { reason: 'foreign_address' },
      answer: { items: [], older: null, newer: null },
    },
  }),
  exportRefusals: csvFile({
    name: 'refusals',
    query: refusalFilters.omit(NO_PAGE),
    example: { query: { provider: 'yookassa' }, answer: 'id,received,provider,reason\r\n' },
  }),
  rawRefusal: endpoint({
    method: 'GET',
    path: '/api/v1/admin/refusals/{noticeId}/raw',
    permission: 'notices:read',
    about: 'A refused notice as it came.',
    params: z.strictObject({ noticeId: Id }),
    answer: RawNoticeWire,
    example: { params: { noticeId: exampleIds.notice }, answer: exampleRaw },
  }),
} as const;
