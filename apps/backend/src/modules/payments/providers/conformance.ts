/**
 * One suite for every payment provider, called from each vendor's test file. The vendor is a real
 * HTTP server that answers from recorded fixtures; nothing of ours is replaced.
 */
import { inspect } from 'node:util';
import { formatMajor, money, Secret, type Clock, type Money } from '@opora/kernel';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../platform/clock/index.ts';
import { createHttpClient, type HttpClient } from '../../../platform/http-client/index.ts';
import {
  startScriptedServer,
  type ScriptedAnswer,
  type ScriptedServer,
} from '../../../platform/http-client/scripted-server.ts';
import { createLog, type Log } from '../../../platform/log/index.ts';
import {
  ProviderPaymentMissing,
  ProviderProtocolError,
  ProviderRefused,
  ProviderUnavailable,
  UnsupportedByProvider,
  WebhookRejected,
} from '../errors.ts';
import type { PaymentProvider, ProviderPaymentState } from '../provider.ts';
import {
  calls,
  declaredCalls,
  orderOf,
  sum,
  undeclared,
  type ProviderCase,
} from './conformance/case.ts';
import { fuzzing } from './conformance/fuzzing.ts';
import type { ProvidersDeps } from './registry.ts';

export { orderOf } from './conformance/case.ts';

const EXACT_RUNS = 25;

export function providerConformance(vendor: ProviderCase): void {
  const lines: string[] = [];
  const log = createLog({ level: 'debug', role: 'test', write: (line) => lines.push(line) });
  const clients: HttpClient[] = [];
  let server: ScriptedServer;
  const deps = (clock: Clock = systemClock): ProvidersDeps => depsOf(clock, log, clients);
  const provider = (clock?: Clock): PaymentProvider => {
    const made = vendor.create(server.url, deps(clock));
    if (made === undefined) throw new Error('the provider is not offered');
    return made;
  };

  describe(`payment provider ${vendor.name}`, () => {
    beforeAll(async () => {
      server = await startScriptedServer();
    });
    beforeEach(() => {
      vendor.script.prepares?.(server);
    });
    afterEach(() => {
      server.clear();
    });
    afterAll(async () => {
      await server.close();
      await Promise.all(clients.map((client) => client.close()));
    });

    it('is not offered when its secrets are empty', () => {
      expect(vendor.createWithoutSecrets(server.url, deps())).toBeUndefined();
    });
    starting(vendor, provider, () => server);
    reading(vendor, provider, () => server);
    failing(vendor, provider, () => server);
    refunding(vendor, provider, () => server);
    it('shows how it charges when it says that it does', () => {
      const isDeclared = provider().capabilities.savedMethods === 'merchant';
      expect(vendor.charging !== undefined).toBe(isDeclared);
    });
    if (vendor.charging !== undefined) charging(vendor, vendor.charging, provider, () => server);
    judging(vendor, provider);
    unsupported(vendor, provider, () => server);
    keepingSecrets(vendor, provider, () => server, lines);
    fuzzing(vendor, deps, () => server);
  });
}

type Make = (clock?: Clock) => PaymentProvider;
type At = () => ScriptedServer;

function starting(vendor: ProviderCase, provider: Make, server: At): void {
  it('starts one payment for one payment id, however often it is asked', async () => {
    vendor.script.starts(server());
    const one = await provider().start(orderOf(sum(provider(), 49_900n)));
    const again = await provider().start(orderOf(sum(provider(), 49_900n)));
    const other = await provider().start(orderOf(sum(provider(), 49_900n), 'pay_01JD0006'));
    // A vendor that shows a link once gives the payment up instead of making a second one.
    const isGivenUp = again.payment.state === 'cancelled' && again.checkoutUrl === undefined;
    if (isGivenUp) expect(again.reference).toBe(one.reference);
    // Links may differ from call to call; what they lead to may not.
    else expect([again.reference, again.payment]).toEqual([one.reference, one.payment]);
    expect(other.payment.reference).not.toBe(one.payment.reference);
    expect(one.payment.state).not.toBe('settled');
  });

  it('sends and reads sums exactly in each of its currencies', async () => {
    const made = provider();
    for (const currency of made.capabilities.currencies) {
      await fc.assert(
        fc.asyncProperty(fc.bigInt(1n, 10n ** 12n), async (minor) => {
          server().clear();
          vendor.script.prepares?.(server());
          vendor.script.starts(server());
          const asked = money(minor, currency);
          const started = await made.start(orderOf(asked, `pay_${String(minor)}`));
          expect(started.payment.amount).toEqual(asked);
          const bodies = server().requests.map(({ body }) => body);
          const sent = JSON.stringify(vendor.startsOffline === true ? started.checkoutUrl : bodies);
          expect(sent).toContain((vendor.sent ?? formatMajor)(asked));
          const refunded = refundedOf(made, vendor, asked);
          vendor.script.shows(server(), {
            status: Object.keys(vendor.statuses)[0] ?? '',
            amount: asked,
            refunded,
          });
          const seen = await made.lookup(vendor.reference);
          expect([seen.amount, seen.refunded]).toEqual([asked, refunded]);
        }),
        { numRuns: EXACT_RUNS },
      );
    }
  });
}

