import { generateKeyPairSync, sign } from 'node:crypto';
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
import { MailReportRejected } from '../errors.ts';
import type { MailEvent, RawMailReport } from '../mail-event.ts';
import { createSendgridReports } from './sendgrid.ts';

beginCounting();

/** The vector of the vendor's own library: key, signature, timestamp and body as published. */
const VECTOR = {
  key: 'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEEDr2LjtURuePQzplybdC+u4CwrqDqBaWjcMMsTbhdbcwHBcepxo7yAQGhHPTnlvFYPAZFceEu/1FwCM/QmGUhA==',
  signature:
    'MEUCIQCtIHJeH93Y+qpYeWrySphQgpNGNr/U+UyUlBkU6n7RAwIgJTz2C+8a8xonZGi6BpSzoQsbVRamr2nlxFDWYNH2j/0=',
  timestamp: '1588788367',
  body: '{"category":"example_payload","event":"test_event","message_id":"message_id"}',
};

const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const reports = createSendgridReports(
  pair.publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
);
const AT = new Date('2026-11-20T12:00:00Z');
const SECONDS = String(AT.getTime() / 1_000);

function raw(body: string, more: { timestamp?: string; signature?: string; at?: Date } = {}) {
  const timestamp = more.timestamp ?? SECONDS;
  const signature =
    more.signature ??
    sign('sha256', Buffer.from(timestamp + body), pair.privateKey).toString('base64');
  return {
    headers: {
      'x-twilio-email-event-webhook-signature': signature,
      'x-twilio-email-event-webhook-timestamp': timestamp,
    },
    body: Buffer.from(body),
    at: more.at ?? AT,
  };
}

function reasonOf(report: RawMailReport, from = reports): unknown {
  try {
    from.verify(report);
  } catch (error) {
    if (error instanceof MailReportRejected) return error.facts['reason'];
    throw error;
  }
  return undefined;
}

const event = (more: object) => ({
  email: 'anna@example.com',
  timestamp: Number(SECONDS),
  sg_event_id: 'event-1',
  sg_message_id: 'sg-1',
  'smtp-id': '<msg_0hn3@shop.example>',
  opora_message: 'msg_0hn3',
  ...more,
});
const read = (...events: object[]) => reports.verify(raw(JSON.stringify(events)));

describe('the signature', () => {
  it("of the vendor's own vector holds, and of a changed one does not", () => {
    const vendor = createSendgridReports(VECTOR.key);
    const at = new Date(Number(VECTOR.timestamp) * 1_000);
    // Its body is no list of events, which is only looked at when the signature holds.
    expect(reasonOf(raw(VECTOR.body, { ...VECTOR, at }), vendor)).toBe('not a list of events');
    expect(reasonOf(raw(`${VECTOR.body} `, { ...VECTOR, at }), vendor)).toBe('signature');
    const later = { ...VECTOR, timestamp: '1588788368', at };
    expect(reasonOf(raw(VECTOR.body, later), vendor)).toBe('signature');
    expect(reasonOf(raw(VECTOR.body, { ...VECTOR, at }))).toBe('signature');
  });

  it.each([
    ['no signature', { signature: '' }],
    ['no signature', { signature: '<script>' }],
    ['no timestamp', { timestamp: '' }],
    ['no timestamp', { timestamp: '1e9' }],
    ['signature', { signature: Buffer.from('not a DER signature').toString('base64') }],
    ['stale', { at: new Date(AT.getTime() + 300_001) }],
    ['stale', { at: new Date(AT.getTime() - 300_001) }],
  ])('is refused for %s: %j', (reason, more) => {
    expect(reasonOf(raw('[]', more))).toBe(reason);
  });

  it('is fresh for five minutes either way', () => {
    for (const ms of [300_000, -300_000]) {
      expect(reasonOf(raw('[]', { at: new Date(AT.getTime() + ms) }))).toBeUndefined();
    }
  });

  it.each(['{}', 'null', 'x', `[${'1,'.repeat(5_000)}1]`])(
    'of something else is refused: %.20s',
    (body) => {
      expect(reasonOf(raw(body))).toBe('not a list of events');
    },
  );
});

