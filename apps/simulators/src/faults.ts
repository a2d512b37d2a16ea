import { createChance } from './chance.ts';

/**
 * Faults an operator or a drill switches on. What each does to a call of the vendor's API:
 * - `timeout`      the call is held for 30 s, nothing happens at the vendor, the socket is cut
 * - `error`        the vendor answers 500 and does nothing
 * - `slow`         the vendor does it, 1 to 3 s late
 * - `drop-answer`  the vendor does it and the answer is lost (the socket is cut)
 * and to what the vendor sends us (webhooks, updates):
 * - `duplicate`    sent twice
 * - `reorder`      held back for up to 3 s, so that later ones overtake it
 * - `drop-webhook` never sent at all
 */
export const FAULT_KINDS = [
  'timeout',
  'error',
  'slow',
  'duplicate',
  'reorder',
  'drop-answer',
  'drop-webhook',
] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];
export type Fault = Readonly<{
  target: string;
  kind: FaultKind;
  probability: number;
  seed: number;
}>;

export interface Faults {
  /** Sets (or replaces, by target and kind) a fault; probability 0 removes it. */
  set(fault: Fault): void;
  clear(): void;
  list(): Fault[];
  /** Does this fault strike now? Each call takes the next number of the fault's own sequence. */
  strikes(target: string, kind: FaultKind): boolean;
  /** A number in [0, 1) from the fault's own sequence: how late, how slow. */
  amount(target: string, kind: FaultKind): number;
}

export function createFaults(): Faults {
  const active = new Map<string, Fault & { chance: () => number }>();
  const keyOf = (target: string, kind: FaultKind): string => `${target} ${kind}`;
  return {
    set(fault) {
      const key = keyOf(fault.target, fault.kind);
      if (fault.probability <= 0) active.delete(key);
      else active.set(key, { ...fault, chance: createChance(fault.seed) });
    },
    clear: () => {
      active.clear();
    },
    list: () =>
      [...active.values()].map(({ target, kind, probability, seed }) => ({
        target,
        kind,
        probability,
        seed,
      })),
    strikes(target, kind) {
      const fault = active.get(keyOf(target, kind));
      return fault !== undefined && fault.chance() < fault.probability;
    },
    amount: (target, kind) => active.get(keyOf(target, kind))?.chance() ?? 0,
  };
}

/** Reads the body of `PUT /faults`; a sentence says what is wrong with it. */
export function parseFault(body: unknown, targets: readonly string[]): Fault | string {
  if (typeof body !== 'object' || body === null) return 'the body must be a JSON object';
  const given: Partial<Record<keyof Fault, unknown>> = body;
  const { target, kind, probability = 1, seed = 1 } = given;
  const known = FAULT_KINDS.find((each) => each === kind);
  if (typeof target !== 'string' || !targets.includes(target)) {
    return `target must be one of ${targets.join(', ')}`;
  }
  if (known === undefined) return `kind must be one of ${FAULT_KINDS.join(', ')}`;
  if (typeof probability !== 'number' || !(probability >= 0 && probability <= 1)) {
    return 'probability must be a number from 0 to 1';
  }
  if (typeof seed !== 'number' || !Number.isInteger(seed)) return 'seed must be a whole number';
  return { target, kind: known, probability, seed };
}
