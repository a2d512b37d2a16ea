/**
 * PORT: a way to reach a person. The channel turns a template and its values into words of the
 * person's language and sends them.
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

export type Recipient = Readonly<{ telegramId: bigint; language: Language }>;

export type SendOutcome =
  | Readonly<{ outcome: 'sent'; reference: string }>
  /** The person blocked us or is gone: nothing is sent until they come back. */
  | Readonly<{ outcome: 'blocked' }>
  /** The channel will never take this message: a bug of ours, staff is told. */
  | Readonly<{ outcome: 'refused'; reason: string }>;

export interface Channel {
  /** Throws `ChannelUnavailable` (with `retryAfterMs` when told) for anything that may pass. */
  send(recipient: Recipient, message: OutgoingMessage): Promise<SendOutcome>;
}
