/** What a prefix means is written once, here: an id in a log tells what it names. */
export const ID_PREFIXES = {
  per: 'person',
  ses: 'session',
  fam: 'refresh family',
  lnk: 'login link',
  pln: 'plan',
  plv: 'plan version',
  ord: 'order',
  pay: 'payment',
  ntc: 'payment notice',
  ref: 'refund',
  sub: 'subscription',
  msg: 'message',
  req: 'request',
  jti: 'token',
  key: 'API key',
  cut: 'end of all tokens of a time',
  aud: 'audit entry',
  inv: 'invitation of staff',
  mth: 'saved method of payment',
  hnd: 'payment entered by hand',
  sil: 'spell without notices of a provider',
  ext: 'extension of everybody',
  chl: 'challenge of a sign-in',
  rec: 'reconciliation run',
  dif: 'difference of books',
  ann: 'announcement to customers',
  anu: 'update of an announcement',
} as const;

export type IdPrefix = keyof typeof ID_PREFIXES;

/**
 * Where ids and chance come from. An id is a prefix and 26 characters of base32 over a UUIDv7
 * (`pay_0hn3...`, 30 in all), so ids sort by the time they were made and fit every provider.
 */
export interface Ids {
  next(prefix: IdPrefix): string;
  /** `bytes` random bytes from a CSPRNG, as base64url: for secrets, never for keys of rows. */
  secret(bytes: number): string;
  /** A number in [0, 1): jitter and sampling, never security. */
  chance(): number;
}
