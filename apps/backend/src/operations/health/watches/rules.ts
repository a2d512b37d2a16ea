/** The bounds of everything that is watched. Each is a limit of the requirements or says why. */
import { REMIND_EVERY_MS } from '../incident.ts';
import type { Watch } from '../standing.ts';
import type { Rule, Step } from './rule.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

export const RULES: Readonly<Record<Watch, Rule>> = {
  disk: {
    badIs: 'below',
    // A full disk stops PostgreSQL: people need time before that.
    steps: [warning(15, DAY_MS), critical(5)],
    wellAt: 18,
    lastsMs: 0,
    unit: 'percent',
  },
  memory: {
    badIs: 'above',
    steps: [warning(80), critical(95)],
    wellAt: 75,
    lastsMs: MINUTE_MS,
    unit: 'percent',
  },
  cpu: {
    badIs: 'above',
    steps: [warning(50)],
    wellAt: 40,
    // A build or a backup may take a machine for some minutes.
    lastsMs: 5 * MINUTE_MS,
    unit: 'percent',
  },
  resident: {
    badIs: 'above',
    steps: [warning(256)],
    wellAt: 230,
    lastsMs: 2 * MINUTE_MS,
    unit: 'megabytes',
  },
  loop: {
    badIs: 'above',
    steps: [warning(200)],
    wellAt: 100,
    lastsMs: MINUTE_MS,
    unit: 'milliseconds',
  },
  pool: {
    badIs: 'above',
    steps: [warning(90)],
    wellAt: 70,
    lastsMs: MINUTE_MS,
    unit: 'percent',
  },
  // Of money and access; PATIENT_QUEUE is for the rest.
  queue: {
    badIs: 'above',
    steps: [warning(60), critical(900)],
    wellAt: 30,
    lastsMs: 0,
    unit: 'seconds',
  },
  undelivered: {
    badIs: 'above',
    steps: [warning(60), critical(900)],
    wellAt: 30,
    lastsMs: 0,
    unit: 'seconds',
  },
  errors: {
    badIs: 'above',
    steps: [warning(1), critical(25)],
    wellAt: 0.5,
    lastsMs: 0,
    unit: 'percent',
  },
  late: {
    badIs: 'above',
    steps: [warning(5)],
    wellAt: 2.5,
    lastsMs: 0,
    unit: 'percent',
  },
  certificate: {
    badIs: 'below',
    // A renewal by machine comes a month before the end; it is told daily in the last week.
    steps: [warning(30, 7 * DAY_MS), warning(7, DAY_MS), critical(1, HOUR_MS)],
    wellAt: 30,
    lastsMs: 0,
    unit: 'days',
  },
  audit: {
    badIs: 'above',
    steps: [warning(600)],
    wellAt: 60,
    lastsMs: 0,
    unit: 'seconds',
  },
  silent: {
    badIs: 'above',
    steps: [warning(0)],
    wellAt: 0,
    lastsMs: 0,
    unit: 'flag',
    toldBy: 'payments',
  },
  // Open or half-open: it is back when three good answers have closed it.
  away: {
    badIs: 'above',
    steps: [warning(0)],
    wellAt: 0,
    lastsMs: 0,
    unit: 'flag',
  },
};

/** Work that is neither money nor access may wait longer. */
export const PATIENT_QUEUE: Rule = { ...RULES.queue, steps: [warning(300)], wellAt: 120 };

/** The queue of money and access, and the one of everything else. */
export const QUEUES = { money: 'payments', others: 'others' } as const;

export function ruleOf(watch: Watch, name: string): Rule {
  return watch === 'queue' && name === QUEUES.others ? PATIENT_QUEUE : RULES[watch];
}

function warning(bound: number, remindEveryMs: number = REMIND_EVERY_MS.warning): Step {
  return { bound, level: 'warning', remindEveryMs };
}

function critical(bound: number, remindEveryMs: number = REMIND_EVERY_MS.critical): Step {
  return { bound, level: 'critical', remindEveryMs };
}
