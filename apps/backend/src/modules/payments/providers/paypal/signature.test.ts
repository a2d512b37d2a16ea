import { generateKeyPairSync } from 'node:crypto';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../../platform/clock/index.ts';
import { ProviderUnavailable } from '../../errors.ts';
import { createCertificates } from './certificates.ts';
import events from './fixtures/events.json' with { type: 'json' };
import vectors from './fixtures/vectors.json' with { type: 'json' };
import {
  completed,
  ID,
  judge,
  raw,
  signature,
  TIME,
  withHeaders,
  type Signing,
} from './testing/notices.ts';
import { WEBHOOK } from './testing/stage.ts';
import { signedMessage, verifyNotice } from './webhook.ts';

describe('the signature', () => {
  it.each(vectors.filter(({ certificate_pem: pem }) => pem !== undefined))(
    '$id: $what',
    async ({
      headers,
      body_base64: body,
      certificate_pem: given,
      verdict,
      webhook_id: webhookId,
    }) => {
      const whole = Object.fromEntries(Object.entries(headers));
      const bytes = Buffer.from(body, 'base64');
      const certificates = createCertificates({
        clock: systemClock,
        ownOrigin: undefined,
        given,
        fetch: () => Promise.reject(new Error('fetched')),
      });
      const result = verifyNotice(raw(bytes, { headers: whole }), {
        webhookId,
        isTest: true,
        isSenderAllowed: () => true,
        keyFrom: certificates.keyFrom,
      });
      if (verdict === 'accept') expect(await result).toMatchObject({ confirmed: true });
      else await expect(result).rejects.toMatchObject({ reason: 'signature' });
    },
  );

  it.each(vectors.filter(({ expected_crc32: crc }) => crc !== undefined))(
    '$id: the bytes and the message',
    (vector) => {
      const body = Buffer.from(vector.body_base64, 'base64');
      expect(crc32(body)).toBe(vector.expected_crc32);
      if (vector.expected_signed_message === undefined) return;
      const { headers, webhook_id: webhookId } = vector;
      const [id, time] = [headers['paypal-transmission-id'], headers['paypal-transmission-time']];
      expect(signedMessage({ id, time, webhookId, body })).toBe(vector.expected_signed_message);
    },
  );

  it('covers the id of our webhook, the id and the time of the transmission', async () => {
    const odd: Signing[] = [
      { webhookId: 'WEBHOOK_ID' },
      { webhookId: '' },
      { id: 'another' },
      { time: '2026-11-20T20:46:42Z' },
      { hash: 'sha1' },
      { hash: 'sha512' },
    ];
    for (const part of odd) {
      const mark = signature(Buffer.from(completed), part);
      const given = withHeaders(completed, { 'paypal-transmission-sig': mark });
      expect(await judge(given)).toBe('signature');
    }
    expect(await judge(raw(completed))).toMatchObject({ confirmed: true });
    const other = generateKeyPairSync('rsa', { modulusLength: 2_048 });
    expect(await judge(raw(completed), other.publicKey)).toBe('signature');
  });

  it.each([
    ['no id', { 'paypal-transmission-id': undefined }],
    ['an id with a bar in it', { 'paypal-transmission-id': `${ID}|x` }],
    ['no time', { 'paypal-transmission-time': undefined }],
    ['a time with a bar in it', { 'paypal-transmission-time': `${TIME}|${WEBHOOK}` }],
    ['no signature', { 'paypal-transmission-sig': undefined }],
    ['an empty signature', { 'paypal-transmission-sig': '' }],
    ['two signatures', { 'paypal-transmission-sig': 'AAAA, AAAA' }],
    ['an endless signature', { 'paypal-transmission-sig': 'A'.repeat(5_000) }],
    ['no address of a certificate', { 'paypal-cert-url': undefined }],
    ['two addresses', { 'paypal-cert-url': 'https://api.paypal.com/1, https://evil.example/2' }],
    ['no algorithm', { 'paypal-auth-algo': undefined }],
    ['another algorithm', { 'paypal-auth-algo': 'SHA1withRSA' }],
    ['an algorithm twice', { 'paypal-auth-algo': 'SHA256withRSA, none' }],
    ['an algorithm in small letters', { 'paypal-auth-algo': 'sha256withrsa' }],
  ])('is refused when there is %s', async (_name, headers) => {
    expect(await judge(withHeaders(completed, headers))).toBe('signature');
  });

  it('covers the bytes, not what they mean', async () => {
    const mark = { 'paypal-transmission-sig': signature(Buffer.from(completed)) };
    const odd = [
      JSON.stringify(events.completed, undefined, 1),
      completed.replace('pay_01JD0005', '\\u0070ay_01JD0005'),
      `${completed} `,
      completed.replaceAll('/', '\\/').replace('"499.00"', '"499.000"'),
    ];
    for (const other of odd) {
      expect(await judge(withHeaders(other, mark))).toBe('signature');
      expect(await judge(raw(other))).toMatchObject({ confirmed: true });
    }
  });

  it('fails for every single changed byte', async () => {
    const mark = { 'paypal-transmission-sig': signature(Buffer.from(completed)) };
    const { headers } = withHeaders(completed, mark);
    const at = fc.nat(Buffer.byteLength(completed) - 1);
    await fc.assert(
      fc.asyncProperty(at, fc.integer({ min: 1, max: 255 }), async (place, by) => {
        const bytes = Buffer.from(completed);
        bytes[place] = (bytes[place] ?? 0) ^ by;
        expect(await judge(raw(bytes, { headers }))).toBe('signature');
      }),
    );
  });

  it('that cannot be judged now is not refused: the vendor will repeat it', async () => {
    const away = new ProviderUnavailable('away');
    const judging = verifyNotice(raw(completed), {
      webhookId: WEBHOOK,
      isTest: true,
      isSenderAllowed: () => true,
      keyFrom: () => Promise.reject(away),
    });
    await expect(judging).rejects.toBe(away);
  });
});
