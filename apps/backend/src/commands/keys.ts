import { parseArgs } from 'node:util';
import { DomainError } from '@opora/kernel';
import { composeModules, type Modules } from '../compose.ts';
import { loadConfig, sourceOf } from '../config/load.ts';
import { SYSTEM } from '../modules/audit/index.ts';
import { askSupervisor } from '../operations/control/index.ts';
import {
  dropKey,
  KEY_CLASSES,
  KEY_HOLDERS,
  keysIn,
  openKeyFiles,
  rotateKeys,
  SETTING,
  type KeyClass,
  type RotationDeps,
} from '../operations/keys/index.ts';
import { currentHome } from '../operations/local-state.ts';
import { systemClock } from '../platform/clock/index.ts';
import { createInnerLink } from '../platform/http/index.ts';
import { systemIds } from '../platform/ids/index.ts';
import { countByKey, resealColumn } from '../platform/sealing/index.ts';

export const help = `opora keys <status|rotate|reseal|drop|token> [...]

  status                     the keys of each set, and how many values each one seals
  rotate [signing|encryption|service]  new keys (all sets when none is named), while the platform runs:
                             all roles learn them, then turn to them, then sealed values move to them
  token <role>               for a script of yours: a token with which it calls that role for two
                             minutes, as a bearer; of the monitor: restarts
  reseal                     only the last step; where the sets are changed by hand, and after a cut
  drop <id> [--at-once]      takes an older key away. --at-once (it leaked): what it signed or marked
                             ends now: for a signing key access tokens, renewed unseen; for an
                             encryption key sessions of the last week, who sign in again; for a key of
                             services nothing that anybody sees

  Exit 0 when done, 1 when refused or a value does not open, 64 when the call is not understood.`;

const EXIT_USAGE = 64;
const ROLES_CALLED = new Set(['auth', 'api', 'bot', 'worker', 'monitor', 'gateway']);

type Wish =
  | Readonly<{ act: 'status' | 'reseal' }>
  | Readonly<{ act: 'rotate'; kinds: readonly KeyClass[] }>
  | Readonly<{ act: 'drop'; id: string; atOnce: boolean }>
  | Readonly<{ act: 'token'; role: string }>;

export async function run(args: readonly string[]): Promise<number> {
  const wish = readWish(args);
  if (wish === undefined) {
    process.stderr.write(`${help}\n`);
    return EXIT_USAGE;
  }
  try {
    switch (wish.act) {
      case 'status':
        return await withModules(showStatus);
      case 'reseal':
        return await withModules(reseal);
      case 'rotate':
        return await rotate(wish.kinds);
      case 'drop':
        return await withModules((parts) => drop(parts, wish));
      case 'token':
        return showToken(wish.role);
    }
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    process.stderr.write(`opora: ${error.message}\n`);
    return 1;
  }
}

function readWish(args: readonly string[]): Wish | undefined {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { 'at-once': { type: 'boolean', default: false } },
      allowPositionals: true,
    });
    const [act, named, ...rest] = positionals;
    const atOnce = values['at-once'];
    if (rest.length > 0 || (atOnce && act !== 'drop')) return undefined;
    if (act === 'token' && named !== undefined && ROLES_CALLED.has(named)) {
      return { act, role: named };
    }
    if (act === 'drop' && named !== undefined) return { act, id: named, atOnce };
    const kinds = KEY_CLASSES.filter((kind) => named === undefined || kind === named);
    if (act === 'rotate' && kinds.length > 0) return { act, kinds };
    return (act === 'status' || act === 'reseal') && named === undefined ? { act } : undefined;
  } catch {
    return undefined;
  }
}

/** Without a database, because it is wanted most when that is away. */
function showToken(role: string): number {
  const { readServiceKeys: keys } = loadConfig();
  const link = createInnerLink({ role: 'operator', keys, clock: systemClock });
  say(link.tokenFor(role));
  return 0;
}

