import { verify, X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createSigner, signMessage } from './certificate.ts';
import vectors from './fixtures/signature-vectors.json' with { type: 'json' };
import { signatureHeaders, signedMessage } from './signature.ts';

const AT = new Date('2026-11-20T12:00:00.000Z');
const signer = createSigner('CERT-TEST', AT);

describe('what PayPal signs', () => {
  it('is the official message: the CRC-32 of the bytes as an unsigned decimal', () => {
    const [official] = vectors.filter((each) => each.id === 'paypal-official-1');
    const headers = official?.headers as Record<string, string>; // every vector has them
    const transmission = {
      id: headers['paypal-transmission-id'] ?? '',
      time: headers['paypal-transmission-time'] ?? '',
      webhookId: official?.webhook_id ?? '',
    };
    const body = Buffer.from(official?.body_base64 ?? '', 'base64').toString('utf8');
    expect(signedMessage(body, transmission)).toBe(official?.expected_signed_message);
  });

  it.each(['paypal-1', 'paypal-2'])('is what the certificate of vector %s proves', (id) => {
    const vector = vectors.find((each) => each.id === id);
    const headers = vector?.headers as Record<string, string>; // every vector has them
    const body = Buffer.from(vector?.body_base64 ?? '', 'base64').toString('utf8');
    const message = signedMessage(body, {
      id: headers['paypal-transmission-id'] ?? '',
      time: headers['paypal-transmission-time'] ?? '',
      webhookId: vector?.webhook_id ?? '',
    });
    const { publicKey } = new X509Certificate(vector?.certificate_pem ?? '');
    const proof = Buffer.from(headers['paypal-transmission-sig'] ?? '', 'base64');
    expect(verify('sha256', Buffer.from(message), publicKey, proof)).toBe(true);
  });
});

describe('the certificate', () => {
  const certificate = new X509Certificate(signer.certificate);

  it('is a readable one in PayPal’s name, valid now, signed by itself', () => {
    expect(certificate.subject).toContain('CN=messageverificationcerts.paypal.com');
    expect(certificate.checkIssued(certificate)).toBe(true);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(Date.parse(certificate.validFrom)).toBeLessThan(AT.getTime());
    expect(Date.parse(certificate.validTo)).toBeGreaterThan(AT.getTime());
  });

  it('proves the headers of a notice, and not those of other bytes', () => {
    const transmission = { id: 't-1', time: '2026-11-20T12:00:00Z', webhookId: 'W1' };
    const how = { signer, certificateUrl: 'http://127.0.0.1/cert' };
    const headers = signatureHeaders('{"a":1.0}', transmission, how);
    const proof = Buffer.from(headers['paypal-transmission-sig'] ?? '', 'base64');
    const proves = (body: string): boolean => {
      const message = Buffer.from(signedMessage(body, transmission));
      return verify('sha256', message, certificate.publicKey, proof);
    };
    expect([proves('{"a":1.0}'), proves('{"a":1}')]).toEqual([true, false]);
    expect(signMessage('x', signer)).not.toBe(signMessage('y', signer));
  });
});
