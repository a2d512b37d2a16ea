/** While a provider is down, in the browser: a payment from its document, days for everybody, undone. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  makeOwner,
  sell,
  startAdministration,
  type Administration,
  type StorageState,
} from './browser/administration.ts';
import { launchChromium, visit } from './browser/browser.ts';
import { picture } from './browser/pictures.ts';
import type { Authenticator } from './browser/staff.ts';

const PATIENCE = { timeout: 30_000 };
const EN = { width: 1440, theme: 'light', language: 'en' } as const;

let home: Administration;
let browser: Browser;
let state: StorageState;
let device: Authenticator;

beforeAll(async () => {
  browser = await launchChromium();
  home = await startAdministration();
  ({ state, device } = await makeOwner(home, browser, {
    width: 1440,
    theme: 'light',
    language: 'ru',
  }));
});

afterAll(async () => {
  await home.platform.end();
  await browser.close();
});

async function confirm(page: Page, verb: string): Promise<void> {
  const dialog = page.getByRole('dialog');
  await dialog.locator('#reason').fill('cards do not work');
  await dialog.getByRole('listitem').first().waitFor(PATIENCE);
  const code = dialog.locator('#code');
  if (await code.isVisible()) await code.fill(device.recovery.pop() ?? '');
  await dialog.getByRole('button', { name: verb, exact: true }).click();
  await dialog.locator('#reason').waitFor({ ...PATIENCE, state: 'detached' });
  // What was told of the act before may still be there.
  await page.getByRole('link', { name: 'Open in audit' }).last().waitFor(PATIENCE);
}

it('enters a payment, extends everybody and takes the days back', async () => {
  await sell(home.at, browser, 'Ольга');
  const [person] = await home.ask<{ person_id: string }>('select person_id from payment');
  const who = state === undefined ? {} : { storageState: state };
  const { context, page, complaints } = await visit(browser, EN, who);

  await page.goto(`${home.at.site}/admin/people/${person?.person_id ?? ''}`);
  await page.getByRole('button', { name: 'Enter a payment…' }).click();
  await page.getByRole('dialog').locator('#amount').fill('199');
  await page.getByRole('dialog').locator('#documentNumber').fill('1042');
  await confirm(page, 'Enter');

  const to = `${home.at.site}/admin/by-hand`;
  await page.goto(to);
  await page.getByText('Transfer 1042').waitFor(PATIENCE);
  await page.getByRole('button', { name: 'Extend everybody…' }).click();
  await confirm(page, 'Extend all');
  await page.getByText('1 of 1').waitFor(PATIENCE);
  await page.getByRole('button', { name: 'Take the days back…' }).waitFor(PATIENCE);
  expect(complaints).toEqual([]);

  const looks = { browser, themes: ['light', 'dark'], languages: ['ru', 'en'] } as const;
  await picture({ ...looks, widths: [390, 1440], who: state }, 'admin-by-hand', async (one) => {
    await one.goto(to);
    await one.getByText(/1042/).waitFor(PATIENCE);
  });
  await picture({ ...looks, widths: [390], who: state }, 'admin-by-hand-dialog', async (one) => {
    await one.goto(to);
    await one.getByRole('button', { name: /^(Продлить всем|Extend everybody)…$/ }).click();
    await one.getByRole('dialog').locator('#endedHours').waitFor(PATIENCE);
  });

  await page.getByRole('button', { name: 'Take the days back…' }).click();
  await confirm(page, 'Take back');
  await page.getByText(/taken from 1/).waitFor(PATIENCE);
  await context.close();
}, 400_000);
