/**
 * Telling people what happened: a durable list of messages, each about one fact (its key), sent
 * through a channel until it was taken. A message may be told twice after a lost answer, and is
 * given up after a day; money and access never depend on it.
 */
export { ChannelUnavailable } from './errors.ts';
export type { Channel, OutgoingMessage, SendOutcome } from './channel.ts';
export { createMessaging, type Messaging, type MessageWish } from './service.ts';
export { createTelegramChannel } from './channels/telegram.ts';
