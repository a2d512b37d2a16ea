import { DomainError, type Clock } from '@opora/kernel';
import { knock, type PaymentProvider } from '../../../modules/payments/index.ts';
import { good, PAGES, skipped, warning, wrong, type Check, type Finding } from '../check.ts';
import type { Shop } from '../shops.ts';

/** The credentials, by reading what hardly anything comes back of: nothing is made or changed. */
export function checkPayments(
  shop: Shop,
  provider: () => PaymentProvider | undefined,
  clock: Clock,
): Check {
  return {
    name: `payments ${shop.id}`,
    async run() {
      const missing = Object.keys(shop.settings).filter((key) => shop.settings[key] === undefined);
      if (missing.length > 0) return incomplete(shop, missing);
      if (shop.isTest && !shop.acceptsTest) {
        return wrong('a test shop in production: its payments are not money', {
          mend: shop.where,
          page: PAGES.toReal,
        });
      }
      try {
        const made = provider();
        if (made !== undefined) await knock(made, clock);
        return good(`${shop.title} lets us in${shop.isTest ? ', a test shop' : ''}`);
      } catch (error) {
        return explain(shop, error);
      }
    },
  };
}

function incomplete(shop: Shop, missing: readonly string[]): Finding {
  const all = missing.length === Object.keys(shop.settings).length;
  if (all && shop.isOptional) return skipped(`${shop.title} is not set up`);
  const says = `${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} not set`;
  const more = { mend: shop.where, page: PAGES.toReal };
  if (all) return warning(`${says}: nobody can pay with ${shop.title}`, more);
  return wrong(`${says}: ${shop.title} is closed`, more);
}

function explain(shop: Shop, error: unknown): Finding {
  if (!(error instanceof DomainError)) throw error;
  const status = error.facts['status'];
  if (status === 401 || status === 403 || error.facts['refuses'] === 'credentials') {
    const keys = Object.keys(shop.settings).join(' or ');
    return wrong(`${shop.title} refuses ${keys}`, { mend: shop.where, page: PAGES.toReal });
  }
  return wrong(`${shop.title} does not answer as it should (${error.message})`, {
    mend: 'its status page, then the way there; payments under way are asked about later by themselves',
    page: shop.page,
  });
}
