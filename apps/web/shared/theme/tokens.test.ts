import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { accentFamily, brandCss, brandHash, hueOfHash } from './brand.ts';
import { contrast, inGamut, type Oklch } from './colour.ts';

type Theme = 'light' | 'dark';
const THEMES: readonly Theme[] = ['light', 'dark'];
const GROUNDS = ['bg', 'surface', 'sunken', 'raised'];
const TEXT = 4.5;
const PART = 3;

const tokens = readTokens();

function readTokens(): Map<string, Record<Theme, Oklch>> {
  const source = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');
  const number = String.raw`([\d.]+)`;
  const colour = String.raw`oklch\(${number} ${number} ${number}\)`;
  const line = new RegExp(String.raw`--([\w-]+): light-dark\(${colour}, ${colour}\);`, 'g');
  return new Map(
    [...source.matchAll(line)].map(([, name = '', ...parts]) => {
      const [a, b, c, d, e, f] = parts.map(Number);
      return [
        name,
        {
          light: { l: a ?? NaN, c: b ?? NaN, h: c ?? NaN },
          dark: { l: d ?? NaN, c: e ?? NaN, h: f ?? NaN },
        },
      ];
    }),
  );
}

function token(name: string, theme: Theme): Oklch {
  const found = tokens.get(name);
  if (found === undefined) throw new Error(`no token ${name} in tokens.css`);
  return found[theme];
}

function worst(ink: Oklch, theme: Theme, grounds: readonly string[]): number {
  return Math.min(...grounds.map((ground) => contrast(ink, token(ground, theme))));
}

describe('contrast itself', () => {
  it('is 21 between black and white, and that of the standard for a known grey', () => {
    const white = { l: 1, c: 0, h: 0 };
    expect(contrast(white, { l: 0, c: 0, h: 0 })).toBeCloseTo(21, 5);
    // oklch(0.566 0 0) is #767676, the lightest grey that passes on white.
    expect(contrast(white, { l: 0.566, c: 0, h: 0 })).toBeCloseTo(4.54, 2);
  });

  it('gives the ratios that the design measured in a browser', () => {
    expect(worst(token('text', 'light'), 'light', GROUNDS)).toBeCloseTo(14.93, 1);
    expect(worst(token('muted', 'light'), 'light', GROUNDS)).toBeCloseTo(5.98, 1);
    expect(worst(token('bad', 'dark'), 'dark', GROUNDS)).toBeCloseTo(6.82, 1);
  });
});

describe.each(THEMES)('tokens.css in the %s theme', (theme) => {
  it.each(['text', 'muted', 'faint', 'accent-text', 'good', 'warn', 'bad', 'info'])(
    '%s is readable on every ground',
    (name) => {
      expect(worst(token(name, theme), theme, GROUNDS)).toBeGreaterThanOrEqual(TEXT);
    },
  );

  it.each(['control', 'accent', 'focus'])('%s is visible as a shape on every ground', (name) => {
    expect(worst(token(name, theme), theme, GROUNDS)).toBeGreaterThanOrEqual(PART);
  });

  it.each(['good', 'warn', 'bad', 'info'])('a chip of %s is readable', (name) => {
    const ink = token(name, theme);
    expect(contrast(ink, token(`${name}-soft`, theme))).toBeGreaterThanOrEqual(TEXT);
  });

  it.each(['accent', 'accent-hover'])('the label of a button is readable on %s', (name) => {
    const label = contrast(token('on-accent', theme), token(name, theme));
    expect(label).toBeGreaterThanOrEqual(TEXT);
  });

  it.each([1, 2, 3, 4])('series %i of a chart stands out from its card', (series) => {
    const ink = token(`chart-${String(series)}`, theme);
    expect(worst(ink, theme, ['surface'])).toBeGreaterThanOrEqual(PART);
  });
});

describe.each(THEMES)("a product's hue in the %s theme", (theme) => {
  it('keeps every accent pair readable and showable for all 360 hues', () => {
    for (let hue = 0; hue < 360; hue += 1) {
      const family = accentFamily(hue, theme);
      const where = `hue ${String(hue)}`;
      expect(Object.values(family).every(inGamut), where).toBe(true);
      expect(worst(family.accent, theme, GROUNDS), where).toBeGreaterThanOrEqual(PART);
      expect(worst(family['accent-text'], theme, GROUNDS), where).toBeGreaterThanOrEqual(TEXT);
      for (const [ink, ground] of [
        ['on-accent', 'accent'],
        ['on-accent', 'accent-hover'],
        ['accent-text', 'accent-soft'],
      ] as const) {
        expect(contrast(family[ink], family[ground]), where).toBeGreaterThanOrEqual(TEXT);
      }
    }
  });
});

it('the style sheet of a hue sets the five accent tokens in each case of theme', () => {
  const rules = brandCss(300).trim().split('\n');
  expect(rules).toHaveLength(4);
  for (const rule of rules) expect(rule.match(/--[\w-]+:oklch\([\d. ]+\)/g)).toHaveLength(5);
});

it('the address of a brand file says its hue, and no other address is answered', () => {
  expect([0, 300, 359].map((hue) => hueOfHash(brandHash(hue)))).toEqual([0, 300, 359]);
  expect(hueOfHash(`12d${brandHash(300).slice(3)}`)).toBeUndefined();
  expect(hueOfHash('../../secret')).toBeUndefined();
});
