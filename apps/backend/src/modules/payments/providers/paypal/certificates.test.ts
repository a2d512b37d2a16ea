import { X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProviderUnavailable, WebhookRejected } from '../../errors.ts';
import { checkChain, createCertificates, isVendorHost, readChain } from './certificates.ts';
import pems from './fixtures/certificates.json' with { type: 'json' };
import { CERTIFICATE } from './testing/stage.ts';

const AT = new Date('2026-11-27T12:00:00Z');
const VENDOR = 'https://api.paypal.com/v1/notifications/certs/CERT-360caa42-fca2a594-a5cafa77';
const root = new X509Certificate(pems.root);
const chainOf = (...parts: string[]): string => parts.join('\n');
const GOOD = chainOf(pems.good, pems.intermediate);

/** What the network answers, and what it was asked for; time stands still unless it is moved. */
function world(answers: Readonly<Record<string, string | Error>> = {}) {
  const asked: string[] = [];
  let nowMs = 0;
  const certificates = (change: { ownOrigin?: string; given?: string } = {}) =>
    createCertificates({
      clock: { now: () => AT, monotonicMs: () => nowMs, sleep: () => Promise.resolve() },
      ownOrigin: change.ownOrigin,
      given: change.given,
      anchors: [root],
      async fetch(url) {
        asked.push(url.href);
        const answer = await Promise.resolve(answers[url.href] ?? answers['*'] ?? 'nothing');
        if (answer instanceof Error) throw answer;
        return answer;
      },
    });
  return { asked, certificates, pass: (ms: number) => (nowMs += ms) };
}

describe('the address of a certificate', () => {
  it.each([
    VENDOR,
    'https://paypal.com/CERT-1',
    'https://API.SANDBOX.PAYPAL.COM/v1/notifications/certs/CERT-1',
    'https://api.paypal.com:443/CERT-1',
  ])('may be %s', async (address) => {
    const { certificates } = world({ '*': GOOD });
    await expect(certificates().keyFrom(address, AT)).resolves.toMatchObject({ type: 'public' });
  });

  it.each([
    'https://api.paypal.com.evil.example/v1/notifications/certs/CERT-1',
    'https://evil.example/api.paypal.com/CERT-1',
    'https://evilpaypal.com/CERT-1',
    'https://paypal.com.evil.example',
    'https://api.paypal.com@evil.example/CERT-1',
    'https://user:pass@api.paypal.com/CERT-1',
    'https://evil.example#.paypal.com',
    'https://evil.example?.paypal.com',
    'https://evil.example\\.paypal.com/',
    'https://api.paypal.com:8443/CERT-1',
    'https://api.paypal.com./CERT-1',
    'https://api.раураl.com/CERT-1',
    'http://api.paypal.com/CERT-1',
    'ftp://api.paypal.com/CERT-1',
    'file:///etc/passwd',
    'data:text/plain,api.paypal.com',
    'http://127.0.0.1/paypal.com',
    'http://169.254.169.254/latest/meta-data',
    '//api.paypal.com/CERT-1',
    'api.paypal.com/CERT-1',
    '',
    `https://api.paypal.com/${'x'.repeat(600)}`,
  ])('may not be %s, and nothing is fetched', async (address) => {
    const { asked, certificates } = world({ '*': GOOD });
    for (const given of [undefined, CERTIFICATE]) {
      const judging = certificates(given === undefined ? {} : { given });
      await expect(judging.keyFrom(address, AT)).rejects.toBeInstanceOf(WebhookRejected);
    }
    expect(asked).toEqual([]);
  });

  it('is never of anybody else, whatever it looks like', async () => {
    const part = fc.constantFrom(
      'paypal.com',
      '.',
      'evil',
      '@',
      '/',
      '\\',
      '#',
      ':',
      '?',
      'a',
      '%2e',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 8 }), async (parts) => {
        const { asked, certificates } = world({ '*': GOOD });
        await certificates()
          .keyFrom(`https://${parts.join('')}`, AT)
          .catch((error: unknown) => {
            expect(error).toBeInstanceOf(WebhookRejected);
          });
        expect(asked.every((href) => isVendorHost(new URL(href).hostname))).toBe(true);
      }),
    );
  });

  it('may be where the API is, when that is not the vendor’s: then no authority is asked', async () => {
    const own = 'http://127.0.0.1:5050';
    const { certificates } = world({ '*': CERTIFICATE });
    const judging = certificates({ ownOrigin: own });
    await expect(judging.keyFrom(`${own}/certs/1`, AT)).resolves.toBeDefined();
    await expect(judging.keyFrom('http://127.0.0.1:5051/certs/1', AT)).rejects.toThrow(/address/);
    await expect(judging.keyFrom(VENDOR, AT)).rejects.toThrow(/no authority/);
  });
});

