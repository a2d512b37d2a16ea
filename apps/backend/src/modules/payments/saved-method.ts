import type { ProviderId } from './provider.ts';

export type SavedMethod = Readonly<{
  id: string;
  personId: string;
  provider: ProviderId;
  /** The payment it was saved with. */
  paymentId: string;
  /** The vendor's token as it lies in the table; only `tokenOf` opens it. */
  sealed: string;
  title: string;
  expiresAt: Date | undefined;
  state: 'active' | 'removed' | 'refused';
  isDefault: boolean;
  /** The words its owner agreed to, and when. */
  words: string;
  agreedAt: Date;
  createdAt: Date;
  endedAt: Date | undefined;
}>;