function reading(vendor: ProviderCase, provider: Make, server: At): void {
  const show = async (status: string): Promise<ProviderPaymentState> => {
    const made = provider();
    const amount = sum(made, 49_900n);
    vendor.script.shows(server(), { status, amount, refunded: sum(made, 0n) });
    return (await made.lookup(vendor.reference)).state;
  };

  it.each(Object.entries(vendor.statuses))('reads the status %s as %s', async (status, state) => {
    expect(await show(status)).toBe(state);
  });

  const foreign = ['', 'SUCCEEDED', 'paid', 'succeeded ', 'constructor', 'chargeback'];
  it.each(foreign.filter((status) => !Object.hasOwn(vendor.statuses, status)))(
    'reads a status it does not know (%j) as unrecognised',
    async (status) => {
      expect(await show(status)).toBe('unrecognised');
    },
  );

  it('says that a payment is missing only when the vendor says so', async () => {
    server().answer('*', vendor.script.missing);
    await expect(provider().lookup(vendor.reference)).rejects.toBeInstanceOf(
      ProviderPaymentMissing,
    );
    for (const foreign of [{ status: 404 }, { status: 404, body: '<html>' }, { status: 302 }]) {
      server().answer('*', foreign);
      await expect(provider().lookup(vendor.reference)).rejects.toBeInstanceOf(
        ProviderProtocolError,
      );
    }
  });
}

function failing(vendor: ProviderCase, provider: Make, server: At): void {
  it.each<[string, ScriptedAnswer]>([
    ['a cut connection', 'reset'],
    ['500', { status: 500, body: { type: 'error' } }],
    ['502 of a proxy', { status: 502, body: '<html>bad gateway</html>' }],
    ['503', { status: 503 }],
    ['429', vendor.script.tooMany],
  ])('calls %s an unknown outcome', async (_name, answer) => {
    const made = provider();
    server().answer('*', answer);
    for (const [name, call] of declaredCalls(made, vendor)) {
      await expect(call(), name).rejects.toBeInstanceOf(ProviderUnavailable);
    }
  });

  it('calls silence an unknown outcome', async () => {
    const made = provider({ ...systemClock, sleep: () => Promise.resolve() });
    server().answer('*', 'silence');
    for (const [name, call] of declaredCalls(made, vendor)) {
      await expect(call(), name).rejects.toBeInstanceOf(ProviderUnavailable);
    }
  });

  it('passes on how long the vendor asks to wait', async () => {
    server().answer('*', vendor.script.tooMany);
    await expect(provider().lookup(vendor.reference)).rejects.toMatchObject({
      retryAfterMs: vendor.script.retryAfterMs,
    });
  });

  it.each<[string, ScriptedAnswer]>([
    ['broken JSON', { status: 200, body: '{"id":' }],
    ['a page', { status: 200, body: '<html>' }],
    ['an empty object', { status: 200, body: {} }],
    ['null', { status: 200, body: null }],
    ['a redirect', { status: 302, headers: { location: 'https://example.com/' } }],
    ['refused credentials', { status: 401, body: { type: 'error', code: 'invalid_credentials' } }],
    ['a forbidden call', { status: 403, body: { type: 'error', code: 'forbidden' } }],
  ])('never takes %s for an answer', async (_name, answer) => {
    const made = provider();
    server().answer('*', answer);
    for (const [name, call] of declaredCalls(made, vendor)) {
      await expect(call(), name).rejects.toBeInstanceOf(ProviderProtocolError);
    }
  });
}

function refunding(vendor: ProviderCase, provider: Make, server: At): void {
  it('refunds what is left and is refused above it', async () => {
    const made = provider();
    if (made.capabilities.refunds === 'none') return;
    const refund = (minor: bigint) =>
      made.refund({
        refundId: 'ref_01JD0005',
        reference: vendor.reference,
        amount: sum(made, minor),
        reason: 'asked by the customer',
        receipt: undefined,
      });
    vendor.script.refunds(server(), sum(made, 10_000n));
    expect(await refund(10_000n)).toMatchObject({ state: 'refunded' });
    await expect(refund(10_001n)).rejects.toBeInstanceOf(ProviderRefused);
  });
}

