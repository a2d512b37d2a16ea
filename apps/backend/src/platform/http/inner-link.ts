import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { HEADERS } from '@opora/contracts';
import type { Secret } from '@opora/kernel';

export interface InnerLink {
  /** The call came from a role of ours (mostly: from anybody, through our gateway). */
  proves(headers: IncomingHttpHeaders): boolean;
  /** The call is a role's own: the internal token as bearer, or the header without a gateway. */
  isService(headers: IncomingHttpHeaders): boolean;
}

/** Without a token nothing is proved: a missing secret closes the link. */
export function createInnerLink(token: Secret | undefined): InnerLink {
  const expected = Buffer.from(token?.reveal() ?? '');

  function equals(value: string | string[] | undefined): boolean {
    if (typeof value !== 'string' || expected.length === 0) return false;
    const given = Buffer.from(value);
    return given.length === expected.length && timingSafeEqual(given, expected);
  }

  return {
    proves: (headers) => equals(headers[HEADERS.inner]),
    isService(headers) {
      const { authorization } = headers;
      if (authorization?.startsWith('Bearer ') === true) return equals(authorization.slice(7));
      // The gateway adds the token for everybody, and X-Forwarded-For always: that is the difference.
      return headers['x-forwarded-for'] === undefined && equals(headers[HEADERS.inner]);
    },
  };
}
