import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto';

/** What PayPal signs notices with: the key stays, the certificate is for anyone to fetch. */
export type Signer = Readonly<{ name: string; privateKey: string; certificate: string }>;

const DAY_MS = 86_400_000;
const VALID_DAYS = 3_650;
const KEY_BITS = 2_048;
const SUBJECT = 'messageverificationcerts.paypal.com';
/** Object identifiers as DER has them. */
const OID = {
  commonName: '0603550403',
  organization: '060355040a',
  sha256WithRsa: '06092a864886f70d01010b',
} as const;
const TAG = {
  integer: 0x02,
  bits: 0x03,
  nothing: 0x05,
  text: 0x0c,
  utcTime: 0x17,
  sequence: 0x30,
  set: 0x31,
} as const;

/** A fresh key with a certificate it signed itself, in PayPal's name; only simulators trust it. */
export function createSigner(name: string, at: Date): Signer {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: KEY_BITS });
  const algorithm = sequence(hex(OID.sha256WithRsa), der(TAG.nothing, Buffer.alloc(0)));
  const subject = sequence(
    attribute(OID.organization, 'Simulated, not PayPal'),
    attribute(OID.commonName, SUBJECT),
  );
  const validity = sequence(
    utcTime(new Date(at.getTime() - DAY_MS)),
    utcTime(new Date(at.getTime() + VALID_DAYS * DAY_MS)),
  );
  const serial = der(TAG.integer, Buffer.from([1]));
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const body = sequence(serial, algorithm, subject, validity, subject, spki);
  const proof = sign('sha256', body, privateKey);
  const whole = sequence(body, algorithm, der(TAG.bits, Buffer.concat([Buffer.from([0]), proof])));
  return {
    name,
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    certificate: pem(whole),
  };
}

/** Base64 of RSA with SHA-256 (PKCS 1 v1.5) over the message. */
export const signMessage = (message: string, { privateKey }: Signer): string =>
  sign('sha256', Buffer.from(message), createPrivateKey(privateKey)).toString('base64');

/** One value as DER: its tag, the length of the content, the content. */
function der(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest >>= 8) bytes.unshift(rest & 0xff);
  const size = length < 0x80 ? [length] : [0x80 | bytes.length, ...bytes];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

const sequence = (...parts: Buffer[]): Buffer => der(TAG.sequence, Buffer.concat(parts));

const hex = (text: string): Buffer => Buffer.from(text, 'hex');

const attribute = (oid: string, value: string): Buffer =>
  der(TAG.set, sequence(hex(oid), der(TAG.text, Buffer.from(value))));

/** `261120120000Z`: two digits of the year, as certificates of this half of the century have it. */
const utcTime = (at: Date): Buffer =>
  der(TAG.utcTime, Buffer.from(`${at.toISOString().replaceAll(/[-:T]/g, '').slice(2, 14)}Z`));

function pem(content: Buffer): string {
  const lines = content.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}