async function rotate(kinds: readonly KeyClass[]): Promise<number> {
  const fresh = await rotateKeys(deps(), kinds);
  // Composed only now: these parts know the new keys.
  return await withModules(async (parts) => {
    const code = fresh.has('encryption') ? await reseal(parts) : 0;
    const keys = Object.fromEntries([...fresh].map(([kind, id]) => [SETTING[kind], id]));
    await record(parts, 'keys.rotated', keys);
    return code;
  });
}

async function reseal({ db, sealing }: Modules): Promise<number> {
  let isWhole = true;
  for (const column of sealing.columns) {
    const name = `${column.table}.${column.column}`;
    const { moved, broken } = await resealColumn(db, sealing, column);
    say(`${name}: ${String(moved)} values moved to ${sealing.keyId}`);
    for (const row of broken) say(`${name}: the value of ${row} does not open with any key`);
    isWhole &&= broken.length === 0;
  }
  return isWhole ? 0 : 1;
}

async function showStatus(parts: Modules): Promise<number> {
  const sealed = await sealedByKey(parts);
  const files = deps().files;
  for (const kind of KEY_CLASSES) {
    const { replacedAt } = await files.history();
    for (const [at, { id }] of keysIn(kind, await files.read(kind)).entries()) {
      const use = at === 0 ? 'in use' : `older, replaced ${replacedAt[id] ?? 'by hand'}`;
      const values = kind === 'encryption' ? `, seals ${String(sealed.get(id) ?? 0)} values` : '';
      say(`${kind.padEnd(10)}  ${id}  ${use}${values}`);
    }
  }
  return 0;
}

async function drop(parts: Modules, { id, atOnce }: Wish & { act: 'drop' }): Promise<number> {
  const { files } = deps();
  for (const kind of KEY_CLASSES) {
    if (!keysIn(kind, await files.read(kind)).some((key) => key.id === id)) continue;
    const sealed = kind === 'encryption' ? ((await sealedByKey(parts)).get(id) ?? 0) : 0;
    await dropKey(deps(), kind, { id, sealed, atOnce });
    await record(parts, 'keys.dropped', { [SETTING[kind]]: id });
    return 0;
  }
  // Files first, processes after: a drop that was cut off between them leaves this to be said.
  process.stderr.write(
    `opora: no key ${id}; \`opora keys status\` shows them. Was a drop of it cut off? Restart ${KEY_HOLDERS.join(', ')}: until then they know it\n`,
  );
  return 1;
}

async function sealedByKey({ db, sealing }: Modules): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const column of sealing.columns) {
    for (const [id, count] of await countByKey(db, column)) {
      counts.set(id, (counts.get(id) ?? 0) + count);
    }
  }
  return counts;
}

async function record(
  { db, audit }: Modules,
  act: string,
  after: Record<string, string>,
): Promise<void> {
  const subject = { kind: 'keys', id: Object.values(after).join(',') };
  await db.transaction((tx) => audit.record(tx, { actor: SYSTEM, act, subject, after }));
}

function deps(): RotationDeps {
  const home = currentHome();
  return {
    clock: systemClock,
    ids: systemIds,
    files: openKeyFiles(home, sourceOf),
    async restart(name) {
      const answer = await askSupervisor(home, { command: 'restart', name });
      if (!answer.ok) throw new RoleNotBack(`${name} did not come back: ${answer.problem ?? ''}`);
    },
    say,
  };
}

/** A role did not start again; the rotation stops here and goes on when it is run again. */
class RoleNotBack extends DomainError {
  readonly code = 'keys.role_not_back';
  readonly kind = 'unavailable';
}

async function withModules(work: (parts: Modules) => Promise<number>): Promise<number> {
  const parts = await composeModules(loadConfig(), 'keys', 0);
  try {
    return await work(parts);
  } finally {
    await parts.lifecycle.stop('done');
  }
}

function say(sentence: string): void {
  process.stdout.write(`${sentence}\n`);
}
