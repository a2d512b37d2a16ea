/** Time-based one-time passwords, RFC 6238: what every authenticator app can do. Pure. */
import { createHmac } from 'node:crypto';

/** 160 bits, as long as the hash (RFC 4226, 4). */
export const TOTP_SECRET_BYTES = 20;
const STEP_SECONDS = 30;
const DIGITS = 6;
/** Steps a telephone's clock may be off, to each side. */
const DRIFT_STEPS = 1;
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The number of the half minute that holds `at`. */
export function stepOf(at: Date): number {
  return Math.floor(at.getTime() / 1000 / STEP_SECONDS);
}

/** The code of one step. Apps know SHA-1 and six digits; the others are here for the RFC's vectors. */
export function totpCode(
  secret: Buffer,
  step: number,
  { digits = DIGITS, hash = 'sha1' }: { digits?: number; hash?: string } = {},
): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac(hash, secret).update(counter).digest();
  const offset = mac.readUInt8(mac.length - 1) & 0x0f;
  const number = mac.readUInt32BE(offset) & 0x7fff_ffff;
  return String(number % 10 ** digits).padStart(digits, '0');
}

/** The step whose code this is, near `at` and after `lastStep`; undefined: not a code that counts. */
export function matchingStep(
  secret: Buffer,
  code: string,
  known: { at: Date; lastStep: number },
): number | undefined {
  const now = stepOf(known.at);
  for (let step = now - DRIFT_STEPS; step <= now + DRIFT_STEPS; step += 1) {
    if (step > known.lastStep && totpCode(secret, step) === code) return step;
  }
  return undefined;
}

/** What the app is given: the secret to type, and the address behind the square to photograph. */
export function totpInvitation(
  secret: Buffer,
  names: { issuer: string; account: string },
): { secret: string; uri: string } {
  const text = base32(secret);
  const label = `${encodeURIComponent(names.issuer)}:${encodeURIComponent(names.account)}`;
  const issuer = encodeURIComponent(names.issuer);
  return { secret: text, uri: `otpauth://totp/${label}?secret=${text}&issuer=${issuer}` };
}

function base32(bytes: Buffer): string {
  let bits = '';
  for (const byte of bytes) bits += byte.toString(2).padStart(8, '0');
  return (bits.match(/.{1,5}/g) ?? [])
    .map((five) => BASE32[Number.parseInt(five.padEnd(5, '0'), 2)] ?? '')
    .join('');
}
