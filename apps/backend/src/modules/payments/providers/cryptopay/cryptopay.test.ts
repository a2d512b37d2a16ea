import { createHash, createHmac } from 'node:crypto';
import { formatMajor, money, Secret, type Money } from '@opora/kernel';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../../platform/clock/index.ts';
import { createHttpClient } from '../../../../platform/http-client/index.ts';
import {
  startScriptedServer,
  type ScriptedRequest,
  type ScriptedServer,
} from '../../../../platform/http-client/scripted-server.ts';
import { createLog } from '../../../../platform/log/index.ts';
import { ProviderProtocolError, ProviderUnavailable } from '../../errors.ts';
import type { RawWebhook } from '../../provider.ts';
import { orderOf, providerConformance } from '../conformance.ts';
import { createProviders } from '../registry.ts';
import type { CryptopaySettings } from './index.ts';
import invoices from './fixtures/invoices.json' with { type: 'json' };
import vectors from './fixtures/vectors.json' with { type: 'json' };

const [paid] = vectors;
if (paid === undefined) throw new Error('no vector');
const TOKEN = paid.token;
const REFERENCE = String(invoices.active.invoice_id);
const FIAT = ['RUB', 'USD', 'EUR'];

function configAt(baseUrl: string, token = TOKEN): CryptopaySettings {
  return { token: new Secret(token), apiUrl: `${baseUrl}/api/` };
}

const good = (result: unknown) => ({ status: 200, body: { ok: true, result } });

function priced(amount: Money): object {
  return FIAT.includes(amount.currency)
    ? { currency_type: 'fiat', fiat: amount.currency, amount: formatMajor(amount) }
    : {
        currency_type: 'crypto',
        asset: amount.currency,
        fiat: undefined,
        amount: formatMajor(amount),
      };
}

/** The vendor as it is: every creation makes another invoice, and open ones can be listed. */
function startsInvoices(server: ScriptedServer): object[] {
  const made: object[] = [];
  server.answerWith('POST /api/createInvoice', ({ body }: ScriptedRequest) => {
    const invoice = {
      ...{ ...invoices.active, fiat: undefined },
      ...(body as object), // what our adapter sent
      invoice_id: invoices.active.invoice_id + made.length,
    };
    made.unshift(invoice);
    return good(invoice);
  });
  server.answerWith('GET /api/getInvoices', () => good({ items: made }));
  return made;
}

/** As the vendor signs, written apart from the adapter. */
function sign(body: Buffer | string): string {
  return createHmac('sha256', createHash('sha256').update(TOKEN).digest())
    .update(body)
    .digest('hex');
}

function rawNotice(body: Buffer | string, signature: string | undefined): RawWebhook {
  return {
    method: 'POST',
    query: '',
    headers: signature === undefined ? {} : { 'crypto-pay-api-signature': signature },
    body: Buffer.from(body),
    remoteAddress: '203.0.113.7',
    receivedAt: new Date('2026-11-20T20:46:40Z'),
  };
}

const SIGNATURE = paid.expected_signature_hex ?? '';

providerConformance({
  name: 'cryptopay',
  create: (baseUrl, deps) =>
    createProviders({ cryptopay: configAt(baseUrl) }, deps).get('cryptopay'),
  createWithoutSecrets: (baseUrl, deps) =>
    createProviders({ cryptopay: configAt(baseUrl, '') }, deps).get('cryptopay'),
  secrets: [TOKEN],
  reference: REFERENCE,
  statuses: { active: 'pending', paid: 'settled', expired: 'cancelled' },
  script: {
    starts: startsInvoices,
    shows(server, { status, amount }) {
      const shown = { ...invoices.active, ...priced(amount), status };
      server.answer('GET /api/getInvoices', good({ items: [shown] }));
    },
    refunds: () => undefined,
    missing: good({ items: [] }),
    tooMany: { status: 429, headers: { 'retry-after': '7' }, body: invoices.busy },
    retryAfterMs: 7_000,
  },
  notice: rawNotice(paid.body_utf8, SIGNATURE),
  forged: {
    'a changed byte': rawNotice(paid.body_utf8.replace('"499"', '"498"'), SIGNATURE),
    'the signature of another token': rawNotice(paid.body_utf8, 'ab'.repeat(32)),
    'an empty signature': rawNotice(paid.body_utf8, ''),
    'no signature': rawNotice(paid.body_utf8, undefined),
  },
  fuzz: {
    signs: (text) => rawNotice(text, sign(text)),
    notices: vectors.map(({ body_utf8 }) => JSON.parse(body_utf8)),
    inNotice: {
      facts: [
        'update_type',
        'payload.invoice_id',
        'payload.status',
        'payload.amount',
        'payload.currency_type',
        'payload.fiat',
      ],
      order: 'payload.payload',
    },
    inAnswer: {
      facts: ['invoice_id', 'status', 'amount', 'currency_type', 'fiat'].map(
        (name) => `result.items.0.${name}`,
      ),
      order: 'result.items.0.payload',
    },
  },
});

