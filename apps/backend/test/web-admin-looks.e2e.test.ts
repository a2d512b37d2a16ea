/** How the administration looks: every page in the looks of the design, axe, weight, no complaints. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { whileStopped } from '../src/operations/drills/standstill.ts';
import { launchChromium, visit } from './browser/browser.ts';
import {
  decline,
  forge,
  makeOwner,
  references,
  sell,
  sellInVain,
  startAdministration,
  type Administration,
  type StorageState,
} from './browser/administration.ts';
import { clearFaults } from './browser/site.ts';
import { layoutShift, scriptWeight } from './browser/measure.ts';
import { picture, type Gallery } from './browser/pictures.ts';

const themes = ['light', 'dark'] as const;
const PATIENCE = { timeout: 30_000 };

let home: Administration;
let browser: Browser;
let state: StorageState;

beforeAll(async () => {
  browser = await launchChromium();
  home = await startAdministration();
  ({ state } = await makeOwner(home, browser, { width: 1440, theme: 'light', language: 'ru' }));
});

afterAll(async () => {
  await home.platform.end();
  await browser.close();
});

const looks = (languages: Gallery['languages'], widths: Gallery['widths'] = [390, 1440]) => ({
  browser,
  themes,
  languages,
  widths,
  ...(state && { who: state }),
});

const to = (path: string) => async (page: Page) => {
  await page.goto(home.at.site + path);
  await page.locator('h1').waitFor(PATIENCE);
};

describe('how it looks', () => {
  it('an empty list, then a calm day', async () => {
    await picture(looks(['en']), 'admin-payments-list-empty', to('/admin/payments'));
    for (const name of ['Ольга', 'Мария', 'John']) await sell(home.at, browser, name);
    await picture(looks(['ru', 'en']), 'admin-today-calm', to('/admin'));
  });

  it('the lists', async () => {
    await decline(home.at, browser, 'Пётр');
    for (const [name, path] of [
      ['admin-payments-list', '/admin/payments'],
      ['admin-orders', '/admin/orders'],
      ['admin-deliveries', '/admin/deliveries?state=delivered'],
      ['admin-ledger', '/admin/ledger'],
      ['admin-plans', '/admin/plans'],
    ] as const) {
      await picture(looks(['en']), name, to(path));
    }
    await picture(looks(['en']), 'admin-settings', async (page) => {
      await to('/admin/settings')(page);
      // React compares what it finds with what it would have written, and must have done so by now.
      await page.waitForLoadState('networkidle');
      // The folder of this run exists only while it lasts: no picture should tell of it.
      await page.evaluate(`[...document.querySelectorAll('code')]
        .filter((code) => code.textContent.includes('opora-drill'))
        .forEach((code) => { code.textContent = '.opora'; })`);
    });
  }, 400_000);

  it('a list that is on its way, and one that did not come', async () => {
    await whileStopped(home.platform, 'api', async () => {
      await picture(looks(['en']), 'admin-payments-list-loading', async (page) => {
        await page.goto(`${home.at.site}/admin/payments`, { waitUntil: 'commit' });
        await page.getByRole('status').filter({ hasText: 'Loading' }).waitFor(PATIENCE);
      });
      await picture(looks(['en']), 'admin-payments-list-failure', to('/admin/payments'));
    });
    const isBack = async () => (await fetch(`${home.at.site}/api/v1/product`)).status;
    await expect.poll(isBack, PATIENCE).toBe(200);
  }, 400_000);

  it('one payment: its story, a refused notice, the refund that is asked for', async () => {
    const [, sold = ''] = await references(home.at);
    await home.ask(`update session set second_factor_at = now() - interval '1 hour'`);
    const [row] = await home.ask<{ id: string; person_id: string }>(
      `select id, person_id from payment where reference = '${sold}'`,
    );
    const path = `/admin/payments/${row?.id ?? ''}`;
    await picture(looks(['ru']), 'admin-payment-timeline', to(path));
    expect(await forge(home, sold)).toBe(403);
    await picture(looks(['ru']), 'admin-payment-refused', async (page) => {
      await to(path)(page);
      const refused = page.locator('main li').filter({ hasText: 'sender_not_allowed' });
      await refused.locator('summary').click();
      await refused.locator('pre').last().waitFor(PATIENCE);
      await refused.scrollIntoViewIfNeeded();
    });
    await picture(looks(['ru', 'en'], [1440]), 'admin-refund-dialog', async (page) => {
      await to(path)(page);
      await page.getByRole('button', { name: /^(Вернуть деньги|Refund)…$/ }).click();
      await page.getByRole('dialog').getByRole('listitem').first().waitFor(PATIENCE);
    });
    const person = `/admin/people/${row?.person_id ?? ''}`;
    await picture(looks(['ru', 'en'], [1440]), 'admin-person', to(person));
    await picture(looks(['ru', 'en'], [1440]), 'admin-audit', to('/admin/audit'));
  }, 400_000);
});

describe('trouble', () => {
  it('an order that waits for minutes is the largest figure of the page', async () => {
    await sellInVain(home.at, browser, 'Анна');
    await home.ask(`update customer_order set paid_at = now() - interval '6 minutes'
      where id = (select id from customer_order order by created_at desc limit 1)`);
    await picture(looks(['ru']), 'admin-today-trouble', async (page) => {
      await to('/admin')(page);
      const loudest = await page.evaluate<string>(`[...document.querySelectorAll('main *')]
        .filter((element) => element.children.length === 0)
        .toSorted((one, other) => parseFloat(getComputedStyle(other).fontSize) -
          parseFloat(getComputedStyle(one).fontSize))[0].textContent`);
      expect(loudest).toMatch(/^(Самый старый ждёт 6|The oldest waits for 6)/);
      await page.getByRole('button', { name: /^(Выдать сейчас|Try now)…$/ }).waitFor();
    });
    await clearFaults(home.at);
  });
});

describe('what a page costs', () => {
  it.each(['', '/payments', '/people', '/plans'])('/admin%s stays within 240 kB', async (path) => {
    const look = { width: 1440, theme: 'light', language: 'ru' } as const;
    const { context, page } = await visit(
      browser,
      look,
      state === undefined ? {} : { storageState: state },
    );
    const weight = await scriptWeight(page, `${home.at.site}/admin${path}`, 'load');
    expect(weight, `${path}: ${weight.toFixed(1)} kB`).toBeLessThanOrEqual(240);
    expect(await layoutShift(page)).toBeLessThanOrEqual(0.01);
    await context.close();
  });
});