describe('a certificate', () => {
  const check = (pem: string, at = AT): void => {
    checkChain(readChain(pem), [root], at);
  };

  it('is good when it leads to an authority, with or without the root beside it', () => {
    check(GOOD);
    check(chainOf(pems.good, pems.root, pems.intermediate));
    checkChain(readChain(pems.good), [new X509Certificate(pems.intermediate)], AT);
  });

  it.each([
    ['without its intermediate', pems.good, /no authority/],
    ['signed by itself', CERTIFICATE, /no authority/],
    ['that signed for somebody else', chainOf(pems.good, CERTIFICATE), /no authority/],
    [
      'issued by one that may not issue',
      chainOf(pems.issued_by_a_leaf, pems.good, pems.intermediate),
      /no authority/,
    ],
  ])('%s leads nowhere', (_name, pem, reason) => {
    expect(() => {
      check(pem);
    }).toThrow(reason);
  });

  it('is good within its dates only, and so is every one above it', () => {
    const brief = chainOf(pems.one_day, pems.intermediate);
    check(brief);
    for (const at of ['2026-11-26T00:00:00Z', '2026-11-29T00:00:00Z']) {
      expect(() => {
        check(brief, new Date(at));
      }).toThrow(/dates/);
    }
    expect(() => {
      check(GOOD, new Date('2060-01-01T00:00:00Z'));
    }).toThrow(/dates/);
  });

  it.each([
    ['of a site', chainOf(pems.other_name, pems.intermediate)],
    ['of a look-alike', chainOf(pems.lookalike, pems.intermediate)],
    ['with a weak key', pems.weak_key],
    ['that is none', 'hello'],
    ['that is broken', pems.good.replaceAll(/[a-m]/g, 'A')],
    ['of endless length', pems.good.repeat(100)],
    ['with a crowd behind it', chainOf(pems.good, ...Array.from({ length: 9 }, () => pems.root))],
  ])('%s signs no notices', async (_name, pem) => {
    for (const change of [{}, { given: pem }]) {
      const { certificates } = world({ '*': pem });
      await expect(certificates(change).keyFrom(VENDOR, AT)).rejects.toBeInstanceOf(
        WebhookRejected,
      );
    }
  });

  it('that an operator gives is taken as it is, and nothing is fetched', async () => {
    const { asked, certificates } = world();
    const old = new Date('2020-01-01T00:00:00Z');
    await expect(certificates({ given: CERTIFICATE }).keyFrom(VENDOR, old)).resolves.toBeDefined();
    await expect(certificates({ given: '' }).keyFrom(VENDOR, old)).rejects.toThrow(/PEM/);
    expect(asked).toEqual([]);
  });
});

describe('fetching', () => {
  const other = `${VENDOR}-2`;

  it('happens once for one address, also when many ask at once', async () => {
    const { asked, certificates } = world({ '*': GOOD });
    const judging = certificates();
    await Promise.all(Array.from({ length: 9 }, () => judging.keyFrom(VENDOR, AT)));
    await judging.keyFrom(VENDOR, AT);
    expect(asked).toEqual([VENDOR]);
  });

  it('does not make a certificate good for ever', async () => {
    const { certificates } = world({ '*': chainOf(pems.one_day, pems.intermediate) });
    const judging = certificates();
    await judging.keyFrom(VENDOR, AT);
    const late = new Date('2026-11-29T00:00:00Z');
    await expect(judging.keyFrom(VENDOR, late)).rejects.toThrow(/dates/);
  });

  it('of what was refused waits a minute; of what could not be had it does not', async () => {
    const away = new ProviderUnavailable('away');
    const { asked, certificates, pass } = world({ [VENDOR]: 'nothing', [other]: away });
    const judging = certificates();
    for (const _ of [1, 2]) {
      await expect(judging.keyFrom(VENDOR, AT)).rejects.toBeInstanceOf(WebhookRejected);
      await expect(judging.keyFrom(other, AT)).rejects.toBe(away);
    }
    expect(asked).toEqual([VENDOR, other, other]);
    pass(60_001);
    await expect(judging.keyFrom(VENDOR, AT)).rejects.toBeInstanceOf(WebhookRejected);
    expect(asked).toHaveLength(4);
  });

  it('for a flood of addresses is bounded, and what is known stays known', async () => {
    const { asked, certificates, pass } = world({ [VENDOR]: GOOD });
    const judging = certificates();
    await judging.keyFrom(VENDOR, AT);
    for (let at = 0; at < 200; at += 1) {
      await expect(judging.keyFrom(`${VENDOR}/${String(at)}`, AT)).rejects.toThrow();
    }
    expect(asked).toHaveLength(10);
    await expect(judging.keyFrom(other, AT)).rejects.toBeInstanceOf(ProviderUnavailable);
    await judging.keyFrom(VENDOR, AT);
    pass(60_001);
    await expect(judging.keyFrom(other, AT)).rejects.toBeInstanceOf(WebhookRejected);
  });
});
