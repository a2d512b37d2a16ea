/** Somebody's account in their own hands: where they are signed in, and how that ends. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { OwnPlatform } from '../src/operations/drills/own-platform.ts';
import { launchChromium, visit, type Look } from './browser/browser.ts';
import { picture, type Gallery } from './browser/pictures.ts';
import { invent, signIn, startSite, type World } from './browser/site.ts';

const RU: Look = { width: 1280, theme: 'light', language: 'ru' };
const PATIENCE = { timeout: 30_000 };

let platform: OwnPlatform;
let browser: Browser;
let at: World;

beforeAll(async () => {
  browser = await launchChromium();
  ({ platform, at } = await startSite());
});

afterAll(async () => {
  await platform.end();
  await browser.close();
});

it('a sign-in that is not known any more is ended, and the browser there is asked to sign in', async () => {
  const olga = await invent(at, 'Ольга', 'ru');
  const [home, elsewhere, cafe] = [
    await visit(browser, RU),
    await visit(browser, RU),
    await visit(browser, RU),
  ];
  for (const { page } of [home, elsewhere, cafe]) await signIn(at, page, olga);
  await home.page.getByRole('link', { name: 'Где вы вошли' }).click();
  await home.page.getByText('Этот браузер', { exact: true }).waitFor(PATIENCE);
  const ends = home.page.getByRole('button', { name: /^Завершить вход: Chrome/ });
  await expect.poll(() => ends.count(), PATIENCE).toBe(2);
  const gallery: Gallery = {
    browser,
    widths: [390, 1280],
    themes: ['light', 'dark'],
    languages: ['ru'],
    who: await home.context.storageState(),
  };
  await picture(gallery, 'cabinet-sessions', async (page) => {
    await page.goto(`${at.site}/cabinet/sessions`);
    await page.getByRole('heading', { level: 1 }).waitFor(PATIENCE);
  });
  await ends.first().click();
  const dialog = home.page.getByRole('dialog', { name: 'Завершить этот вход?' });
  await dialog.getByRole('button', { name: /^Завершить вход/ }).click();
  await home.page.getByText('Вход завершён').first().waitFor(PATIENCE);
  await expect.poll(() => ends.count(), PATIENCE).toBe(1);
  await home.page.getByRole('button', { name: 'Завершить все остальные' }).click();
  await home.page.getByRole('button', { name: 'Завершить все остальные' }).last().click();
  await expect.poll(() => ends.count(), PATIENCE).toBe(0);
  for (const { page } of [elsewhere, cafe]) {
    // Within a second, and for the gateway too, which had decided by itself until now.
    const isOut = async (): Promise<boolean> => {
      await page.goto(`${at.site}/cabinet/payments`);
      // The page tries to renew the sign-in first; asked again too early it would begin anew.
      const asked = page.waitForURL(/\/sign-in/, { timeout: 5_000 });
      return asked.then(
        () => true,
        () => false,
      );
    };
    await expect.poll(isOut, PATIENCE).toBe(true);
  }
  await home.page.goto(`${at.site}/cabinet/payments`);
  expect(home.page.url()).toContain('/cabinet/payments');
  expect(home.complaints).toEqual([]);
  for (const { context } of [home, elsewhere, cafe]) await context.close();
});
