import { parseArgs } from 'node:util';
import { DomainError } from '@opora/kernel';
import { composeModules, type Modules } from '../compose.ts';
import { loadConfig } from '../config/load.ts';
import { SYSTEM } from '../modules/audit/index.ts';
import type { ActOutcome } from '../modules/identity/index.ts';

export const help = `opora sessions revoke (--everybody | --person <id> | --token <jti>) --reason <text>

  --everybody      ends every session and API key of customers and staff; the gateway knows it within a second.
                   Do it after a restore from a backup: sessions that were ended since live there again
  --person <id>    ends every session and API key of one person, who may sign in again
  --token <jti>    ends one access token, by its claim \`jti\`; its session lives on

  The reason is 3 to 500 characters and stays in the audit log.
  Exit 0 when done, 1 when refused, 64 when the call is not understood.`;

const EXIT_USAGE = 64;
const REASON = /^.{3,500}$/s;

type Wish = Readonly<{
  everybody: boolean;
  person?: string | undefined;
  token?: string | undefined;
  reason: string;
}>;

export async function run(args: readonly string[]): Promise<number> {
  const wish = readWish(args);
  if (wish === undefined) {
    process.stderr.write(`${help}\n`);
    return EXIT_USAGE;
  }
  const parts = await composeModules(loadConfig(), 'sessions', 0);
  try {
    const { auditId } = await revoke(parts, wish);
    process.stdout.write(`done; in the audit log as ${auditId}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    process.stderr.write(`opora: ${error.message}\n`);
    return 1;
  } finally {
    await parts.lifecycle.stop('done');
  }
}

async function revoke({ identity, ids }: Modules, wish: Wish): Promise<ActOutcome> {
  const { reason, person, token } = wish;
  const act = { actor: SYSTEM, reason, key: `sessions:${ids.secret(16)}` };
  if (person !== undefined) return await identity.signOut.person(act, person);
  if (token !== undefined) return await identity.signOut.token(act, token);
  return await identity.signOut.everybody(act);
}

function readWish([name, ...args]: readonly string[]): Wish | undefined {
  if (name !== 'revoke') return undefined;
  try {
    const { values } = parseArgs({
      args,
      options: {
        everybody: { type: 'boolean', default: false },
        person: { type: 'string' },
        token: { type: 'string' },
        reason: { type: 'string', default: '' },
      },
    });
    const { everybody, person, token, reason } = values;
    const named = [everybody, person !== undefined, token !== undefined].filter(Boolean);
    return named.length === 1 && REASON.test(reason.trim()) ? values : undefined;
  } catch {
    return undefined;
  }
}
