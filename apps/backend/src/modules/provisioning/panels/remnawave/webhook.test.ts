import { createHmac } from 'node:crypto';
import { Secret } from '@opora/kernel';
import {
  anyBody,
  beginCounting,
  countWork,
  fuzzed,
  mutatedBytes,
  mutatedJson,
  oddJsonText,
} from '@opora/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PanelWebhookRejected } from '../../errors.ts';
import type { PanelEvent } from '../../panel.ts';
import transcripts from './fixtures/transcripts.json' with { type: 'json' };
import { createRemnawaveWebhook, EVENT_MAX_BYTES, FRESH_MS } from './webhook.ts';

beginCounting();

const SECRET = transcripts.webhooks.secret;
const deliveries = [...transcripts.webhooks.panel_3_3_2, ...transcripts.webhooks.panel_2_8_1];

type Given = { body: string | Buffer; signature?: string; at?: Date; secrets?: string };

function judge({
  body,
  signature,
  at = new Date(0),
  secrets = SECRET,
}: Given): PanelEvent | 'refused' {
  const bytes = Buffer.from(body);
  const webhook = createRemnawaveWebhook(new Secret(secrets));
  try {
    const headers = { 'x-remnawave-signature': signature ?? sign(bytes) };
    return webhook?.verify({ headers, body: bytes, at }) ?? 'refused';
  } catch (error) {
    if (error instanceof PanelWebhookRejected) return 'refused';
    throw error;
  }
}

const sign = (body: Buffer | string, secret = SECRET) =>
  createHmac('sha256', secret).update(body).digest('hex');
const header = (delivery: (typeof deliveries)[number], wanted: string) =>
  delivery.headers.find(([name]) => name?.toLowerCase() === wanted)?.[1] ?? '';

describe('a recorded delivery', () => {
  it.each(deliveries.map((one, at) => [`${String(at)} ${one.event}`, one] as const))(
    '%s verifies, once its bytes are untouched',
    (_name, one) => {
      const given = {
        body: one.rawBody,
        signature: header(one, 'x-remnawave-signature'),
        at: new Date(one.receivedAt),
      };
      const event = judge(given);
      expect(event).toMatchObject({
        event: one.event,
        at: new Date(header(one, 'x-remnawave-timestamp')),
      });
      if (one.event.startsWith('user')) {
        expect(event).toMatchObject({ username: expect.stringMatching(/^tg_/) });
      } else {
        const isStart = one.event === 'service.panel_started';
        expect(event).toMatchObject({ username: undefined, isStart });
      }
      expect(judge({ ...given, body: one.rawBody.replace(':', ': ') })).toBe('refused');
    },
  );
});

describe('the vectors of the fact sheet', () => {
  const secrets = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ01';
  const started =
    '{"scope":"service","event":"service.panel_started","timestamp":"2026-01-07T11:57:29.426Z","data":{"panelVersion":"3.3.2"}}';
  const expired =
    '{"scope":"user","event":"user.expired","timestamp":"2026-02-01T00:00:30.123Z","data":{"id":42,"username":"tg_1","status":"EXPIRED","description":"Заказ №5 🚀"},"meta":null}';

  it('verify, also beyond ASCII', () => {
    const one = '8174868d3ba426960a908ae511b8052535f21033a03987f9b80e5612d4d64003';
    const at = new Date('2026-01-07T11:57:30Z');
    expect(judge({ body: started, signature: one, secrets, at })).not.toBe('refused');
    const two = 'a14bb0e7fca791ea01892e5548cd46db8b1ce631463c536241742dc721a2cc7f';
    expect(
      judge({ body: expired, signature: two, secrets, at: new Date('2026-02-01T00:00:31Z') }),
    ).toMatchObject({ username: 'tg_1', event: 'user.expired' });
    expect(judge({ body: started.replace(':', ': '), signature: one, secrets, at })).toBe(
      'refused',
    );
  });
});

