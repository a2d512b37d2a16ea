/** One message on its way: whom it reaches, through which channel, and how it ended. */
import type { Language } from '@opora/kernel';
import type { ChannelName, SendOutcome } from './channel.ts';
import type { MessagingDeps } from './deps.ts';
import { MAIL_FORMS, usefulMs } from './mail-forms.ts';
import { finishMessage, takeWaiting, type Message } from './repository.ts';
import { insertSuppressions, selectSuppression } from './repository-mail.ts';
import { hashOf, keepsBack } from './suppression.ts';

type Delivered = Readonly<{
  result: SendOutcome;
  via: Readonly<{ channel: ChannelName; address: string | undefined }> | undefined;
}>;

export async function sendMessage(deps: MessagingDeps, messageId: string): Promise<void> {
  const message = await takeWaiting(deps.db.read, messageId);
  if (message === undefined) return;
  const { result, via } = await deliver(deps, message);
  const facts = { messageId, ...personOf(message), template: message.template, ...result };
  if (result.outcome === 'refused') deps.log.error(facts, 'a message was given up');
  if (result.outcome === 'unreachable') deps.log.info(facts, 'a message reaches nobody');
  const isGivenUp = result.outcome === 'refused' || result.outcome === 'unreachable';
  await finishMessage(deps.db.read, {
    id: messageId,
    state: isGivenUp ? 'failed' : result.outcome,
    via,
    reference: result.outcome === 'sent' ? result.reference : undefined,
    error: isGivenUp ? result.reason : undefined,
    at: deps.clock.now(),
  });
  if (via?.channel === 'email') deps.counted(isGivenUp ? 'failed' : 'sent', message.template);
}

/** For the log: who it is about; an address is no name. */
function personOf({ reader }: Message): { personId?: string } {
  return 'personId' in reader ? { personId: reader.personId } : {};
}

async function deliver(deps: MessagingDeps, message: Message): Promise<Delivered> {
  const ageMs = deps.clock.now().getTime() - message.createdAt.getTime();
  if (ageMs > usefulMs(message.template)) return nobody({ outcome: 'refused', reason: 'too old' });
  const { reader } = message;
  if ('address' in reader) return byMail(deps, message, reader);
  if ('chatId' in reader) {
    const to = { address: reader.chatId, language: reader.language };
    const result = await deps.channels.telegram.send(to, message);
    return { result, via: { channel: 'telegram', address: undefined } };
  }

  const recipient = await deps.recipientOf(reader.personId);
  const { telegramId, isBlocked = false, email } = recipient ?? {};
  if (recipient === undefined || (telegramId === undefined && email === undefined)) {
    return nobody({ outcome: 'refused', reason: 'no address' });
  }
  const { language } = recipient;
  if (telegramId !== undefined && !isBlocked) {
    const result = await deps.channels.telegram.send({ address: telegramId, language }, message);
    if (result.outcome === 'blocked') await deps.blocked(telegramId);
    const isReached = result.outcome !== 'blocked' || email === undefined;
    if (isReached) return { result, via: { channel: 'telegram', address: undefined } };
  }
  if (email !== undefined) return byMail(deps, message, { address: email, language });
  return nobody({ outcome: 'blocked' });
}

const nobody = (result: SendOutcome): Delivered => ({ result, via: undefined });

async function byMail(
  deps: MessagingDeps,
  message: Message,
  to: Readonly<{ address: string; language: Language }>,
): Promise<Delivered> {
  const via = { channel: 'email', address: to.address } as const;
  const hash = hashOf(to.address);
  const kept = await selectSuppression(deps.db.read, hash);
  const isReminder = MAIL_FORMS[message.template]?.isReminder === true;
  if (kept !== undefined && keepsBack(kept, isReminder)) {
    return { result: { outcome: 'unreachable', reason: `the address is ${kept}` }, via };
  }
  const result = await deps.channels.email.send(to, message);
  if (result.outcome === 'unreachable') {
    await insertSuppressions(deps.db.read, new Map([[hash, 'bounced']]), deps.clock.now());
  }
  return { result, via };
}
