/** What will be done to the platform, decided from the seed before anything starts. Pure. */
import type { PlantedBug } from '../../../config/schema.ts';
import { createSeededChance, type SeededChance } from '../seeded-chance.ts';
import type { Fault } from '../simulated-world.ts';
import { VENDORS, type VendorName } from '../vendors.ts';
import { BEHAVIOURS, existsAt, paidBy, type Behaviour } from './behaviours.ts';

export type DrillOptions = Readonly<{
  payments: number;
  kills: number;
  seed: number;
  /** Who sells in it; people are spread over them evenly. */
  providers: readonly VendorName[];
  /** One instance of each role instead of two. */
  short: boolean;
  planted: PlantedBug | undefined;
}>;

export type PersonPlan = Readonly<{
  behaviour: Behaviour;
  provider: VendorName;
  language: 'ru' | 'en';
  /** Which terms they choose, one for each purchase; counted round the ones that are offered. */
  terms: readonly [number, number];
  /** How long this person hesitates where they do, in [0, 1). */
  hesitation: number;
  /** How often the vendor sends the newest notice of each payment again, where it can. */
  resends: number;
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

/** One deal of a deck: each kind once, the common ones more often. */
const DECK: readonly Behaviour[] = [
  ...BEHAVIOURS,
  ...(['pays', 'pays', 'pays', 'pays', 'pays', 'forged', 'twice'] as const),
];
/** A vendor sends each notice so many times more, with duplicates and repeats three in all. */
const RESENDS_MAX = 3;
/** While a notice is being taken, judged and delivered: most kills should hit some of that. */
const KILL_DELAY_MS = { least: 100, spread: 1_100 };

export const paymentsOf = ({ behaviour }: PersonPlan): number => paidBy(behaviour);

/** Deals people until `payments` would be made, and spreads the kills over them. */
export function makePlan(options: DrillOptions): DrillPlan {
  const chance = createSeededChance(options.seed);
  const vendors = createRounds(options.providers, chance);
  const isPossible = (each: Behaviour): boolean =>
    options.providers.some((vendor) => existsAt(vendor, each));
  const deck = createRounds(DECK.filter(isPossible), chance);
  const people: PersonPlan[] = [];
  for (let planned = 0; planned < options.payments;) {
    const provider = vendors.next(() => true);
    const room = options.payments - planned;
    const fits = (each: Behaviour): boolean => existsAt(provider, each) && paidBy(each) <= room;
    const behaviour = deck.next(fits);
    const first = chance.below(3);
    people.push({
      behaviour,
      provider,
      language: chance.next() < 0.5 ? 'ru' : 'en',
      terms: [first, first + 1 + chance.below(2)],
      hesitation: chance.next(),
      resends: VENDORS[provider].resends ? chance.below(RESENDS_MAX + 1) : 0,
    });
    planned += paidBy(behaviour);
  }
  return { people, kills: planKills(options, chance), repeated: chance };
}

/**
 * The items in rounds, each round in another order; one that does not fit waits for its turn.
 * Something must fit in every round.
 */
function createRounds<T>(items: readonly T[], chance: SeededChance) {
  const rest: T[] = [];
  return {
    next(fits: (item: T) => boolean): T {
      for (;;) {
        const at = rest.findIndex(fits);
        const [found] = at < 0 ? [] : rest.splice(at, 1);
        if (found !== undefined) return found;
        rest.push(...chance.shuffled(items));
      }
    },
  };
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

/** Between a vendor and us. Telegram is the bot's road too: a lost answer there is a word said twice. */
const VENDOR_FAULTS: readonly Omit<Fault, 'target'>[] = [
  { kind: 'duplicate', probability: 0.2 },
  { kind: 'reorder', probability: 0.3 },
  { kind: 'drop-webhook', probability: 0.05 },
  { kind: 'drop-answer', probability: 0.05 },
  { kind: 'error', probability: 0.03 },
];
const OTHER_FAULTS: readonly Fault[] = [
  { target: 'remnawave', kind: 'drop-answer', probability: 0.2 },
  { target: 'remnawave', kind: 'error', probability: 0.05 },
  { target: 'telegram', kind: 'duplicate', probability: 0.05 },
];
const STARS_FAULTS: readonly Fault[] = [
  { target: 'telegram', kind: 'drop-webhook', probability: 0.1 },
  { target: 'telegram', kind: 'drop-answer', probability: 0.02 },
];

/** What goes wrong between the vendors and us while people buy. */
export function faultsOf({ providers }: Pick<DrillOptions, 'providers'>): readonly Fault[] {
  const ofVendors = providers.flatMap((target): Fault[] =>
    target === 'stars' ? [...STARS_FAULTS] : VENDOR_FAULTS.map((fault) => ({ target, ...fault })),
  );
  return [...ofVendors, ...OTHER_FAULTS];
}
