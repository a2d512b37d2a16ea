import { moneyFromWire, ProductWire, type GuideWire } from '@opora/contracts';
import type { Language, Money } from '@opora/kernel';

/** The product as its public page shows it: what `GET /api/v1/product` answers, checked and typed. */
export type Product = Readonly<{
  slug: string;
  name: Bilingual;
  promise: Bilingual;
  proof: Bilingual;
  /** Hue of the brand, degrees 0-359. */
  hue: number;
  botUrl: URL;
  supportUrl: URL;
  plans: readonly Plan[];
  connect: readonly GuideWire[];
  questions: readonly Readonly<{ question: Bilingual; answer: Bilingual }>[];
}>;

export type Plan = Readonly<{
  id: string;
  code: string;
  title: Bilingual;
  termDays: number;
  devices: number;
  /** Null is unlimited. */
  trafficBytes: bigint | null;
  /** The product's own order: the first price is the one on the tag. Never empty. */
  prices: readonly [Money, ...Money[]];
}>;

export type Bilingual = Readonly<Record<Language, string>>;

/** The answer is not a product: a fault of ours or of the gateway, never of the visitor. */
export class ProductFormatError extends Error {
  override readonly name = 'ProductFormatError';
}

/** Reads the wire form; throws `ProductFormatError` naming the first field that is wrong. */
export function parseProduct(json: unknown): Product {
  const wire = ProductWire.safeParse(json);
  if (!wire.success) {
    const where = wire.error.issues[0]?.path.join('.') ?? '';
    throw new ProductFormatError(`the gateway's product is not as agreed: ${where}`);
  }
  const { botUrl, supportUrl, plans, asOf: _, ...product } = wire.data;
  return {
    ...product,
    botUrl: new URL(botUrl),
    supportUrl: new URL(supportUrl),
    plans: plans.map(toPlan),
  };
}

/** When the answer was true, if it says that it is a copy of before. */
export function asOfIn(json: unknown): Date | undefined {
  const { asOf } = ProductWire.pick({ asOf: true }).safeParse(json).data ?? {};
  return asOf === undefined ? undefined : new Date(asOf);
}

function toPlan(wire: ProductWire['plans'][number]): Plan {
  const [first, ...others] = wire.prices.map(moneyFromWire);
  if (first === undefined) throw new ProductFormatError(`plan ${wire.code} has no price`);
  const traffic = BigInt(wire.trafficBytes);
  return { ...wire, trafficBytes: traffic === 0n ? null : traffic, prices: [first, ...others] };
}
