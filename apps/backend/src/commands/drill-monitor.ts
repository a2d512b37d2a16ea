import { REAL_INCIDENTS, type RealName } from '../operations/drills/monitor/real.ts';
import { REHEARSED_FAULTS } from '../operations/drills/monitor/rehearse.ts';
import { runMonitorDrill, type MonitorOptions } from '../operations/drills/monitor/run.ts';
import { playDrill } from './play-drill.ts';

export const help = `opora drill monitor [--only REGEXP] [--seed S] [--short] [--json] [--planted FAULT] [--keep]

  Ten real incidents against a platform of its own (crashes, hangs, a gray instance, a full disk, a
  database that hangs or dies, a monitor that is killed with an alert to tell), read in a chat and a
  mailbox; and 190 on a manual clock, judged by an independent model. Exit 0: every one was seen in
  time, told once, and so was its end. The full disk needs the right to mount a small one.

  --only REGEXP    real incidents whose name it fits, as "PostgreSQL|killed"; none on the manual clock
  --seed S         decides the incidents on the manual clock (default 1)
  --short          two real incidents, all of the others
  --planted FAULT  breaks the monitor on the manual clock: the drill must fail; no real incidents.
                   ${REHEARSED_FAULTS.join(', ')}`;

const SEED_MAX = 1_000_000;
const LONG: MonitorOptions = { real: REAL_INCIDENTS, rehearsed: 190, seed: 1, planted: undefined };
export const SHORT: MonitorOptions = { ...LONG, real: ['crash of api', 'hang of bot'] };

export const run = (args: readonly string[]): Promise<number> =>
  playDrill(args, { help, read: readOptions, play: runMonitorDrill });

function readOptions(args: readonly string[]): MonitorOptions | undefined {
  let options = args.includes('--short') ? SHORT : LONG;
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    if (['--short', '--json', '--keep'].includes(arg)) continue;
    const value = args[(at += 1)] ?? '';
    if (arg === '--seed') {
      const seed = Number(value);
      if (!Number.isInteger(seed) || seed < 0 || seed > SEED_MAX) return undefined;
      options = { ...options, seed };
    } else if (arg === '--only') {
      const real = namesBy(value);
      if (real.length === 0) return undefined;
      options = { ...options, real, rehearsed: 0 };
    } else if (arg === '--planted') {
      const planted = REHEARSED_FAULTS.find((known) => known === value);
      if (planted === undefined) return undefined;
      options = { ...options, planted, real: [] };
    } else return undefined;
  }
  return options;
}

/** Empty: none has such a name, or it is no pattern. */
function namesBy(pattern: string): RealName[] {
  try {
    const only = new RegExp(pattern);
    return REAL_INCIDENTS.filter((name) => only.test(name));
  } catch {
    return [];
  }
}
