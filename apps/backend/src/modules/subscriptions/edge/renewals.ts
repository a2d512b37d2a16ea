/** `/api/v1/me/renewals`: what its owner lets us charge again, and the switches that end it. */
import {
  API,
  moneyFromWire,
  moneyToWire,
  type RenewalWire,
  type SavedMethodWire,
} from '@opora/contracts';
import type { Language } from '@opora/kernel';
import { serve, type App } from '../../../platform/http/index.ts';
import type { Catalog, Plan } from '../../catalog/index.ts';
import { PriceChanged } from '../../orders/index.ts';
import type { Payments, ProviderId, SavedMethod } from '../../payments/index.ts';
import { SubscriptionNotFound } from '../errors.ts';
import { RENEWAL_WORDS, type Subscription, type Subscriptions } from '../index.ts';

type Deps = Readonly<{
  subscriptions: Subscriptions;
  payments: Payments;
  catalog: Catalog;
  wayTitle: (provider: ProviderId) => Readonly<Record<Language, string>>;
  /** What the product offers to pay with, and where the bot is. */
  ways: readonly string[];
  botUrl: () => string;
  /** The product asks for consents; what was agreed before goes on and can be ended all the same. */
  isOffered: boolean;
}>;

export function renewalRoutes(deps: Deps) {
  const { subscriptions, payments, isOffered } = deps;
  const { renewals } = subscriptions;
  return (app: App): void => {
    serve(app, API.me.renewals, async ({ request: { personId } }) => {
      const [own, saved] = await Promise.all([
        subscriptions.ofPerson(personId),
        payments.methods.ofPerson(personId),
      ]);
      return {
        isOffered,
        words: RENEWAL_WORDS,
        methods: saved.filter(({ state }) => state === 'active').map((one) => method(deps, one)),
        renewals: await Promise.all(own.map((one) => present(deps, one))),
      };
    });

    serve(app, API.me.switchRenewalOn, async ({ request: { personId }, params, body }) => {
      const { subscriptionId } = params;
      const own = await findOwn(deps, subscriptionId, personId);
      if (!isOffered || body.words !== RENEWAL_WORDS) {
        throw new PriceChanged(`renewals are offered by other words than ${body.words}`);
      }
      await renewals.switchOn(subscriptionId, personId, moneyFromWire(body.price));
      return present(deps, own);
    });

    serve(app, API.me.switchRenewalOff, async ({ request: { personId }, params }) => {
      const own = await findOwn(deps, params.subscriptionId, personId);
      await renewals.switchOff(own.id, personId);
      return present(deps, own);
    });

    serve(app, API.me.removeMethod, async ({ request: { personId }, params }) => {
      await renewals.removeMethod(params.methodId, personId);
      return { removed: true as const };
    });
  };
}

async function findOwn(deps: Deps, id: string, personId: string): Promise<Subscription> {
  const own = await deps.subscriptions.ofPerson(personId);
  const found = own.find((one) => one.id === id);
  if (found === undefined) throw new SubscriptionNotFound(`no such subscription: ${id}`);
  return found;
}

function method({ wayTitle }: Deps, one: SavedMethod): SavedMethodWire {
  const { id, provider, title, createdAt, expiresAt } = one;
  return {
    ...{ id, provider, way: wayTitle(provider), title },
    savedAt: createdAt.toISOString(),
    expiresAt: expiresAt?.toISOString() ?? null,
  };
}

async function present(deps: Deps, one: Subscription): Promise<RenewalWire> {
  const plan = await deps.catalog.version(one.planVersionId);
  const { renewal, chargedAt, offer } = await deps.subscriptions.renewals.standing(one);
  return {
    subscriptionId: one.id,
    plan: plan.title,
    endsAt: one.expiresAt.toISOString(),
    isOn: renewal !== undefined,
    next:
      renewal === undefined
        ? null
        : {
            amount: moneyToWire(renewal.amount),
            at: chargedAt.toISOString(),
            methodId: renewal.methodId,
          },
    offer: offer === undefined || !deps.isOffered ? null : moneyToWire(offer.price),
    inBot: renewal === undefined && deps.isOffered ? inBot(deps, plan) : null,
  };
}

/** The consent to a vendor's own schedule is given with a payment, and only the bot asks for it. */
function inBot(
  { payments, ways, wayTitle, botUrl }: Deps,
  { termDays, prices }: Plan,
): RenewalWire['inBot'] {
  const way = payments.offered.find(
    (one) =>
      ways.includes(one) &&
      payments.chargesItself(one) &&
      payments.canRenew(one, termDays) &&
      payments.priceAt(one, prices) !== undefined,
  );
  return way === undefined ? null : { way: wayTitle(way), link: botUrl() };
}
