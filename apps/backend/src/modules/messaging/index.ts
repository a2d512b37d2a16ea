/**
 * Telling people what happened: a durable list of messages, each about one fact (its key), sent
 * through a channel until it was taken: Telegram where the person can be reached there, else mail.
 * Mail also goes to addresses of nobody in particular: codes, invitations. A message may be told
 * twice after a lost answer (a mail has the same Message-ID then), and is given up after a day;
 * money and access never depend on it.
 */
export { AddressInvalid, ChannelUnavailable } from './errors.ts';
export type { OutgoingMessage, SendOutcome } from './channel.ts';
export type { MessageListed } from './repository-admin.ts';
export { createMessaging, type MailWish, type Messaging, type MessageWish } from './service.ts';
export { createEmailChannel } from './channels/email.ts';
export { createTelegramChannel } from './channels/telegram.ts';
export { createSendgridReports } from './mail-events/sendgrid.ts';
