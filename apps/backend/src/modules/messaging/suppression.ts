import { createHash } from 'node:crypto';
import type { Suppression } from './mail-event.ts';
import type { AddressHash } from './repository-mail.ts';

/** Servers may differ `Anna@` from `anna@`, people do not: one row for both. */
export function hashOf(address: string): AddressHash {
  return createHash('sha256').update(address.toLowerCase()).digest('hex');
}

/** Does it keep this mail back? A person who wants no reminders still signs in by mail. */
export function keepsBack(reason: Suppression, isReminder: boolean): boolean {
  return reason !== 'unsubscribed' || isReminder;
}
