import { money } from '@opora/kernel';
import { describe, expect, it } from 'vitest';
import { botLink, formatTraffic, perMonth, saving, wholeMonths } from './plan.ts';
import type { Plan } from './product.ts';

const rub = (minor: bigint) => money(minor, 'RUB');

function plan(termDays: number, minor: bigint, devices = 3): Plan {
  const title = { ru: '', en: '' };
  const code = `d${String(termDays)}`;
  return { id: code, code, title, termDays, devices, trafficBytes: null, prices: [rub(minor)] };
}

describe('the sum per month', () => {
  it('is not said of a term up to 31 days', () => {
    expect(perMonth(rub(19_900n), 30)).toBeUndefined();
    expect(perMonth(rub(19_900n), 31)).toBeUndefined();
  });

  it('divides whole months exactly', () => {
    expect(perMonth(rub(53_700n), 90)).toEqual(rub(17_900n));
    expect(perMonth(rub(178_800n), 365)).toEqual(rub(14_900n));
  });

  it('never promises less than is paid: a remainder is rounded up to the minor unit', () => {
    expect(perMonth(rub(100_000n), 360)).toEqual(rub(8_334n));
    expect(perMonth(money(100n, 'XTR'), 90)).toEqual(money(34n, 'XTR'));
  });

  it('takes the share of 30 days when the term is no whole number of months', () => {
    expect(perMonth(rub(10_000n), 100)).toEqual(rub(3_000n));
  });

  it('stays exact above what a floating number holds', () => {
    const large = 3n * 9_007_199_254_740_993n;
    expect(perMonth(rub(large), 90)).toEqual(rub(9_007_199_254_740_993n));
  });
});

it('calendar months are recognised by their possible lengths', () => {
  const months = [28, 31, 45, 59, 90, 92, 180, 184, 365, 366].map(wholeMonths);
  expect(months).toEqual([1, 1, undefined, 2, 3, 3, 6, 6, 12, 12]);
});

describe('the saving', () => {
  const month = plan(30, 19_900n);

  it('is what the same months would cost more one at a time', () => {
    expect(saving(plan(90, 53_700n), [month])).toEqual(rub(6_000n));
  });

  it('is silent about the monthly plan, other devices and dearer terms', () => {
    expect(saving(month, [month])).toBeUndefined();
    expect(saving(plan(90, 53_700n, 5), [month])).toBeUndefined();
    expect(saving(plan(90, 60_000n), [month])).toBeUndefined();
  });
});

it('traffic is counted in gibibytes, with one decimal only when needed', () => {
  expect(formatTraffic(100n * 1024n ** 3n, 'ru')).toBe('100 ГБ');
  expect(formatTraffic(1024n ** 3n + 512n * 1024n ** 2n, 'en')).toBe('1.5 GB');
});

it("the bot's link keeps what its address carries and adds the start parameter", () => {
  expect(botLink(new URL('https://t.me/shop_bot'), 'plan_m1')).toBe(
    'https://t.me/shop_bot?start=plan_m1',
  );
  expect(botLink(new URL('http://127.0.0.1:5050/chat?bot=1&start=x'), 'site')).toBe(
    'http://127.0.0.1:5050/chat?bot=1&start=site',
  );
});
