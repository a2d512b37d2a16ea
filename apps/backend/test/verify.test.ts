/** `opora payments verify` as scripts call it: a program, files, exit codes, one line of JSON. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { inheritedEnvironment, rootFolder } from '../src/config/load.ts';
import {
  formOf,
  SHOP,
  WORD_2,
} from '../src/modules/payments/providers/freekassa/testing/notices.ts';
import tkassa from '../src/modules/payments/providers/tkassa/fixtures/vectors.json' with { type: 'json' };
import paypal from '../src/modules/payments/providers/paypal/fixtures/vectors.json' with { type: 'json' };
import stripe from '../src/modules/payments/providers/stripe/fixtures/vectors.json' with { type: 'json' };
import cryptopay from '../src/modules/payments/providers/cryptopay/fixtures/vectors.json' with { type: 'json' };
import stars from '../src/modules/payments/providers/stars/fixtures/vectors.json' with { type: 'json' };
import tribute from '../src/modules/payments/providers/tribute/fixtures/vectors.json' with { type: 'json' };
import notices from '../src/modules/payments/providers/yookassa/fixtures/notices.json' with { type: 'json' };

const CANARY = 'test_canary_of_the_secret_key';
const FROM_VENDOR = ['--remote', '185.71.76.5'];
let folder: string;

// A program starts in half a second, on a machine that is busy with others in ten.
vi.setConfig({ testTimeout: 60_000 });

const file = (name: string): string => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'opora-verify-'));
  await writeFile(file('body.bin'), JSON.stringify(notices.payment));
  await writeFile(file('refund.bin'), JSON.stringify(notices.refund));
  await writeFile(file('broken.bin'), '{"type":"notification"');
  await writeFile(file('large.bin'), 'x'.repeat(300_000));
  await writeFile(file('headers.json'), '{"Content-Type":"application/json","X-Twice":["a","b"]}');
  await writeFile(file('list.json'), '["no","object"]');
  await writeFile(file('secret'), `${CANARY}\n`);
});
afterAll(() => rm(folder, { recursive: true }));

type Said = Readonly<{ code: number; json: unknown; err: string }>;

/** Runs `opora payments verify`; `settings` replaces the settings of a shop that is configured. */
async function verify(args: readonly string[], settings?: Record<string, string>): Promise<Said> {
  const program = [join(rootFolder, 'apps/backend/src/main.ts'), 'payments', 'verify', ...args];
  const shop = { YOOKASSA_SHOP_ID: '100500', YOOKASSA_SECRET_KEY_FILE: file('secret') };
  const env = inheritedEnvironment({
    ...{ OPORA_HOME: '/nonexistent', OPORA_SIMULATORS: 'off' },
    ...(settings ?? shop),
  });
  return await new Promise((resolve) => {
    execFile(process.execPath, program, { env }, (error, out, err) => {
      expect(out + err).not.toContain(CANARY);
      const lines = out.trim().split('\n');
      expect(lines).toHaveLength(1);
      const json: unknown = out === '' ? undefined : JSON.parse(lines[0] ?? '');
      resolve({ code: error === null ? 0 : Number(error.code), json, err });
    });
  });
}

const given = (body: string, ...more: string[]): string[] => [
  ...['--provider', 'yookassa', '--headers', file('headers.json'), '--body', file(body)],
  ...more,
];

describe('a recorded notice', () => {
  it('is accepted, but not confirmed: the shop must be asked', async () => {
    const { code, json, err } = await verify(given('body.bin', ...FROM_VENDOR));
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const { id } = notices.payment.object;
    const notice = { confirmed: false, event: 'payment.succeeded', reference: id };
    expect(json).toMatchObject({ accepted: true, confirmed: false, notice });
  });

  it('is judged whenever it came and with whatever query, as the endpoint does', async () => {
    const more = ['--at', '2020-01-01T00:00:00Z', '--query', '?a=b'];
    const { code, json } = await verify(given('refund.bin', ...FROM_VENDOR, ...more));
    expect(code).toBe(0);
    expect(json).toMatchObject({ notice: { reference: notices.refund.object.payment_id } });
  });

  it.each([
    ['body.bin', ['--remote', '203.0.113.7'], 'sender_not_allowed'],
    ['body.bin', [], 'sender_not_allowed'],
    ['broken.bin', FROM_VENDOR, 'malformed'],
    ['large.bin', FROM_VENDOR, 'oversized'],
    ['headers.json', FROM_VENDOR, 'unknown_event'],
  ])('%s with %j is refused: %s', async (body, more, reason) => {
    const { code, json } = await verify(given(body, ...more));
    expect(json).toMatchObject({ accepted: false, reason });
    expect(code).toBe(1);
  });

  it('of a provider without its secrets, or of one nobody knows, is refused', async () => {
    const refused = { code: 1, json: { accepted: false, reason: 'provider_not_configured' } };
    const half = { YOOKASSA_SHOP_ID: '100500' };
    expect(await verify(given('body.bin', ...FROM_VENDOR), half)).toMatchObject(refused);
    const args = ['--provider', 'nobody', '--body', file('body.bin')];
    expect(await verify(args)).toMatchObject(refused);
  });
});

