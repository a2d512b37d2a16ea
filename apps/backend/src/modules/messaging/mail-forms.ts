/** Which messages can go as mail, and what a mail has that a chat message has not. Data only. */

export type MailForm = Readonly<{
  /** A key of the words when the bot's own would read oddly in a mail. */
  body?: string;
  /** A label of the buttons, and the value that holds its address. */
  button?: Readonly<{ label: string; link: string }>;
  /** Reminders: the reader may ask for no more of them. */
  isReminder?: true;
  /** When it is older than this it says nothing useful any more; absent: after a day. */
  usefulMs?: number;
}>;

const MINUTE_MS = 60_000;
/** Codes and links of sign-in live about as long. */
const SHORT_MS = 15 * MINUTE_MS;

/**
 * Each has a subject among the words: `<template>.subject`. Values of those that are mail only:
 * code: code, until; invite: inviter, until, link; reset: until, link; nobody: link;
 * emailChanged: at, until, link; security: what (words of
 * `security.*`), at, link. The name of the product is added to all.
 */
export const MAIL_FORMS: Readonly<Record<string, MailForm>> = {
  'mail.code': { usefulMs: SHORT_MS },
  'mail.invite': { button: { label: 'acceptInvite', link: 'link' } },
  'mail.reset': { button: { label: 'newPassword', link: 'link' }, usefulMs: SHORT_MS },
  'mail.nobody': { button: { label: 'toSignIn', link: 'link' }, usefulMs: SHORT_MS },
  'mail.emailChanged': { button: { label: 'undoEmail', link: 'link' } },
  'mail.security': { button: { label: 'checkAccount', link: 'link' } },

  paid: { body: 'mail.paid', button: { label: 'connectDevice', link: 'link' } },
  extended: {},
  'paid.preparing': {},
  twice: {},
  late: {},
  toppedUp: {},
  'refund.balance': {},
  'staff.balance': {},
  declined: {},
  'renewal.soon': {},
  'renewal.done': {},
  'renewal.declined': {},
  'renewal.ended': {},
  refund: {},
  'access.refunded': {},
  'access.disputed': {},
  'access.restored': {},
  expiring: { isReminder: true },
  'away.extended': {},
  'away.returned': {},
  'staff.extended': {},
  'staff.granted': { body: 'mail.granted', button: { label: 'connectDevice', link: 'link' } },
  'staff.link': { body: 'mail.link', button: { label: 'connectDevice', link: 'link' } },
  'staff.revoked': {},
  'staff.banned': {},
  'staff.unbanned': {},
  'staff.message': {},
  security: { body: 'mail.security', button: { label: 'checkAccount', link: 'link' } },
  'alert.silent': { button: { label: 'openOverview', link: 'link' } },
  'alert.heard': { button: { label: 'openOverview', link: 'link' } },
  'alert.stillCharged': { button: { label: 'openPerson', link: 'link' } },
};

const USEFUL_MS = 24 * 60 * MINUTE_MS;

/** How long a message is worth sending, milliseconds. */
export function usefulMs(template: string): number {
  return MAIL_FORMS[template]?.usefulMs ?? USEFUL_MS;
}
