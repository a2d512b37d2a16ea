/** The review of access in the browser: the owner, what they used, and whom they invited. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  makeOwner,
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
  ({ state, device } = await makeOwner(home, browser, { ...EN, language: 'ru' }));
});

afterAll(async () => {
  await home.platform.end();
  await browser.close();
});

it('shows who may what, what they used, and whom somebody invited', async () => {
  const who = state === undefined ? {} : { storageState: state };
  const { context, page, complaints } = await visit(browser, EN, who);
  await page.goto(`${home.at.site}/admin/staff`);
  await page.getByRole('button', { name: 'Invite…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.locator('#email').fill('helper@example.com');
  await dialog.locator('#reason').fill('a new colleague');
  await dialog.getByRole('listitem').first().waitFor(PATIENCE);
  await dialog.locator('#code').fill(device.recovery.pop() ?? '');
  await dialog.getByRole('button', { name: 'Invite', exact: true }).click();
  await dialog.locator('#reason').waitFor({ ...PATIENCE, state: 'detached' });

  await page.getByRole('link', { name: 'Access review' }).first().click();
  await page.getByRole('heading', { name: 'Access review', level: 1 }).waitFor(PATIENCE);
  const owner = page.getByRole('table', { name: 'People' }).locator('tbody tr').first();
  await owner.getByText('recovery codes: 9').waitFor(PATIENCE);
  await owner
    .locator('summary')
    .filter({ hasText: /1 of \d+$/ })
    .click();
  const used = owner.getByRole('listitem').filter({ hasText: 'staff:write' });
  expect(await used.innerText()).not.toContain('not used');
  const invited = page.getByRole('table', { name: 'Open invitations' });
  await invited.getByText('helper@example.com').waitFor();
  const refund = page
    .getByRole('table', { name: 'Rights' })
    .locator('tbody tr')
    .filter({ hasText: 'payments:refund' });
  await refund.getByText('owner, administrator, finance').waitFor();
  expect(complaints).toEqual([]);
  await context.close();

  const looks = { browser, themes: ['light', 'dark'], languages: ['ru', 'en'] } as const;
  await picture({ ...looks, widths: [390, 1440], who: state }, 'admin-access', async (one) => {
    await one.goto(`${home.at.site}/admin/access`);
    await one.getByText('helper@example.com').waitFor(PATIENCE);
  });
}, 400_000);