describe('cryptopay', () => {
  const http = createHttpClient({ clock: systemClock });
  let server: ScriptedServer;
  const cryptopay = (apiUrl = `${server.url}/api`) => {
    const log = createLog({ level: 'fatal', role: 'test' });
    const breaker = () => ({ run: <T>(call: () => Promise<T>) => call() });
    const config = { token: new Secret(TOKEN), apiUrl };
    const deps = { http, log, breaker, clock: systemClock };
    const made = createProviders({ cryptopay: config }, deps).get('cryptopay');
    if (made === undefined) throw new Error('not offered');
    return made;
  };
  const shows = (...items: unknown[]): void => {
    server.answer('GET /api/getInvoices', good({ items }));
  };

  beforeAll(async () => {
    server = await startScriptedServer();
  });
  afterEach(() => {
    server.clear();
  });
  afterAll(async () => {
    await server.close();
    await http.close();
  });

  it('asks for an invoice in the documented form', async () => {
    startsInvoices(server);
    const started = await cryptopay().start(orderOf(money(49_900n, 'RUB')));
    expect(started).toMatchObject({
      reference: REFERENCE,
      checkoutUrl: invoices.active.bot_invoice_url,
    });
    const { headers, body } = server.requests[1] ?? { headers: {}, body: undefined };
    expect(headers).toMatchObject({ 'crypto-pay-api-token': TOKEN });
    expect(body).toEqual({
      currency_type: 'fiat',
      fiat: 'RUB',
      amount: '499.00',
      description: 'Заказ №72',
      payload: 'pay_01JD0005',
      paid_btn_name: 'callback',
      paid_btn_url: 'https://shop.example/return',
      allow_comments: false,
      expires_in: 3_600,
    });
  });

  it('prices an invoice in a coin as that coin', async () => {
    startsInvoices(server);
    await cryptopay().start(orderOf(money(1_500_000n, 'USDT')));
    expect(server.requests[1]?.body).toMatchObject({
      currency_type: 'crypto',
      asset: 'USDT',
      amount: '1.500000',
    });
  });

  it('gives the invoice of a lost answer instead of a second one', async () => {
    const made = startsInvoices(server);
    const first = await cryptopay().start(orderOf(money(49_900n, 'RUB')));
    const again = await cryptopay().start(orderOf(money(49_900n, 'RUB')));
    expect(made).toHaveLength(1);
    expect(again).toEqual(first);
    expect(server.requests[0]?.query.get('status')).toBe('active');
  });

  it.each([
    ['another sum', { amount: '1.00' }],
    ['another currency', { fiat: 'USD' }],
    ['no link', { bot_invoice_url: undefined }],
    ['a link that is no page', { bot_invoice_url: 'javascript:alert(1)' }],
  ])('does not accept a started invoice with %s', async (_name, odd) => {
    shows();
    const invoice = { ...invoices.active, payload: 'pay_01JD0005', ...odd };
    server.answer('POST /api/createInvoice', good(invoice));
    await expect(cryptopay().start(orderOf(money(49_900n, 'RUB')))).rejects.toBeInstanceOf(
      ProviderProtocolError,
    );
  });

  it('reads an invoice whole, and the price, not what it was paid with', async () => {
    const fields = { status: 'paid', amount: '499.000000000000000000', paid_amount: '5.31' };
    shows({ ...invoices.active, ...fields, paid_asset: 'USDT' });
    expect(await cryptopay().lookup(REFERENCE)).toEqual({
      reference: REFERENCE,
      state: 'settled',
      amount: money(49_900n, 'RUB'),
      refunded: money(0n, 'RUB'),
      paymentId: 'pay_01JD0006',
      reason: undefined,
      createdAt: new Date('2026-11-20T20:40:00Z'),
      isTest: false,
      countsAlone: true,
    });
  });

  it('names the end of an unpaid invoice as an expiry', async () => {
    shows({ ...invoices.active, status: 'expired' });
    expect((await cryptopay().lookup(REFERENCE)).reason).toBe('expired');
  });

  it('calls everything of the test network a test object', async () => {
    const [notice] = vectors;
    const testnet = cryptopay('https://testnet-pay.crypt.bot/api');
    const { claims } = await testnet.verify(rawNotice(notice?.body_utf8 ?? '', SIGNATURE));
    expect(claims?.isTest).toBe(true);
  });

  it.each([
    { amount: '499.001' },
    { amount: 499 },
    { amount: '4e2' },
    { amount: '499', fiat: 'ZWL' },
    { currency_type: 'crypto', asset: 'TON' },
    // A stablecoin is no currency of a state, whatever the answer calls it.
    { currency_type: 'fiat', fiat: 'USDT' },
    { currency_type: 'crypto', asset: 'RUB' },
    { invoice_id: 5 },
  ])('refuses an answer with %j', async (odd) => {
    shows({ ...invoices.active, ...odd });
    await expect(cryptopay().lookup(REFERENCE)).rejects.toBeInstanceOf(ProviderProtocolError);
  });

  it('refuses two invoices for one question', async () => {
    shows(invoices.active, invoices.active);
    await expect(cryptopay().lookup(REFERENCE)).rejects.toBeInstanceOf(ProviderProtocolError);
  });

  it('reads refusals by their own code, also under status 200', async () => {
    server.answer('*', { status: 200, body: invoices.unauthorized });
    await expect(cryptopay().lookup(REFERENCE)).rejects.toMatchObject({
      code: 'payments.provider_protocol',
      facts: { status: 401 },
    });
    server.answer('*', { status: 200, body: invoices.busy });
    await expect(cryptopay().lookup(REFERENCE)).rejects.toBeInstanceOf(ProviderUnavailable);
    shows();
    server.answer('POST /api/createInvoice', { status: 400, body: invoices.invalid });
    await expect(cryptopay().start(orderOf(money(1n, 'RUB')))).rejects.toMatchObject({
      code: 'payments.provider_refused',
    });
  });

  it('lists the invoices of a window once each, the odd item last as an error', async () => {
    const window = { from: new Date('2026-11-20T00:00:00Z'), to: new Date('2026-11-21T00:00:00Z') };
    const earlier = { ...invoices.active, invoice_id: 5, created_at: '2026-11-19T23:59:59.999Z' };
    const full = Array.from({ length: 1_000 }, () => invoices.active);
    const rest = [invoices.active, earlier];
    server.answer('GET /api/getInvoices', good([{ odd: 1 }, ...full.slice(1)]), good(rest));
    const seen: string[] = [];
    const reading = (async () => {
      for await (const one of cryptopay().list(window)) seen.push(one.reference);
    })();
    await expect(reading).rejects.toBeInstanceOf(ProviderProtocolError);
    expect(seen).toEqual([REFERENCE]);
    expect(server.requests.map(({ query }) => query.get('offset'))).toEqual(['0', '980']);
  });

  /** Newest first by position; between two questions some of those that were read vanish. */
  function vanishing(count: number, vanish: (asked: number) => number): void {
    let kept = Array.from({ length: count }, (_, at) => ({
      ...{ ...invoices.active, invoice_id: 9_000 - at },
    }));
    let asked = 0;
    server.answerWith('GET /api/getInvoices', ({ query }) => {
      asked += 1;
      const offset = Number(query.get('offset'));
      const page = kept.slice(offset, offset + Number(query.get('count')));
      kept = kept.slice(vanish(asked));
      return good(page);
    });
  }
  const day = { from: new Date('2026-11-20T00:00:00Z'), to: new Date('2026-11-21T00:00:00Z') };
  const numbers = async () =>
    (await Array.fromAsync(cryptopay().list(day))).map(({ reference }) => Number(reference));

  it.each([
    ['few vanish after each page', () => 15],
    ['many vanish once', (asked: number) => (asked === 1 ? 300 : 0)],
  ])('overlooks none that stays while it reads: %s', async (_name, vanish) => {
    vanishing(1_500, vanish);
    const seen = await numbers();
    // What nobody took away: everything behind the largest loss.
    const known = new Set(seen);
    for (let id = 9_000 - 1_499; id <= 9_000 - 400; id += 1) expect(known.has(id)).toBe(true);
    expect(known.size).toBe(seen.length);
  });

  it('says so when the list never keeps still', async () => {
    vanishing(2_600, () => 250);
    await expect(numbers()).rejects.toThrow(/does not keep still/);
  });
});
