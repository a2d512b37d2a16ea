/** What the use cases of payments are given; `createPayments` receives it whole. */
import type { Clock, Ids, Language, Money } from '@opora/kernel';
import type { Database, Doorbell, Tx } from '../../platform/db/index.ts';
import type { Log } from '../../platform/log/index.ts';
import type { Sealing } from '../../platform/sealing/index.ts';
import type { Audit } from '../audit/index.ts';
import type { Ledger } from '../ledger/index.ts';
import type { Order, Orders } from '../orders/index.ts';
import type { PaymentEvent } from './events.ts';
import type { NoticeStore } from './notice-store.ts';
import type { Payment } from './payment.ts';
import type { PaymentProvider, ProviderId } from './provider.ts';

/** How soon and how rarely a provider is asked, seconds. */
export type CheckSchedule = Readonly<{ baseSeconds: number; capSeconds: number }>;

export type PaymentsDeps = Readonly<{
  db: Database;
  clock: Clock;
  ids: Ids;
  log: Log;
  audit: Audit;
  orders: Orders;
  ledger: Ledger;
  providers: ReadonlyMap<ProviderId, PaymentProvider>;
  /** Test-mode objects of a vendor are money: never in production. */
  acceptsTest: boolean;
  schedule: CheckSchedule;
  receipts: Readonly<{
    enabled: boolean;
    email: string | undefined;
    vatCode: number;
    taxSystem: number | undefined;
  }>;
  /** The mailbox a person has proved to be theirs. */
  emailOf: (personId: string) => Promise<string | undefined>;
  /** Where a buyer comes back to: the chat or the page where the order was made. */
  returnUrl: (order: Order) => string;
  /** The provider's breaker is open: it is shown and cannot be chosen. */
  isResting: (provider: ProviderId) => boolean;
  /** What an order is called at the provider. */
  describe: (order: Order) => Promise<{ description: string; language: Language }>;
  /** Turns facts into jobs inside the transaction (`reactions.ts`). */
  publish: (tx: Tx, events: readonly PaymentEvent[]) => Promise<void>;
  doorbell: Doorbell;
  /** Seals what charges a customer again. */
  sealing: Sealing;
  notices: NoticeStore;
  counted: (what: { provider: string; source: string; outcome: string }) => void;
  find: (paymentId: string) => Promise<Payment>;
  /** Up to these sums one member of staff enters a payment by hand; above, two do. */
  handLimits: readonly Money[];
}>;
