/**
 * Every way to pay, as people use it in the chat and on the site: paid, declined, left, paid after
 * the term, paid twice, paid by another sum, given back. One platform for all, one row per way.
 */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeOwner, startAdministration, type Administration } from './browser/administration.ts';
import { launchChromium, visit, type Look } from './browser/browser.ts';
import { meet, type Chat } from './browser/chat.ts';
import { invent, order, signIn } from './browser/site.ts';

type Row = Readonly<{
  id: string;
  /** Its word on buttons and cards. */
  word: RegExp;
  /** The button of the vendor's page that pays. */
  pay: string;
  /** What can be given back by the vendor's API. */
  refunds: 'parts' | 'whole';
}>;

/** The one whose link is paid as often, and by whatever sum, as the buyer likes. */
const FREEKASSA: Row = {
  id: 'freekassa',
  word: /FreeKassa/,
  pay: 'pay-now',
  refunds: 'whole',
};
const WAYS: readonly Row[] = [
  { id: 'yookassa', word: /^(Карта или СБП|Card or SBP)/, pay: 'pay-card', refunds: 'parts' },
  { id: 'tkassa', word: /Т-Касса|T-Kassa/, pay: 'pay-now', refunds: 'parts' },
  FREEKASSA,
];

/** In currencies of their own: dollars, coins, roubles of a shop in Telegram. Their bill outlives a "no". */
const ABROAD: readonly (Omit<Row, 'refunds'> & { refunds: Row['refunds'] | 'never' })[] = [
  { id: 'stripe', word: /Stripe/, pay: 'pay-now', refunds: 'parts' },
  { id: 'paypal', word: /PayPal/, pay: 'pay-now', refunds: 'parts' },
  { id: 'cryptopay', word: /Криптовалюта/, pay: 'pay-now', refunds: 'never' },
  { id: 'tribute', word: /Tribute/, pay: 'pay-now', refunds: 'whole' },
];

const LOOK: Look = { width: 1440, theme: 'light', language: 'ru' };
const PATIENCE = { timeout: 60_000, interval: 200 };
const PRICE = 199_00;

let home: Administration;
let browser: Browser;
let desk: Page;

beforeAll(async () => {
  browser = await launchChromium();
  home = await startAdministration();
  const { state } = await makeOwner(home, browser, LOOK);
  ({ page: desk } = await visit(browser, LOOK, { ...(state && { storageState: state }) }));
  await desk.goto(`${home.at.site}/admin`);
});

afterAll(async () => {
  await home.platform.end();
  await browser.close();
});

type Found = Readonly<{
  id: string;
  order: string;
  provider: string;
  state: string;
  /** In its currency's smallest units. */
  minor: number;
  currency: string;
}>;

/** Payments of the newest order, oldest first. */
async function payments(): Promise<Found[]> {
  return home.ask<Found>(
    `select id, order_id as order, provider, state, amount_minor::int as minor, currency from payment
      where order_id = (select id from customer_order order by created_at desc limit 1)
      order by created_at`,
  );
}
const states = async (): Promise<string[]> => (await payments()).map(({ state }) => state);

/** A new customer on the site, at the payment page of a way. */
async function atTheTill(
  way: Pick<Row, 'id' | 'word'>,
): Promise<{ context: BrowserContext; page: Page }> {
  const { context, page } = await visit(browser, { ...LOOK, width: 1280 });
  await signIn(home.at, page, await invent(home.at, 'Ольга', 'ru'));
  await order(home.at, page, way);
  return { context, page };
}

async function press(page: Page, act: string): Promise<void> {
  await page.getByTestId(act).first().click(PATIENCE);
  await page.getByTestId('result').waitFor(PATIENCE);
}

/** The site's own word about the newest order. */
async function reads(page: Page, title: RegExp): Promise<void> {
  const [newest] = await payments();
  await page.goto(`${home.at.site}/cabinet/return?order=${newest?.order ?? ''}`);
  await page.getByRole('heading', { name: title }).waitFor(PATIENCE);
}

async function openChat(page: Page): Promise<Chat> {
  const person = await invent(home.at, 'Ольга', 'ru');
  await page.goto(`${home.at.world}/telegram/?people=${String(person)}`);
  const chat = await meet(page, person);
  await chat.press(/Тарифы/);
  await chat.press(/199/);
  await chat.press(/Оплатить/);
  return chat;
}

