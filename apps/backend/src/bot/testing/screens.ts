/** What the tests of screens share: the real product's words and a few facts. */
import { money } from '@opora/kernel';
import { describe, expect, it } from 'vitest';
import { toPlain } from '../../platform/words/index.ts';
import type { PlanOnSale } from '../screens/plans.view.ts';
import type { View } from '../view.ts';
import { expectManners, labels } from './manners.ts';
import { product } from './words.ts';

export const until = new Date('2026-12-24T11:00:00Z');
export const price = money(199_00n, 'RUB');
export const link = 'https://sub.example/Ab3';
export const paymentId = `pay_${'0'.repeat(26)}`;
export const plans: PlanOnSale[] = product.plans.map((plan, at) => ({
  ...plan,
  versionId: `plv_${String(at).padStart(26, '0')}`,
  price: plan.prices[0] ?? price,
}));

type Expected = readonly [text: string, rows: readonly string[]];

/** A screen's name, how it is drawn, and what is read and pressed on it in each language. */
export type Screen = readonly [
  name: string,
  view: (language: 'ru' | 'en') => View,
  ru: Expected,
  en: Expected,
];

/** Ordinary blanks: the eye does not see the difference, an expectation does. */
const seen = (text: string): string => text.replaceAll('\u00a0', ' ');

/** Declares a test per screen and language: text, buttons, manners. */
export function describeScreens(screens: readonly Screen[]): void {
  describe.each(screens)('%s', (_name, view, ru, en) => {
    it.each([
      ['ru' as const, ru],
      ['en' as const, en],
    ])('reads and is pressed well in %s', (language, [text, rows]) => {
      const shown = view(language);
      expect(seen(toPlain(shown.html))).toBe(text);
      expect(labels(shown).map(seen)).toEqual(rows);
      expectManners(shown);
    });
  });
}
