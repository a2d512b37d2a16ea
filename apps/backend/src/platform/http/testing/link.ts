import { randomBytes } from 'node:crypto';
import { Secret, type Clock } from '@opora/kernel';
import { createInnerLink, type InnerLink } from '../index.ts';

/** The keys that the roles of a test share, as their setting has them. */
export const SERVICE_KEYS = `test:${randomBytes(32).toString('base64')}`;

/** The link of one role of a test. */
export function linkOf(role: string, clock: Clock): InnerLink {
  return createInnerLink({ role, keys: () => new Secret(SERVICE_KEYS), clock });
}
