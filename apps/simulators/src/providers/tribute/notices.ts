import type { World } from '../../world.ts';
import type { Cabinet } from '../cabinet.ts';
import { createdTime, sentTime } from './present.ts';
import type { ShopSettings } from './settings.ts';
import { signBody } from './signing.ts';

/** What Tribute sends to the address set in its cabinet, for shop and creator events alike. */
export interface Notices {
  /** `about` is the order, for "send it again"; creator events have none. */
  tell(name: string, payload: Readonly<Record<string, unknown>>, about?: string): void;
  /** Any body, once, with a signature of nobody's. */
  forge(body: string): void;
}

const TARGET = 'tribute';
/** Stands in a stored body where each try writes its own time. */
const NOT_SENT = '"sent_at":null';

export function openNotices(world: World, cabinet: Cabinet<ShopSettings>): Notices {
  world.deliveries.stamps(TARGET, (body, at) =>
    body.replace(NOT_SENT, `"sent_at":${JSON.stringify(sentTime(at))}`),
  );
  world.deliveries.signs(TARGET, (body) => ({
    'trbt-signature': signBody(body, world.config.payments.tribute.apiKey),
  }));

  function send(what: {
    body: string;
    repeatsMs: readonly number[];
    about?: string | undefined;
    headers?: Readonly<Record<string, string>>;
  }): void {
    const url = cabinet.settings().notificationUrl;
    const headers = { 'content-type': 'application/json', ...what.headers };
    world.deliveries.send({ ...what, target: TARGET, url, headers, accepts: '200' });
  }

  return {
    tell(name, payload, about) {
      const created_at = createdTime(world.clock.now());
      const body = JSON.stringify({ name, created_at, sent_at: null, payload });
      send({ about, body, repeatsMs: cabinet.settings().repeatsMs });
    },
    forge: (body) => {
      send({ body, repeatsMs: [], headers: { 'trbt-signature': signBody(body, 'nobody') } });
    },
  };
}
