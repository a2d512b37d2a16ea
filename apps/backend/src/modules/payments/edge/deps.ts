/** What buying on the site works with. */
import type { SubscriptionWire } from '@opora/contracts';
import type { Clock, Language } from '@opora/kernel';
import type { Log } from '../../../platform/log/index.ts';
import type { Catalog } from '../../catalog/index.ts';
import type { Identity } from '../../identity/index.ts';
import type { Order, Orders } from '../../orders/index.ts';
import type { ProviderId } from '../provider.ts';
import type { Payments } from '../service.ts';

type Bilingual = Readonly<Record<Language, string>>;

export type CheckoutDeps = Readonly<{
  payments: Payments;
  orders: Orders;
  catalog: Catalog;
  identity: Identity;
  clock: Clock;
  log: Log;
  product: Readonly<{
    slug: string;
    name: Bilingual;
    ways: readonly string[];
    renewals: boolean;
  }>;
  /** The version of the words by which a buyer agrees to renewals. */
  renewalWords: string;
  /** What a way to pay is called, and why a payment was declined: words of the product. */
  wayTitle: (provider: ProviderId) => Bilingual;
  reasonWords: (key: string) => Bilingual;
  /** The access that a paid order gave; undefined while it is being prepared. */
  accessOf: (order: Order) => Promise<SubscriptionWire | undefined>;
}>;
