/**
 * Payments: asking a provider for money, judging what it says, and applying it exactly once.
 * States and their edges are in `payment.ts`; one function (`settle.ts`) applies facts.
 *
 * Limits: a notice of 256 kB, 64 notices a batch, a look-up of 10 s; a payment is asked about on a
 * growing schedule for a week, after that only a notice moves it.
 */
export {
  BalanceTooSmall,
  MethodNotFound,
  PaymentNotFound,
  ProviderNotConfigured,
  ProviderProtocolError,
  ProviderRefused,
  ProviderSwitchedOff,
  ProviderUnavailable,
  WebhookRejected,
} from './errors.ts';
export type { MethodLeft, NoticesResumed, NoticesStopped, PaymentEvent } from './events.ts';
export type { SavedMethod } from './saved-method.ts';
export type { NoticeListed, RawNotice, RefusalListed } from './repository-admin.ts';
export type { DifferenceKind } from './difference.ts';
export type { BookEntry, Difference } from './repository-differences.ts';
export type { ProviderOverview } from './repository-overview.ts';
export type { ReconciliationRun } from './repository-reconciliation.ts';
export { dayOf } from './reconcile-nightly.ts';
export type { RefundListed } from './repository-refunds.ts';
export { documentOf, type HandPayment } from './hand-payment.ts';
export type { HandActed } from './hand.ts';
export { BALANCE, isAtProvider, refusalKey, type Payment, type PaymentState } from './payment.ts';
export type {
  HttpAnswer,
  MethodToken,
  PaymentProvider,
  ProviderId,
  RawWebhook,
} from './provider.ts';
export { knock } from './knock.ts';
export { createPayments, type Payments } from './service.ts';
export { spendable, type TopUpWay, type Wallet } from './wallet.ts';
export { PAYMENTS_SEALED } from './sealed-columns.ts';
export { createNoticeStore, type NoticeStore } from './notice-store.ts';
export { createProviders } from './providers/registry.ts';
