/**
 * The whole HTTP API as one table. The back end registers these and nothing else; the reference,
 * the OpenAPI document and the typed client are made of it.
 */
import { account } from './account.ts';
import { access } from './access.ts';
import { acts } from './acts.ts';
import { announcements } from './announcements.ts';
import { audit, staff } from './audit.ts';
import { breakers } from './breakers.ts';
import { byHand } from './by-hand.ts';
import { ledger, messages, plans, settings } from './books.ts';
import type { Endpoint } from './endpoint.ts';
import { me } from './me.ts';
import { ownMoney } from './own-money.ts';
import { ownSessions } from './own-sessions.ts';
import { orders } from './orders.ts';
import { notices, payments } from './payments.ts';
import { people } from './people.ts';
import { product } from './product.ts';
import { providers } from './providers.ts';
import { reconciliation } from './reconciliation.ts';
import { session } from './session.ts';
import { deliveries, subscriptions } from './subscriptions.ts';
import { status } from './status.ts';
import { system } from './system.ts';
import { today } from './today.ts';

export const API = {
  product,
  status,
  session,
  account,
  me: { ...me, ...ownMoney, ...ownSessions },
  today,
  people,
  orders,
  payments,
  notices,
  providers,
  reconciliation,
  byHand,
  subscriptions,
  deliveries,
  ledger,
  plans,
  messages,
  audit,
  staff,
  access,
  settings,
  system,
  announcements,
  breakers,
  acts,
} as const;

export type NamedEndpoint = Readonly<{ id: string; endpoint: Endpoint }>;

/** Every endpoint with its operation id (`payments.list`, `acts.refund.preview`), in order. */
export function endpoints(): readonly NamedEndpoint[] {
  const found: NamedEndpoint[] = [];
  const walk = (id: string, value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if (isEndpoint(value)) {
      found.push({ id, endpoint: value });
      return;
    }
    for (const [key, inner] of Object.entries(value)) walk(id === '' ? key : `${id}.${key}`, inner);
  };
  walk('', API);
  return found;
}

function isEndpoint(value: object): value is Endpoint {
  return 'method' in value && 'path' in value && 'answer' in value;
}
