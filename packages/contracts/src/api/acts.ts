/**
 * What staff may do. Every act is asked twice: `preview` says what it will change before anything
 * is pressed, the act itself needs a reason and an `Idempotency-Key` (born when the dialog opens), so
 * that two presses are one act. What moves money or rights needs a fresh second factor.
 */
import { z } from 'zod';
import { STAFF_ROLES, type StaffPermission } from '../staff.ts';
import { MoneyWire } from '../wire.ts';
import {
  ANNOUNCED_TEXT_MAX,
  ANNOUNCED_TITLE_MAX,
  INCIDENT_STEPS,
  TOUCHES,
} from './announcements.ts';
import { FORCED_MINUTES_MAX, FORCED_POSITIONS } from './breakers.ts';
import { PlanChange } from './books.ts';
import { DOCUMENT_KINDS } from './by-hand.ts';
import { REFUND_TARGETS } from './payments.ts';
import { Day, exampleIds, Id, Instant, REASON_MAX, REASON_MIN, Words } from './shapes.ts';
import { endpoint } from './endpoint.ts';

export const DAYS_MAX = 3660;
export const MESSAGE_MAX = 700;
/** Days for everybody are for an outage, not for a season. */
export const EXTEND_ALL_DAYS_MAX = 31;
export const ENDED_HOURS_MAX = 336;

const Reason = z.string().trim().min(REASON_MIN).max(REASON_MAX);
const Days = z.int().min(1).max(DAYS_MAX);

export const Consequence = z.object({
  kind: z.enum(['money', 'access', 'message', 'rights', 'note']),
  text: Words,
});
export type Consequence = z.infer<typeof Consequence>;

export const ActPreview = z.object({
  /** Verb and object: the title of the dialog. */
  title: Words,
  /** The same verb: the label of the button. */
  verb: Words,
  consequences: z.array(Consequence).max(12),
  needsStepUp: z.boolean(),
  isDangerous: z.boolean(),
});
export type ActPreview = z.infer<typeof ActPreview>;

export const ActDone = z.object({
  auditId: Id,
  /** False: this very act (same key) had been done before; nothing was done again. */
  isFirst: z.boolean(),
  /** What is still under way, such as a refund the provider has not finished. */
  note: Words.nullable(),
});
export type ActDone = z.infer<typeof ActDone>;

const preview: ActPreview = {
  title: { ru: 'Закрыть доступ: Olga?', en: 'Ban Olga?' },
  verb: { ru: 'Закрыть доступ', en: 'Ban' },
  consequences: [
    { kind: 'access', text: { ru: 'Доступ выключится', en: 'Access is switched off' } },
  ],
  needsStepUp: false,
  isDangerous: true,
};
const done: ActDone = { auditId: exampleIds.audit, isFirst: true, note: null };
const reason = 'asked by the customer';

/** The pair of endpoints of one act; `wish` is what the act needs to know besides the reason. */
function act<Wish extends z.ZodRawShape>(
  name: string,
  permission: StaffPermission,
  about: string,
  wish: { shape: Wish; example: z.input<z.ZodObject<Wish>>; under?: string },
) {
  const { under = '/api/v1/admin/acts' } = wish;
  const Wish = z.strictObject(wish.shape);
  const Order = z.strictObject({ ...wish.shape, reason: Reason });
  return {
    name,
    preview: endpoint({
      method: 'POST',
      path: `${under}/${name}/preview`,
      permission,
      about: `What would change: ${about}`,
      previews: true,
      body: Wish,
      answer: ActPreview,
      example: { body: wish.example, answer: preview },
    }),
    perform: endpoint({
      method: 'POST',
      path: `${under}/${name}`,
      permission,
      about,
      keyed: true,
      body: Order,
      answer: ActDone,
      example: {
        body: { ...wish.example, reason } as z.input<typeof Order>, // the same fields, which the compiler cannot join
        answer: done,
      },
    }),
  };
}

/** An act that another role than the api serves, under an address of its own. */
export function actElsewhere<Wish extends z.ZodRawShape>(given: {
  name: string;
  permission: StaffPermission;
  about: string;
  under: string;
  shape: Wish;
  example: z.input<z.ZodObject<Wish>>;
}) {
  return act(given.name, given.permission, given.about, given);
}

const aboutPerson = { shape: { personId: Id }, example: { personId: exampleIds.person } };
const aboutSubscription = {
  shape: { subscriptionId: Id },
  example: { subscriptionId: exampleIds.subscription },
};

const aboutHand = { shape: { handId: Id }, example: { handId: exampleIds.hand } };

