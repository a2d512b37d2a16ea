/**
 * What staff is told: once per fact, each who can act on it, by Telegram where they have linked it and
 * always by mail. When nobody has linked Telegram, the chat of the operators reads it instead.
 */
import { ROLE_PERMISSIONS, type StaffPermission } from '@opora/contracts';
import type { Language } from '@opora/kernel';
import type { Identity } from '../modules/identity/index.ts';
import type { Messaging, OutgoingMessage } from '../modules/messaging/index.ts';
import type { Database, Tx } from '../platform/db/index.ts';
import { text, type Payload } from './payload.ts';

export type StaffParts = Readonly<{
  db: Database;
  identity: Identity;
  messaging: Messaging;
  operators: Readonly<{
    /** Where staff opens the administration. */
    webUrl: string;
    /** The chat of the operators; undefined: there is none. */
    chatId: bigint | undefined;
    /** Of that chat, which nobody of the staff reads in a language of their own. */
    language: Language;
  }>;
}>;

/** Who can do something about a provider. */
const WHO: StaffPermission = 'providers:switch';

export function noticesStopped(parts: StaffParts, payload: Payload): Promise<void> {
  return tellStaff(parts, `silence:${text(payload, 'silenceId')}`, {
    template: 'alert.silent',
    values: {
      name: nameOf(payload),
      payments: { text: String(payload['payments']) },
      link: pageOf(parts),
    },
  });
}

export function noticesResumed(parts: StaffParts, payload: Payload): Promise<void> {
  return tellStaff(parts, `silence-over:${text(payload, 'silenceId')}`, {
    template: 'alert.heard',
    values: {
      name: nameOf(payload),
      since: { date: text(payload, 'since') },
      link: pageOf(parts),
    },
  });
}

/** As people know the provider, in the reader's language. */
function nameOf(payload: Payload): { words: string } {
  return { words: `method.${text(payload, 'provider')}` };
}

export function methodLeft(parts: StaffParts, payload: Payload): Promise<void> {
  return tellStaff(parts, `method-left:${text(payload, 'methodId')}`, {
    template: 'alert.stillCharged',
    values: {
      name: nameOf(payload),
      payment: { text: text(payload, 'paymentId') },
      link: pageOf(parts, `/admin/people/${text(payload, 'personId')}`),
    },
  });
}

function pageOf({ operators }: StaffParts, path = '/admin/providers'): { text: string } {
  return { text: new URL(path, operators.webUrl).href };
}

async function tellStaff(parts: StaffParts, key: string, message: OutgoingMessage): Promise<void> {
  const { db, identity, operators } = parts;
  const { members } = await identity.staff.list();
  const readers = await Promise.all(
    members
      .filter(({ state, role }) => state === 'active' && ROLE_PERMISSIONS[role].has(WHO))
      .map(({ personId }) => identity.contact(personId)),
  );
  await db.transaction(async (tx) => {
    let isRead = false;
    for (const reader of readers) {
      if (reader === undefined) continue;
      isRead = (await tellOne(parts, tx, { reader, key, message })) || isRead;
    }
    if (isRead || operators.chatId === undefined) return;
    const to = { chatId: operators.chatId, language: operators.language };
    await parts.messaging.post(tx, { ...message, ...to, key: `${key}:chat` });
  });
}

type Told = Readonly<{
  reader: NonNullable<Awaited<ReturnType<Identity['contact']>>>;
  key: string;
  message: OutgoingMessage;
}>;

/** True when they read it in Telegram. */
async function tellOne({ messaging }: StaffParts, tx: Tx, told: Told): Promise<boolean> {
  const { reader, key, message } = told;
  const { personId, language, telegramId, isBlocked, email } = reader;
  if (email !== undefined) {
    await messaging.mail(tx, { ...message, to: email, language, key: `${key}:mail:${personId}` });
  }
  if (telegramId === undefined || isBlocked) return false;
  await messaging.post(tx, {
    ...message,
    ...{ chatId: telegramId, language, key: `${key}:telegram:${personId}` },
  });
  return true;
}
