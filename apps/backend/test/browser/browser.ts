/** A real Chromium for the browser tests: the system's own (`bin/chromium.mjs`), silent on the network. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import axe from 'axe-core';
import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
} from 'playwright-core';
import { inheritedEnvironment, rootFolder } from '../../src/config/load.ts';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export type Look = Readonly<{
  width: 390 | 1280 | 1440;
  theme: 'light' | 'dark';
  language: 'ru' | 'en';
}>;

export function launchChromium(): Promise<Browser> {
  const path = inheritedEnvironment()['CHROMIUM_PATH'];
  if (path === undefined)
    throw new Error('`npm run e2e` finds the browser, or CHROMIUM_PATH says it');
  return chromium.launch({ executablePath: path, args: FLAGS });
}

/** A fresh visitor; everything the pages complain about is collected. */
export async function visit(
  browser: Browser,
  look: Look,
  more: BrowserContextOptions = {},
): Promise<{ context: BrowserContext; page: Page; complaints: string[] }> {
  const context = await browser.newContext({
    viewport: { width: look.width, height: look.width === 390 ? 844 : 900 },
    colorScheme: look.theme,
    locale: look.language === 'ru' ? 'ru-RU' : 'en-GB',
    timezoneId: 'Europe/Moscow',
    reducedMotion: 'reduce',
    ...more,
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  return { context, page, complaints };
}

/** `test-results/images/`, or the folder OPORA_IMAGES names (docs/images to renew the documents). */
export async function shoot(page: Page, name: string, look: Look): Promise<void> {
  const folder = join(rootFolder, inheritedEnvironment()['OPORA_IMAGES'] ?? 'test-results/images');
  mkdirSync(folder, { recursive: true });
  const file = `${name}.${String(look.width)}.${look.theme}.${look.language}.png`;
  await page.screenshot({ path: join(folder, file), animations: 'disabled' });
}

/**
 * What axe finds on the page as it stands, one line each; WCAG 2.2 A and AA. It comes by the debugger,
 * whom no policy of a page refuses, so the page is read as everybody gets it.
 */
export async function axeFindings(page: Page): Promise<string[]> {
  await page.evaluate(`${axe.source}; undefined`);
  return page.evaluate(async () => {
    const inPage = (globalThis as unknown as { axe: typeof axe }).axe; // defined by the line above
    const { violations } = await inPage.run({
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
    });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  });
}
