import { randomBytes } from 'node:crypto';

const NONCE_BYTES = 16;
const TWO_YEARS_S = 2 * 365 * 24 * 60 * 60;

/**
 * The policy of every page: only our own files, and scripts only with this answer's nonce.
 * Next takes the nonce from the same header on the request and writes it on its scripts.
 */
export function contentSecurityPolicy() {
  const nonce = randomBytes(NONCE_BYTES).toString('base64');
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}' 'strict-dynamic'`,
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "font-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "object-src 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join('; ');
}

/**
 * Headers of every answer made here. HSTS only where the proxy before us says it spoke TLS: over
 * plain HTTP a browser ignores it, so a client that lies gains nothing.
 * @param {{ policy: string, requestId: string, isHttps: boolean }} of
 * @returns {Record<string, string>}
 */
export function securityHeaders({ policy, requestId, isHttps }) {
  return {
    'content-security-policy': policy,
    'x-request-id': requestId,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'strict-origin-when-cross-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
    ...(isHttps && {
      'strict-transport-security': `max-age=${String(TWO_YEARS_S)}; includeSubDomains`,
    }),
  };
}