describe('a recorded notice of T-Kassa', () => {
  const settings = { TKASSA_TERMINAL_KEY: '1763680000DEMO', TKASSA_PASSWORD: 'Tk!Pass_0001' };
  const args = (name: string) => ['--provider', 'tkassa', '--body', file(name)];

  it('is accepted with its token, from anywhere, and refused with a changed sum', async () => {
    const [good, changed] = tkassa.filter(({ id }) => id === 'tkassa-1' || id === 'tkassa-2');
    await writeFile(file('good.json'), Buffer.from(good?.body_base64 ?? '', 'base64'));
    await writeFile(file('changed.json'), Buffer.from(changed?.body_base64 ?? '', 'base64'));
    const { code, json } = await verify(args('good.json'), settings);
    expect(json).toMatchObject({ accepted: true, notice: { reference: '4000123456' } });
    expect(code).toBe(0);
    const refused = { code: 1, json: { accepted: false, reason: 'signature' } };
    expect(await verify(args('changed.json'), settings)).toMatchObject(refused);
  });
});

describe('a recorded notice of FreeKassa', () => {
  const settings = {
    FREEKASSA_SHOP_ID: SHOP,
    FREEKASSA_SECRET_1: 'word-1',
    FREEKASSA_SECRET_2: WORD_2,
    FREEKASSA_API_KEY: 'api-key',
  };

  it('is accepted by POST and, without a body, by GET; only from the vendor', async () => {
    const text = new URLSearchParams(formOf()).toString();
    await writeFile(file('form.txt'), text);
    await writeFile(file('empty.txt'), '');
    const args = (body: string) => ['--provider', 'freekassa', '--body', file(body)];
    const from = ['--remote', '178.154.197.79'];
    const good = { code: 0, json: { accepted: true, notice: { reference: 'pay_01JD0008' } } };
    expect(await verify([...args('form.txt'), ...from], settings)).toMatchObject(good);
    const query = [...args('empty.txt'), ...from, '--query', `?${text}`];
    expect(await verify(query, settings)).toMatchObject(good);
    expect(await verify(args('form.txt'), settings)).toMatchObject({
      json: { accepted: false, reason: 'sender_not_allowed' },
    });
  });
});

