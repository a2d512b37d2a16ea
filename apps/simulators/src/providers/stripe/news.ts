import type { World } from '../../world.ts';
import { type Book, openBook } from '../book.ts';
import type { Cabinet } from '../cabinet.ts';
import { nextId } from './ids.ts';
import type { Shown } from './present.ts';
import type { StripeSettings } from './settings.ts';
import { signatureHeader } from './signature.ts';

/** A fact of the account as the vendor tells it; the object is as it was at that moment. */
export type Event = Readonly<{
  id: string;
  object: 'event';
  api_version: string;
  created: number;
  type: string;
  livemode: false;
  pending_webhooks: number;
  request: { id: null; idempotency_key: null };
  data: { object: Shown };
}>;

/** The events of the account: kept for the list, sent to the merchant's endpoint. */
export interface News {
  readonly events: Book<Event>;
  /** `about` is the payment it concerns. */
  tell(type: string, object: Shown, about: string): void;
  /** What somebody sends who does not know the endpoint's secret. */
  forge(body: string): void;
  /** Ids of events the endpoint has not taken (yet). */
  undelivered(): ReadonlySet<string>;
}

const HEADERS = { 'content-type': 'application/json; charset=utf-8', 'user-agent': 'Stripe/1.0' };
const FORGER = 'whsec_of_somebody_else';
const API_VERSION = '2026-10-28.endive';

export function openNews(world: World, cabinet: Cabinet<StripeSettings>): News {
  const events = openBook<Event>(world.store, 'stripe.events', {
    groupOf: () => undefined,
    isOpen: () => false,
  });
  // A secret that is being replaced is there together with its successor.
  const secrets = world.config.payments.stripe.webhookSecret.split(',');
  world.deliveries.signs('stripe', (body, at) => ({
    'stripe-signature': signatureHeader(body, secrets, at),
  }));

  function send(
    what: Readonly<{
      body: string;
      repeatsMs: readonly number[];
      headers?: Readonly<Record<string, string>>;
      about?: string;
    }>,
  ): void {
    const url = cabinet.settings().notificationUrl;
    const headers = { ...HEADERS, ...what.headers };
    world.deliveries.send({ ...what, target: 'stripe', url, headers, accepts: '2xx' });
  }

  return {
    events,
    tell(type, object, about) {
      const event: Event = {
        id: nextId(world, 'event'),
        object: 'event',
        api_version: API_VERSION,
        created: Math.floor(world.clock.now().getTime() / 1_000),
        type,
        livemode: false,
        pending_webhooks: 1,
        request: { id: null, idempotency_key: null },
        data: { object },
      };
      events.save(event);
      send({ body: JSON.stringify(event), repeatsMs: cabinet.settings().repeatsMs, about });
    },
    forge(body) {
      const proof = signatureHeader(body, [FORGER], world.clock.now());
      send({ body, repeatsMs: [], headers: { 'stripe-signature': proof } });
    },
    undelivered() {
      const rows = world.deliveries.list('stripe').filter((row) => row.state !== 'done');
      return new Set(rows.map(({ body }) => /"id":"(evt_\w+)"/.exec(body)?.[1] ?? ''));
    },
  };
}
