/** API keys of staff, from the page that makes them to the calls they open; and what proves it is staff. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startAdministration, type Administration } from './browser/administration.ts';
import { launchChromium, visit, type Look } from './browser/browser.ts';
import { giveKeyRing } from './browser/key-ring.ts';
import { picture } from './browser/pictures.ts';
import { becomeOwner, printedOwnerCode } from './browser/staff.ts';

const EN: Look = { width: 1440, theme: 'light', language: 'en' };
const PATIENCE = { timeout: 30_000 };
const NAME = 'Figures for the bookkeeper';

let home: Administration;
let browser: Browser;
/** Passkeys belong to a name, and the site of this run is a number elsewhere. */
let site: string;

beforeAll(async () => {
  browser = await launchChromium();
  home = await startAdministration();
  site = home.at.site.replace('127.0.0.1', 'localhost');
}, 900_000);

afterAll(async () => {
  await home.platform.end();
  await browser.close();
});

/** What a program gets that calls the API with the key. */
async function call(key: string): Promise<[number, string | undefined]> {
  const headers = { authorization: `Bearer ${key}` };
  const answer = await fetch(`${home.at.site}/api/v1/admin/people`, { headers });
  const { code } = (await answer.json()) as { code?: string }; // a problem has one
  return [answer.status, code];
}

/** The second factor of ten minutes ago. */
async function grow(): Promise<void> {
  await home.ask(
    `update session set second_factor_at = second_factor_at - interval '10 minutes' where kind = 'staff'`,
  );
}

async function bind(page: Page, networks: string): Promise<void> {
  await page.getByRole('button', { name: 'Addresses…' }).click();
  await page.getByLabel('From which addresses').fill(networks);
  await page.getByRole('button', { name: 'Save' }).click();
}

it('a key is made after a passkey, shown once, opens the API from its addresses, and ends', async () => {
  const { page, context, complaints } = await visit(browser, EN);
  await giveKeyRing(page);
  await becomeOwner({ ...home.at, site }, page, await printedOwnerCode(home.platform.config.home));
  await page.goto(`${site}/cabinet/account`);
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await page.getByLabel('Name of the passkey').fill('Desk');
  await page.getByRole('button', { name: 'Make the passkey' }).click();
  await page.getByRole('listitem').getByText('Desk', { exact: true }).waitFor(PATIENCE);

  await grow();
  await page.goto(`${site}/admin/keys`);
  await page.getByRole('heading', { name: 'Confirm that it is you' }).waitFor(PATIENCE);
  expect(await page.getByRole('button', { name: 'Make a key' }).count()).toBe(0);
  await page.getByRole('button', { name: 'Confirm with a passkey' }).click();
  await page.getByRole('button', { name: 'Make a key' }).click();
  await page.getByLabel('Name', { exact: true }).fill(NAME);
  await page.getByLabel('From which addresses').fill('127.0.0.0/8 somewhere');
  await page.getByLabel('Find people and see everything about one.').check();
  await page.getByRole('button', { name: 'Make the key' }).click();
  await page.getByText('Each address like 192.0.2.7').waitFor(PATIENCE);
  await page.getByLabel('From which addresses').fill('127.0.0.0/8, ::1');
  await page.getByLabel('Name', { exact: true }).fill(NAME);
  await page.getByLabel('Find people and see everything about one.').check();
  await page.getByRole('button', { name: 'Make the key' }).click();
  const key = await page.getByRole('textbox', { name: 'API key' }).inputValue();
  expect(key).toMatch(/^opk_dev_/);
  expect(await call(key)).toEqual([200, undefined]);

  await page.getByRole('button', { name: 'I have kept the key' }).click();
  await page.getByText('only from').waitFor(PATIENCE);
  await page.reload();
  await page.getByText('last call').waitFor(PATIENCE);
  expect(await page.content()).not.toContain(key);

  await bind(page, '192.0.2.7');
  await page.getByText('192.0.2.7', { exact: true }).waitFor(PATIENCE);
  expect(await call(key)).toEqual([403, 'identity.key_address_refused']);
  await bind(page, '');
  await page.getByText('from any address').waitFor(PATIENCE);
  expect(await call(key)).toEqual([200, undefined]);

  const who = await context.storageState();
  const gallery = { browser, who, themes: ['light', 'dark'], languages: ['ru', 'en'] } as const;
  await picture({ ...gallery, widths: [390, 1440] }, 'admin-keys', async (each) => {
    await each.goto(`${site}/admin/keys`);
    await each.getByText(NAME).waitFor(PATIENCE);
  });
  await picture({ ...gallery, widths: [390, 1440] }, 'admin-access-keys', async (each) => {
    await each.goto(`${site}/admin/access`);
    await each.locator('details').filter({ hasText: NAME }).locator('summary').click();
    await each.getByText(NAME).waitFor(PATIENCE);
  });

  await page.getByRole('button', { name: 'Revoke' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
  await page.getByText('The key is revoked').first().waitFor(PATIENCE);
  expect(await call(key)).toEqual([401, 'identity.key_refused']);
  expect(complaints.filter((line) => !/400/.test(line))).toEqual([]);
  await context.close();
}, 600_000);
