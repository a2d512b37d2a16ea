import { domainToASCII } from 'node:url';
import { EmailInvalid } from './errors.ts';

/** An address as it is compared, and as its owner wrote it. */
export type Email = Readonly<{ address: string; display: string }>;

const LOCAL = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const DOMAIN = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/;
const LOCAL_MAX = 64;

/**
 * One spelling per mailbox (security A10): trimmed, lower case, an international domain in its ASCII
 * form. Dots and `+tags` stay: they are other mailboxes at most hosts. Letters beyond ASCII before
 * the @ are refused, because two people could not tell them apart. Throws `EmailInvalid`.
 */
export function readEmail(text: string): Email {
  const display = text.trim().normalize('NFC');
  const at = display.lastIndexOf('@');
  const local = display.slice(0, at).toLowerCase();
  const domain = domainToASCII(display.slice(at + 1)).toLowerCase();
  const fits = at > 0 && local.length <= LOCAL_MAX && LOCAL.test(local) && DOMAIN.test(domain);
  if (!fits) throw new EmailInvalid('not an address we can use');
  return { address: `${local}@${domain}`, display };
}