describe('an event', () => {
  it('names the mail by our own argument, or by the Message-ID', () => {
    expect(read(event({ event: 'delivered' }))).toEqual([
      {
        id: 'event-1',
        messageId: 'msg_0hn3',
        address: 'anna@example.com',
        kind: 'delivered',
        suppression: undefined,
        reason: undefined,
        at: AT,
      },
    ]);
    const late = event({ event: 'bounce', opora_message: undefined });
    expect(read(late)).toMatchObject([{ messageId: 'msg_0hn3' }]);
    const foreign = event({ event: 'bounce', opora_message: undefined, 'smtp-id': '<x@y>' });
    expect(read(foreign)).toMatchObject([{ messageId: undefined }]);
  });

  it.each([
    [{ event: 'bounce', type: 'bounce' }, 'bounced', 'bounced'],
    [{ event: 'bounce' }, 'bounced', 'bounced'],
    [{ event: 'bounce', type: 'blocked' }, 'bounced', undefined],
    [{ event: 'dropped', reason: 'Bounced Address' }, 'bounced', 'bounced'],
    [{ event: 'dropped', reason: 'Invalid' }, 'bounced', 'bounced'],
    [{ event: 'dropped', reason: 'Spam Reporting Address' }, 'bounced', 'complained'],
    [{ event: 'dropped', reason: 'Unsubscribed Address' }, 'bounced', 'unsubscribed'],
    // Our own fault says nothing about the address.
    [{ event: 'dropped', reason: 'Invalid SMTPAPI header' }, 'bounced', undefined],
    [{ event: 'dropped' }, 'bounced', undefined],
    [{ event: 'spamreport' }, 'complained', 'complained'],
    [{ event: 'unsubscribe' }, 'unsubscribed', 'unsubscribed'],
    [{ event: 'group_unsubscribe' }, 'unsubscribed', 'unsubscribed'],
  ])('%j means %s, and for the address %s', (given, kind, suppression) => {
    expect(read(event(given))).toMatchObject([{ kind, suppression }]);
  });

  it.each(['processed', 'deferred', 'open', 'click', 'group_resubscribe', 'constructor', 'new'])(
    '%s changes nothing',
    (name) => {
      expect(read(event({ event: name }))).toEqual([]);
    },
  );

  it('is never a crash and always fit to be stored, whatever was signed', () => {
    const one = { ...event({ event: 'bounce', reason: 'full' }), sg_event_id: 'e1' };
    const text = fc.oneof(
      ...[oddJsonText, anyBody.map((bytes) => bytes.toString('latin1'))],
      mutatedJson([one, event({ event: 'delivered' })]),
      mutatedJson([{ ...one, opora_message: 'msg_1', 'smtp-id': '<msg_1@x>' }]),
    );
    const property = fc.property(text, (body) => {
      let events: readonly MailEvent[] = [];
      expect([undefined, 'not a list of events']).toContain(
        reasonOf(raw(body), { verify: (report) => (events = reports.verify(report)) }),
      );
      for (const { id, messageId, address, reason, at } of events) {
        for (const told of [id, messageId ?? '', address, reason ?? '']) {
          expect(told.isWellFormed() && !told.includes('\0')).toBe(true);
        }
        expect(at.getTime()).not.toBeNaN();
      }
    });
    fc.assert(property, fuzzed(300));
  });

  it('changed and not signed again is refused', () => {
    const signed = raw(JSON.stringify([event({ event: 'bounce' })]));
    const property = fc.property(mutatedBytes(signed.body), (body) => {
      if (!body.equals(signed.body)) expect(reasonOf({ ...signed, body })).toBe('signature');
    });
    fc.assert(property, fuzzed(100));
  });

  it('of which there are twice as many costs twice as much', async () => {
    const work = (count: number) =>
      countWork(() => {
        reasonOf(
          raw(JSON.stringify(Array.from({ length: count }, () => event({ event: 'open' })))),
        );
      });
    await work(100);
    expect(await work(2_000)).toBeLessThan((await work(1_000)) * 2.3);
  });

  it('of an unknown shape does not hold back its neighbours', () => {
    const odd = { ...event({ event: 'delivered' }), timestamp: 'yesterday' };
    expect(read(odd, [], event({ event: 'delivered' }))).toHaveLength(1);
  });
});