describe('a recorded notice that is signed', () => {
  type Vector = Readonly<{ id: string; headers: object; body_base64: string }>;

  async function filesOf(vector: Vector | undefined): Promise<string[]> {
    const [headers, body] = [file(`${vector?.id ?? ''}.json`), file(`${vector?.id ?? ''}.bin`)];
    await writeFile(headers, JSON.stringify(vector?.headers));
    await writeFile(body, Buffer.from(vector?.body_base64 ?? '', 'base64'));
    return ['--headers', headers, '--body', body];
  }

  it.each([
    ['stripe-1', { accepted: true, confirmed: true }],
    ['stripe-2', { accepted: true, confirmed: true }],
    ['stripe-3', { accepted: false, reason: 'stale' }],
    ['stripe-5', { accepted: false, reason: 'signature' }],
  ])('%s is judged by time and secret', async (id, expected) => {
    const vector = stripe.find((each) => each.id === id);
    const at = new Date((vector?.now ?? 0) * 1000).toISOString();
    const args = ['--provider', 'stripe', '--at', at, ...(await filesOf(vector))];
    const settings = { STRIPE_API_KEY: CANARY, STRIPE_WEBHOOK_SECRET: vector?.secret ?? '' };
    const { code, json } = await verify(args, settings);
    expect(json).toMatchObject(expected);
    expect(code).toBe(expected.accepted ? 0 : 1);
  });

  it.each([
    ['paypal-1', true, { accepted: true, confirmed: true }],
    ['paypal-1', false, { accepted: false, reason: 'signature' }],
    ['paypal-3', true, { accepted: false, reason: 'signature' }],
    ['paypal-4', true, { accepted: false, reason: 'signature' }],
    ['paypal-5', true, { accepted: false, reason: 'signature' }],
  ])('%s with a certificate from a file: %s', async (id, hasCertificate, expected) => {
    const vector = paypal.find((each) => each.id === id);
    await writeFile(file('cert.pem'), vector?.certificate_pem ?? '');
    const args = ['--provider', 'paypal', ...(await filesOf(vector))];
    if (hasCertificate) args.push('--certificate', file('cert.pem'));
    const app = { PAYPAL_CLIENT_ID: 'app', PAYPAL_SECRET: CANARY };
    const settings = { ...app, PAYPAL_WEBHOOK_ID: vector?.webhook_id ?? '' };
    const { code, json } = await verify(args, settings);
    expect(json).toMatchObject(expected);
    expect(code).toBe(expected.accepted ? 0 : 1);
  });
});

describe('a signed notice', () => {
  const shop = {
    CRYPTOPAY_TOKEN: cryptopay[0]?.token ?? '',
    TRIBUTE_API_KEY: tribute[0]?.api_key ?? '',
    TELEGRAM_BOT_TOKEN: '7:TEST_TOKEN_FOR_VECTORS_ONLY',
    TELEGRAM_WEBHOOK_SECRET: stars[0]?.secret_token ?? '',
  };
  const recorded = { cryptopay: cryptopay[0], tribute: tribute[0], stars: stars[0] };

  it.each(Object.entries(recorded))(
    'of %s is accepted as it came, and not changed',
    async (id, given) => {
      await writeFile(file('signed.json'), JSON.stringify(given?.headers));
      const args = [
        '--provider',
        id,
        '--headers',
        file('signed.json'),
        '--body',
        file('signed.bin'),
      ];
      const bytes = Buffer.from(given?.body_base64 ?? '', 'base64');
      await writeFile(file('signed.bin'), bytes);
      const { code, json } = await verify(args, shop);
      expect({ code, json }).toMatchObject({ code: 0, json: { accepted: true, confirmed: true } });
      const others = id === 'stars' ? { ...shop, TELEGRAM_WEBHOOK_SECRET: 'another' } : shop;
      if (id !== 'stars')
        await writeFile(file('signed.bin'), Buffer.concat([bytes, Buffer.from(' ')]));
      const refused = { code: 1, json: { accepted: false, reason: 'signature' } };
      expect(await verify(args, others)).toMatchObject(refused);
    },
  );
});

describe('a wrong call', () => {
  it.each([
    ['without a body', ['--provider', 'yookassa'], /--body/],
    ['with an option nobody knows', ['--bdoy', 'x'], /--bdoy/],
    ['with a time that is none', ['--at', 'yesterday'], /--at/],
    ['with a file that is not there', ['--body', '/nonexistent/body'], /nonexistent/],
    ['with headers that are no object', ['--headers', 'list.json'], /list\.json/],
  ])('%s answers 64 with a sentence and no stack', async (_what, args, words) => {
    const whole = args[0] === '--provider' ? args : [...given('body.bin'), ...args];
    const placed = whole.map((arg) => (arg === 'list.json' ? file(arg) : arg));
    const { code, json, err } = await verify(placed);
    expect(err).toMatch(words);
    expect({ code, json }).toEqual({ code: 64, json: undefined });
    expect(err).not.toMatch(/\n\s+at /);
  });

  it('with wrong settings answers 78 and names them', async () => {
    const settings = { YOOKASSA_WEBHOOK_NETWORKS: '10.0.0.0/99', OPORA_TRUSTED_PROXIES: 'proxy' };
    const { code, err } = await verify(given('body.bin'), settings);
    expect(code).toBe(78);
    expect(err).toMatch(/OPORA_TRUSTED_PROXIES[^]*YOOKASSA_WEBHOOK_NETWORKS/);
  });
});
