import type { Clock } from '@opora/kernel';
import { createChance } from './chance.ts';
import { createDeliveries, type Deliveries } from './deliveries.ts';
import { createFaults, type Faults } from './faults.ts';
import type { Router } from './http.ts';
import { createJournal, type Journal } from './journal.ts';
import { openStore, type Store } from './store.ts';

/** What the operator configures; the platform's supervisor passes it in the environment. */
export type WorldConfig = Readonly<{
  port: number;
  /** Where the state lives; undefined: memory only. */
  folder: string | undefined;
  /** Our gateway, e.g. `http://127.0.0.1:5001`: where vendors send webhooks. */
  gatewayUrl: string;
  /** `clientSecret` is what a site proves to be itself with; absent: none can ask who somebody is. */
  telegram: Readonly<{ token: string; clientSecret?: string | undefined }>;
  payments: PaymentKeys;
  remnawave: Readonly<{ token: string; webhookSecret: string }>;
  /** `port` takes SMTP; `sendgridKey` (base64 of PKCS 8) signs events, empty: none are sent. */
  mail: Readonly<{ port: number; sendgridKey: string }>;
}>;

/** What the merchant and each payment vendor both know. */
export type PaymentKeys = Readonly<{
  yookassa: Readonly<{ shopId: string; secretKey: string }>;
  tkassa: Readonly<{ terminalKey: string; password: string }>;
  freekassa: Readonly<{ shopId: string; word1: string; word2: string; apiKey: string }>;
  stripe: Readonly<{ apiKey: string; webhookSecret: string }>;
  paypal: Readonly<{ clientId: string; secret: string; webhookId: string }>;
  cryptopay: Readonly<{ token: string }>;
  tribute: Readonly<{ apiKey: string }>;
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
  start?(): Promise<void> | void;
  stop?(): Promise<void> | void;
}

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
  return { ...base, deliveries: createDeliveries(base) };
}
