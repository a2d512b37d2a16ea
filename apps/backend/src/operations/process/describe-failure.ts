import { DomainError } from '@opora/kernel';

/**
 * What the person at the terminal reads: one line for what they can mend (a refusal of ours, a
 * busy port), the whole stack for what only we can.
 */
export function describeFailure(error: unknown): string {
  if (error instanceof DomainError) return error.message;
  if (!(error instanceof Error)) return String(error);
  if ('code' in error && error.code === 'EADDRINUSE') {
    const port = 'port' in error ? String(error.port) : 'it wants';
    return `port ${port} is taken by another program: end it, or move every port with OPORA_PORT_BASE`;
  }
  return error.stack ?? error.message;
}
