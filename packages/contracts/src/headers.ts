/** Names of headers and cookies that two programs of ours must spell alike. */
export const HEADERS = {
  /** Names one request through all roles and logs. */
  requestId: 'x-request-id',
  /** Milliseconds that REMAIN; believed over the inner link only. */
  deadline: 'x-opora-deadline-ms',
  /** A service token: the call comes from a role of ours. */
  inner: 'x-opora-inner',
  /**
   * At which level the gateway decided while the auth service is away, 2 to 4; absent: auth decided.
   * Believed over the inner link only.
   */
  level: 'x-opora-level',
  /** With an answer: the auth service is away, and not everything is possible. No more is told. */
  degraded: 'x-opora-degraded',
  /**
   * With an answer: the database is away, and this is a copy so many seconds old. The body says it
   * as `asOf` where people are shown it.
   */
  stale: 'x-opora-stale',
  /** With a 503: what is away behind this instance, which is therefore not at fault itself. */
  blames: 'x-opora-blames',
  /** The gateway's second try of a call whose answer it lost; believed over the inner link only. */
  again: 'x-opora-again',
  /**
   * So much of this network was not believed that a webhook which is not believed either is not to
   * be kept. Believed over the inner link only.
   */
  flood: 'x-opora-flood',
  /** The token of `SessionWire`, with every unsafe call of a session. */
  csrf: 'x-csrf-token',
} as const;

/** What the mark of `csrf` is made for; the same wherever a session is judged. */
export const CSRF_MARK = 'csrf';

export type CookieNames = Readonly<{
  access: string;
  refresh: string;
  device: string;
  /** What this browser began at Telegram. */
  telegram: string;
}>;

/**
 * Names of the session's cookies. Cookies ignore ports, so runs on one host are told apart by the
 * web port of the run. The prefixes make browsers insist on https; without https (a local run)
 * they would make browsers drop the cookie.
 */
export function cookieNames(site: { webPort: number; secure: boolean }): CookieNames {
  const port = String(site.webPort);
  return site.secure
    ? {
        access: `__Host-at-${port}`,
        refresh: `__Secure-rt-${port}`,
        device: `__Secure-dv-${port}`,
        telegram: `__Secure-tg-${port}`,
      }
    : {
        access: `at-${port}`,
        refresh: `rt-${port}`,
        device: `dv-${port}`,
        telegram: `tg-${port}`,
      };
}
