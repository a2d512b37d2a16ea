/**
 * PORT: a way to reach a person. The channel turns a template and its values into words of the
 * person's language and sends them to an address of its own kind: a number, a mail address.
 */
import type { Language } from '@opora/kernel';

/** A value of a template, formatted by the words of its language where it is shown. */
export type MessageValue =
  | Readonly<{ text: string }>
  | Readonly<{ number: number }>
  | Readonly<{ money: Readonly<{ minor: string; currency: string }> }>
  /** ISO 8601 with Z. */
  | Readonly<{ date: string }>
  | Readonly<{ days: number }>
  /** Bytes as decimal text; `0` reads "unlimited". */
  | Readonly<{ bytes: string }>
  /** A key of the product's words: a translated part inside a message. */
  | Readonly<{ words: string }>;

export type OutgoingMessage = Readonly<{
  /** A key of the product's messages: `paid`, `extended`, `twice` ... */
  template: string;
  values: Readonly<Record<string, MessageValue>>;
}>;

/** Where a person can be told something: Telegram first, mail when that does not reach them. */
export type Recipient = Readonly<{
  language: Language;
  telegramId?: bigint | undefined;
  /** Blocked our bot. */
  isBlocked?: boolean | undefined;
  /** Confirmed by the person, as `readAddress` gave it. */
  email?: string | undefined;
}>;

export type SendOutcome =
  | Readonly<{ outcome: 'sent'; reference: string }>
  /** The person blocked us or is gone: nothing is sent until they come back. */
  | Readonly<{ outcome: 'blocked' }>
  /** Nobody is there: nothing will reach this address, and that is no fault of ours. */
  | Readonly<{ outcome: 'unreachable'; reason: string }>
  /** The channel will never take this message: a bug of ours, staff is told. */
  | Readonly<{ outcome: 'refused'; reason: string }>;

export interface Channel<Address> {
  /**
   * `id` is the message's: the same however often it is sent. Throws `ChannelUnavailable` (with
   * `retryAfterMs` when told) for anything that may pass.
   */
  send(
    to: Readonly<{ address: Address; language: Language }>,
    message: OutgoingMessage & Readonly<{ id: string }>,
  ): Promise<SendOutcome>;
}

export type Channels = Readonly<{ telegram: Channel<bigint>; email: Channel<string> }>;
export type ChannelName = keyof Channels;
