/** The three calls of the Crypto Pay API we make, and the one place that reads its errors. */
import type { Secret } from '@opora/kernel';
import { z } from 'zod';
import { ProviderProtocolError, ProviderRefused, ProviderUnavailable } from '../../errors.ts';
import { createJsonApi, readAs, type ApiDeps } from '../json-api.ts';

/** Largest page the vendor gives. */
export const PAGE_SIZE = 1_000;
/** How much of a vendor's word is kept in an error. */
const DETAIL_MAX = 100;

const envelopeSchema = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), result: z.unknown() }),
  z.object({ ok: z.literal(false), error: z.object({ code: z.int(), name: z.string() }) }),
]);
/** Older answers are the plain list. */
const pageSchema = z.union([
  z.array(z.unknown()).max(PAGE_SIZE),
  z.object({ items: z.array(z.unknown()).max(PAGE_SIZE) }).transform(({ items }) => items),
]);

export interface CryptopayClient {
  createInvoice(body: Readonly<Record<string, unknown>>): Promise<unknown>;
  /** One page, its items unread, so that one odd item does not hide the others. */
  getInvoices(query: Readonly<Record<string, string>>): Promise<unknown[]>;
}

export function createClient(
  app: Readonly<{ apiUrl: string; token: Secret }>,
  deps: ApiDeps,
): CryptopayClient {
  const api = createJsonApi(
    {
      name: 'cryptopay',
      apiUrl: app.apiUrl,
      headers: () => ({ 'crypto-pay-api-token': app.token.reveal() }),
    },
    deps,
  );
  return {
    async createInvoice(body) {
      return open((await api.call('POST', { path: 'createInvoice', body })).json);
    },
    async getInvoices(query) {
      return readAs(
        pageSchema,
        open((await api.call('GET', { path: 'getInvoices', query })).json),
        'list of cryptopay',
      );
    },
  };
}

/** The result of a good answer, or the error it names; the status of HTTP may be 200 for both. */
function open(answer: unknown): unknown {
  const envelope = readAs(envelopeSchema, answer, 'answer of cryptopay');
  if (envelope.ok) return envelope.result;
  const { code } = envelope.error;
  const name = envelope.error.name.slice(0, DETAIL_MAX);
  const facts = { status: code, vendorCode: name };
  if (code === 429 || code >= 500) {
    throw new ProviderUnavailable(`cryptopay: ${name}`, { facts });
  }
  if (code === 401 || code === 403) {
    throw new ProviderProtocolError(`cryptopay: credentials refused (${name})`, { facts });
  }
  throw new ProviderRefused(`cryptopay: ${name}`, { facts });
}
