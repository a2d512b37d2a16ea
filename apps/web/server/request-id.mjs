import { randomUUIDv7 } from 'node:crypto';

const BASE32_LENGTH = 26;

/** A new request id in the platform's form: `req_` and 26 signs of base32 over a UUIDv7. */
export function newRequestId() {
  const number = BigInt(`0x${randomUUIDv7().replaceAll('-', '')}`);
  return `req_${number.toString(32).padStart(BASE32_LENGTH, '0')}`;
}
