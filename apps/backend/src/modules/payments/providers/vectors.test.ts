/**
 * Every recorded vector of every vendor, through the face of its adapter. The folders and the files
 * are enumerated: a vector that is added counts at once, and one that is lost is missed by number.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Secret } from '@opora/kernel';
import { afterAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../platform/clock/index.ts';
import { createHttpClient } from '../../../platform/http-client/index.ts';
import { createLog } from '../../../platform/log/index.ts';
import { createTelegramApi } from '../../../platform/telegram/index.ts';
import { WebhookRejected } from '../errors.ts';
import { signCall, signLink, signNotice } from './freekassa/signatures.ts';
import { createProviders, type ProvidersConfig } from './registry.ts';
import { tokenOf } from './tkassa/token.ts';
import { signedMessage } from './paypal/webhook.ts';

/** How many there are of each; the sheet of the vendors' facts has as many. */
const PUBLISHED: Readonly<Record<string, number>> = {
  ...{ cryptopay: 4, freekassa: 8, paypal: 6, stars: 4 },
  ...{ stripe: 5, tkassa: 9, tribute: 4, yookassa: 3 },
};

type Vector = Readonly<{
  id: string;
  kind: string;
  verdict?: 'accept' | 'reject' | null;
  headers?: Readonly<Record<string, string | null>>;
  payload?: Readonly<Record<string, string | number>>;
  accept?: readonly string[];
  reject?: readonly string[];
}> &
  Readonly<Record<string, unknown>>;

const FOLDER = import.meta.dirname;
const vendors = readdirSync(FOLDER, { withFileTypes: true })
  .filter((each) => each.isDirectory() && each.name !== 'conformance')
  .map(({ name }) => name);

function vectorsOf(vendor: string): Vector[] {
  const file = join(FOLDER, vendor, 'fixtures', 'vectors.json');
  return JSON.parse(readFileSync(file, 'utf8')) as Vector[]; // our own fixture
}

const text = (vector: Vector, name: string): string => {
  const value = vector[name];
  return typeof value === 'string' ? value : '';
};
const secret = (vector: Vector, name: string): Secret => new Secret(text(vector, name));
const bodyOf = (vector: Vector): Buffer => Buffer.from(text(vector, 'body_base64'), 'base64');

const URL_OF_NOBODY = 'http://127.0.0.1:9/';
const http = createHttpClient({ clock: systemClock });
const log = createLog({ level: 'silent', role: 'test' });
const telegram = createTelegramApi({
  ...{ config: { token: new Secret('1:x'), apiUrl: URL_OF_NOBODY }, clock: systemClock, log },
});

afterAll(async () => {
  await Promise.all([http.close(), telegram?.close()]);
});

/** The one vendor's settings, with the keys of its vector. */
function settingsFor(vendor: string, one: Vector): ProvidersConfig {
  const where = { apiUrl: URL_OF_NOBODY, networks: undefined };
  const some = new Secret('some');
  switch (vendor) {
    case 'stripe':
      return {
        stripe: { ...where, apiKey: some, webhookSecret: secret(one, 'secret'), currencies: [] },
      };
    case 'paypal':
      return {
        paypal: { ...where, clientId: 'id', secret: some, webhookId: text(one, 'webhook_id') },
      };
    case 'tkassa': {
      const terminalKey = one.payload?.['TerminalKey'] ?? keyIn(one);
      const password = secret(one, 'password');
      return { tkassa: { ...where, terminalKey: String(terminalKey), password, ffd: '1.05' } };
    }
    case 'yookassa':
      return { yookassa: { ...where, shopId: '100500', secretKey: some } };
    case 'cryptopay':
      return { cryptopay: { ...where, token: secret(one, 'token') } };
    case 'freekassa': {
      const words = { word1: some, word2: secret(one, 'secret_word_2'), apiKey: some };
      return { freekassa: { ...where, ...words, shopId: '7012', payUrl: URL_OF_NOBODY } };
    }
    case 'stars':
      return { telegram: { webhookSecret: secret(one, 'secret_token') } };
    default:
      return { tribute: { ...where, apiKey: secret(one, 'api_key'), signatureEncoding: 'hex' } };
  }
}

const keyIn = (one: Vector): unknown =>
  (JSON.parse(bodyOf(one).toString()) as { TerminalKey?: unknown }).TerminalKey; // as it was sent

