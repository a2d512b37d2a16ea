import type { World } from '../../world.ts';
import type { Cabinet } from '../cabinet.ts';
import { createSigner, type Signer } from './certificate.ts';
import { nextEventId, nextId, nextUuid } from './ids.ts';
import type { Shown } from './present.ts';
import type { PaypalSettings } from './settings.ts';
import { signatureHeaders } from './signature.ts';

/** Notices to the merchant's webhook, signed by a certificate that this vendor serves itself. */
export interface News {
  /** `about` is the vendor's order that the notice concerns. */
  tell(what: Readonly<{ type: string; kind: Kind; resource: Shown; about: string }>): void;
  /** What somebody sends who signs with a key of their own. */
  forge(body: string): void;
  /** PEM of the certificate of that name; undefined: there is none. */
  certificate(name: string): string | undefined;
}

type Kind = 'checkout-order' | 'capture' | 'refund' | 'dispute' | 'payment_token';

const VERSIONS: Readonly<Record<Kind, string>> = {
  'checkout-order': '2.0',
  capture: '2.0',
  refund: '2.0',
  dispute: '1.0',
  payment_token: '3.0',
};
const KEY = 'signer';
const NAME_SIGNS = 24;

export function openNews(world: World, cabinet: Cabinet<PaypalSettings>): News {
  const signers = world.store.collection<Signer>('paypal.signer');
  const { webhookId } = world.config.payments.paypal;

  /** Made when it is first needed and kept: a notice is repeated after a restart too. */
  function signer(): Signer {
    const known = signers.get(KEY);
    if (known !== undefined) return known;
    const made = createSigner(`CERT-${nextId(world, NAME_SIGNS)}`, world.clock.now());
    signers.put(KEY, made);
    return made;
  }

  const prove = (body: string, at: Date, by: Signer): Record<string, string> =>
    signatureHeaders(
      body,
      { id: nextUuid(world), time: at.toISOString().replace(/\.\d+/, ''), webhookId },
      {
        signer: by,
        certificateUrl: `${world.selfUrl}/paypal/v1/notifications/certs/${signer().name}`,
      },
    );
  world.deliveries.signs('paypal', (body, at) => prove(body, at, signer()));

  function send(what: {
    body: string;
    repeatsMs: readonly number[];
    headers?: Record<string, string>;
    about?: string;
  }): void {
    const headers = { 'content-type': 'application/json', ...what.headers };
    const url = cabinet.settings().notificationUrl;
    world.deliveries.send({ ...what, target: 'paypal', url, headers, accepts: '2xx' });
  }

  return {
    tell({ type, kind, resource, about }) {
      const id = nextEventId(world);
      const body = JSON.stringify({
        id,
        event_version: '1.0',
        create_time: world.clock.now().toISOString(),
        resource_type: kind,
        resource_version: VERSIONS[kind],
        event_type: type,
        summary: type.toLowerCase().replaceAll('.', ' '),
        resource,
        links: [
          {
            href: `${world.selfUrl}/paypal/v1/notifications/webhooks-events/${id}`,
            rel: 'self',
            method: 'GET',
          },
        ],
      });
      send({ body, repeatsMs: cabinet.settings().repeatsMs, about });
    },
    forge(body) {
      const at = world.clock.now();
      const headers = prove(body, at, createSigner('CERT-FORGED', at));
      send({ body, repeatsMs: [], headers });
    },
    certificate: (name) => (name === signer().name ? signer().certificate : undefined),
  };
}
