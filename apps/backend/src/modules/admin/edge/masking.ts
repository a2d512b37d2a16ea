import { UNMASKED_ROLES } from '@opora/contracts';
import type { FastifyRequest } from 'fastify';

/** An e-mail as this member of staff may see it: the others only see that there is one. */
export function emailFor(request: FastifyRequest, email: string | undefined): string | null {
  if (email === undefined) return null;
  return UNMASKED_ROLES.has(request.staff.role) ? email : maskEmail(email);
}

/** `o***@example.com`: enough to compare with what a customer says, not enough to write to. */
function maskEmail(email: string): string {
  const [name = '', domain = ''] = email.split('@', 2);
  return `${[...name][0] ?? ''}***@${domain}`;
}