/** A notice as it came in, judged by the adapter that the registry makes. */
async function verdictOf(vendor: string, one: Vector, remote?: string) {
  const certificate = text(one, 'certificate_pem');
  const made = createProviders(settingsFor(vendor, one), {
    ...{ http, log, clock: systemClock, certificate },
    breaker: () => ({ run: (call) => call() }),
    telegram,
  });
  const [provider] = made.values();
  if (provider === undefined) throw new Error(`${vendor} is not offered`);
  const headers = Object.entries(one.headers ?? {}).flatMap(([name, value]) =>
    value === null ? [] : [[name, value] as const],
  );
  const written = { ...one.payload, Token: one['expected_token'] };
  try {
    await provider.verify({
      ...{ method: 'POST', query: '', headers: Object.fromEntries(headers) },
      body: one['body_base64'] === undefined ? Buffer.from(JSON.stringify(written)) : bodyOf(one),
      remoteAddress: remote ?? (text(one, 'remote_ip') || '203.0.113.7'),
      receivedAt: new Date(Number(one['now'] ?? 1_763_680_000) * 1_000),
    });
    return 'accept';
  } catch (error) {
    if (error instanceof WebhookRejected) return 'reject';
    throw error;
  }
}

/** What there is to try of each kind of vector; a kind that is not here fails. */
const KINDS: Readonly<Record<string, (vendor: string, one: Vector) => unknown>> = {
  webhook: judged,
  notification: judged,
  'signed-message': (_vendor, one) => {
    const [id, time] = ['id', 'time'].map((name) => one.headers?.[`paypal-transmission-${name}`]);
    const message = { id: id ?? '', time: time ?? '', webhookId: text(one, 'webhook_id') };
    const said = signedMessage({ ...message, body: bodyOf(one) });
    expect(said).toBe(one['expected_signed_message']);
  },
  request: (_vendor, one) => {
    expect(tokenOf({ ...one.payload }, secret(one, 'password'))).toBe(one['expected_token']);
  },
  form: (_vendor, one) => {
    const link = { shopId: text(one, 'm'), sum: text(one, 'oa'), orderId: text(one, 'o') };
    const signed = signLink({ ...link, currency: text(one, 'currency') }, word(one, 1));
    expect(signed).toBe(one['expected_signature_hex']);
  },
  'notification-sign': (_vendor, one) => {
    const [shopId, sum] = [text(one, 'MERCHANT_ID'), text(one, 'AMOUNT')];
    const notice = { shopId, sum, orderId: text(one, 'MERCHANT_ORDER_ID') };
    expect(signNotice(notice, word(one, 2))).toBe(one['expected_signature_hex']);
  },
  'api-request': (_vendor, one) => {
    const signature = signCall({ ...one.payload }, secret(one, 'api_key'));
    expect(signature).toBe(one['expected_signature_hex']);
  },
  'sender-ip': async (vendor, one) => {
    const [notice] = vectorsOf(vendor).filter(({ verdict }) => verdict === 'accept');
    if (notice === undefined) throw new Error('no notice to send');
    for (const [verdict, addresses] of [
      ['accept', one.accept ?? []],
      ['reject', one.reject ?? []],
    ] as const) {
      expect(addresses.length).toBeGreaterThan(5);
      for (const address of addresses) {
        expect(await verdictOf(vendor, notice, address), address).toBe(verdict);
      }
    }
  },
};

const word = (one: Vector, number: 1 | 2): Secret => secret(one, `secret_word_${String(number)}`);

async function judged(vendor: string, one: Vector): Promise<void> {
  expect(await verdictOf(vendor, one)).toBe(one.verdict);
}

describe('the vectors', () => {
  it('are there for every vendor, each once, as many as were published', () => {
    const counts = vendors.map((vendor) => [vendor, vectorsOf(vendor).length]);
    expect(Object.fromEntries(counts)).toEqual(PUBLISHED);
    const ids = vendors.flatMap((vendor) => vectorsOf(vendor).map(({ id }) => id));
    expect(new Set(ids).size).toBe(ids.length);
  });

  describe.each(vendors)('of %s', (vendor) => {
    it.each(vectorsOf(vendor).map((one) => [one.id, one] as const))('%s', async (_id, one) => {
      const exercise = KINDS[one.kind];
      if (exercise === undefined) throw new Error(`nobody tries vectors of kind ${one.kind}`);
      await exercise(vendor, one);
    });
  });
});
