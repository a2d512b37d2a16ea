/** What will be done to the platform, decided from the seed before anything starts. Pure. */
import type { PlantedBug } from '../../../config/schema.ts';
import { createSeededChance, type SeededChance } from '../seeded-chance.ts';
import type { Fault } from '../simulated-world.ts';

export type DrillOptions = Readonly<{
  payments: number;
  kills: number;
  seed: number;
  /** One instance of each role instead of two. */
  short: boolean;
  planted: PlantedBug | undefined;
}>;

/**
 * What a person does with the link to pay:
 * - `pays`     at once
 * - `late`     after a while, when the bot has long turned to others
 * - `forged`   somebody sends us a false "paid" first; then the person really pays
 * - `declines` the bank says no
 * - `abandons` never comes back
 * - `twice`    two orders, paid in the same moment: both extend one subscription
 * - `again`    buys, and when that has arrived, once more
 */
export const BEHAVIOURS = [
  'pays',
  'late',
  'forged',
  'declines',
  'abandons',
  'twice',
  'again',
] as const;
export type Behaviour = (typeof BEHAVIOURS)[number];

export type PersonPlan = Readonly<{
  behaviour: Behaviour;
  language: 'ru' | 'en';
  /** Which terms they choose, one for each purchase; counted round the ones that are offered. */
  terms: readonly [number, number];
  /** How long this person hesitates where they do, in [0, 1). */
  hesitation: number;
}>;

export const KILLED_ROLES = ['api', 'worker', 'bot', 'gateway', 'postgres'] as const;
export type KilledRole = (typeof KILLED_ROLES)[number];

export type KillPlan = Readonly<{
  role: KilledRole;
  /** Chooses among the instances of the role, in [0, 1). */
  which: number;
  /** It is done so long after the payment with this number, milliseconds. */
  afterPayment: number;
  delayMs: number;
}>;

export type DrillPlan = Readonly<{
  people: readonly PersonPlan[];
  kills: readonly KillPlan[];
  /** Of the paid orders, whose extension is run again; in [0, 1), one number for each order. */
  repeated: SeededChance;
}>;

/** One deal of a deck, so that even a small crowd has each kind in it. */
const DECK: readonly Behaviour[] = [
  ...(['pays', 'pays', 'pays', 'pays', 'pays', 'pays', 'pays', 'late'] as const),
  ...(['forged', 'forged', 'twice', 'twice', 'again', 'declines', 'abandons'] as const),
];
const PURCHASES: Readonly<Record<Behaviour, number>> = {
  ...{ pays: 1, late: 1, forged: 1, declines: 1, abandons: 1 },
  ...{ twice: 2, again: 2 },
};
/** Purchases that bring money; `payments` of the options counts these. */
const PAID: Readonly<Record<Behaviour, number>> = { ...PURCHASES, declines: 0, abandons: 0 };
/** While a notice is being taken, judged and delivered: most kills should hit some of that. */
const KILL_DELAY_MS = { least: 100, spread: 1_100 };

export const paymentsOf = ({ behaviour }: PersonPlan): number => PAID[behaviour];

/** Deals people until `payments` would be made, and spreads the kills over them. */
export function makePlan(options: DrillOptions): DrillPlan {
  const chance = createSeededChance(options.seed);
  const people: PersonPlan[] = [];
  let planned = 0;
  while (planned < options.payments) {
    for (const dealt of chance.shuffled(DECK)) {
      if (planned >= options.payments) break;
      const behaviour = planned + PAID[dealt] > options.payments ? 'pays' : dealt;
      const first = chance.below(3);
      people.push({
        behaviour,
        language: chance.next() < 0.5 ? 'ru' : 'en',
        terms: [first, first + 1 + chance.below(2)],
        hesitation: chance.next(),
      });
      planned += PAID[behaviour];
    }
  }
  return { people, kills: planKills(options, chance), repeated: chance };
}

/** The roles in rounds, each round in another order: few kills hit different roles. */
function planKills({ kills, payments }: DrillOptions, chance: SeededChance): KillPlan[] {
  const rounds = Math.ceil(kills / KILLED_ROLES.length);
  const roles = Array.from({ length: rounds }, () => chance.shuffled(KILLED_ROLES)).flat();
  return roles.slice(0, kills).map((role, at) => ({
    role,
    which: chance.next(),
    // One in each equal stretch of the sale, somewhere inside it.
    afterPayment: Math.floor(((at + chance.next()) / kills) * payments),
    delayMs: KILL_DELAY_MS.least + chance.below(KILL_DELAY_MS.spread),
  }));
}

/** What goes wrong between the vendors and us while people buy. */
export const FAULTS: readonly Fault[] = [
  { target: 'yookassa', kind: 'duplicate', probability: 0.2 },
  { target: 'yookassa', kind: 'reorder', probability: 0.3 },
  { target: 'yookassa', kind: 'drop-webhook', probability: 0.05 },
  { target: 'yookassa', kind: 'drop-answer', probability: 0.05 },
  { target: 'yookassa', kind: 'error', probability: 0.03 },
  { target: 'remnawave', kind: 'drop-answer', probability: 0.2 },
  { target: 'remnawave', kind: 'error', probability: 0.05 },
  { target: 'telegram', kind: 'duplicate', probability: 0.05 },
];