/** The sum and the paper that proves it; one paper counts once. */
const byDocument = {
  amount: MoneyWire.refine(({ minor }) => BigInt(minor) > 0n, 'more than nothing'),
  documentKind: z.enum(DOCUMENT_KINDS),
  documentNumber: z
    .string()
    .trim()
    .regex(/^[\p{L}\p{N}№#./ -]{1,64}$/u),
};
const exampleDocument = {
  amount: { minor: '19900', currency: 'RUB' as const },
  documentKind: 'transfer' as const,
  documentNumber: '1042',
};

const aboutProvider = {
  shape: { provider: z.string().regex(/^[a-z]{2,16}$/) },
  example: { provider: 'yookassa' },
};

const told = {
  titleRu: z.string().trim().min(1).max(ANNOUNCED_TITLE_MAX),
  titleEn: z.string().trim().min(1).max(ANNOUNCED_TITLE_MAX),
  textRu: z.string().trim().min(1).max(ANNOUNCED_TEXT_MAX),
  textEn: z.string().trim().min(1).max(ANNOUNCED_TEXT_MAX),
  touches: z.enum(TOUCHES),
};
const exampleTold = {
  ...{ titleRu: 'Карты медленнее', titleEn: 'Cards are slow', touches: 'buying' as const },
  ...{ textRu: 'Разбираемся.', textEn: 'We are looking into it.' },
};

export const acts = {
  ban: act('people.ban', 'people:ban', 'Closes an account; access is switched off.', aboutPerson),
  unban: act('people.unban', 'people:ban', 'Opens an account again.', aboutPerson),
  signOut: act(
    'people.sign_out',
    'sessions:end',
    'Ends every session of a person; the account stays open.',
    aboutPerson,
  ),
  signOutEverybody: act(
    'sessions.end_all',
    'sessions:end',
    'Ends every session of everybody, the own one too.',
    { shape: {}, example: {} },
  ),
  message: act('people.message', 'people:message', 'Writes to a person.', {
    shape: { personId: Id, text: z.string().trim().min(1).max(MESSAGE_MAX) },
    example: { personId: exampleIds.person, text: 'We have mended it.' },
  }),
  extend: act('subscriptions.extend', 'subscriptions:extend', 'Adds days to a subscription.', {
    shape: { subscriptionId: Id, days: Days },
    example: { subscriptionId: exampleIds.subscription, days: 7 },
  }),
  grant: act('subscriptions.grant', 'subscriptions:grant', 'Gives a plan without a payment.', {
    shape: { personId: Id, planId: Id, days: Days },
    example: { personId: exampleIds.person, planId: exampleIds.plan, days: 30 },
  }),
  revoke: act(
    'subscriptions.revoke',
    'subscriptions:revoke',
    'Ends access now.',
    aboutSubscription,
  ),
  refund: act('payments.refund', 'payments:refund', 'Gives money back.', {
    /** `balance`: to the customer's balance; what the balance paid goes there in any case. */
    shape: { paymentId: Id, amount: MoneyWire, target: z.enum(REFUND_TARGETS).optional() },
    example: { paymentId: exampleIds.payment, amount: { minor: '19900', currency: 'RUB' } },
  }),
  adjust: act('balance.adjust', 'payments:refund', 'Adds to a balance by hand, or takes from it.', {
    shape: {
      personId: Id,
      direction: z.enum(['credit', 'debit']),
      amount: MoneyWire.refine(({ minor }) => BigInt(minor) > 0n, 'more than nothing'),
    },
    example: {
      personId: exampleIds.person,
      direction: 'credit' as const,
      amount: { minor: '10000', currency: 'RUB' as const },
    },
  }),
  look: act('payments.look', 'payments:look', 'Asks the provider about a payment now.', {
    shape: { paymentId: Id },
    example: { paymentId: exampleIds.payment },
  }),
  enterPayment: act(
    'payments.enter',
    'payments:enter',
    'Enters money that came for an order, from its document; above the limit a second person confirms.',
    {
      shape: { orderId: Id, ...byDocument },
      example: { orderId: exampleIds.order, ...exampleDocument },
    },
  ),
  enterForPlan: act(
    'payments.enter_for_plan',
    'payments:enter',
    'The same for a person without an order: the order of the plan is placed with it.',
    {
      shape: { personId: Id, planId: Id, ...byDocument },
      example: { personId: exampleIds.person, planId: exampleIds.plan, ...exampleDocument },
    },
  ),
  confirmPayment: act(
    'payments.confirm',
    'payments:enter',
    'Confirms a payment that another member of staff entered by hand.',
    aboutHand,
  ),
  rejectPayment: act(
    'payments.reject',
    'payments:enter',
    'Rejects a payment by hand that waits for its second person.',
    aboutHand,
  ),
  refundByHand: act(
    'payments.refund_by_hand',
    'payments:refund',
    'Enters that money of a payment by hand was given back, from its document.',
    {
      shape: { paymentId: Id, ...byDocument },
      example: { paymentId: exampleIds.payment, ...exampleDocument },
    },
  ),
  extendAll: act(
    'subscriptions.extend_all',
    'subscriptions:extend_all',
    'Adds days to everybody whose term runs, or ended in the last hours.',
    {
      shape: {
        days: z.int().min(1).max(EXTEND_ALL_DAYS_MAX),
        endedHours: z.int().min(0).max(ENDED_HOURS_MAX),
      },
      example: { days: 3, endedHours: 48 },
    },
  ),
  undoExtendAll: act(
    'subscriptions.undo_extend_all',
    'subscriptions:extend_all',
    'Takes back what an extension of everybody gave and is not used up.',
    { shape: { extensionId: Id }, example: { extensionId: exampleIds.extension } },
  ),
  switchOff: act(
    'providers.switch_off',
    'providers:switch',
    'Switches a way to pay off at once.',
    aboutProvider,
  ),
  switchOn: act(
    'providers.switch_on',
    'providers:switch',
    'Switches a way to pay on again.',
    aboutProvider,
  ),
  reconcile: act(
    'payments.reconcile',
    'payments:reconcile',
    "Compares a provider's book of a day with ours now.",
    {
      shape: { ...aboutProvider.shape, day: Day },
      example: { ...aboutProvider.example, day: '2026-11-23' },
    },
  ),
  retry: act('deliveries.retry', 'deliveries:retry', 'Tries a delivery now.', aboutSubscription),
  resend: act(
    'subscriptions.resend',
    'deliveries:retry',
    'Sends the link again.',
    aboutSubscription,
  ),
  publish: act('plans.publish', 'plans:write', 'Publishes a new version of a plan.', {
    shape: { planId: Id, change: PlanChange },
    example: {
      planId: exampleIds.plan,
      change: {
        title: { ru: '1 месяц', en: '1 month' },
        termDays: 30,
        devices: 3,
        trafficBytes: '107374182400',
        prices: [{ minor: '24900', currency: 'RUB' as const }],
      },
    },
  }),
  invite: act('staff.invite', 'staff:write', 'Invites somebody to the staff by e-mail.', {
    shape: { email: z.email().max(254), role: z.enum(STAFF_ROLES) },
    example: { email: 'helper@example.com', role: 'support' as const },
  }),
  setRole: act('staff.set_role', 'staff:write', 'Changes the role of a member of staff.', {
    shape: { personId: Id, role: z.enum(STAFF_ROLES) },
    example: { personId: exampleIds.staff, role: 'finance' as const },
  }),
  disable: act(
    'staff.disable',
    'staff:write',
    'Ends the access of a member of staff.',
    aboutPerson,
  ),
  tellIncident: act(
    'announcements.incident',
    'announcements:write',
    'Tells customers of an incident.',
    { shape: told, example: exampleTold },
  ),
  updateIncident: act(
    'announcements.update',
    'announcements:write',
    'Tells how far an incident is; `resolved` ends it.',
    {
      shape: {
        announcementId: Id,
        step: z.enum(INCIDENT_STEPS),
        ...{ textRu: told.textRu, textEn: told.textEn },
      },
      example: {
        ...{ announcementId: exampleIds.announcement, step: 'watching' as const },
        ...{ textRu: 'Исправлено, смотрим.', textEn: 'Mended, we are watching.' },
      },
    },
  ),
  planMaintenance: act(
    'announcements.maintenance',
    'announcements:write',
    'Tells customers when work is planned and what it touches.',
    {
      shape: { ...told, from: Instant, to: Instant },
      example: {
        ...exampleTold,
        ...{ from: '2026-11-25T01:00:00.000Z', to: '2026-11-25T02:00:00.000Z' },
      },
    },
  ),
  endMaintenance: act(
    'announcements.end',
    'announcements:write',
    'Ends a maintenance that goes on, or takes a planned one back.',
    {
      shape: { announcementId: Id },
      example: { announcementId: exampleIds.announcement },
    },
  ),
  forceBreaker: act(
    'breakers.force',
    'breakers:force',
    'Holds the breakers round a dependency open or closed for a time, or releases them.',
    {
      shape: {
        dependency: z.string().regex(/^[a-z]{2,16}(-\d{1,3})?$/),
        position: z.enum([...FORCED_POSITIONS, 'released']),
        minutes: z.int().min(1).max(FORCED_MINUTES_MAX),
      },
      example: { dependency: 'panel', position: 'open' as const, minutes: 30 },
    },
  ),
} as const;
