import { API, moneyToWire, type ProductWire } from '@opora/contracts';
import type { Clock } from '@opora/kernel';
import { createCopies, serve, type App } from '../../../platform/http/index.ts';
import type { Catalog, Plan } from '../index.ts';

/** What the site is told of the product besides its plans; data of the product's folder. */
export type ProductFace = Pick<
  ProductWire,
  'slug' | 'name' | 'promise' | 'proof' | 'hue' | 'supportUrl'
> &
  Readonly<{
    connect: readonly ProductWire['connect'][number][];
    questions: readonly ProductWire['questions'][number][];
  }>;

/** `GET /api/v1/product`: what is sold here, for the site; nothing about any person. */
export function productRoutes(deps: {
  catalog: Catalog;
  clock: Clock;
  product: ProductFace;
  botUrl: () => string;
}) {
  const copies = createCopies<readonly Plan[]>(deps);
  return (app: App): void => {
    serve(app, API.product.read, async ({ reply }) => {
      const offered = (): Promise<readonly Plan[]> => deps.catalog.offered(deps.product.slug);
      const { value: plans, asOf } = await copies.read('', offered, reply);
      if (asOf === undefined) {
        reply.header('cache-control', 'public, max-age=60, stale-if-error=86400');
      }
      const { slug, name, promise, proof, hue, supportUrl, connect, questions } = deps.product;
      return {
        slug,
        name,
        promise,
        proof,
        hue,
        languages: ['ru' as const, 'en' as const],
        botUrl: deps.botUrl(),
        supportUrl,
        connect: [...connect],
        questions: [...questions],
        plans: plans.map((plan) => ({
          id: plan.id,
          code: plan.code,
          version: plan.version,
          title: plan.title,
          termDays: plan.termDays,
          devices: plan.devices,
          trafficBytes: plan.trafficBytes.toString(),
          prices: plan.prices.map(moneyToWire),
        })),
        ...(asOf && { asOf: asOf.toISOString() }),
      };
    });
  };
}
