import { domainToASCII } from 'node:url';

/** RFC 5321: 64 before the @, 254 in all. */
const LOCAL_MAX = 64;
const ADDRESS_MAX = 254;
/** Atoms and dots. Quoted local parts are legal, nobody has one, and they may hold anything. */
const LOCAL = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const DOMAIN = /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/;

/**
 * The address as mail is sent to it: trimmed, the domain in lower case and in its ASCII form.
 * Undefined when nothing can be sent there, or when the letters before the @ are not ASCII (they
 * look like other ones). What comes back holds no blank, no comma and no line break.
 */
export function readAddress(text: string): string | undefined {
  const trimmed = text.trim().normalize('NFC');
  const at = trimmed.lastIndexOf('@');
  const local = trimmed.slice(0, Math.max(at, 0));
  const domain = domainToASCII(trimmed.slice(at + 1));
  const address = `${local}@${domain}`;
  const fits = local.length <= LOCAL_MAX && address.length <= ADDRESS_MAX;
  return fits && LOCAL.test(local) && DOMAIN.test(domain) ? address : undefined;
}
