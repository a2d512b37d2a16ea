/**
 * The customer's own money in their hands: topped up, spent wholly and in part, renewals agreed to
 * and taken back; in the chat and on the site, in a real Chromium over the whole platform.
 */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeOwner, startAdministration, type Administration } from './browser/administration.ts';
import { launchChromium, shoot, visit, type Look } from './browser/browser.ts';
import { meet, type Chat } from './browser/chat.ts';
import { layoutShift, scriptWeight } from './browser/measure.ts';
import { picture, type Gallery } from './browser/pictures.ts';
import { comeBack, invent, signIn, tabTo, type World } from './browser/site.ts';

const RU: Look = { width: 1280, theme: 'light', language: 'ru' };
const CHAT: Look = { ...RU, width: 1440 };
const PATIENCE = { timeout: 30_000 };

let home: Administration;
let browser: Browser;
let at: World;

beforeAll(async () => {
  browser = await launchChromium();
  home = await startAdministration();
  ({ at } = home);
});

afterAll(async () => {
  await home.platform.end();
  await browser.close();
});

async function customer(look: Look = RU) {
  const guest = await visit(browser, look);
  await signIn(at, guest.page, await invent(at, 'Ольга', look.language));
  return guest;
}

/** Ticks a box; one that is pressed before the page's script runs is drawn again as it was. */
async function tick(page: Page, name: RegExp): Promise<void> {
  const box = page.getByRole('checkbox', { name });
  const isTicked = async (): Promise<boolean> => {
    await box.check({ force: true });
    return box.isChecked();
  };
  await expect.poll(isTicked, PATIENCE).toBe(true);
}

async function choose(page: Page, name: RegExp): Promise<void> {
  const radio = page.getByRole('radio', { name });
  const isChosen = async (): Promise<boolean> => {
    await radio.check({ force: true });
    return radio.isChecked();
  };
  await expect.poll(isChosen, PATIENCE).toBe(true);
}

