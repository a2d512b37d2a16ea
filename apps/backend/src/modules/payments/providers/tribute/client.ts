/** The calls of Tribute's shop API we make, and the one place that reads its refusals. */
import type { Secret } from '@opora/kernel';
import { z } from 'zod';
import { ProviderPaymentMissing, ProviderProtocolError, ProviderRefused } from '../../errors.ts';
import { createJsonApi, readAs, type ApiAnswer, type ApiDeps } from '../json-api.ts';

/** How much of a vendor's sentence is kept in an error. */
const DETAIL_MAX = 200;

const errorSchema = z.object({ error: z.string(), message: z.string().optional() });

export interface TributeClient {
  /** Throws `ProviderPaymentMissing`, `ProviderRefused`, `ProviderUnavailable`, `ProviderProtocolError`. */
  get(path: string, query?: Readonly<Record<string, string>>): Promise<unknown>;
  /** The same. Nothing makes a POST idempotent here: the caller looks first. */
  post(path: string, body?: Readonly<Record<string, unknown>>): Promise<unknown>;
}

export function createClient(
  account: Readonly<{ apiUrl: string; apiKey: Secret }>,
  deps: ApiDeps,
): TributeClient {
  const api = createJsonApi(
    {
      name: 'tribute',
      apiUrl: account.apiUrl,
      headers: () => ({ 'api-key': account.apiKey.reveal() }),
    },
    deps,
  );
  return {
    get: async (path, query = {}) => open(path, await api.call('GET', { path, query })),
    post: async (path, body = {}) => open(path, await api.call('POST', { path, body })),
  };
}

/** The body of a good answer, or the error its status means. */
function open(path: string, { status, json }: ApiAnswer): unknown {
  if (status >= 200 && status < 300) return json;
  if (status < 400) throw new ProviderProtocolError(`tribute: redirected (${String(status)})`);
  const said = readAs(errorSchema, json, 'refusal of tribute');
  const vendorCode = said.error.slice(0, DETAIL_MAX);
  const facts = { status, vendorCode };
  const detail = `${vendorCode}: ${said.message?.slice(0, DETAIL_MAX) ?? ''}`;
  // Of the list it says that there is no shop, and asking again would not help.
  if (status === 404 && path.startsWith('shop/orders/'))
    throw new ProviderPaymentMissing(`tribute: ${detail}`, { facts });
  throw new ProviderRefused(`tribute: ${detail}`, { facts });
}
