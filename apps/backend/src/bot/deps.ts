/** What the bot is given, and what a screen is given. Everything comes from here, nothing is global. */
import type { Clock, Currency, Ids, Language, Secret } from '@opora/kernel';
import type { Announcements } from '../modules/announcements/index.ts';
import type { Catalog } from '../modules/catalog/index.ts';
import type { Identity, Person, Sessions } from '../modules/identity/index.ts';
import type { Ledger } from '../modules/ledger/index.ts';
import type { Messaging } from '../modules/messaging/index.ts';
import type { Orders } from '../modules/orders/index.ts';
import type { Payments } from '../modules/payments/index.ts';
import type { Provisioning } from '../modules/provisioning/index.ts';
import type { Subscriptions } from '../modules/subscriptions/index.ts';
import type { Database, Doorbell } from '../platform/db/index.ts';
import type { Log } from '../platform/log/index.ts';
import type { Metrics } from '../platform/metrics/index.ts';
import type { TelegramApi } from '../platform/telegram/index.ts';
import type { Locales, Words } from '../platform/words/index.ts';
import type { Guide } from './screens/connect.view.ts';
import type { Speech } from './speech.ts';

type Bilingual = Readonly<Record<Language, string>>;

/** The part of a product's data that the bot shows. */
export type BotProduct = Readonly<{
  slug: string;
  name: Bilingual;
  promise: Bilingual;
  description: Bilingual;
  shortDescription: Bilingual;
  terms: Bilingual;
  supportUrl: string;
  currency: Currency;
  ways: readonly string[];
  renewals: boolean;
  connect: readonly Guide[];
  locales: Locales;
}>;

/** How updates come: Telegram calls this address, or one elected process asks for them. */
export type Receiving =
  Readonly<{ mode: 'webhook'; baseUrl: string }> | Readonly<{ mode: 'polling' }>;

export type BotDeps = Readonly<{
  telegram: TelegramApi;
  /** Undefined: the webhook is closed. */
  webhookSecret: Secret | undefined;
  receiving: Receiving;
  /** `drill` shortens leases and checks. */
  pace: 'normal' | 'drill';
  /** The site, where an account is opened by a link; undefined: Telegram takes no such address. */
  webUrl: string | undefined;
  product: BotProduct;
  words: Words;
  db: Database;
  /** Rung when updates were stored. */
  doorbell: Doorbell;
  clock: Clock;
  ids: Ids;
  log: Log;
  metrics: Metrics;
  identity: Identity;
  /** For the one-time way into the account on the site. */
  sessions: Pick<Sessions, 'createLink'>;
  catalog: Catalog;
  orders: Orders;
  ledger: Ledger;
  payments: Payments;
  subscriptions: Subscriptions;
  provisioning: Provisioning;
  messaging: Messaging;
  announcements: Announcements;
}>;

/** What the business part of the bot works with. */
export type ScreenDeps = Pick<
  BotDeps,
  | 'product'
  | 'db'
  | 'clock'
  | 'identity'
  | 'catalog'
  | 'orders'
  | 'ledger'
  | 'payments'
  | 'subscriptions'
  | 'provisioning'
  | 'sessions'
  | 'webUrl'
  | 'announcements'
> &
  Readonly<{ botId: bigint }>;

/** One answer to one person: who asks, in which chat and language. */
export type Turn = Readonly<{
  /** What support looks up in the log. */
  requestId: string;
  person: Person;
  chatId: bigint;
  speech: Speech;
  log: Log;
}>;