/** Through the bank's page and back. */
async function payCard(page: Page, title: string): Promise<void> {
  await page.waitForURL(/\/yookassa\//, PATIENCE);
  await page.getByTestId('pay-card').click();
  await comeBack(page);
  await page.getByRole('heading', { name: title, exact: true }).waitFor(PATIENCE);
}

async function topUp(page: Page, roubles: string): Promise<void> {
  await page.goto(`${at.site}/cabinet/balance`);
  await choose(page, /^Другая$/);
  await page.getByRole('textbox', { name: 'Другая сумма' }).fill(roubles);
  await page.getByRole('button', { name: /^Пополнить на / }).dblclick();
  await payCard(page, 'Оплачено');
}

/** The second step of the checkout, for the month. */
async function atTheTill(page: Page): Promise<void> {
  await page.goto(`${at.site}/cabinet/buy`);
  await page.getByRole('button', { name: 'Дальше' }).click();
  await page.getByRole('heading', { name: 'Как удобнее оплатить?' }).waitFor(PATIENCE);
}

async function balanceOf(page: Page): Promise<string> {
  await page.goto(`${at.site}/cabinet/balance`);
  const text = await page.getByRole('region', { name: 'Сейчас на балансе' }).textContent();
  return (text ?? '').replaceAll('\u00a0', ' ');
}

describe('on the site', () => {
  it('a balance is topped up, and pays an order wholly: two presses, one purchase', async () => {
    const { context, page, complaints } = await customer();
    await topUp(page, '500');
    expect(await balanceOf(page)).toContain('500 ₽');
    await atTheTill(page);
    await page.getByRole('button', { name: /^Оплатить 199.* с баланса$/ }).dblclick();
    await page.getByRole('heading', { name: 'Оплачено', exact: true }).waitFor(PATIENCE);
    expect(await page.textContent('main')).toMatch(/Доступ работает до/);
    expect(await balanceOf(page)).toContain('301 ₽');
    expect(await page.textContent('main')).toMatch(/Оплата подписки/);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('a balance pays its part, and the sum that is left is said on the button', async () => {
    const { context, page, complaints } = await customer();
    await topUp(page, '120');
    await atTheTill(page);
    await tick(page, /^Списать 99.* с баланса$/);
    await choose(page, /^Карта или СБП/);
    await page.getByRole('button', { name: /^Доплатить 100/ }).dblclick();
    await page.waitForURL(/\/yookassa\//, PATIENCE);
    expect((await page.textContent('body'))?.replaceAll('\u00a0', ' ')).toMatch(/100/);
    const till = page.url();
    expect(await balanceOf(page)).toMatch(/21 ₽.*99 ₽ отложено/);
    await page.goto(till);
    await payCard(page, 'Оплачено');
    expect(await balanceOf(page)).toMatch(/21 ₽$/);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('refuses a sum that is not taken, in words beside the field', async () => {
    const { context, page } = await customer();
    await page.goto(`${at.site}/cabinet/balance`);
    await choose(page, /^Другая$/);
    await page.getByRole('textbox', { name: 'Другая сумма' }).fill('99');
    await page.getByRole('button', { name: /^Пополнить на / }).click();
    await page.getByText(/^Введите целое число от 100/).waitFor(PATIENCE);
    expect(page.url()).toMatch(/\/cabinet\/balance$/);
    await context.close();
  });

  it('renewal is agreed to by a box that is not ticked, switched off and on, its card removed', async () => {
    const { context, page, complaints } = await customer();
    await atTheTill(page);
    const box = page.getByRole('checkbox', { name: 'Продлевать автоматически' });
    expect(await box.isChecked()).toBe(false);
    expect(await page.textContent('main')).toMatch(/Спишем 199.₽ за день до конца срока/);
    await tick(page, /^Продлевать автоматически$/);
    await page.getByRole('button', { name: /^Оплатить / }).click();
    await payCard(page, 'Оплачено');

    await page.goto(`${at.site}/cabinet`);
    expect(await page.textContent('main')).toMatch(/Автопродление: 199.₽/);
    await page.getByRole('link', { name: 'Изменить' }).click();
    await page.getByText(/^199.₽ спишем/).waitFor(PATIENCE);
    expect(await page.textContent('main')).toMatch(/4444|4477/);

    await tabTo(page, page.getByRole('button', { name: 'Выключить автопродление' }));
    await page.keyboard.press('Enter');
    await page.getByText(/^Ничего не спишем/).waitFor(PATIENCE);
    await page.getByRole('button', { name: 'Включить автопродление' }).click();
    await page.getByText(/^199.₽ спишем/).waitFor(PATIENCE);

    await page.getByRole('button', { name: /^Убрать / }).click();
    const dialog = page.getByRole('dialog', { name: 'Убрать способ оплаты?' });
    expect(await dialog.textContent()).toMatch(/автопродление с ним выключится сразу/);
    await dialog.getByRole('button', { name: /^Убрать / }).click();
    await page.getByText('Ничего не сохранено: списать мы ничего не можем.').waitFor(PATIENCE);
    await page.getByText(/^Ничего не спишем/).waitFor(PATIENCE);
    const kept = await home.ask(`select id from saved_method where state = 'active'`);
    expect(kept).toEqual([]);
    expect(complaints).toEqual([]);
    await context.close();
  });
});

describe('in the chat', () => {
  async function openChat(page: Page): Promise<Chat> {
    const person = await invent(at, 'Ольга', 'ru');
    await page.goto(`${at.world}/telegram/?people=${String(person)}`);
    return meet(page, person);
  }
  async function pays(chat: Chat): Promise<void> {
    await chat.open(/Перейти к оплате/);
    await chat.checkout('pay-card');
    await chat.close();
  }

  it('a balance is topped up, and pays a part of an order', async () => {
    const { context, page } = await visit(browser, CHAT);
    const chat = await openChat(page);
    await chat.press(/Меню/);
    await chat.press(/Баланс/);
    await chat.press(/Пополнить/);
    await chat.press(/Карта или СБП/);
    await shoot(page, 'sim-chat-top-up', CHAT);
    await chat.press(/500/);
    await pays(chat);
    await chat.reads(/Баланс пополнен: 500/);
    await chat.press(/Тарифы/);
    await chat.press(/3 месяца/);
    await chat.press(/Оплатить 537/);
    await chat.reads(/с баланса 437.*доплатить 100/s);
    await shoot(page, 'sim-chat-balance', CHAT);
    await chat.press(/Доплатить 100/);
    await chat.press(/Карта или СБП/);
    await chat.reads(/ещё 437.*отложены/s);
    await pays(chat);
    await chat.reads(/Оплачено: 537/);
    await chat.press(/Меню/);
    await chat.press(/Баланс/);
    await chat.reads(/Баланс: 63/);
    await context.close();
  });
});

describe('what a page costs', () => {
  it.each(['/cabinet/balance', '/cabinet/renewals'])(
    '%s stays within 195 kB of script and does not move while it loads',
    async (path) => {
      const { context, page } = await customer();
      const weight = await scriptWeight(page, at.site + path);
      expect(weight, `${path}: ${weight.toFixed(1)} kB`).toBeLessThanOrEqual(195);
      expect(await layoutShift(page)).toBeLessThanOrEqual(0.01);
      await page.setViewportSize({ width: 320, height: 700 });
      const wide = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
      expect(wide).toBeLessThanOrEqual(0);
      await context.close();
    },
  );
});

describe('how it looks', () => {
  const looks = (who: NonNullable<Gallery['who']>): Gallery => ({
    browser,
    widths: [390, 1280],
    themes: ['light', 'dark'],
    languages: ['ru'],
    who,
  });
  const to = (path: string) => async (page: Page) => {
    await page.goto(at.site + path, { waitUntil: 'networkidle' });
  };
  const till = async (page: Page): Promise<void> => {
    await to('/cabinet/buy')(page);
    await page.locator('main form button').click();
    await page.getByRole('radio').first().waitFor();
  };

  it('an empty balance, one with moves, the till with it, kept ways and renewals', async () => {
    const { context, page } = await customer();
    const empty = looks(await context.storageState());
    await picture(empty, 'cabinet-balance-empty', to('/cabinet/balance'));
    await picture(empty, 'cabinet-renewals-empty', to('/cabinet/renewals'));
    await topUp(page, '120');
    const who = looks(await context.storageState());
    await picture(who, 'checkout-mixed', async (each) => {
      await till(each);
      await each.getByRole('checkbox').first().check();
    });
    await topUp(page, '400');
    await picture(who, 'cabinet-balance', to('/cabinet/balance'));
    const phone = { ...who, widths: [390], themes: ['light'] } as const;
    await picture(phone, 'cabinet-balance-moves', async (each) => {
      await to('/cabinet/balance')(each);
      await each.locator('#entries').evaluate((heading) => {
        heading.scrollIntoView();
      });
    });
    await picture(phone, 'checkout-consent', async (each) => {
      await till(each);
      await each.getByRole('radio').nth(1).check();
      await each.getByRole('checkbox').last().check();
      await each.locator('#renews-how').scrollIntoViewIfNeeded();
    });
    await picture(who, 'checkout-balance', till);
    await atTheTill(page);
    await choose(page, /^Карта или СБП/);
    await tick(page, /^Продлевать автоматически$/);
    await page.getByRole('button', { name: /^Оплатить / }).click();
    await payCard(page, 'Оплачено');
    await picture(who, 'cabinet-renewals', to('/cabinet/renewals'));
    await context.close();
  }, 600_000);

  it('staff sees all of it on the page of the person, and adjusts the balance once', async () => {
    const { device, state } = await makeOwner(home, browser, CHAT);
    const [row] = await home.ask<{ person_id: string }>(
      `select person_id from saved_method where state = 'active'`,
    );
    const path = `/admin/people/${row?.person_id ?? ''}`;
    await home.ask(`update session set second_factor_at = now() - interval '1 hour'`);
    const { context, page, complaints } = await visit(browser, CHAT, {
      ...(state && { storageState: state }),
    });
    await page.goto(at.site + path);
    const shown = async () => ((await page.textContent('main')) ?? '').replaceAll('\u00a0', ' ');
    expect(await shown()).toMatch(/Баланс520,00 ₽/);
    await page.getByRole('button', { name: 'Изменить баланс…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.locator('#amount').fill('30');
    await dialog.locator('#reason').fill('a gift for waiting');
    await dialog.getByText(/Баланс вырастет на 30/).waitFor(PATIENCE);
    await dialog.locator('#code').fill(device.code());
    await dialog.getByRole('button', { name: 'Зачислить', exact: true }).dblclick();
    await expect.poll(shown, PATIENCE).toMatch(/Баланс550,00 ₽/);
    expect(await shown()).toMatch(/YooKassa, •• 4477.*включено/);
    expect(complaints).toEqual([]);
    await context.close();
    const staff = { ...looks(state ?? ''), widths: [390, 1440] } as const;
    await picture(staff, 'admin-person-money', async (each) => {
      await each.goto(at.site + path);
      await each
        .getByRole('heading', { name: /^(Автопродление|Renewals)$/ })
        .scrollIntoViewIfNeeded();
    });
  }, 300_000);
});
