import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addMoney,
  allocate,
  compareMoney,
  CURRENCIES,
  currencyScale,
  formatMajor,
  formatMoney,
  money,
  MoneyFormatError,
  parseMajor,
  percent,
  subtractMoney,
  type Currency,
} from './money.ts';

const currencies = Object.keys(CURRENCIES) as Currency[]; // keys of the closed table
const anyCurrency = fc.constantFrom(...currencies);
const anyMinor = fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n });

describe('money as text', () => {
  it('survives formatting and parsing exactly in each currency', () => {
    fc.assert(
      fc.property(anyCurrency, anyMinor, (currency, minor) => {
        expect(parseMajor(formatMajor(money(minor, currency)), currency).minor).toBe(minor);
      }),
    );
  });

  it('has exactly the digits of its currency', () => {
    fc.assert(
      fc.property(anyCurrency, anyMinor, (currency, minor) => {
        const [, fraction = ''] = formatMajor(money(minor, currency)).split('.');
        expect(fraction).toHaveLength(currencyScale(currency));
      }),
    );
  });

  it.each([
    ['499', 'RUB', 49_900n],
    ['499.5', 'RUB', 49_950n],
    ['499.500000', 'RUB', 49_950n],
    ['-0.01', 'USD', -1n],
    ['150', 'XTR', 150n],
    ['0.000001', 'USDT', 1n],
  ] as const)('reads %s %s', (text, currency, minor) => {
    expect(parseMajor(text, currency).minor).toBe(minor);
  });

  it.each(['', '.5', '5.', '1,5', '1e3', ' 1', '1 ', '+1', '--1', '0x1', '1.001', '9'.repeat(33)])(
    'refuses %j as roubles',
    (text) => {
      expect(() => parseMajor(text, 'RUB')).toThrow(MoneyFormatError);
    },
  );

  it('reads to a customer without needless zeros', () => {
    const space = '\u00a0';
    expect(formatMoney(money(19_900n, 'RUB'), 'ru')).toBe(`199${space}₽`);
    expect(formatMoney(money(250n, 'USD'), 'en')).toBe('$2.50');
    expect(formatMoney(money(150n, 'XTR'), 'en')).toBe(`150${space}★`);
  });
});

describe('arithmetic of money', () => {
  it('refuses two currencies', () => {
    expect(() => addMoney(money(1n, 'RUB'), money(1n, 'USD'))).toThrow();
    expect(() => compareMoney(money(1n, 'RUB'), money(1n, 'USD'))).toThrow();
  });

  it('takes back what it added', () => {
    fc.assert(
      fc.property(anyMinor, anyMinor, (one, other) => {
        const sum = addMoney(money(one, 'RUB'), money(other, 'RUB'));
        expect(subtractMoney(sum, money(other, 'RUB')).minor).toBe(one);
      }),
    );
  });

  it('loses nothing when it is split, and gives a part without weight nothing', () => {
    const weights = fc.array(fc.bigInt({ min: 0n, max: 1_000n }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(anyMinor, weights, (minor, parts) => {
        fc.pre(parts.some((weight) => weight > 0n));
        const split = allocate(money(minor, 'RUB'), parts);
        expect(split.reduce((sum, part) => sum + part.minor, 0n)).toBe(minor);
        for (const [at, weight] of parts.entries()) {
          if (weight === 0n) expect(split[at]?.minor).toBe(0n);
        }
      }),
    );
  });

  it('gives the remainder of a split to the first parts', () => {
    expect(allocate(money(100n, 'RUB'), [1n, 1n, 1n]).map(({ minor }) => minor)).toEqual([
      34n,
      33n,
      33n,
    ]);
    expect(() => allocate(money(1n, 'RUB'), [0n])).toThrow();
  });

  // 5% of 10 minor units is exactly a half, of 30 one and a half.
  it.each([
    [10n, 'half_even', 0n],
    [30n, 'half_even', 2n],
    [50n, 'half_even', 2n],
    [-10n, 'half_even', 0n],
    [-30n, 'half_even', -2n],
    [11n, 'half_even', 1n],
    [9n, 'half_even', 0n],
    [10n, 'down', 0n],
    [-30n, 'down', -1n],
    [1n, 'up', 1n],
    [-1n, 'up', -1n],
    [20n, 'up', 1n],
  ] as const)('takes 5%% of %s rounded %s as %s', (minor, rounding, expected) => {
    expect(percent(money(minor, 'RUB'), 500n, rounding).minor).toBe(expected);
  });

  it('never rounds further than one minor unit', () => {
    const bps = fc.bigInt({ min: 0n, max: 20_000n });
    const rounding = fc.constantFrom('half_even', 'down', 'up');
    fc.assert(
      fc.property(anyMinor, bps, rounding, (minor, share, how) => {
        const off = percent(money(minor, 'RUB'), share, how).minor * 10_000n - minor * share;
        const limit = how === 'half_even' ? 5_000n : 9_999n;
        expect(off <= limit && off >= -limit).toBe(true);
      }),
    );
  });
});
