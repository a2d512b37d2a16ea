import { timingSafeEqual } from 'node:crypto';
import { type Answer, json, parseJson, type Request, type Router } from '../../http.ts';
import type { World } from '../../world.ts';
import type { CryptoApp } from './app.ts';
import { COIN_CODES, currencyList, FIAT_CODES, rateOf, readCoin, readFiat } from './currencies.ts';
import { readDecimal, writeDecimal } from './decimal.ts';
import { type Invoice, INVOICE_STATUSES } from './invoice.ts';
import { type Params, readInvoice } from './order.ts';
import { presentInvoice } from './present.ts';
import { Refusal, refusalAnswer, refuse } from './refusal.ts';

const BASE = '/cryptopay/api';
const COUNT = { standard: 100, max: 1000 };
const SHOWN_BODY_MAX = 4_000;
/** Paying out is off for new apps at the vendor; the simulated app is one. */
const SWITCHED_OFF = ['transfer', 'createCheck'];

type Method = (params: Params) => unknown;

/** Crypto Pay's methods by GET with a query or by POST with JSON or a form. */
export function registerApi(router: Router, world: World, app: CryptoApp): void {
  const { token } = world.config.payments.cryptopay;
  const methods = createMethods(world, app);

  function answer(request: Request): Answer {
    const name = request.params['method'] ?? '';
    const result = attempt(request, name);
    const status = typeof result === 'object' ? ` ${String(result.status)}` : '';
    const detail = {
      query: request.query.toString(),
      body: request.body.toString('utf8', 0, SHOWN_BODY_MAX),
    };
    const summary = `${name}${status}`;
    world.journal.add({ target: 'cryptopay', direction: 'to-vendor', summary, detail });
    return result;
  }

  function attempt(request: Request, name: string): Answer {
    try {
      if (!isAuthentic(request.headers['crypto-pay-api-token'], token)) {
        throw new Refusal(401, 'UNAUTHORIZED');
      }
      if (SWITCHED_OFF.includes(name)) throw new Refusal(403, 'METHOD_DISABLED');
      const method = methods.get(name);
      if (method === undefined) throw new Refusal(405, 'METHOD_NOT_FOUND');
      return json(200, { ok: true, result: method(readParams(request)) });
    } catch (error) {
      if (error instanceof Refusal) return refusalAnswer(error);
      throw error;
    }
  }

  for (const verb of ['GET', 'POST']) {
    router.on(verb, `${BASE}/:method`, answer, { api: 'cryptopay' });
  }
}

function createMethods(world: World, app: CryptoApp): ReadonlyMap<string, Method> {
  const shown = (invoice: Invoice): unknown => presentInvoice(invoice, app.checkoutUrl);
  const appId = Number(world.config.payments.cryptopay.token.split(':')[0]);
  return new Map<string, Method>([
    [
      'getMe',
      () => ({
        app_id: appId,
        name: 'Simulated app',
        payment_processing_bot_username: 'CryptoTestnetBot',
      }),
    ],
    ['createInvoice', (params) => shown(app.create(readInvoice(params)))],
    ['getInvoices', (params) => ({ items: listInvoices(app, params).map(shown) })],
    [
      'deleteInvoice',
      (params) => {
        app.end(readId(params['invoice_id'], 'INVOICE_ID_INVALID'), 'deleted');
        return true;
      },
    ],
    ['getBalance', () => balances(app)],
    ['getCurrencies', currencyList],
    ['getExchangeRates', rates],
  ]);
}

/** Newest first; the filters narrow each other. */
function listInvoices(app: CryptoApp, params: Params): Invoice[] {
  const status = params['status'];
  if (status !== undefined && !INVOICE_STATUSES.some((each) => each === status)) {
    refuse('STATUS_INVALID');
  }
  const asset = params['asset'] && readCoin(params['asset'], 'ASSET_INVALID');
  const fiat = params['fiat'] && readFiat(params['fiat'], 'FIAT_INVALID');
  const offset = readCount(params['offset'], { name: 'OFFSET', least: 0, standard: 0 });
  const count = readCount(params['count'], {
    name: 'COUNT',
    least: 1,
    standard: COUNT.standard,
    most: COUNT.max,
  });
  const ids = params['invoice_ids']?.split(',').map((id) => readId(id, 'INVOICE_IDS_INVALID'));
  return (ids ?? app.book.ids())
    .map((id) => app.book.find(id))
    .filter((invoice) => invoice !== undefined)
    .filter(
      ({ price, status: is }) =>
        is !== 'deleted' &&
        (status === undefined || is === status) &&
        (!asset || (price.kind === 'crypto' && price.asset === asset)) &&
        (!fiat || (price.kind === 'fiat' && price.fiat === fiat)),
    )
    .toSorted((a, b) => Number(b.id) - Number(a.id))
    .slice(offset, offset + count);
}

function readId(text: string | undefined, fault: string): string {
  const id = text?.trim() ?? '';
  return /^[1-9]\d{0,14}$/.test(id) ? id : refuse(fault);
}

function readCount(
  text: string | undefined,
  how: Readonly<{ name: string; least: number; standard: number; most?: number }>,
): number {
  const { name, least, standard, most = Number.MAX_SAFE_INTEGER } = how;
  const count = Number(text ?? standard);
  if (!Number.isInteger(count) || count < least || count > most) refuse(`${name}_INVALID`);
  return count;
}

/** What the app earned, per coin, its fees taken off. */
function balances(app: CryptoApp): unknown[] {
  const sums = new Map<string, bigint>(COIN_CODES.map((code) => [code, 0n]));
  for (const id of app.book.ids()) {
    const paid = app.book.find(id)?.paid;
    if (paid === undefined) continue;
    const income = (readDecimal(paid.amount) ?? 0n) - (readDecimal(paid.fee) ?? 0n);
    sums.set(paid.asset, (sums.get(paid.asset) ?? 0n) + income);
  }
  return [...sums].map(([code, sum]) => ({
    currency_code: code,
    available: writeDecimal(sum),
    onhold: '0',
  }));
}

const rates = (): unknown[] =>
  COIN_CODES.flatMap((source) =>
    FIAT_CODES.map((target) => ({
      is_valid: true,
      is_crypto: true,
      is_fiat: false,
      source,
      target,
      rate: writeDecimal(rateOf(source, target)),
    })),
  );

/** Query and body together, the body winning; every value as text. */
function readParams(request: Request): Params {
  const fields: Record<string, unknown> = Object.fromEntries(request.query);
  if (request.body.length > 0) {
    const type = request.headers['content-type'] ?? '';
    const body: unknown = type.includes('json')
      ? parseJson(request.body)
      : Object.fromEntries(new URLSearchParams(request.body.toString('utf8')));
    if (typeof body !== 'object' || body === null || Array.isArray(body)) refuse('BODY_INVALID');
    Object.assign(fields, body);
  }
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, asText(value)]));
}

function asText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.join(',');
  return typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : refuse('PARAM_INVALID');
}

function isAuthentic(given: string | string[] | undefined, token: string): boolean {
  const [a, b] = [Buffer.from(String(given ?? '')), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}
