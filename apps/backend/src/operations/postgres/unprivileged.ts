/**
 * PostgreSQL refuses to run as root. A normal user runs it as it is; root maps itself to an
 * ordinary user inside a user namespace (no chown, works in a folder of mode 700); where
 * namespaces are forbidden, the user `postgres` or `nobody` runs it and must be able to enter.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

export type PostgresUser =
  | Readonly<{ kind: 'self' }>
  | Readonly<{ kind: 'namespace' }>
  | Readonly<{ kind: 'other'; name: string; uid: number; gid: number }>;

export type Invocation = Readonly<{
  command: string;
  args: readonly string[];
  identity: Readonly<{ uid: number; gid: number }> | undefined;
}>;

const NAMESPACE_ARGS = ['--user', '--map-user=1000', '--map-group=1000'];
const PROBE_TIMEOUT_MS = 3000;

/** Who may run PostgreSQL when this process starts it. */
export function choosePostgresUser(): PostgresUser {
  if (process.getuid?.() !== 0) return { kind: 'self' };
  const probe = spawnSync('unshare', [...NAMESPACE_ARGS, 'true'], { timeout: PROBE_TIMEOUT_MS });
  if (probe.status === 0) return { kind: 'namespace' };
  return otherUser(readFileSync('/etc/passwd', 'utf8')) ?? { kind: 'self' };
}

/** `postgres`, else `nobody`, of the text of /etc/passwd. */
export function otherUser(passwd: string): PostgresUser | undefined {
  for (const name of ['postgres', 'nobody']) {
    const fields = passwd
      .split('\n')
      .map((line) => line.split(':'))
      .find((line) => line[0] === name);
    const [uid, gid] = [Number(fields?.[2]), Number(fields?.[3])];
    if (Number.isInteger(uid) && Number.isInteger(gid) && uid > 0) {
      return { kind: 'other', name, uid, gid };
    }
  }
  return undefined;
}

export function invoke(user: PostgresUser, command: string, args: readonly string[]): Invocation {
  if (user.kind === 'namespace') {
    return { command: 'unshare', args: [...NAMESPACE_ARGS, command, ...args], identity: undefined };
  }
  const identity = user.kind === 'other' ? { uid: user.uid, gid: user.gid } : undefined;
  return { command, args, identity };
}

/** True when `user` may walk down to `folder`; only its own search bits count, not ACLs. */
export function canEnter(folder: string, user: { uid: number; gid: number }): boolean {
  const { mode, uid, gid } = statSync(folder);
  const searchBit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
  if ((mode & searchBit) === 0) return false;
  const parent = dirname(folder);
  return parent === folder || canEnter(parent, user);
}
