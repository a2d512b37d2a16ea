/**
 * `npm run check`: types, lint, boundaries, dead code, formatting. Each prints one line; all are
 * run even when one fails, so that one round shows everything there is to mend. Exit 1 on any.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';

interface Step {
  readonly name: string;
  /** A script of a tool and its words, run by this Node. */
  readonly words: readonly string[];
  /** The tool warns on stderr about sources it could not read and still ends with 0. */
  readonly isSilenceExpected?: boolean;
}

interface Outcome {
  readonly exitCode: number;
  readonly output: string;
  readonly complaint: string;
}

/** As many tools at once as the smallest machine has cores. */
const TOGETHER_MAX = 2;
const NAME_WIDTH = 12;

const TSC = 'node_modules/typescript/bin/tsc';
const NEXT = 'node_modules/next/dist/bin/next';
const hasWeb = existsSync('apps/web/tsconfig.json');

// Next writes the types of its routes; without them tsc and ESLint see `any` in a fresh clone.
const before: readonly Step[] = hasWeb
  ? [{ name: 'web routes', words: [NEXT, 'typegen', 'apps/web'] }]
  : [];

const steps: readonly Step[] = [
  {
    name: 'lint',
    words: [
      'node_modules/eslint/bin/eslint.js',
      '--cache',
      '--cache-location=node_modules/.cache/eslint/',
      '--max-warnings=0',
      '.',
    ],
  },
  { name: 'types', words: [TSC, '-p', 'tsconfig.json'] },
  ...(hasWeb ? [{ name: 'types of web', words: [TSC, '--noEmit', '-p', 'apps/web'] }] : []),
  {
    name: 'boundaries',
    words: [
      'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs',
      '--config=packages/lint/dependency-cruiser.cjs',
      'packages',
      'apps',
      'products',
    ],
    isSilenceExpected: true,
  },
  { name: 'dead code', words: ['node_modules/knip/bin/knip.js', '--no-progress'] },
  {
    name: 'formatting',
    words: ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level=warn', '.'],
  },
];

async function execute(step: Step): Promise<Outcome> {
  const child = spawn(process.execPath, step.words, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let complaint = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      resolve(code ?? 1);
    });
  });
  return { exitCode, output, complaint };
}

/** Runs one step, prints its line, and its words when it failed. True when all is well. */
async function report(step: Step): Promise<boolean> {
  const startedMs = performance.now();
  const { exitCode, output, complaint } = await execute(step);
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
  const isFine = exitCode === 0 && !(step.isSilenceExpected === true && complaint !== '');
  const verdict = isFine ? 'ok' : 'failed';
  const words = isFine ? '' : `${output}${complaint}\n`;
  process.stdout.write(
    `${step.name.padEnd(NAME_WIDTH)} ${seconds.padStart(5)} s  ${verdict}\n${words}`,
  );
  return isFine;
}

async function reportAll(queue: readonly Step[]): Promise<boolean> {
  const waiting = [...queue];
  let isFine = true;
  const lanes = Array.from({ length: TOGETHER_MAX }, async () => {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
      isFine = (await report(step)) && isFine;
    }
  });
  await Promise.all(lanes);
  return isFine;
}

const results = [await reportAll(before), await reportAll(steps)];
process.exitCode = results.every(Boolean) ? 0 : 1;
