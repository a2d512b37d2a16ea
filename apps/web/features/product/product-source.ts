import { asOfIn, parseProduct, type Product } from './product.ts';

/** What the page can say about the product: fresh, the last good copy, or nothing yet. */
export type ProductAnswer =
  | Readonly<{ state: 'fresh'; product: Product }>
  | Readonly<{ state: 'stale'; product: Product; asOf: Date }>
  | Readonly<{ state: 'absent' }>;

export type ProductSource = () => Promise<ProductAnswer>;

type Needs = Readonly<{
  /** The gateway's product as JSON; it rejects when the gateway is away or says no. */
  load: () => Promise<unknown>;
  now: () => Date;
  /** Told about each failed attempt; the page itself only shows what it has. */
  failed: (cause: unknown) => void;
}>;

const FRESH_MS = 60_000;
/** While the gateway is away it is asked this often, so that visitors do not wait for it in turn. */
const RETRY_MS = 5_000;

/**
 * The product, remembered for a minute. When the gateway is away the last good copy stays in use
 * (a shop window does not go dark because the till is being mended), marked with its time.
 * Visitors who come together share one question to the gateway.
 */
export function createProductSource({ load, now, failed }: Needs): ProductSource {
  let copy: { product: Product; at: Date } | undefined;
  let askAgainAt = 0;
  let asking: Promise<void> | undefined;

  async function ask(): Promise<void> {
    try {
      const answer = await load();
      const asOf = asOfIn(answer);
      copy = { product: parseProduct(answer), at: asOf ?? now() };
      // The API itself has only a copy: it is asked again as if it were away.
      askAgainAt = now().getTime() + (asOf === undefined ? FRESH_MS : RETRY_MS);
    } catch (cause) {
      askAgainAt = now().getTime() + RETRY_MS;
      failed(cause);
    } finally {
      asking = undefined;
    }
  }

  return async () => {
    if (now().getTime() >= askAgainAt) await (asking ??= ask());
    if (copy === undefined) return { state: 'absent' };
    const { product, at } = copy;
    const isFresh = now().getTime() - at.getTime() < FRESH_MS;
    return isFresh ? { state: 'fresh', product } : { state: 'stale', product, asOf: at };
  };
}
