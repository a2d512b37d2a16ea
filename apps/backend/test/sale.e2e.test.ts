/**
 * The first sale as people live it: a real Chromium on the chat page and on the site, the whole
 * platform behind them. Pictures are kept for the documents and for eyes.
 */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OwnPlatform } from '../src/operations/drills/own-platform.ts';
import { systemClock } from '../src/platform/clock/index.ts';
import { axeFindings, launchChromium, shoot, visit, type Look } from './browser/browser.ts';
import { meet } from './browser/chat.ts';
import { startSite } from './browser/site.ts';

const PATIENCE = { timeout: 30_000 };

let platform: OwnPlatform;
let browser: Browser;
let world: string;
let site: string;

beforeAll(async () => {
  browser = await launchChromium();
  const { platform: own, at } = await startSite();
  [platform, world, site] = [own, at.world, at.site];
});

afterAll(async () => {
  await platform.end();
  await browser.close();
});

async function invent(name: string, language: string): Promise<number> {
  const answer = await fetch(`${world}/telegram/control/people`, {
    method: 'POST',
    body: JSON.stringify({ name, language }),
  });
  return ((await answer.json()) as { id: number }).id; // the control API answers the person
}

async function openChat(page: Page, people: readonly number[]): Promise<void> {
  await page.goto(`${world}/telegram/?people=${people.join(',')}`);
}

/** Framing our own site inside the phone is refused by our own policy, and rightly so. */
const isExpected = (complaint: string): boolean => complaint.includes('frame-ancestors');

describe('the first sale', () => {
  it.each(['ru', 'en'] as const)('goes from START to the link in %s', async (language) => {
    const look: Look = { width: 1440, theme: 'light', language };
    const { context, page, complaints } = await visit(browser, look);
    const olga = await invent(language === 'ru' ? 'Ольга' : 'Olga', language);
    await openChat(page, [olga]);
    const chat = await meet(page, olga);
    await chat.phone.getByRole('heading', { name: '2GETPRO' }).waitFor();
    await chat.press(/Тарифы|Plans/);
    await chat.press(/199/);
    await chat.press(/Оплатить|Pay/);
    await chat.press(/Карта или СБП|Card or SBP/);
    await chat.open(/Перейти к оплате|Go to payment/);
    await chat.checkout('pay-card');
    const paid = await chat.reads(/Оплачено: 199|Paid: .*199/);
    expect(paid).toMatch(/\/remnawave\/sub\//);
    await chat.close();
    await shoot(page, 'sim-chat-sale', look);
    expect(complaints.filter((line) => !isExpected(line))).toEqual([]);
    await context.close();
  });

  it('is extended from its expiry, and the menu shows the subscription', async () => {
    const look: Look = { width: 1440, theme: 'dark', language: 'ru' };
    const { context, page } = await visit(browser, look);
    const olga = await invent('Ольга', 'ru');
    await openChat(page, [olga]);
    const chat = await meet(page, olga);
    for (const [round, told] of [/Оплачено/, /Продлено/].entries()) {
      await chat.press(round === 0 ? /Тарифы/ : /Меню/);
      if (round > 0) await chat.press(/Продлить|Тарифы/);
      await chat.press(/199/);
      await chat.press(/Оплатить/);
      await chat.press(/Карта или СБП/);
      await chat.open(/Перейти к оплате/);
      await chat.checkout('pay-sbp');
      await chat.reads(told);
      await chat.close();
    }
    expect(await daysBehind(await chat.reads(/\/remnawave\/sub\//))).toBe(60);
    await chat.press(/Моя подписка/);
    await shoot(page, 'sim-inspector', look);
    await context.close();
  });

  it('says so when the bank declines, and charges nobody', async () => {
    const look: Look = { width: 1440, theme: 'light', language: 'ru' };
    const { context, page } = await visit(browser, look);
    const [ivan, john] = [await invent('Иван', 'ru'), await invent('John', 'en')];
    const known = (await panelUsers()).length;
    await openChat(page, [ivan, john]);
    const chat = await meet(page, ivan);
    await (await meet(page, john)).reads(/plan/i);
    await chat.press(/Тарифы/);
    await chat.press(/199/);
    await chat.press(/Оплатить/);
    await chat.press(/Карта или СБП/);
    await chat.open(/Перейти к оплате/);
    await chat.checkout('pay-decline');
    await chat.reads(/Деньги не списаны/);
    await chat.close();
    await shoot(page, 'sim-chat-two-people', look);
    expect(await panelUsers()).toHaveLength(known);
    await context.close();
  });

  it('has a home of the simulators that explains itself', async () => {
    for (const language of ['ru', 'en'] as const) {
      const look: Look = { width: 1440, theme: 'light', language };
      const { context, page, complaints } = await visit(browser, look);
      await page.goto(`${world}/`);
      await expect.poll(() => page.getByTestId('simulator').count(), PATIENCE).toBe(10);
      expect(await axeFindings(page)).toEqual([]);
      await shoot(page, 'sim-home', look);
      expect(complaints).toEqual([]);
      await context.close();
    }
  });
});

type PanelUser = Readonly<{ shortUuid: string; expireAt: string }>;

async function panelUsers(): Promise<readonly PanelUser[]> {
  const answer = await fetch(`${world}/remnawave/control/users`);
  return ((await answer.json()) as { users: PanelUser[] }).users; // the control API's own shape
}

/** Whole days from now to the expiry of the account behind the link of a message. */
async function daysBehind(message: string): Promise<number | undefined> {
  const user = (await panelUsers()).find((each) => message.includes(`/sub/${each.shortUuid}`));
  if (user === undefined) return undefined;
  return Math.round((Date.parse(user.expireAt) - systemClock.now().getTime()) / 86_400_000);
}

describe('the public page', () => {
  const looks = ([390, 1280] as const).flatMap((width) =>
    (['light', 'dark'] as const).flatMap((theme) =>
      (['ru', 'en'] as const).map((language): Look => ({ width, theme, language })),
    ),
  );

  it.each(looks)('shows plans and prices at $width, $theme, $language', async (look) => {
    const { context, page, complaints } = await visit(browser, look);
    await page.goto(`${site}/?lang=${look.language}`);
    const text = (await page.textContent('main')) ?? '';
    expect(text).toMatch(/199/);
    expect(text).toMatch(/1[\s,]788/);
    const wide = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
    expect(wide).toBeLessThanOrEqual(0);
    expect(await axeFindings(page)).toEqual([]);
    await shoot(page, 'public-home', look);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('can be read and used without scripts', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false, locale: 'ru-RU' });
    const page = await context.newPage();
    await page.goto(site);
    expect(await page.textContent('main')).toMatch(/537/);
    const choose = page.locator('a[href*="start=plan_"]');
    await expect.poll(() => choose.count(), PATIENCE).toBe(3);
    await context.close();
  });

  it('forwards the API to the gateway', async () => {
    const answer = await fetch(`${site}/api/v1/product`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-request-id')).toMatch(/^req_/);
    expect(((await answer.json()) as { slug: string }).slug).toBe('2getpro'); // the wire's shape
  });
});