describe('a panel event', () => {
  const at = new Date('2026-11-21T00:00:00.000Z');
  const body = (change: object = {}) =>
    JSON.stringify({
      scope: 'user',
      event: 'user.modified',
      timestamp: at.toISOString(),
      data: { username: 'sub_1' },
      ...change,
    });

  it('has the same key when it is repeated, another for other bytes', () => {
    const key = (text: string) => {
      const event = judge({ body: text, at });
      return event === 'refused' ? event : event.key;
    };
    expect(key(body())).toMatch(/^[0-9a-f]{64}$/);
    expect(key(body())).toBe(key(body()));
    expect(key(body({ meta: null }))).not.toBe(key(body()));
  });

  it('verifies with any active secret, and with no other', () => {
    const signature = sign(body(), 'old');
    expect(judge({ body: body(), signature, secrets: 'new, old', at })).not.toBe('refused');
    expect(judge({ body: body(), signature, secrets: 'new,older', at })).toBe('refused');
    expect(judge({ body: body(), signature: sign(body(), ''), at })).toBe('refused');
  });

  it('closes the endpoint without a secret', () => {
    expect(createRemnawaveWebhook(undefined)).toBeUndefined();
    expect(createRemnawaveWebhook(new Secret(' , '))).toBeUndefined();
  });

  it('is fresh for five minutes both ways', () => {
    const shifted = (ms: number) => judge({ body: body(), at: new Date(at.getTime() + ms) });
    expect(shifted(FRESH_MS)).not.toBe('refused');
    expect(shifted(-FRESH_MS)).not.toBe('refused');
    expect(shifted(FRESH_MS + 1)).toBe('refused');
    expect(shifted(-FRESH_MS - 1)).toBe('refused');
  });

  it.each([
    '',
    'sha256=',
    'A'.repeat(64),
    '0'.repeat(63),
    '0'.repeat(64),
    `${'0'.repeat(64)}, ${'0'.repeat(64)}`,
  ])('is refused with the signature "%s"', (signature) => {
    expect(judge({ body: body(), signature, at })).toBe('refused');
  });

  it('of an unknown kind is read without a user', () => {
    const text = body({ scope: 'novel', event: 'novel.thing', data: { username: 'sub_1' } });
    expect(judge({ body: text, at })).toMatchObject({ username: undefined });
  });

  const expectStorable = (event: PanelEvent | 'refused') => {
    if (event === 'refused') return;
    for (const text of [event.event, event.username ?? '', event.key]) {
      expect(text.isWellFormed() && !text.includes('\0')).toBe(true);
      expect(text.length).toBeLessThanOrEqual(128);
    }
    expect(Math.abs(event.at.getTime() - at.getTime())).toBeLessThanOrEqual(FRESH_MS);
  };

  it('is never a crash, whatever was signed', () => {
    fc.assert(
      fc.property(fc.oneof(oddJsonText, anyBody), (text) => {
        expect(judge({ body: text, at })).toBe('refused');
      }),
      fuzzed(200),
    );
    expect(judge({ body: ' '.repeat(EVENT_MAX_BYTES + 1), at })).toBe('refused');
  });

  it('changed and signed again is refused, or is an event the database takes', () => {
    const seeds = deliveries.map(({ rawBody }) => mutatedJson(JSON.parse(rawBody)));
    fc.assert(
      fc.property(fc.oneof(mutatedJson(JSON.parse(body())), ...seeds), (text) => {
        expectStorable(judge({ body: text, at }));
      }),
      fuzzed(400),
    );
    expect(judge({ body: body({ event: 'user.\0' }), at })).toMatchObject({ event: 'user.\ufffd' });
  });

  it('changed and not signed again is refused', () => {
    const bytes = Buffer.from(body());
    fc.assert(
      fc.property(mutatedBytes(bytes), (changed) => {
        const event = judge({ body: changed, signature: sign(body()), at });
        if (!changed.equals(bytes)) expect(event).toBe('refused');
      }),
      fuzzed(200),
    );
  });

  it('costs in step with its size', async () => {
    const work = (count: number) =>
      countWork(() => judge({ body: body({ data: { list: '1'.repeat(count).split('') } }), at }));
    await work(500);
    expect(await work(8_000)).toBeLessThan((await work(4_000)) * 2.3);
  });
});
