import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { composeModules } from '../compose.ts';
import { loadConfig } from '../config/load.ts';
import { ANCHOR_FILE, readAnchors } from '../modules/audit/index.ts';

export const help = `opora audit verify [--anchors <file>]... [--json]

  Reads the whole audit log and computes its chain again: a changed, removed or inserted entry breaks
  it. Compares it with the anchors the workers signed and wrote outside the database (${ANCHOR_FILE}
  in OPORA_HOME, and any copy you name): a cut end or a chain made anew breaks those. Changes nothing.

  Exit 0 when all fits, 1 when something does not, 64 when the call cannot be understood.`;

const EXIT_USAGE = 64;

export async function run(args: readonly string[]): Promise<number> {
  const wish = readWish(args);
  if (wish === undefined) {
    process.stderr.write(`${help}\n`);
    return EXIT_USAGE;
  }
  const config = loadConfig();
  const parts = await composeModules(config, 'audit', 0);
  try {
    const own = await readFile(join(config.home, ANCHOR_FILE), 'utf8').catch(absent);
    const named = await Promise.all(wish.anchors.map((file) => readFile(file, 'utf8')));
    const anchors = [own, ...named].flatMap((text) => readAnchors(text, parts.keys));
    const report = await parts.auditChain.verify(anchors);
    const { links, violations } = report;
    if (wish.json) process.stdout.write(`${JSON.stringify(report)}\n`);
    else {
      for (const violation of violations) process.stdout.write(`${violation}\n`);
      const found = violations.length === 0 ? 'all fits' : `${String(violations.length)} faults`;
      process.stdout.write(
        `${String(links)} entries in the chain, ${String(report.anchors)} anchors, ` +
          `${String(report.waiting)} wait for their seal: ${found}\n`,
      );
    }
    return violations.length === 0 ? 0 : 1;
  } finally {
    await parts.lifecycle.stop('done');
  }
}

function readWish([name, ...args]: readonly string[]):
  { anchors: readonly string[]; json: boolean } | undefined {
  if (name !== 'verify') return undefined;
  try {
    const { values } = parseArgs({
      args,
      options: {
        anchors: { type: 'string', multiple: true, default: [] },
        json: { type: 'boolean', default: false },
      },
    });
    return values;
  } catch {
    return undefined;
  }
}

/** Nothing was anchored on this machine yet; the verifier says what that means. */
function absent(error: unknown): string {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
  throw error;
}
