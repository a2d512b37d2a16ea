import type { World } from '../../world.ts';
import type { Cabinet } from '../cabinet.ts';
import { createdTime, sentTime } from './present.ts';
import type { ShopSettings } from './settings.ts';
import { signBody } from './signing.ts';

/** What Tribute sends to the address set in its cabinet, for shop and creator events alike. */
export interface Notices {
  /** `about` is the order, for "send it again"; creator events have none. */
  tell(name: string, payload: Readonly<Record<string, unknown>>, about?: string): void;
  /** The newest notice of an order once more; `false` when there was none. */
  again(about: string): boolean;
  /** Any body, once, with a signature of nobody's. */
  forge(body: string): void;
}

const TARGET = 'tribute';
/** Stands in a stored body where each try writes its own time. */
const NOT_SENT = '"sent_at":null';

type Told = Readonly<{ body: string }>;

export function openNotices(world: World, cabinet: Cabinet<ShopSettings>): Notices {
  const newest = world.store.collection<Told>('tribute.newest-notice');
  world.deliveries.stamps(TARGET, (body, at) =>
    body.replace(NOT_SENT, `"sent_at":${JSON.stringify(sentTime(at))}`),
  );
  world.deliveries.signs(TARGET, (body) => ({
    'trbt-signature': signBody(body, world.config.payments.tribute.apiKey),
  }));

  function send(body: string, repeatsMs: readonly number[], headers = {}): void {
    world.deliveries.send({
      target: TARGET,
      url: cabinet.settings().notificationUrl,
      headers: { 'content-type': 'application/json', ...headers },
      body,
      repeatsMs,
      accepts: '200',
    });
  }

  return {
    tell(name, payload, about) {
      const created_at = createdTime(world.clock.now());
      const body = JSON.stringify({ name, created_at, sent_at: null, payload });
      if (about !== undefined) newest.put(about, { body });
      send(body, cabinet.settings().repeatsMs);
    },
    again(about) {
      const told = newest.get(about);
      if (told !== undefined) send(told.body, cabinet.settings().repeatsMs);
      return told !== undefined;
    },
    forge: (body) => {
      send(body, [], { 'trbt-signature': signBody(body, 'nobody') });
    },
  };
}
