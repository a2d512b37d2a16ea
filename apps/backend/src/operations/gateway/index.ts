/**
 * The one public door of the back end: a strict reverse proxy to the instances of `auth`, `api` and `bot`.
 * It knows addresses, limits and the health of instances, no business and no database.
 * An instance is up (its check passes), ejected (up, but live traffic failed: its breaker is not
 * closed) or down. None up: 503 with Retry-After, so that providers repeat. One retry, on another
 * instance, only when nothing was sent or repeating is harmless.
 * Limits: bodies 1 MB (webhooks of Telegram and the panel 256 kB), addresses 8 kB, 100 headers of 16 kB, 10 s (webhooks 25 s).
 */
export { describeBalancer, type GatewayReport, type InstanceReport } from './diagnostics.ts';
export { createGateway, type Gateway, type GatewayOptions, type GatewayTable } from './gateway.ts';
