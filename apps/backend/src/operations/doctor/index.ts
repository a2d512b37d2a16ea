/**
 * `opora doctor`: looks at everything an operator configures, all at once, and says in one line each
 * what is good and what is wrong. It reads and asks; it changes nothing, here or at anybody's.
 *
 * Limits: a check ends within `CHECK_MAX_MS`; a dead dependency is one finding, never a stack. What is
 * printed holds no secret of the configuration: findings pass the sieve of the log.
 */
import { OperationalError, type Clock } from '@opora/kernel';
import { createRedactor } from '../../platform/log/index.ts';
import { PAGES, type Check, type Finding, type Looked, type Report } from './check.ts';

export { allChecks, type DoctorDeps } from './all-checks.ts';
export { present } from './present.ts';

export const CHECK_MAX_MS = 12_000;
const SAYS_MAX = 300;

/** Runs all checks at once; the findings come in the order of the checks. Never rejects. */
export async function examine(
  checks: readonly Check[],
  deps: { clock: Clock; secrets: readonly string[] },
): Promise<Report> {
  const clean = createRedactor(deps.secrets);
  const looked = await Promise.all(
    checks.map(async (check) => {
      const found = await look(check, deps.clock);
      // One line, whoever wrote it.
      const says = clean(found.says).replace(/\s+/g, ' ').trim().slice(0, SAYS_MAX);
      return { ...found, says };
    }),
  );
  const has = (state: Finding['state']): boolean => looked.some((each) => each.state === state);
  return {
    verdict: has('wrong') ? 'wrong' : has('warning') ? 'warning' : 'good',
    checks: looked,
  };
}

async function look(check: Check, clock: Clock): Promise<Looked> {
  const sinceMs = clock.monotonicMs();
  const ended = new AbortController();
  const late = clock.sleep(CHECK_MAX_MS, ended.signal).then(() => LATE);
  const found = await Promise.race([Promise.try(() => check.run()).catch(explain), late]);
  ended.abort();
  return {
    name: check.name,
    ...found,
    ms: Math.round(clock.monotonicMs() - sinceMs),
  };
}

const LATE: Finding = {
  state: 'wrong',
  says: `no answer within ${String(CHECK_MAX_MS / 1_000)} s`,
  mend: 'look whether this machine reaches it at all: firewall, proxy, address',
  page: PAGES.doctor,
};

/** Not foreseen by the check: said as it is, in one line. */
function explain(error: unknown): Finding {
  const message = error instanceof Error ? error.message : String(error);
  const mend =
    error instanceof OperationalError
      ? 'it may pass: ask again in a minute'
      : 'mend what the line names; if it names nothing of yours, please report it';
  return { state: 'wrong', says: message, mend, page: PAGES.doctor };
}
