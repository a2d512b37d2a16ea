import { DomainError } from '@opora/kernel';

/** The embedded server cannot run here; the message is one line that says what to do about it. */
export class PostgresRefused extends DomainError {
  readonly code = 'postgres.refused';
  readonly kind = 'unavailable';
}

/** What PostgreSQL's own last words mean for the person who started the platform. */
export function explainRefusal(
  output: readonly string[],
  place: { folder: string; port?: number },
): PostgresRefused {
  const text = output.join('\n');
  const last = output.findLast((line) => /FATAL|PANIC|error/i.test(line)) ?? output.at(-1);
  return new PostgresRefused(meaningOf(text, place) ?? `PostgreSQL did not start: ${last ?? text}`);
}

function meaningOf(text: string, place: { folder: string; port?: number }): string | undefined {
  if (/No space left on device|ENOSPC/.test(text)) {
    return `the disk that holds ${place.folder} is full: free some space and start again`;
  }
  if (/Address already in use|EADDRINUSE/.test(text)) {
    const port = String(place.port ?? '');
    return `port ${port} (PostgreSQL) is taken by another program: end it, or move every port with OPORA_PORT_BASE`;
  }
  if (/Permission denied|EACCES|Operation not permitted|EPERM|EROFS|Read-only/.test(text)) {
    return `PostgreSQL's user may not read and write ${place.folder}: mend its owner, or name another folder with OPORA_HOME`;
  }
  if (/incompatible with server|initialized by PostgreSQL version/.test(text)) {
    return `the data in ${place.folder} was made by another version of PostgreSQL: restore a backup into a new OPORA_HOME`;
  }
  return undefined;
}
