import { createHmac, timingSafeEqual } from 'node:crypto';

export type TokenPayload = Readonly<{
  uuid: string;
  username: string | null;
  role: 'API' | 'ADMIN';
  /** Unix seconds. */
  iat: number;
  exp: number;
}>;

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** An HS256 JSON Web Token, as the panel issues them. */
export function signToken(payload: TokenPayload, key: string): string {
  const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(payload)}`;
  return `${signed}.${signature(signed, key)}`;
}

/** The payload of a token that was signed with `key` and has not expired, or `undefined`. */
export function readToken(token: string, key: string, now: Date): TokenPayload | undefined {
  const [head, body, given, ...more] = token.split('.');
  if (head === undefined || body === undefined || given === undefined || more.length > 0) {
    return undefined;
  }
  const expected = Buffer.from(signature(`${head}.${body}`, key));
  const presented = Buffer.from(given);
  if (expected.length !== presented.length || !timingSafeEqual(expected, presented)) {
    return undefined;
  }
  const text = Buffer.from(body, 'base64url').toString('utf8');
  const payload = JSON.parse(text) as TokenPayload; // the signature proves that signToken wrote it
  return payload.exp * 1000 > now.getTime() ? payload : undefined;
}

function signature(signed: string, key: string): string {
  return createHmac('sha256', key).update(signed).digest('base64url');
}
