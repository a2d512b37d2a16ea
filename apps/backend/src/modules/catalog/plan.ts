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

/** What a version says, as short texts for the audit log. */
export function termsAsFacts(terms: Omit<PlanSeed, 'code'>): Readonly<Record<string, string>> {
  return {
    titleRu: terms.title.ru,
    titleEn: terms.title.en,
    termDays: String(terms.termDays),
    devices: String(terms.devices),
    trafficBytes: terms.trafficBytes.toString(),
    prices: terms.prices
      .map((price) => `${price.currency} ${price.minor.toString()}`)
      .toSorted()
      .join(', '),
  };
}

/** True when the stored version says what the product's folder says. */
export function sameTerms(stored: Plan, seed: PlanSeed): boolean {
  const [one, other] = [termsAsFacts(stored), termsAsFacts(seed)];
  return Object.entries(one).every(([name, value]) => other[name] === value);
}
