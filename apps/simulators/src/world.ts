import type { Clock } from '@opora/kernel';
import { createChance } from './chance.ts';
import { createDeliveries, type Deliveries } from './deliveries.ts';
import { createFaults, type Faults } from './faults.ts';
import type { Router } from './http.ts';
import { openStore, type Store } from './store.ts';

/** One line of the inspector: a call to the vendor or something the vendor sent. */
export type JournalEntry = Readonly<{
  target: string;
  direction: 'to-vendor' | 'to-us';
  summary: string;
  detail: unknown;
}>;

/** The newest calls and deliveries, for the inspector; bounded, in memory only. */
export interface Journal {
  add(entry: JournalEntry): void;
  list(target?: string): (JournalEntry & { at: string; number: number })[];
  /** Called for each new entry; returns the way to unsubscribe. */
  watch(listener: (entry: JournalEntry & { at: string; number: number }) => void): () => void;
}

/** What the operator configures; the platform's supervisor passes it in the environment. */
export type WorldConfig = Readonly<{
  port: number;
  /** Where the state lives; undefined: memory only. */
  folder: string | undefined;
  /** Our gateway, e.g. `http://127.0.0.1:5001`: where vendors send webhooks. */
  gatewayUrl: string;
  telegram: Readonly<{ token: string }>;
  yookassa: Readonly<{ shopId: string; secretKey: string }>;
  remnawave: Readonly<{ token: string; webhookSecret: string }>;
}>;

/** Everything a simulator may use. */
export interface World {
  readonly config: WorldConfig;
  readonly clock: Clock;
  readonly store: Store;
  readonly faults: Faults;
  readonly journal: Journal;
  readonly deliveries: Deliveries;
  /** Seeded numbers in [0, 1): ids and invented details, the same for the same seed. */
  readonly chance: () => number;
  /** `http://127.0.0.1:<port>`: links inside pages and answers. */
  readonly selfUrl: string;
  log(line: string): void;
}

/** One vendor. `faults` is the target name in `PUT /faults`. */
export interface Simulator {
  readonly id: string;
  readonly title: string;
  /** One or two sentences for the home page. */
  readonly about: string;
  readonly links: readonly Readonly<{ title: string; href: string }>[];
  register(router: Router): void;
  start?(): void;
  stop?(): Promise<void> | void;
}

const JOURNAL_KEPT = 1_000;

export function createWorld(deps: {
  config: WorldConfig;
  clock: Clock;
  seed: number;
  log: (line: string) => void;
}): World {
  const base = {
    ...deps,
    store: openStore(deps.config.folder),
    faults: createFaults(),
    journal: createJournal(deps.clock),
    chance: createChance(deps.seed),
    selfUrl: `http://127.0.0.1:${String(deps.config.port)}`,
  };
  const world: World = {
    ...base,
    get deliveries() {
      return deliveries;
    },
  };
  const deliveries = createDeliveries(world);
  return world;
}

function createJournal(clock: Clock): Journal {
  const entries: (JournalEntry & { at: string; number: number })[] = [];
  const listeners = new Set<(entry: JournalEntry & { at: string; number: number }) => void>();
  let number = 0;
  return {
    add(entry) {
      number += 1;
      const full = { ...entry, at: clock.now().toISOString(), number };
      entries.push(full);
      if (entries.length > JOURNAL_KEPT) entries.shift();
      for (const listener of listeners) listener(full);
    },
    list: (target) => entries.filter((entry) => target === undefined || entry.target === target),
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
