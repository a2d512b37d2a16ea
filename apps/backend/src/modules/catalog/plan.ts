import type { Language, Money } from '@opora/kernel';

/** One version of a plan: what it gives and what it costs. */
export type Plan = Readonly<{
  id: string;
  code: string;
  product: string;
  versionId: string;
  version: number;
  title: Readonly<Record<Language, string>>;
  termDays: number;
  /** Devices at once; 0 is unlimited. */
  devices: number;
  /** Bytes a month; 0 is unlimited. */
  trafficBytes: bigint;
  prices: readonly Money[];
}>;

/** A plan as a product's folder writes it. */
export type PlanSeed = Omit<Plan, 'id' | 'product' | 'versionId' | 'version'>;

/** True when the stored version says what the product's folder says. */
export function sameTerms(stored: Plan, seed: PlanSeed): boolean {
  const prices = (plan: PlanSeed): string =>
    plan.prices
      .map((price) => `${price.currency} ${price.minor.toString()}`)
      .sort()
      .join();
  return (
    stored.title.ru === seed.title.ru &&
    stored.title.en === seed.title.en &&
    stored.termDays === seed.termDays &&
    stored.devices === seed.devices &&
    stored.trafficBytes === seed.trafficBytes &&
    prices(stored) === prices(seed)
  );
}
