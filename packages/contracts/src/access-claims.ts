import { z } from 'zod';

const seconds = z.int().positive();
const name = z.string().min(1).max(128);

/** What an access token says. Nothing personal: ids and times only. Times are seconds of Unix time. */
export const AccessClaims = z.strictObject({
  iss: name,
  /** The person's id. */
  sub: name,
  /** Exactly one service. */
  aud: name,
  exp: seconds,
  /** Honoured in place of `exp` only while the issuer is down, for what that level allows. */
  deg_exp: seconds,
  nbf: seconds,
  iat: seconds,
  jti: name,
  sid: name,
  /** Raised by every change of rights: older decisions no longer count. */
  authz_version: z.int().nonnegative(),
  /** How the person proved to be who they are, RFC 8176 (`pwd`, `otp`, ...). */
  amr: z.array(z.string().min(1).max(16)).min(1).max(4),
});
export type AccessClaims = z.infer<typeof AccessClaims>;
