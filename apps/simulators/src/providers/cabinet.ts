import type { World } from '../world.ts';
import type { Fields } from './fields.ts';

/** What every merchant sets by hand at a vendor; a vendor may add fields of its own. */
export type Settings = Readonly<{
  notificationUrl: string;
  /** Waits before the second and later tries of a notice, in milliseconds. */
  repeatsMs: readonly number[];
}>;

export interface Cabinet<S extends Settings = Settings> {
  settings(): S;
  /** Changes the given fields; a sentence says what is wrong, and then nothing is changed. */
  change(fields: Fields): string | undefined;
}

/** A test of a field and what to say when it fails. */
export type Check = readonly [holds: (value: unknown) => boolean, otherwise: string];

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;
const REPEATS_MAX = 100;
const KEY = 'settings';

/** The standard is what a new shop has; changes are kept. `checks` are those of the own fields. */
export function openCabinet<S extends Settings>(
  world: World,
  vendor: string,
  how: Readonly<{ standard: S; checks: Readonly<Record<Exclude<keyof S, keyof Settings>, Check>> }>,
): Cabinet<S> {
  const stored = world.store.collection<Partial<S>>(`${vendor}.settings`);
  const checks = { ...COMMON, ...how.checks };
  return {
    settings: () => ({ ...how.standard, ...stored.get(KEY) }),
    change(fields) {
      const fault = faultIn(fields, checks);
      if (fault !== undefined) return fault;
      const kept: Partial<S> = { ...stored.get(KEY), ...(fields as Partial<S>) }; // checked above
      stored.put(KEY, kept);
      return undefined;
    },
  };
}

const COMMON: Readonly<Record<keyof Settings, Check>> = {
  notificationUrl: [
    (value) => typeof value === 'string' && /^https?:$/.test(URL.parse(value)?.protocol ?? ''),
    'notificationUrl must be an http address',
  ],
  repeatsMs: [
    (value) => Array.isArray(value) && value.length <= REPEATS_MAX && value.every(isWait),
    `repeatsMs must be at most ${String(REPEATS_MAX)} waits in milliseconds`,
  ],
};

function faultIn(fields: Fields, checks: Readonly<Record<string, Check>>): string | undefined {
  for (const [name, value] of Object.entries(fields)) {
    const check = Object.entries(checks).find(([known]) => known === name)?.[1];
    if (check === undefined) return `unknown setting: ${name}`;
    if (!check[0](value)) return check[1];
  }
  return undefined;
}

const isWait = (value: unknown): boolean =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= DAY_MS;
