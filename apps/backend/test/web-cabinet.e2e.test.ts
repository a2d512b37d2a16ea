/**
 * The customer's web as people use it: signing in from the bot, buying, using, coming back. A real
 * Chromium, the whole platform behind it; pictures are kept for the documents and for eyes.
 */
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OwnPlatform } from '../src/operations/drills/own-platform.ts';
import { whileStopped } from '../src/operations/drills/standstill.ts';
import { systemClock } from '../src/platform/clock/index.ts';
import { createAsk } from '../src/operations/drills/ask-database.ts';
import { launchChromium, visit, type Look } from './browser/browser.ts';
import { layoutShift, readQr, scriptWeight } from './browser/measure.ts';
import { meet } from './browser/chat.ts';
import { picture, type Gallery } from './browser/pictures.ts';
import {
  buy,
  clearFaults,
  comeBack,
  invent,
  order,
  setFault,
  signIn,
  startSite,
  tabTo,
  useAccess,
  type World,
} from './browser/site.ts';

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

async function customer(look: Look, more: BrowserContextOptions = {}) {
  const guest = await visit(browser, look, more);
  await signIn(at, guest.page, await invent(at, 'Ольга', look.language));
  return guest;
}

const linkField = (page: Page): Locator => page.getByRole('textbox', { name: 'Ваша ссылка' });

