/** The ledger, the plans, the settings: what the business stands on. */
import { z } from 'zod';
import { MoneyWire, PlanWire, PRICES_MAX } from '../wire.ts';
import {
  exampleAt,
  exampleIds,
  Id,
  Instant,
  NO_PAGE,
  pageOf,
  PageQuery,
  PeriodQuery,
} from './shapes.ts';
import { csvFile } from './csv-file.ts';
import { endpoint } from './endpoint.ts';

const AccountCode = z.string().min(1).max(200);

export const AccountWire = z.object({ code: AccountCode, balance: MoneyWire });
export const TransferRow = z.object({
  id: z.string().max(200),
  debit: AccountCode,
  credit: AccountCode,
  amount: MoneyWire,
  kind: z.string().max(64),
  reference: z.string().max(200),
  postedAt: Instant,
});
export type TransferRow = z.infer<typeof TransferRow>;

const transferFilters = PeriodQuery.extend({
  account: AccountCode.optional(),
  reference: z.string().max(200).optional(),
});
const rub = (minor: string) => ({ minor, currency: 'RUB' as const });

export const ledger = {
  accounts: endpoint({
    method: 'GET',
    path: '/api/v1/admin/ledger/accounts',
    permission: 'ledger:read',
    about:
      'Accounts that are not of one person, with debits minus credits; people as one row a currency.',
    answer: z.object({
      items: z.array(AccountWire).max(200),
      /** Zero per currency, or something is very wrong. */
      sums: z.array(MoneyWire).max(8),
    }),
    example: {
      answer: {
        items: [{ code: 'clearing:yookassa:RUB', balance: rub('19900') }],
        sums: [rub('0')],
      },
    },
  }),
  transfers: endpoint({
    method: 'GET',
    path: '/api/v1/admin/ledger/transfers',
    permission: 'ledger:read',
    about: 'Transfers, newest first; of one account or of one payment, order or refund.',
    query: transferFilters,
    answer: pageOf(TransferRow),
    example: {
      query: { reference: exampleIds.payment },
      answer: {
        items: [
          {
            id: `payment:${exampleIds.payment}`,
            debit: 'clearing:yookassa:RUB',
            credit: `customer:${exampleIds.person}:RUB`,
            amount: rub('19900'),
            kind: 'payment',
            reference: exampleIds.payment,
            postedAt: exampleAt,
          },
        ],
        older: null,
        newer: null,
      },
    },
  }),
  export: csvFile({
    name: 'transfers',
    about: 'The same rows as the list of transfers, as a file for the accountant.',
    query: transferFilters.omit(NO_PAGE),
    example: { query: { from: '2026-11-01' }, answer: 'id,posted,debit,credit,amount\r\n' },
  }),
} as const;

export const PlanVersionWire = PlanWire.extend({
  versionId: Id,
  createdAt: Instant,
  /** The version that is sold now. */
  isCurrent: z.boolean(),
  /** Orders that were placed at this version. */
  orders: z.int().nonnegative(),
});
export type PlanVersionWire = z.infer<typeof PlanVersionWire>;

/** What a new version changes; the old one keeps its orders. */
export const PlanChange = z.strictObject({
  title: PlanWire.shape.title,
  termDays: PlanWire.shape.termDays.max(3660),
  devices: PlanWire.shape.devices.max(1000),
  trafficBytes: PlanWire.shape.trafficBytes,
  prices: z.array(MoneyWire).min(1).max(PRICES_MAX),
});
export type PlanChange = z.infer<typeof PlanChange>;

const planExample = {
  id: exampleIds.plan,
  code: 'month',
  version: 4,
  title: { ru: '1 месяц', en: '1 month' },
  termDays: 30,
  devices: 3,
  trafficBytes: '107374182400',
  prices: [rub('19900')],
};

export const plans = {
  list: endpoint({
    method: 'GET',
    path: '/api/v1/admin/plans',
    permission: 'plans:read',
    about: 'Plans with all their versions, newest first.',
    answer: z.object({ items: z.array(PlanVersionWire).max(500) }),
    example: {
      answer: {
        items: [
          {
            ...planExample,
            versionId: 'plv_01jd0000000000000000000006',
            createdAt: exampleAt,
            isCurrent: true,
            orders: 12,
          },
        ],
      },
    },
  }),
} as const;

export const SettingWire = z.object({
  section: z.string().max(64),
  key: z.string().max(64),
  about: z.string().max(500),
  isSecret: z.boolean(),
  isSet: z.boolean(),
  /** Null for secrets and for what is not set. */
  value: z.string().max(2000).nullable(),
});
export type SettingWire = z.infer<typeof SettingWire>;

export const settings = {
  list: endpoint({
    method: 'GET',
    path: '/api/v1/admin/settings',
    permission: 'settings:read',
    about: 'The settings in force; secrets only say whether they are set.',
    answer: z.object({ items: z.array(SettingWire).max(500) }),
    example: {
      answer: {
        items: [
          {
            section: 'Telegram',
            key: 'TELEGRAM_BOT_TOKEN',
            about: 'The token from @BotFather.',
            isSecret: true,
            isSet: true,
            value: null,
          },
        ],
      },
    },
  }),
} as const;

export const MailDayWire = z.object({
  day: z.iso.date(),
  template: z.string().max(64),
  sent: z.int().nonnegative(),
  delivered: z.int().nonnegative(),
  bounced: z.int().nonnegative(),
  failed: z.int().nonnegative(),
});
export type MailDayWire = z.infer<typeof MailDayWire>;

export const messages = {
  statistics: endpoint({
    method: 'GET',
    path: '/api/v1/admin/messages/statistics',
    permission: 'messages:read',
    about: 'Messages of the last days by template and outcome.',
    query: PageQuery.pick({}).extend({ days: z.coerce.number().int().min(1).max(92).default(14) }),
    answer: z.object({ items: z.array(MailDayWire).max(5000) }),
    example: {
      query: { days: 14 },
      answer: {
        items: [
          { day: '2026-11-24', template: 'paid', sent: 46, delivered: 46, bounced: 0, failed: 0 },
        ],
      },
    },
  }),
} as const;
