/** What really happened to a payment, from every module that saw a part of it, in order of time. */
import type { TimelineEntry } from '@opora/contracts';
import type { AuditEntry } from '../audit/index.ts';
import type { MessageListed } from '../messaging/index.ts';
import type { Order } from '../orders/index.ts';
import type { NoticeListed, Payment, RefusalListed } from '../payments/index.ts';
import type { AdminParts } from './deps.ts';
import { checkOf } from './refusals.ts';

type Kind = TimelineEntry['kind'];
type Tone = TimelineEntry['tone'];
type Entry = TimelineEntry;

/** Longest timeline that is answered. */
const ENTRIES_MAX = 500;
const NOTICES_MAX = 100;
const REFUSALS_MAX = 20;
const ACTS_MAX = 50;
const DETAIL_MAX = 500;

/** How each entry a payment wrote down itself is called and coloured. */
const EVENTS: Readonly<Record<string, readonly [Kind, Tone]>> = {
  created: ['created', 'plain'],
  sent: ['sent', 'plain'],
  /** The answer to our call was lost: nobody knows, so the provider is asked. */
  unknown: ['failed', 'warn'],
  refused: ['declined', 'bad'],
  asked: ['asked', 'info'],
  quarantined: ['refused', 'bad'],
  authorised: ['authorised', 'info'],
  settled: ['settled', 'good'],
  posted: ['posted', 'good'],
  failed: ['declined', 'bad'],
  cancelled: ['declined', 'plain'],
  expired: ['expired', 'plain'],
  'refund requested': ['refund_requested', 'info'],
  partly_refunded: ['refunded', 'info'],
  refunded: ['refunded', 'info'],
};

/** Of what happened in one instant the cause comes before its effect. */
const ORDER: readonly Kind[] = [
  'created',
  'sent',
  'notice',
  'refused',
  'act',
  'refund_requested',
  'asked',
  'authorised',
  'settled',
  'declined',
  'expired',
  'refunded',
  'posted',
  'granted',
  'delivered',
  'told',
  'failed',
  'other',
];

export type PaymentStory = Readonly<{ notices: readonly NoticeListed[]; timeline: Entry[] }>;

/** The timeline of one payment with the notices it is made of; every part is bounded. */
export async function paymentStory(
  parts: AdminParts,
  payment: Payment,
  order: Order,
): Promise<PaymentStory> {
  const [own, notices, refusals, acts, access] = await Promise.all([
    parts.payments.timeline(payment.id),
    noticesOf(parts, payment),
    refusalsOf(parts, payment),
    parts.audit.list({ subjectId: payment.id }, { limit: ACTS_MAX }),
    order.paymentId === payment.id ? accessEntries(parts, order) : [],
  ]);
  const told = await parts.messaging.admin.about(payment.personId, [
    ...['surplus', 'short', 'toppedUp', 'declined', 'refunded', 'credited'].map(
      (key) => `${key}:${payment.id}`,
    ),
    ...(order.paymentId === payment.id
      ? ['preparing', 'delivered'].map((key) => `${key}:${order.id}`)
      : []),
  ]);
  const timeline = [
    ...foldPosted(own.map(eventEntry)),
    ...notices.map(noticeEntry),
    ...refusals.map(refusalEntry),
    ...acts.items.map(actEntry),
    ...access,
    ...told.map(messageEntry),
  ];
  return { notices, timeline: inOrder(timeline) };
}

/** One after another; of one instant by cause and effect. */
export function inOrder(entries: readonly Entry[]): Entry[] {
  return entries
    .toSorted(
      (one, other) =>
        Date.parse(one.at) - Date.parse(other.at) ||
        ORDER.indexOf(one.kind) - ORDER.indexOf(other.kind),
    )
    .slice(0, ENTRIES_MAX);
}

async function noticesOf(parts: AdminParts, payment: Payment): Promise<readonly NoticeListed[]> {
  const { provider, reference } = payment;
  if (reference === undefined) return [];
  const page = await parts.payments.admin.notices({ provider, reference }, { limit: NOTICES_MAX });
  return page.items;
}

