import type { ProviderPayment } from './provider.ts';
import type { ClaimedNotice } from './repository-notices.ts';

/** The provider's truth about one payment, and the notices that made us ask. */
export type Fact = Readonly<{
  provider: string;
  payment: ProviderPayment;
  source: 'notice' | 'janitor' | 'start' | 'refund' | 'reconciliation' | 'hand';
  notices: readonly ClaimedNotice[];
}>;
