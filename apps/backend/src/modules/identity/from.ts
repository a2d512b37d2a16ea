import type { Language } from '@opora/kernel';
import { SYSTEM, type Actor } from '../audit/index.ts';

/** Who is at the other end of a sign-in, as the edge sees them; none of it proves anything. */
export type From = Readonly<{
  /** By the trusted-hop rule. */
  address: string;
  userAgent: string | undefined;
  requestId: string;
  /** The cookie of a device, as it came. */
  device: string | undefined;
  language: Language;
  /** The gateway's second try of one press. */
  isAgain?: boolean;
}>;

/** The person acts for themselves. */
export function selfFrom(person: { personId: string; name: string }, from: From): Actor {
  return { ...strangerFrom(from), id: person.personId, name: person.name };
}

/** Nobody has proved to be anybody yet. */
export function strangerFrom(from: From): Actor {
  return { ...SYSTEM, requestId: from.requestId, remoteAddress: from.address };
}