/** The act of staff behind the refund's dialog, with the session of the open page. */
async function refund(paymentId: string, minor: number, currency = 'RUB'): Promise<number> {
  await home.ask(`update session set second_factor_at = now()`);
  return desk.evaluate<number>(`(async () => {
    const { csrfToken } = await (await fetch('/auth/session')).json();
    const headers = { 'content-type': 'application/json', 'x-csrf-token': csrfToken,
      'idempotency-key': crypto.randomUUID() };
    const body = JSON.stringify({ paymentId: '${paymentId}', reason: 'a test of the ways to pay',
      amount: { minor: '${String(minor)}', currency: '${currency}' } });
    const answer = await fetch('/api/v1/admin/acts/payments.refund', { method: 'POST', headers, body });
    return answer.status;
  })()`);
}

describe.each(WAYS)('$id', (way) => {
  it('is offered in the chat, and paying brings access', async () => {
    const { context, page } = await visit(browser, LOOK);
    const chat = await openChat(page);
    await chat.press(way.word);
    await chat.open(/Перейти к оплате/);
    await chat.checkout(way.pay);
    expect(await chat.reads(/Оплачено: 199/)).toMatch(/\/remnawave\/sub\//);
    await context.close();
  });

  it('is chosen on the site, paid, and given back as far as it can be', async () => {
    const { context, page } = await atTheTill(way);
    await press(page, way.pay);
    await reads(page, /^Оплачено$/);
    const [paid] = await payments();
    expect(paid).toMatchObject({ provider: way.id, state: 'settled' });
    const id = paid?.id ?? '';
    expect(await refund(id, PRICE + 1)).toBeGreaterThanOrEqual(400);
    if (way.refunds === 'parts') {
      expect(await refund(id, 49_00)).toBe(200);
      await expect.poll(states, PATIENCE).toEqual(['partly_refunded']);
    }
    expect(await refund(id, way.refunds === 'parts' ? PRICE - 49_00 : PRICE)).toBe(200);
    await expect.poll(states, PATIENCE).toEqual(['refunded']);
    await context.close();
  });

  it('says on the site that the bank declined and nothing was charged', async () => {
    const { context, page } = await atTheTill(way);
    await press(page, 'pay-decline');
    await reads(page, /^Оплата не прошла$/);
    expect(await page.textContent('main')).toMatch(/Деньги не списаны/);
    await context.close();
  });

  it('waits for who walked away, and takes their money after the term of the order', async () => {
    const { context, page } = await atTheTill(way);
    const till = page.url();
    await press(page, 'pay-abandon');
    await reads(page, /^Ждём оплату$/);
    await home.ask(`update customer_order set expires_at = now() - interval '1 minute'
                     where state = 'open'`);
    await page.goto(till);
    await press(page, 'pay-late');
    await expect.poll(states, PATIENCE).toEqual(['settled']);
    await reads(page, /^Оплачено$/);
    await context.close();
  });
});

describe.each(ABROAD)('$id', (way) => {
  it('is offered in the chat, and paying brings access', async () => {
    const { context, page } = await visit(browser, LOOK);
    const chat = await openChat(page);
    await chat.press(way.word);
    await chat.open(/Перейти к оплате/);
    await chat.checkout(way.pay);
    expect(await chat.reads(/Оплачено/)).toMatch(/\/remnawave\/sub\//);
    expect(await payments()).toMatchObject([{ provider: way.id, state: 'settled' }]);
    await context.close();
  });

  it('is chosen on the site, paid, and given back as far as it can be', async () => {
    const { context, page } = await atTheTill(way);
    await press(page, way.pay);
    await reads(page, /^Оплачено$/);
    const [paid] = await payments();
    expect(paid).toMatchObject({ provider: way.id, state: 'settled' });
    const { id = '', minor = 0, currency = '' } = paid ?? {};
    expect(await refund(id, minor + 1, currency)).toBeGreaterThanOrEqual(400);
    if (way.refunds === 'never') {
      expect(await refund(id, minor, currency)).toBeGreaterThanOrEqual(400);
      expect(await states()).toEqual(['settled']);
    } else {
      const part = way.refunds === 'parts' ? 49 : 0;
      if (part > 0) {
        expect(await refund(id, part, currency)).toBe(200);
        await expect.poll(states, PATIENCE).toEqual(['partly_refunded']);
      }
      expect(await refund(id, minor - part, currency)).toBe(200);
      await expect.poll(states, PATIENCE).toEqual(['refunded']);
    }
    await context.close();
  });

  it('waits on the site for who was refused and walked away, and takes their money after the term', async () => {
    const { context, page } = await atTheTill(way);
    const till = page.url();
    for (const act of ['pay-decline', 'pay-abandon']) {
      await press(page, act);
      await reads(page, /^Ждём оплату$/);
      await page.goto(till);
    }
    await home.ask(`update customer_order set expires_at = now() - interval '1 minute'
                     where state = 'open'`);
    await press(page, 'pay-late');
    await expect.poll(states, PATIENCE).toEqual(['settled']);
    await reads(page, /^Оплачено$/);
    await context.close();
  });
});

describe('Stars', () => {
  const STARS = { id: 'stars', word: /Stars|Звёзды/ };

  it('are paid in the chat, refused in the chat, and bring access', async () => {
    const { context, page } = await visit(browser, LOOK);
    const chat = await openChat(page);
    await chat.press(STARS.word);
    await chat.open(/Перейти к оплате/);
    await chat.checkout('stars-poor');
    await chat.checkout('back-to-invoice');
    await chat.checkout('stars-pay');
    expect(await chat.reads(/Оплачено/)).toMatch(/\/remnawave\/sub\//);
    const [paid] = await payments();
    expect(paid).toMatchObject({ provider: 'stars', state: 'settled', currency: 'XTR' });
    expect(await refund(paid?.id ?? '', 1, 'XTR')).toBeGreaterThanOrEqual(400);
    expect(await refund(paid?.id ?? '', paid?.minor ?? 0, 'XTR')).toBe(200);
    await expect.poll(states, PATIENCE).toEqual(['refunded']);
    await context.close();
  });

  it('lead from the site into Telegram, where they are paid', async () => {
    const { context, page } = await visit(browser, { ...LOOK, width: 1280 });
    const person = await invent(home.at, 'Ольга', 'ru');
    await signIn(home.at, page, person);
    await order(home.at, page, { ...STARS, id: 'telegram/invoice' });
    await page.getByTestId('payer').selectOption(String(person));
    await press(page, 'stars-pay');
    await expect.poll(states, PATIENCE).toEqual(['settled']);
    await reads(page, /^Оплачено$/);
    await context.close();
  });
});

describe('an order', () => {
  it('paid by two ways is paid once, and the second money stays on the balance', async () => {
    const { context, page } = await visit(browser, LOOK);
    const chat = await openChat(page);
    const links: string[] = [];
    for (const [at, way] of WAYS.slice(0, 2).entries()) {
      if (at > 0) await chat.press(/Другой способ/);
      await chat.press(way.word);
      const go = chat.phone.getByTestId('button').filter({ hasText: 'Перейти к оплате' }).last();
      links.push((await go.getAttribute('data-url', PATIENCE)) ?? '');
    }
    for (const [at, link] of links.entries()) {
      const till = await context.newPage();
      await till.goto(link);
      await press(till, WAYS[at]?.pay ?? '');
    }
    await expect.poll(states, PATIENCE).toEqual(['settled', 'settled']);
    await chat.reads(/баланс/i);
    await context.close();
  });

  it('whose link is paid twice is paid once, and the second sum can go back', async () => {
    const { context, page } = await atTheTill(FREEKASSA);
    await press(page, 'pay-twice');
    await expect.poll(states, PATIENCE).toEqual(['settled', 'settled']);
    const [first, second] = await payments();
    expect([first?.minor, second?.minor]).toEqual([PRICE, PRICE]);
    await reads(page, /^Оплачено$/);
    await page.goto(`${home.at.site}/cabinet/balance`);
    await expect.poll(() => page.textContent('main'), PATIENCE).toMatch(/199/);
    // What nobody asked for goes back to the card it came from, and the order stays paid.
    expect(await refund(second?.id ?? '', PRICE)).toBe(200);
    await expect.poll(states, PATIENCE).toEqual(['settled', 'refunded']);
    await reads(page, /^Оплачено$/);
    await context.close();
  });

  it('paid by another sum is not credited: staff sees it', async () => {
    const { context, page } = await atTheTill(FREEKASSA);
    await page.getByTestId('other-amount').fill('150');
    await press(page, 'pay-other-amount');
    const outcomes = (): Promise<{ outcome: string }[]> =>
      home.ask(`select outcome from payment_notice where provider = 'freekassa'
                 order by last_received_at desc limit 1`);
    await expect.poll(outcomes, PATIENCE).toEqual([{ outcome: 'wrong_amount' }]);
    expect(await states()).toEqual(['pending']);
    await context.close();
  });
});
