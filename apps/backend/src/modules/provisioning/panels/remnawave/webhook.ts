/**
 * The panel's events: HMAC-SHA256 over the raw bytes, several secrets during a rotation, freshness
 * by the body's own time (the header's copy is not signed). Verified before anything is parsed.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Secret } from '@opora/kernel';
import { z } from 'zod';
import { parseJson } from '../../../../platform/json/index.ts';
import { PanelWebhookRejected } from '../../errors.ts';
import type { PanelEvent, PanelWebhook } from '../../panel.ts';

/** The panel repeats within 15 seconds; the rest is for clocks that disagree. */
export const FRESH_MS = 300_000;
/** Largest event that is read; true ones are a few kB. */
export const EVENT_MAX_BYTES = 256 * 1024;
const SIGNATURE_HEADER = 'x-remnawave-signature';

const named = z.object({ username: z.string().max(64) });
const eventSchema = z.object({
  event: z.string().min(1).max(128),
  timestamp: z.iso.datetime({ offset: true }).transform((text) => new Date(text)),
  data: z.unknown(),
});

/** Undefined when there is no secret: the endpoint is closed. `secrets` is a comma list. */
export function createRemnawaveWebhook(secrets: Secret | undefined): PanelWebhook | undefined {
  const active = (): string[] =>
    (secrets?.reveal() ?? '')
      .split(',')
      .map((secret) => secret.trim())
      .filter(Boolean);
  if (active().length === 0) return undefined;

  return {
    verify(raw) {
      if (raw.body.length > EVENT_MAX_BYTES) throw rejected('oversized');
      const signature = raw.headers[SIGNATURE_HEADER] ?? '';
      if (!/^[0-9a-f]{64}$/.test(signature)) throw rejected('no well-formed signature');
      const given = Buffer.from(signature, 'hex');
      const isSigned = active().map((secret) =>
        timingSafeEqual(createHmac('sha256', secret).update(raw.body).digest(), given),
      );
      if (!isSigned.includes(true)) throw rejected('signature');
      return readEvent(raw.body, raw.at);
    },
  };
}

function readEvent(body: Buffer, at: Date): PanelEvent {
  const parsed = eventSchema.safeParse(parseJson(body.toString('utf8')));
  if (!parsed.success) throw rejected('not an event');
  const { event, timestamp, data } = parsed.data;
  if (Math.abs(at.getTime() - timestamp.getTime()) > FRESH_MS) throw rejected('stale');
  return {
    event,
    username: usernameOf(event, data),
    isStart: event === 'service.panel_started',
    at: timestamp,
    key: createHash('sha256').update(body).digest('hex'),
  };
}

/** Events of a user carry it as `data`, events of its devices beside the device. */
function usernameOf(event: string, data: unknown): string | undefined {
  const user = event.startsWith('user.')
    ? data
    : z.object({ user: named }).safeParse(data).data?.user;
  return named.safeParse(user).data?.username;
}

function rejected(reason: string): PanelWebhookRejected {
  return new PanelWebhookRejected(`remnawave event refused: ${reason}`, { facts: { reason } });
}
