/** The page of providers in the browser: figures, the switch with its reason, a comparison asked for. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  decline,
  forge,
  makeOwner,
  references,
  sell,
  startAdministration,
  type Administration,
  type StorageState,
} from './browser/administration.ts';
import { launchChromium, visit } from './browser/browser.ts';
import { picture } from './browser/pictures.ts';

const PATIENCE = { timeout: 30_000 };
const EN = { width: 1440, theme: 'light', language: 'en' } as const;

let home: Administration;
let browser: Browser;
let state: StorageState;

beforeAll(async () => {
  browser = await launchChromium();
  home = await startAdministration();
  ({ state } = await makeOwner(home, browser, { ...EN, language: 'ru' }));
});

afterAll(async () => {
  await home.platform.end();
  await browser.close();
});

async function confirm(page: Page, verb: string): Promise<void> {
  const dialog = page.getByRole('dialog');
  await dialog.locator('#reason').fill('cards do not work');
  await dialog.getByRole('listitem').first().waitFor(PATIENCE);
  await dialog.getByRole('button', { name: verb, exact: true }).click();
  await dialog.locator('#reason').waitFor({ ...PATIENCE, state: 'detached' });
}

it('shows the figures, switches a provider off and on, and compares the books', async () => {
  await sell(home.at, browser, 'Ольга');
  await decline(home.at, browser, 'Пётр');
  const [newest = ''] = await references(home.at);
  expect(await forge(home, newest)).toBe(403);
  const who = state === undefined ? {} : { storageState: state };
  const { context, page, complaints } = await visit(browser, EN, who);

  await page.goto(`${home.at.site}/admin`);
  await page.getByRole('main').getByRole('link', { name: 'Payment providers' }).click();
  await page.getByRole('heading', { name: 'Providers', level: 1 }).waitFor(PATIENCE);
  const card = page.locator('main section').filter({ hasText: 'YooKassa' }).first();
  await card.getByText('1 of 2').waitFor(PATIENCE);
  await card.getByRole('link', { name: 'sender_not_allowed' }).waitFor();

  await card.getByRole('button', { name: 'Switch off…' }).click();
  await confirm(page, 'Switch off');
  await card.getByText(/Switched off by .+: cards do not work/).waitFor(PATIENCE);

  // Our book loses sight of a sale: the comparison must see it on both sides.
  await home.ask(`update payment set reference = 'lost' where settled_at is not null`);
  await card.getByRole('button', { name: 'Compare…' }).click();
  const today = new Date().toISOString().slice(0, 10);
  await page.getByRole('dialog').locator('#day').fill(today);
  await confirm(page, 'Compare');
  const runs = page.getByRole('table', { name: 'Comparisons of the books' });
  await runs.getByText('differs').waitFor(PATIENCE);
  const differences = page.getByRole('table', { name: 'Open differences' });
  await differences.getByText('Settled here and unknown there').waitFor(PATIENCE);
  expect(complaints).toEqual([]);

  const looks = { browser, themes: ['light', 'dark'], languages: ['ru', 'en'] } as const;
  await picture({ ...looks, widths: [390, 1440], who: state }, 'admin-providers', async (one) => {
    await one.goto(`${home.at.site}/admin/providers`);
    await one.locator('h1').waitFor(PATIENCE);
  });

  const open = { ...looks, languages: ['ru'], widths: [390, 1440], who: state } as const;
  await picture(open, 'admin-providers-differences', async (one) => {
    await one.goto(`${home.at.site}/admin/providers`);
    const heading = one.getByRole('heading', {
      name: /^(Открытые расхождения|Open differences)$/,
    });
    await heading.waitFor(PATIENCE);
    await heading.evaluate((element) => element.scrollIntoView());
  });

  await card.getByRole('button', { name: 'Switch on…' }).click();
  await confirm(page, 'Switch on');
  await card.getByText(/Switched off by/).waitFor({ ...PATIENCE, state: 'detached' });
  await context.close();
}, 400_000);
