/** A page in every look that the design asks for: no complaints, no sideways scroll, axe, a picture. */
import { isDeepStrictEqual } from 'node:util';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { expect } from 'vitest';
import { axeFindings, shoot, visit, type Look } from './browser.ts';

export type Gallery = Readonly<{
  browser: Browser;
  widths: readonly Look['width'][];
  themes: readonly Look['theme'][];
  languages: readonly Look['language'][];
  /** Who looks: the state of a browser that has signed in. */
  who?: BrowserContextOptions['storageState'];
  /** What axe finds and the design wants: the rule's name. */
  wanted?: string;
}>;

export async function picture(
  gallery: Gallery,
  name: string,
  open: (page: Page, look: Look) => Promise<void>,
): Promise<void> {
  const who = gallery.who === undefined ? {} : { storageState: gallery.who };
  const shown = looksOf(gallery);
  const read = looksOf({ ...gallery, widths: [390], languages: ['ru', 'en'] });
  for (const look of [...read, ...shown.filter((one) => !read.some(isLook(one)))]) {
    const { context, page, complaints } = await visit(gallery.browser, look, who);
    await open(page, look);
    const wide = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
    expect(wide, `${name} scrolls sideways`).toBeLessThanOrEqual(0);
    if (shown.some(isLook(look))) await shoot(page, name, look);
    expect(complaints, name).toEqual([]);
    if (read.some(isLook(look))) {
      const found = (await axeFindings(page)).filter(
        (finding) => finding.split(':')[0] !== gallery.wanted,
      );
      expect(found, `${name} ${look.theme} ${look.language}`).toEqual([]);
    }
    await context.close();
  }
}

const isLook = (one: Look) => (other: Look) => isDeepStrictEqual(one, other);

function looksOf({ widths, themes, languages }: Omit<Gallery, 'browser'>): Look[] {
  return widths.flatMap((width) =>
    themes.flatMap((theme) => languages.map((language) => ({ width, theme, language }))),
  );
}
