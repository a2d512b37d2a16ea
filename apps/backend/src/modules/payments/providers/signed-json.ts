/**
 * Notices that are JSON signed as bytes: HMAC-SHA256 of the body as it came, in one header. The
 * bytes are judged first; only then they are read, because reading and writing JSON changes it.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { parseJson } from '../../../platform/json/index.ts';
import { WebhookRejected, type WebhookRefusal } from '../errors.ts';
import type { HttpAnswer, RawWebhook } from '../provider.ts';

/** Largest notice that is read; true ones are about 1 kB. */
export const NOTICE_MAX_BYTES = 256 * 1024;

const FORMS = {
  hex: /^[0-9a-f]{64}$/,
  base64: /^[A-Za-z0-9+/]{43}=$/,
} as const;

export type Signing = Readonly<{
  /** Name in lower case. A repeated header comes joined and is no signature. */
  header: string;
  /** Bytes of the key; never empty. */
  key: Buffer;
  encoding: keyof typeof FORMS;
}>;

/** The signed JSON; throws `WebhookRejected` and nothing else. */
export function openSigned(raw: RawWebhook, { header, key, encoding }: Signing): unknown {
  assertReadable(raw);
  const given = raw.headers[header] ?? '';
  if (!FORMS[encoding].test(given)) {
    throw new WebhookRejected('signature', 'no signature of the expected form');
  }
  const expected = createHmac('sha256', key).update(raw.body).digest();
  if (!timingSafeEqual(expected, Buffer.from(given, encoding))) {
    throw new WebhookRejected('signature', 'the signature is not that of these bytes');
  }
  return readJson(raw.body);
}

/** The outer form: a POST of a bounded size. */
export function assertReadable(raw: RawWebhook): void {
  if (raw.method !== 'POST') throw new WebhookRejected('malformed', 'not a POST');
  if (raw.body.length > NOTICE_MAX_BYTES) {
    throw new WebhookRejected('oversized', `${String(raw.body.length)} bytes`);
  }
}

/** Strict UTF-8 and JSON. */
export function readJson(body: Buffer): unknown {
  const text = utf8(body);
  const value = text === undefined ? undefined : parseJson(text);
  if (value === undefined) throw new WebhookRejected('malformed', 'not JSON');
  return value;
}

function utf8(body: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    return undefined;
  }
}

/** For vendors that read nothing but the status of our answer. */
export function acknowledgeByStatus(
  outcome: 'accepted' | 'rejected',
  reason?: WebhookRefusal,
): HttpAnswer {
  const status = outcome === 'accepted' ? 200 : statusOf(reason);
  return { status, headers: {}, body: '' };
}

function statusOf(reason: WebhookRefusal | undefined): number {
  if (reason === 'oversized') return 413;
  return reason === 'malformed' || reason === 'unknown_event' ? 400 : 401;
}
