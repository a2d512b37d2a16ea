import { DomainError, OperationalError } from '@opora/kernel';

/** No answer, 5xx, or 429 with the wait Telegram asked for: may pass. */
export class TelegramUnavailable extends OperationalError {
  readonly code = 'telegram.unavailable';
}

/** It says something of Telegram itself: no answer or 5xx. A wait it asked for and a wrong token do not. */
export function isTelegramAway(error: unknown): boolean {
  if (!(error instanceof TelegramUnavailable)) return false;
  const { status } = error.facts;
  return typeof status !== 'number' || status >= 500;
}

/** Telegram answered 4xx: repeating the same call changes nothing. */
export class TelegramRefused extends DomainError {
  readonly code = 'telegram.refused';
  readonly kind = 'conflict';
  readonly status: number;
  /** Telegram's own words. */
  readonly description: string;
  /** The group became a supergroup with this id. */
  readonly migratedTo: number | undefined;

  constructor(
    method: string,
    answer: { status: number; description: string; migratedTo?: number | undefined },
  ) {
    super(`${method}: ${String(answer.status)} ${answer.description}`);
    this.status = answer.status;
    this.description = answer.description;
    this.migratedTo = answer.migratedTo;
  }
}

/** The person blocked the bot, deleted the account or never started a chat. */
export function isBlockedByPerson(error: unknown): boolean {
  if (!(error instanceof TelegramRefused)) return false;
  return error.status === 403 || says(error, /chat not found|PEER_ID_INVALID/i);
}

/** Our markup is not what Telegram reads: the words can still go as plain text. */
export function isEntityFault(error: unknown): boolean {
  return says(error, /can't parse entities|can't find end/i);
}

/** The message shows this already. */
export function isNotModified(error: unknown): boolean {
  return says(error, /message is not modified/i);
}

/** The message to edit was deleted or may not be edited any more. */
export function isMessageGone(error: unknown): boolean {
  return says(error, /message to edit not found|message can't be edited|MESSAGE_ID_INVALID/i);
}

/** The tap waited too long (or was answered before): its spinner has ended by itself. */
export function isQueryTooOld(error: unknown): boolean {
  return says(error, /query is too old|query ID is invalid|QUERY_ID_INVALID/i);
}

/** 409 to `getUpdates`: who gets the updates of this bot instead of the one who asked. */
export function receiverInstead(error: unknown): 'webhook' | 'poller' | undefined {
  if (!(error instanceof TelegramRefused) || error.status !== 409) return undefined;
  return /webhook is active/i.test(error.description) ? 'webhook' : 'poller';
}

function says(error: unknown, words: RegExp): boolean {
  return error instanceof TelegramRefused && error.status === 400 && words.test(error.description);
}
