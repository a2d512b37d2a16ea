/**
 * Mail over SMTP: any server that speaks it, SendGrid's included. It knows letters and addresses,
 * nothing of our business.
 * Promises: a send ends within 30 s and is not repeated here; one id is one mail (its Message-ID
 * is made of it), however often it is sent after a lost answer; no text reaches a header with a
 * line break in it; with a test inbox nothing leaves for any other address; links are not rewritten
 * and no picture is loaded; user and password are in no error and in no log.
 */
export { readAddress } from './address.ts';
export { MailUnavailable } from './errors.ts';
export { renderLetter, type Letter } from './letter.ts';
export { createMailer, type Mail, type Mailer, type MailOutcome } from './mailer.ts';