describe('buying on the site', () => {
  it('goes from the bot’s link to a working subscription, once for two presses', async () => {
    const { context, page, complaints } = await customer(RU);
    await buy(at, page);
    expect(await linkField(page).inputValue()).toMatch(/\/remnawave\/sub\//);
    await page.goto(`${at.site}/cabinet`);
    expect(await page.textContent('main')).toMatch(/Работает до/);
    await page.goto(`${at.site}/cabinet/payments`);
    await expect.poll(() => page.getByText('оплачено', { exact: true }).count(), PATIENCE).toBe(1);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('says that the bank declined, and that nothing was charged, without a reload', async () => {
    const { context, page } = await customer(RU);
    await order(at, page);
    const bank = await context.newPage();
    await bank.goto(page.url());
    await page.goto(`${at.site}/cabinet/payments`);
    await page.getByRole('link', { name: 'ждём оплату' }).click();
    await page.getByRole('heading', { name: 'Ждём оплату' }).waitFor(PATIENCE);
    await page.evaluate('window.isSamePage = true');
    await bank.getByTestId('pay-decline').click();
    await page.getByRole('heading', { name: 'Оплата не прошла' }).waitFor(PATIENCE);
    expect(await page.textContent('main')).toMatch(/Деньги не списаны/);
    expect(await page.evaluate('window.isSamePage')).toBe(true);
    await context.close();
  });

  it('shows nobody the order of somebody else', async () => {
    const owner = await customer(RU);
    await order(at, owner.page);
    await owner.page.goto(`${at.site}/cabinet/payments`);
    await owner.page.getByRole('link', { name: 'ждём оплату' }).click();
    await owner.page.waitForURL(/order=/);
    const stranger = await customer(RU);
    await stranger.page.goto(owner.page.url());
    await stranger.page.getByRole('heading', { name: 'Такой страницы нет' }).waitFor();
    await owner.context.close();
    await stranger.context.close();
  });

  it('is offered by the bot itself: "My account" opens the way in', async () => {
    const { context, page } = await visit(browser, { ...RU, width: 1440 });
    const olga = await invent(at, 'Ольга', 'ru');
    await page.goto(`${at.world}/telegram/?people=${String(olga)}`);
    const chat = await meet(page, olga);
    await chat.press(/Меню/);
    await chat.press(/Мой кабинет/);
    const open = chat.phone.getByTestId('button').filter({ hasText: 'Открыть кабинет' }).last();
    await page.goto((await open.getAttribute('data-url', PATIENCE)) ?? '');
    await page.getByRole('button', { name: 'Войти' }).click();
    await page.getByRole('heading', { name: 'Мои подписки' }).waitFor(PATIENCE);
    await context.close();
  });
});

describe('the session', () => {
  it('is renewed when a page meets a cookie that ran out, and leads back to that page', async () => {
    const { context, page } = await customer(RU);
    const [access] = (await context.cookies()).filter(({ name }) => name.startsWith('at-'));
    await context.clearCookies({ name: access?.name ?? '' });
    await page.goto(`${at.site}/cabinet/payments`);
    await page.getByRole('heading', { name: 'Платежи' }).waitFor(PATIENCE);
    await context.close();
  });

  it('asks strangers to sign in, and takes them only to a path of this site', async () => {
    const { context, page } = await visit(browser, RU);
    await page.goto(`${at.site}/cabinet/payments`);
    await page.waitForURL(/\/sign-in\?next=%2Fcabinet%2Fpayments$/, PATIENCE);
    const json = { challenge: 'c3VyZWx5LW5vdC1hLXNlY3JldA' };
    await page.route('**/auth/code', (route) => route.fulfill({ status: 202, json }));
    await page.route('**/auth/code/enter', (route) =>
      route.fulfill({ json: { next: 'signed_in' } }),
    );
    await page.goto(`${at.site}/sign-in?next=//evil.example`);
    await page.getByRole('textbox', { name: 'Электронная почта' }).fill('olga@example.com');
    await page.getByRole('button', { name: 'Получить код' }).click();
    await page.getByRole('textbox', { name: 'Код из письма' }).fill(' 402-113 ');
    expect(await page.getByRole('textbox', { name: 'Код из письма' }).inputValue()).toBe('402113');
    await page.getByRole('button', { name: 'Войти', exact: true }).click();
    // No cookie came with that answer, so the account asks again: what counts is where it led.
    await page.waitForURL(/\/sign-in\?next=%2Fcabinet$/, PATIENCE);
    await context.close();
  });

  it('ends on the server when its owner signs out', async () => {
    const { context, page } = await customer(RU);
    await page.getByRole('button', { name: 'Выйти' }).click();
    await page.waitForURL(/\/\?lang=ru$/, PATIENCE);
    await page.goto(`${at.site}/cabinet`);
    await page.waitForURL(/\/sign-in/, PATIENCE);
    await context.close();
  });
});

describe('without a mouse', () => {
  it('a plan is chosen by arrows, and paid', async () => {
    const { context, page } = await customer(RU);
    await page.goto(`${at.site}/cabinet/buy`);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('content');
    await tabTo(page, page.getByRole('radio').first());
    await page.keyboard.press('ArrowDown');
    await tabTo(page, page.getByRole('button', { name: 'Дальше' }));
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Как удобнее оплатить?' }).waitFor();
    await tabTo(page, page.getByRole('button', { name: /^Оплатить 537/ }));
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/yookassa\//, PATIENCE);
    await context.close();
  });

  it('the link is copied, a device is removed, and focus comes back', async () => {
    const permissions = ['clipboard-read', 'clipboard-write'];
    const { context, page } = await customer(RU, { permissions });
    await buy(at, page);
    const link = await linkField(page).inputValue();
    await useAccess(at, link, 14 * 1024 ** 3);
    await page.goto(`${at.site}/cabinet`);
    await tabTo(page, page.getByRole('button', { name: 'Скопировать' }));
    await page.keyboard.press('Enter');
    await page.getByText('Ссылка скопирована').waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(link);

    const remove = page.getByRole('button', { name: /^Убрать / });
    await expect.poll(() => remove.count(), PATIENCE).toBe(2);
    await tabTo(page, remove.first());
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Убрать устройство?' });
    const hasFocus = (): Promise<boolean> =>
      dialog.evaluate((box) => box.contains(box.ownerDocument.activeElement));
    await expect.poll(hasFocus, PATIENCE).toBe(true);
    for (let press = 0; press < 5; press += 1) {
      await page.keyboard.press('Tab');
      // The dialog takes the focus back when it left at an edge: a moment later.
      await expect.poll(hasFocus, PATIENCE).toBe(true);
    }
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    const isBack = (): Promise<boolean> =>
      remove.first().evaluate((button) => button === button.ownerDocument.activeElement);
    await expect.poll(isBack, PATIENCE).toBe(true);

    await page.keyboard.press('Enter');
    await tabTo(page, dialog.getByRole('button', { name: /^Убрать / }));
    await page.keyboard.press('Enter');
    await page.getByText('Устройство убрано').first().waitFor(PATIENCE);
    await expect.poll(() => remove.count(), PATIENCE).toBe(1);
    await context.close();
  });

  it('theme and language are changed from the header', async () => {
    const { context, page } = await customer(RU);
    await tabTo(page, page.getByRole('button', { name: 'en', exact: true }));
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'My subscriptions' }).waitFor();
    await tabTo(page, page.getByRole('button', { name: /^Appearance/ }));
    await page.keyboard.press('Enter');
    await tabTo(page, page.getByRole('button', { name: 'Dark' }));
    await page.keyboard.press('Enter');
    await expect.poll(() => page.getAttribute('html', 'data-theme')).toBe('dark');
    await context.close();
  });
});

describe('what a page costs', () => {
  it.each([
    ['/', 152],
    ['/sign-in', 195],
    ['/cabinet', 195],
    ['/cabinet/buy', 195],
  ])('%s stays within %i kB of script and does not move while it loads', async (path, limit) => {
    const { context, page } = await customer(RU);
    const weight = await scriptWeight(page, at.site + path);
    expect(weight, `${path}: ${weight.toFixed(1)} kB`).toBeLessThanOrEqual(limit);
    expect(await layoutShift(page)).toBeLessThanOrEqual(0.01);
    await context.close();
  });

  it.each(['light', 'dark'] as const)(
    'a camera reads the QR code in the %s theme',
    async (theme) => {
      const { context, page } = await customer({ ...RU, theme });
      await buy(at, page);
      const link = await linkField(page).inputValue();
      await page.goto(`${at.site}/cabinet`);
      const picture = await page.screenshot({ animations: 'disabled' });
      expect(await readQr(context, picture)).toBe(link);
      await context.close();
    },
  );
});

type Guest = Awaited<ReturnType<typeof customer>>;

describe('how it looks', () => {
  const themes = ['light', 'dark'] as const;
  const wide = (who?: Gallery['who']): Gallery => {
    const looks = { browser, widths: [390, 1280], themes, languages: ['ru'] } as const;
    return who === undefined ? looks : { ...looks, who };
  };
  const stateOf = ({ context }: Guest) => context.storageState();
  const to = (path: string) => async (page: Page) => {
    await page.goto(at.site + path, { waitUntil: 'networkidle' });
  };

  it('signing in: customers by e-mail, staff in two steps, the first owner', async () => {
    const looks = { ...wide(), themes: ['light'], languages: ['ru', 'en'] } as const;
    await picture(looks, 'sign-in', to('/sign-in'));
    await picture(looks, 'first-owner', to('/admin/first-owner'));
    await picture(looks, 'second-factor', async (page) => {
      // The page alone is looked at here: what the service says is proven where it is served.
      const json = { next: 'second_factor', challenge: 'c'.repeat(26), hasPasskey: false };
      await page.route('**/auth/password', (route) => route.fulfill({ json }));
      await to('/admin/sign-in')(page);
      await page.locator('#email').fill('owner@example.com');
      await page.locator('#password').fill('correct horse battery staple');
      await page.locator('main form button').click();
      await page.getByRole('heading', { level: 2 }).waitFor();
    });
  });

  it('the public plans', async () => {
    await picture({ ...wide(), languages: ['ru', 'en'] }, 'public-plans', to('/#plans'));
  });

  it('an account that bought: its subscription, guide and payments, calm and near the end', async () => {
    const olga = await customer(RU);
    await buy(at, olga.page);
    await useAccess(at, await linkField(olga.page).inputValue(), 14 * 1024 ** 3);
    const who = wide(await stateOf(olga));
    await picture(
      { ...who, widths: [390], languages: ['ru', 'en'] },
      'return-paid',
      to(pathOf(olga)),
    );
    await picture({ ...who, languages: ['ru', 'en'] }, 'cabinet-home-active', to('/cabinet'));
    await picture(who, 'cabinet-connect', to('/cabinet/connect'));
    await picture(who, 'cabinet-payments', to('/cabinet/payments'));
    await picture(who, 'checkout-choice', async (page) => {
      await to('/cabinet/buy')(page);
      await page.locator('main form button').click();
      await page.getByRole('radio').first().waitFor();
    });
    const person = `(select person_id from customer_order where id = '${orderOf(olga)}')`;
    const ends = (when: string) =>
      ask(
        `update subscription set expires_at = now() + interval '${when}' where person_id = ${person}`,
      );
    await ends('2 days 5 hours');
    await picture(who, 'cabinet-home-expiring', to('/cabinet'));
    await ends('-1 day');
    await picture(who, 'cabinet-home-expired', to('/cabinet'));
    await olga.context.close();
  }, 400_000);

  it('an empty account, one whose access is being prepared, and one that did not load', async () => {
    const olga = await customer(RU);
    const who = wide(await stateOf(olga));
    await picture(who, 'cabinet-home-empty', to('/cabinet'));
    await setFault(at, { target: 'remnawave', kind: 'error' });
    await order(at, olga.page);
    await olga.page.getByTestId('pay-card').click();
    await comeBack(olga.page);
    await olga.page.getByRole('heading', { name: 'Оплачено, готовим доступ' }).waitFor(PATIENCE);
    const settled = async (page: Page) => {
      await page.goto(`${at.site}/cabinet`);
      await page.getByRole('heading', { level: 2 }).first().waitFor();
    };
    await picture(who, 'cabinet-home-preparing', settled);
    await clearFaults(at);
    await whileStopped(platform, 'api', () =>
      picture({ ...who }, 'cabinet-home-failure', async (page) => {
        await page.goto(`${at.site}/cabinet`);
        await page.getByRole('heading', { level: 1 }).waitFor();
      }),
    );
    const isBack = async () => (await fetch(`${at.site}/api/v1/product`)).status;
    await expect.poll(isBack, PATIENCE).toBe(200);
    await olga.context.close();
  }, 400_000);

  it('an order that waits, that was declined, that nobody can ask about; a way that rests', async () => {
    const olga = await customer(RU);
    const who = { ...wide(await stateOf(olga)), widths: [390], languages: ['ru', 'en'] } as const;
    await order(at, olga.page);
    const bank = olga.page.url();
    await olga.page.goto(`${at.site}/cabinet/payments`);
    await olga.page.getByRole('link', { name: 'ждём оплату' }).click();
    await olga.page.waitForURL(/order=/);
    const path = pathOf(olga);
    const heading = (name: RegExp) => async (page: Page) => {
      await page.goto(at.site + path);
      await page.getByRole('heading', { name }).waitFor(PATIENCE);
    };
    await picture(who, 'return-waiting', heading(/Ждём|Awaiting/));
    await setFault(at, { target: 'yookassa', kind: 'error' });
    await picture(who, 'return-unknown', heading(/Уточняем|Checking/));
    for (let press = 0; press < 5; press += 1) {
      await olga.page.goto(`${at.site}/cabinet/buy`);
      await olga.page.locator('main form button').click();
      await olga.page.getByRole('radio').first().waitFor(PATIENCE);
      if ((await olga.page.getByRole('radio', { disabled: true }).count()) > 0) break;
      await olga.page.getByRole('button', { name: /^Оплатить / }).click();
      await olga.page.getByRole('alert').first().waitFor(PATIENCE);
    }
    await picture(wide(who.who), 'checkout-choice-resting', async (page) => {
      await to('/cabinet/buy')(page);
      await page.locator('main form button').click();
      await page.getByRole('radio', { disabled: true }).waitFor();
      // One way rests and is named; the others sell on, so the button still pays.
      expect(await page.locator('main form button').textContent()).toMatch(/^(Оплатить|Pay) /);
    });
    await clearFaults(at);
    await olga.page.goto(bank);
    await olga.page.getByTestId('pay-decline').click();
    await picture(who, 'return-declined', heading(/не прошла|did not go/));
    await olga.context.close();
  }, 400_000);
});

const pathOf = ({ page }: Guest): string =>
  new URL(page.url()).pathname + new URL(page.url()).search;
const orderOf = ({ page }: Guest): string => new URL(page.url()).searchParams.get('order') ?? '';

function ask(text: string): Promise<unknown> {
  const { ownerUrl } = platform.config.database;
  return createAsk(ownerUrl?.reveal() ?? '', systemClock)(text);
}
