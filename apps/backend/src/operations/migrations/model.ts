/** Every table of the platform: the model migrations are generated from. Loaded by commands only. */
import { BotChat, BotUpdate } from '../../bot/schema.ts';
import { AnnouncementRow, AnnouncementUpdateRow } from '../../modules/announcements/schema.ts';
import { AuditEntry, AuditSeal, AuditUnsealed } from '../../modules/audit/schema.ts';
import { Plan, PlanPrice, PlanVersion } from '../../modules/catalog/schema.ts';
import {
  LoginLink,
  Person,
  PersonIdentity,
  Revocation,
  Session,
} from '../../modules/identity/schema.ts';
import {
  OwnerCode,
  PasswordCredential,
  PersonEmail,
  RecoveryCode,
  SignInChallenge,
  SignInThrottle,
  StaffInvitation,
  StaffMember,
  TotpCredential,
} from '../../modules/identity/schema-staff.ts';
import { ApiKey, Passkey, UsedTelegramProof } from '../../modules/identity/schema-ways.ts';
import { LedgerAccount, LedgerTransfer } from '../../modules/ledger/schema.ts';
import { MailEventRow, MailSuppression, Message } from '../../modules/messaging/schema.ts';
import { CustomerOrder } from '../../modules/orders/schema.ts';
import {
  Payment,
  PaymentEvent,
  PaymentNotice,
  PaymentRefusal,
  ProviderSwitch,
  Refund,
  SavedMethod,
} from '../../modules/payments/schema.ts';
import {
  ReconciliationDifference,
  ReconciliationRun,
} from '../../modules/payments/schema-reconciliation.ts';
import { HandPaymentRow } from '../../modules/payments/schema-hand.ts';
import { ProviderSilence } from '../../modules/payments/schema-silence.ts';
import { Delivery, PanelAccountRow, PanelEventRow } from '../../modules/provisioning/schema.ts';
import { RenewalRow, Subscription, SubscriptionGrant } from '../../modules/subscriptions/schema.ts';
import { MassExtensionRow } from '../../modules/subscriptions/schema-mass.ts';
import { BreakerForceRow, BreakerStateRow } from '../../platform/breaker/schema.ts';
import { ProcessLease, WorkerLease } from '../../platform/jobs/schema.ts';

export const model = [
  AnnouncementRow,
  AnnouncementUpdateRow,
  AuditEntry,
  AuditSeal,
  AuditUnsealed,
  Person,
  PersonIdentity,
  Session,
  Revocation,
  LoginLink,
  StaffMember,
  PersonEmail,
  PasswordCredential,
  TotpCredential,
  RecoveryCode,
  SignInChallenge,
  StaffInvitation,
  OwnerCode,
  SignInThrottle,
  UsedTelegramProof,
  Passkey,
  ApiKey,
  Plan,
  PlanVersion,
  PlanPrice,
  LedgerAccount,
  LedgerTransfer,
  CustomerOrder,
  Payment,
  PaymentNotice,
  PaymentRefusal,
  PaymentEvent,
  ProviderSwitch,
  Refund,
  ReconciliationRun,
  ReconciliationDifference,
  SavedMethod,
  HandPaymentRow,
  ProviderSilence,
  Subscription,
  SubscriptionGrant,
  RenewalRow,
  MassExtensionRow,
  PanelAccountRow,
  Delivery,
  PanelEventRow,
  Message,
  MailEventRow,
  MailSuppression,
  BotUpdate,
  BotChat,
  BreakerStateRow,
  BreakerForceRow,
  WorkerLease,
  ProcessLease,
];
