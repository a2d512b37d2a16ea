import { loadConfig } from '../config/load.ts';
import { composeModules } from '../compose.ts';
import type { Finding } from '../modules/provisioning/index.ts';

export const help = `opora panel sync [--apply] [--json]

  Compares every subscription with every account of the panel and prints what differs.
  Without --apply it only reports. With it, what a payer lacks is given (a missing account, an
  earlier expiry, narrower limits, missing squads, a switched-off account), through the worker that
  delivers access; the one thing it takes is access that has ended by our own books. What the
  panel gives beyond the books, second accounts and strangers are told and never touched.
  Exit 0: nothing to repair, or all of it asked for. Exit 1: something to repair, without --apply.`;

const EXIT_USAGE = 64;
/** Lines for people about what is never touched, each kind; --json has them all. */
const TOLD_MAX = 20;
const FLAGS = ['--apply', '--json'];

export async function run([action, ...flags]: readonly string[]): Promise<number> {
  if (action !== 'sync' || flags.some((flag) => !FLAGS.includes(flag))) {
    process.stderr.write(`${help}\n`);
    return EXIT_USAGE;
  }
  const apply = flags.includes('--apply');
  // Its answer is all that stands on its output; what fails is thrown.
  const config = { ...loadConfig(), logLevels: { fallback: 'error', roles: {} } as const };
  const parts = await composeModules(config, 'panel', 0);
  try {
    const findings = parts.provisioning.sync({ apply });
    const counts = await (flags.includes('--json') ? printJson : printLines)(findings, apply);
    return apply || counts.repairs === 0 ? 0 : 1;
  } finally {
    await parts.lifecycle.stop('done');
  }
}

type Counts = { repairs: number; told: number; kinds: Record<string, number> };

function count(counts: Counts, { kind, isRepaired }: Finding): number {
  if (isRepaired) counts.repairs += 1;
  else counts.told += 1;
  return (counts.kinds[kind] = (counts.kinds[kind] ?? 0) + 1);
}

/** One JSON document, written as it is found: a panel may hold more than fits into memory. */
async function printJson(findings: AsyncIterable<Finding>, apply: boolean): Promise<Counts> {
  const counts: Counts = { repairs: 0, told: 0, kinds: {} };
  print('{"findings":[');
  for await (const finding of findings) {
    print(`${counts.repairs + counts.told === 0 ? '' : ','}${JSON.stringify(finding)}`);
    count(counts, finding);
  }
  print(`],"applied":${String(apply)},"summary":${JSON.stringify(counts)}}`);
  return counts;
}

async function printLines(findings: AsyncIterable<Finding>, apply: boolean): Promise<Counts> {
  const counts: Counts = { repairs: 0, told: 0, kinds: {} };
  for await (const finding of findings) {
    const many = count(counts, finding);
    if (finding.isRepaired || many <= TOLD_MAX) print(line(finding, apply));
    else if (many === TOLD_MAX + 1) print(`told    ${finding.kind}: more of them, see --json`);
  }
  const { repairs, told, kinds } = counts;
  const byKind = Object.entries(kinds).map(([kind, many]) => `${kind} ${String(many)}`);
  print(byKind.length === 0 ? 'the panel has what our books say' : byKind.join(', '));
  if (repairs > 0 && apply) print(`${String(repairs)} asked for: the worker brings them`);
  if (repairs > 0 && !apply) print(`${String(repairs)} to repair: opora panel sync --apply`);
  if (told > 0) print(`${String(told)} only told: they are never touched`);
  return counts;
}

function line(finding: Finding, apply: boolean): string {
  const { kind, isRepaired, username, subscriptionId, aspect, panel, books } = finding;
  const verb = isRepaired ? (apply ? 'asked' : 'repair') : 'told';
  const sides = [panel && `panel ${panel}`, books && `books ${books}`].filter(Boolean).join(', ');
  const owner = kind === 'duplicate' ? ` (of ${subscriptionId ?? ''})` : '';
  const what = [aspect, sides].filter(Boolean).join(': ');
  return `${verb.padEnd(7)} ${kind.padEnd(10)} ${username}${owner}  ${what}`;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
