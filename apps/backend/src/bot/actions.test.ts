import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FACT_BUTTONS } from '../modules/messaging/channels/telegram.ts';
import { systemIds } from '../platform/ids/index.ts';
import {
  actionSchema,
  CALLBACK_BYTES_MAX,
  decodeTap,
  encodeAction,
  tapCodec,
  type Action,
} from './actions.ts';

const base32 = '0123456789abcdefghjkmnpqrstvwxyz'.split('');
const letters = 'abcdefghijklmnopqrstuvwxyz'.split('');
const text = (signs: string[], length: { minLength: number; maxLength: number }) =>
  fc.array(fc.constantFrom(...signs), length).map((parts) => parts.join(''));
const idOf = (prefix: string) =>
  text(base32, { minLength: 26, maxLength: 26 }).map((tail) => `${prefix}_${tail}`);
const code = text(letters, { minLength: 2, maxLength: 16 });

const anyAction: fc.Arbitrary<Action> = fc.oneof(
  fc
    .constantFrom(
      ...([
        'menu',
        'plans',
        'subscription',
        'devices',
        'connect',
        'language',
        'support',
        'terms',
        'again',
        'renewal',
        'renewoff',
        'balance',
        'topup',
      ] as const),
    )
    .map((type) => ({ type })),
  fc.record({
    type: fc.constantFrom(
      ...([
        ...(['price', 'pay', 'priceauto', 'payauto', 'renewon', 'wallet'] as const),
        ...(['ways', 'waysauto', 'waysmix', 'waysmixauto'] as const),
      ] as const),
    ),
    id: idOf('plv'),
  }),
  fc.record({ type: fc.constant('forget' as const), id: idOf('mth') }),
  fc.record({ type: fc.constant('check' as const), id: idOf('pay') }),
  fc.record({
    type: fc.constantFrom(
      ...(['way', 'wayauto', 'waymix', 'waymixauto', 'guide', 'topupby'] as const),
    ),
    id: code,
  }),
  fc.record({
    type: fc.constant('topupsum' as const),
    id: fc
      .tuple(code, fc.integer({ min: 1, max: 999_999_999 }))
      .map(([way, minor]) => `${way}-${String(minor)}`),
  }),
  fc.record({
    type: fc.constant('speak' as const),
    id: fc.constantFrom('ru' as const, 'en' as const),
  }),
  fc.record({
    type: fc.constant('remove' as const),
    id: text('0123456789abcdef'.split(''), { minLength: 12, maxLength: 12 }),
  }),
);

describe('callback data', () => {
  it('reads back every action and never outgrows 64 bytes', () => {
    fc.assert(
      fc.property(anyAction, fc.boolean(), (action, keeps) => {
        const data = tapCodec.encode({ action, keeps });
        expect(Buffer.byteLength(data)).toBeLessThanOrEqual(CALLBACK_BYTES_MAX);
        expect(decodeTap(data)).toEqual({ action, keeps });
      }),
    );
  });

  it('takes the ids this platform makes', () => {
    const action = { type: 'check', id: systemIds.next('pay') } as const;
    expect(decodeTap(encodeAction(action))?.action).toEqual(action);
  });

  it('covers every action there is', () => {
    expect(actionSchema.options).toHaveLength(15);
  });

  it('makes nothing of bytes it did not write', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), (data) => {
        const tap = decodeTap(data);
        if (tap !== undefined) expect(tapCodec.encode(tap)).toBe(data);
      }),
    );
    for (const data of [
      '',
      '1',
      '1:',
      '2:menu',
      '1:menu:x',
      '1:check',
      '1:check:ord_1',
      '1:speak:de',
    ]) {
      expect(decodeTap(data), data).toBeUndefined();
    }
  });

  it('refuses 65 bytes even when the signs are few', () => {
    expect(decodeTap(`1:way:${'я'.repeat(30)}`)).toBeUndefined();
  });

  it('understands every button under the messages that are sent unasked', () => {
    for (const { tap } of Object.values(FACT_BUTTONS).flat(2)) {
      expect(decodeTap(tap)?.keeps, tap).toBe(true);
    }
  });
});