function charging(
  vendor: ProviderCase,
  saved: NonNullable<ProviderCase['charging']>,
  provider: Make,
  server: At,
): void {
  const method = new Secret(saved.method);
  const charge = (made: PaymentProvider, paymentId?: string) =>
    made.charge(method, orderOf(sum(made, 49_900n), paymentId));

  it('charges a saved method once for one payment id, and sends nobody anywhere', async () => {
    expect(provider().capabilities.savedMethods).toBe('merchant');
    saved.charges(server());
    const one = await charge(provider());
    const again = await charge(provider());
    const other = await charge(provider(), 'pay_01JD0006');
    expect(again.payment).toEqual(one.payment);
    expect(other.payment.reference).not.toBe(one.payment.reference);
    expect(one).toMatchObject({ checkoutUrl: undefined, payment: { state: 'settled' } });
    expect(one.payment.amount).toEqual(sum(provider(), 49_900n));
    const sent = JSON.stringify(server().requests);
    for (const part of saved.sent ?? [saved.method]) expect(sent).toContain(part);
  });

  it.each(Object.entries(saved.advice))('reads a decline (%s) as %s', async (reason, advice) => {
    saved.declines(server(), reason);
    expect((await charge(provider())).payment).toMatchObject({ state: 'cancelled', advice });
  });

  it('asks for another method when it does not know the word of a decline', async () => {
    for (const reason of ['no_such_word', 'constructor']) {
      saved.declines(server(), reason);
      const { payment } = await charge(provider());
      expect(payment).toMatchObject({ state: 'cancelled', advice: 'another_method' });
    }
  });

  it('reads a saved method only where the vendor says it saved one, and never shows it', async () => {
    saved.saves(server(), true);
    const { savedMethod } = await provider().lookup(vendor.reference);
    expect(savedMethod?.token.reveal()).toBe(saved.method);
    expect(savedMethod?.title).toBe(saved.title);
    expect(inspect(savedMethod) + JSON.stringify(savedMethod)).not.toContain(saved.method);
    server().clear();
    vendor.script.prepares?.(server());
    saved.saves(server(), false);
    expect((await provider().lookup(vendor.reference)).savedMethod).toBeUndefined();
  });
}

function judging(vendor: ProviderCase, provider: Make): void {
  it('gives the same key for the same notice', async () => {
    const [one, again] = [
      await provider().verify(vendor.notice),
      await provider().verify(vendor.notice),
    ];
    expect(again).toEqual(one);
    expect(one.dedupeKey).not.toBe('');
    expect(one.reference).toBe(vendor.reference);
  });

  it('claims nothing when the notice proves nothing', async () => {
    if (provider().capabilities.webhookProof === 'signature') return;
    expect(await provider().verify(vendor.notice)).toMatchObject({
      confirmed: false,
      claims: undefined,
    });
  });

  it.each(Object.entries(vendor.forged))('refuses a notice with %s', async (_name, raw) => {
    await expect(provider().verify(raw)).rejects.toBeInstanceOf(WebhookRejected);
  });

  it('answers an accepted notice with 2xx and a refused one with 4xx', () => {
    expect(provider().acknowledge('accepted').status).toBeLessThan(300);
    expect(provider().acknowledge('rejected').status).toBeGreaterThanOrEqual(400);
    expect(provider().acknowledge('rejected', 'malformed').status).toBeLessThan(500);
  });
}

function unsupported(vendor: ProviderCase, provider: Make, server: At): void {
  it('refuses what it did not declare before anything is sent', async () => {
    const made = provider();
    const foreign = (['RUB', 'USD', 'XTR'] as const).find(
      (currency) => !made.capabilities.currencies.includes(currency),
    );
    if (foreign !== undefined) {
      await expect(made.start(orderOf(money(100n, foreign)))).rejects.toBeInstanceOf(
        UnsupportedByProvider,
      );
    }
    const missing = undeclared(made);
    for (const [name, call] of Object.entries(calls(made, vendor.reference))) {
      if (!missing.includes(name)) continue;
      await expect(call(), name).rejects.toBeInstanceOf(UnsupportedByProvider);
    }
    expect(server().requests).toHaveLength(0);
  });
}

function keepingSecrets(vendor: ProviderCase, provider: Make, server: At, lines: string[]): void {
  it('shows no secret in an error, its causes, or the log', async () => {
    const made = provider();
    const echo = vendor.secrets.join(' ');
    const answers: ScriptedAnswer[] = [
      'reset',
      { status: 500, body: { type: 'error' } },
      { status: 401, body: { type: 'error', code: 'invalid_credentials' } },
      { status: 200, body: `<html>${echo}</html>` },
      { status: 200, body: { id: 7, echo } },
    ];
    const seen: string[] = [inspect(made, { depth: 6 })];
    for (const answer of answers) {
      server().answer('*', answer);
      for (const [, call] of declaredCalls(made, vendor)) {
        const error = await call().catch((thrown: unknown) => thrown);
        seen.push(inspect(error, { depth: 8, showHidden: true }), JSON.stringify(error));
      }
    }
    const text = [...seen, ...lines].join('\n');
    for (const secret of vendor.secrets) expect(text).not.toContain(secret);
  });
}

/** What can be seen to have gone back of a sum: nothing, all of it, or any part. */
function refundedOf(made: PaymentProvider, vendor: ProviderCase, asked: Money): Money {
  const refunds = vendor.tellsParts === false ? 'full' : made.capabilities.refunds;
  const part = refunds === 'none' ? 0n : refunds === 'full' ? asked.minor : asked.minor / 3n;
  return money(part, asked.currency);
}

function depsOf(clock: Clock, log: Log, clients: HttpClient[]): ProvidersDeps {
  const http = createHttpClient({ clock });
  clients.push(http);
  return { http, clock, log, breaker: () => ({ run: (call) => call() }) };
}
