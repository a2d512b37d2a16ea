/** The shapes of the API by name, for those who serve and show them. */
export { ActDone, ActPreview, Consequence, DAYS_MAX, MESSAGE_MAX } from './acts.ts';
export { DOCUMENT_KINDS, ExtensionWire, HAND_STATES, HandPaymentWire } from './by-hand.ts';
export { AccessRow, OpenInvitation, REVIEW_DAYS } from './access.ts';
export { AuditWire, StaffRow, InvitationRow } from './audit.ts';
export {
  AccountWire,
  MailDayWire,
  PlanChange,
  PlanVersionWire,
  SettingWire,
  TransferRow,
} from './books.ts';
export {
  EXPORT_ROWS_MAX,
  PAGE_DEFAULT,
  PAGE_MAX,
  PersonBrief,
  REASON_MAX,
  REASON_MIN,
  TIMELINE_KINDS,
  TimelineEntry,
} from './shapes.ts';
export { OWN_SESSIONS_MAX, OwnSessionWire } from './own-sessions.ts';
export {
  DeviceWire,
  ORDER_PROGRESS,
  OrderProgressWire,
  OWN_PAYMENT_STATES,
  OwnPaymentWire,
  PayMethodWire,
} from './me.ts';
export {
  BALANCE_ENTRY_KINDS,
  BalanceEntryWire,
  RenewalWire,
  SavedMethodWire,
  TopUpWayWire,
} from './own-money.ts';
export { OrderDetails, OrderRow } from './orders.ts';
export {
  NOTICE_STATES,
  NoticeRow,
  PAYMENT_STATES,
  PaymentDetails,
  PaymentRow,
  RawNoticeWire,
  RefundWire,
  RefusalRow,
} from './payments.ts';
export { PersonMethodWire, PersonMoney, PersonRenewalWire } from './person-money.ts';
export { PersonDetails, PersonRow, SearchHit, SentMessageWire } from './people.ts';
export {
  KEY_DAYS_MAX,
  KEY_NETWORKS_MAX,
  KEYS_MAX,
  KeysWire,
  KeyWire,
  PASSKEYS_MAX,
  WaysWire,
} from './account.ts';
export {
  CUSTOMER_PASSWORD_MIN,
  PASSWORD_MAX,
  PASSWORD_MIN,
  SessionWire,
  SignInStep,
  type TelegramWordWire,
} from './session.ts';
export { DeliveryRow, SubscriptionRow } from './subscriptions.ts';
export type { ProviderOverviewWire } from './providers.ts';
export type { BookEntryWire, DifferenceWire, ReconciliationRunWire } from './reconciliation.ts';
export { BREAKER_STATES, ProviderHealthWire, SERIES_DAYS, TodayWire } from './today.ts';
export {
  STATUS_DAYS,
  STATUS_OUTAGES_MAX,
  STATUS_STATES,
  StatusDay,
  StatusWire,
  type StatusState,
} from './status.ts';
export {
  ServiceHealthWire,
  SystemFiguresWire,
  SystemHealthWire,
  SystemIncidentWire,
  SYSTEM_PATH,
} from './system.ts';
export { STATUS_PARTS, type StatusPart } from './status-parts.ts';
export {
  ANNOUNCEMENTS_MAX,
  AnnouncementWire,
  INCIDENT_STEPS,
  isGoingOn,
  TOUCHES,
  UPDATES_MAX,
  type IncidentStep,
  type Touches,
} from './announcements.ts';
export { BreakerWire, FORCED_MINUTES_MAX, FORCED_POSITIONS } from './breakers.ts';
