import type { Currency, Money } from '@opora/kernel';
import type { Database, Page, PageWish } from '../../platform/db/index.ts';
import type { Payment } from './payment.ts';
import {
  findPayments,
  selectNotices,
  selectPayments,
  selectRaw,
  selectRefusals,
  type NoticeFilter,
  type NoticeListed,
  type PaymentFilter,
  type RawNotice,
  type RefusalFilter,
  type RefusalListed,
} from './repository-admin.ts';
import {
  selectOpenFigures,
  selectProviderFigures,
  sumByDay,
  sumSettled,
  type OpenFigures,
  type ProviderFigures,
  type Span,
} from './repository-figures.ts';
import { selectProviderOverview, type ProviderOverview } from './repository-overview.ts';
import {
  selectDifferences,
  type Difference,
  type DifferenceFilter,
} from './repository-differences.ts';
import { noticeLateness } from './repository-notices.ts';
import { selectRuns, type ReconciliationRun, type RunFilter } from './repository-reconciliation.ts';
import { selectRefunds, type RefundListed } from './repository-refunds.ts';
import { selectSilences, type Silence } from './silence.ts';
import { selectSwitchedOff, type SwitchedOff } from './switches.ts';

/** What staff reads about payments. */
export interface PaymentsAdmin {
  list(filter: PaymentFilter, page: PageWish): Promise<Page<Payment>>;
  /** By our id, its last six characters, or the vendor's own id. */
  find(text: string, limit: number): Promise<readonly Payment[]>;
  notices(filter: NoticeFilter, page: PageWish): Promise<Page<NoticeListed>>;
  refusals(filter: RefusalFilter, page: PageWish): Promise<Page<RefusalListed>>;
  /** Undefined: no such notice, or it is kept no longer. */
  raw(id: string, table: 'accepted' | 'refused'): Promise<RawNotice | undefined>;
  /** Providers that staff switched off, and by which act. */
  switchedOff(): Promise<ReadonlyMap<string, SwitchedOff>>;
  /** Providers whose notices stopped coming, and when that was seen. */
  silences(): Promise<readonly Silence[]>;
  refunds(paymentId: string): Promise<readonly RefundListed[]>;
  moneyIn(span: Span): Promise<readonly Money[]>;
  moneyByDay(currency: Currency, from: Date): Promise<{ day: string; value: string }[]>;
  providers(names: readonly string[], from: Date): Promise<readonly ProviderFigures[]>;
  /** How each did in the span that ends now, and whether its notices stopped coming. */
  overview(names: readonly string[], span: Span): Promise<readonly ProviderOverview[]>;
  /** Comparisons of a provider's book with ours; one whose process died reads `abandoned`. */
  runs(filter: RunFilter, page: PageWish): Promise<Page<ReconciliationRun>>;
  differences(filter: DifferenceFilter, page: PageWish): Promise<Page<Difference>>;
  open(span: { askedBefore: Date; refusedSince: Date }): Promise<OpenFigures>;
  /** How long the oldest due notice waits to be taken, seconds. */
  noticeLateness(): Promise<number>;
}

export function createPaymentsAdmin({ read }: Pick<Database, 'read'>): PaymentsAdmin {
  return {
    list: (filter, page) => selectPayments(read, filter, page),
    find: (text, limit) => findPayments(read, text, limit),
    notices: (filter, page) => selectNotices(read, filter, page),
    refusals: (filter, page) => selectRefusals(read, filter, page),
    raw: (id, table) => selectRaw(read, id, table),
    switchedOff: () => selectSwitchedOff(read),
    silences: () => selectSilences(read),
    refunds: (paymentId) => selectRefunds(read, paymentId),
    moneyIn: (span) => sumSettled(read, span),
    moneyByDay: (currency, from) => sumByDay(read, currency, from),
    providers: (names, from) => selectProviderFigures(read, names, from),
    overview: (names, span) => selectProviderOverview(read, names, span),
    runs: (filter, page) => selectRuns(read, filter, page),
    differences: (filter, page) => selectDifferences(read, filter, page),
    open: (span) => selectOpenFigures(read, span),
    noticeLateness: () => noticeLateness(read),
  };
}