async function refusalsOf(parts: AdminParts, payment: Payment): Promise<readonly RefusalListed[]> {
  const { provider, reference } = payment;
  if (reference === undefined) return [];
  const filter = { provider, mentions: reference };
  return (await parts.payments.admin.refusals(filter, { limit: REFUSALS_MAX })).items;
}

/** What became of the access that the payment bought. */
async function accessEntries(parts: AdminParts, order: Order): Promise<Entry[]> {
  const delivery = await parts.provisioning.delivery(order.id);
  if (delivery !== undefined) {
    const detail = `panel user ${delivery.username}, subscription ${delivery.subscriptionId}`;
    return [entry(delivery.deliveredAt, ['delivered', 'good'], detail)];
  }
  const subscription = (await parts.subscriptions.ofPerson(order.personId)).find(
    ({ product }) => product === order.product,
  );
  if (subscription === undefined) return [];
  const account = (await parts.provisioning.accounts([subscription.id])).get(subscription.id);
  if (account?.lastError === undefined) return [];
  const detail = `delivery tried ${String(account.attempts)} times: ${account.lastError}`;
  return [entry(account.updatedAt, ['failed', 'bad'], detail)];
}

function eventEntry(event: { at: Date; kind: string; detail: string }): Entry {
  const [kind, tone] = EVENTS[event.kind] ?? ['other', 'plain'];
  const detail = kind === 'other' ? `${event.kind}: ${event.detail}` : event.detail;
  return entry(event.at, [kind, tone], detail);
}

/** The transfers of one moment are one fact: they were posted together or not at all. */
function foldPosted(entries: readonly Entry[]): Entry[] {
  const folded: Entry[] = [];
  for (const each of entries) {
    const last = folded.at(-1);
    if (each.kind === 'posted' && last?.kind === 'posted' && last.at === each.at) {
      folded[folded.length - 1] = { ...last, detail: cut(`${last.detail}; ${each.detail}`) };
    } else folded.push(each);
  }
  return folded;
}

function noticeEntry(notice: NoticeListed): Entry {
  const proof = notice.confirmed ? 'proven' : 'address or form ok, not yet proof';
  const outcome = notice.outcome ?? notice.state;
  const tone = notice.state === 'quarantined' ? 'bad' : 'plain';
  return {
    ...entry(notice.firstReceivedAt, ['notice', tone], `${notice.event}, ${proof}, ${outcome}`),
    noticeId: notice.id,
    repeats: notice.receipts - 1,
  };
}

function refusalEntry(refusal: RefusalListed): Entry {
  return {
    ...entry(refusal.receivedAt, ['refused', 'bad'], `${refusal.reason}: ${refusal.detail}`),
    noticeId: refusal.id,
    check: checkOf(refusal.reason),
  };
}

function actEntry(act: AuditEntry): Entry {
  const detail = `${act.act} by ${act.actorName}: ${act.reason ?? ''}`;
  return entry(act.at, ['act', act.result === 'done' ? 'info' : 'warn'], detail);
}

const MESSAGE_TONES: Readonly<Record<MessageListed['state'], readonly [Kind, Tone]>> = {
  waiting: ['other', 'warn'],
  sent: ['told', 'good'],
  delivered: ['told', 'good'],
  bounced: ['failed', 'bad'],
  blocked: ['failed', 'warn'],
  failed: ['failed', 'bad'],
};

function messageEntry(message: MessageListed): Entry {
  const [kind, tone] = MESSAGE_TONES[message.state];
  const { channel, template, state, reference, error } = message;
  const detail = [`${channel} ${template}: ${state}`, reference, error]
    .filter((part) => part !== undefined)
    .join(', ');
  return entry(message.finishedAt ?? message.createdAt, [kind, tone], detail);
}

export function entry(at: Date, [kind, tone]: readonly [Kind, Tone], detail: string): Entry {
  return { at: at.toISOString(), kind, tone, detail: cut(detail), noticeId: null, repeats: 0 };
}

function cut(detail: string): string {
  return detail.slice(0, DETAIL_MAX);
}
