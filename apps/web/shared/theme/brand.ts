import { createHash } from 'node:crypto';
import { fitGamut, type Oklch } from './colour.ts';

/**
 * A product's face is one hue. The five accent tokens are derived from it with fixed lightness, so
 * that no brand can break AA: the test sweeps all 360 hues.
 */
export type AccentFamily = Readonly<Record<AccentToken, Oklch>>;
type AccentToken = 'accent' | 'accent-hover' | 'on-accent' | 'accent-text' | 'accent-soft';
type Theme = 'light' | 'dark';

const HUE_DIGITS = 3;

const RECIPE: Record<Theme, Record<AccentToken, { l: number; chromaMax: number }>> = {
  light: {
    accent: { l: 0.47, chromaMax: 0.17 },
    'accent-hover': { l: 0.41, chromaMax: 0.17 },
    'on-accent': { l: 0.99, chromaMax: 0.004 },
    'accent-text': { l: 0.43, chromaMax: 0.17 },
    'accent-soft': { l: 0.95, chromaMax: 0.03 },
  },
  dark: {
    accent: { l: 0.8, chromaMax: 0.13 },
    'accent-hover': { l: 0.85, chromaMax: 0.13 },
    'on-accent': { l: 0.19, chromaMax: 0.03 },
    'accent-text': { l: 0.82, chromaMax: 0.13 },
    'accent-soft': { l: 0.28, chromaMax: 0.045 },
  },
};

/** The family of a hue (degrees) in one theme, always inside what an sRGB screen shows. */
export function accentFamily(hue: number, theme: Theme): AccentFamily {
  const colour = (token: AccentToken) => {
    const { l, chromaMax } = RECIPE[theme][token];
    return fitGamut({ l, c: chromaMax, h: hue });
  };
  return {
    accent: colour('accent'),
    'accent-hover': colour('accent-hover'),
    'on-accent': colour('on-accent'),
    'accent-text': colour('accent-text'),
    'accent-soft': colour('accent-soft'),
  };
}

/** The style sheet of a product's hue: the same three cases of theme that tokens.css knows. */
export function brandCss(hue: number): string {
  const light = declarations(accentFamily(hue, 'light'));
  const dark = declarations(accentFamily(hue, 'dark'));
  return [
    `:root[data-theme]{${light}}`,
    `@media (prefers-color-scheme:dark){:root[data-theme]{${dark}}}`,
    `:root[data-theme='light']:root{${light}}`,
    `:root[data-theme='dark']:root{${dark}}`,
    '',
  ].join('\n');
}

/** The pillar with an O in it, 24 units wide: the path is drawn here once, for pages and for tabs. */
export const MARK_PATH =
  'M4.25 2h15.5a1.25 1.25 0 0 1 1.25 1.25v1.5A1.25 1.25 0 0 1 19.75 6H4.25A1.25 1.25 0 0 1 3 4.75v-1.5' +
  'A1.25 1.25 0 0 1 4.25 2zM4.25 18h15.5a1.25 1.25 0 0 1 1.25 1.25v1.5A1.25 1.25 0 0 1 19.75 22H4.25' +
  'A1.25 1.25 0 0 1 3 20.75v-1.5A1.25 1.25 0 0 1 4.25 18zM6.5 7.5h11v9h-11zM12 8.75a1.75 1.75 0 0 0' +
  '-1.75 1.75v3a1.75 1.75 0 0 0 3.5 0v-3A1.75 1.75 0 0 0 12 8.75z';

/** The icon of the tab: the mark on a tile of the product's accent. */
export function brandIcon(hue: number): string {
  const { accent, 'on-accent': ink } = accentFamily(hue, 'light');
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="6" ` +
    `fill="${css(accent)}"/><path transform="translate(4 4)" fill-rule="evenodd" fill="${css(ink)}" ` +
    `d="${MARK_PATH}"/></svg>`
  );
}

/**
 * The part of a brand file's address that changes with its content. It begins with the hue itself,
 * so the file is made from its address alone, also when the product cannot be asked for.
 */
export function brandHash(hue: number): string {
  const content = createHash('sha256').update(brandCss(hue) + brandIcon(hue));
  return hue.toString(16).padStart(HUE_DIGITS, '0') + content.digest('hex').slice(0, 9);
}

/** The hue that an address was made for, or undefined when it is not one of ours. */
export function hueOfHash(hash: string): number | undefined {
  if (!/^[0-9a-f]{12}$/.test(hash)) return undefined;
  const hue = Number.parseInt(hash.slice(0, HUE_DIGITS), 16);
  return hue < 360 && brandHash(hue) === hash ? hue : undefined;
}

function declarations(family: AccentFamily): string {
  return Object.entries(family)
    .map(([token, colour]) => `--${token}:${css(colour)}`)
    .join(';');
}

function css({ l, c, h }: Oklch): string {
  return `oklch(${String(l)} ${String(Math.floor(c * 1000) / 1000)} ${String(h)})`;
}
