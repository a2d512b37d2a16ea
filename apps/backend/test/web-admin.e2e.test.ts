/**
 * The administration as staff uses it, from the printed code to the refund: a real Chromium, the
 * whole platform behind it. The tests of one file tell one working day, so they run in order.
 */
import { readFile } from 'node:fs/promises';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium, visit, type Look } from './browser/browser.ts';
import {
  decline,
  forge,
  mailTo,
  references,
  sell,
  startAdministration,
  type Administration,
  type StorageState,
} from './browser/administration.ts';
import { tabTo } from './browser/site.ts';
import {
  becomeOwner,
  enrol,
  PASSWORD,
  printedOwnerCode,
  type Authenticator,
} from './browser/staff.ts';

const EN: Look = { width: 1440, theme: 'light', language: 'en' };
const PATIENCE = { timeout: 30_000 };

let home: Administration;
let browser: Browser;
let device: Authenticator;
let state: StorageState;
let olga: number;

beforeAll(async () => {
  browser = await launchChromium();
  home = await startAdministration();
});

afterAll(async () => {
  await home.platform.end();
  await browser.close();
});

/** The owner at their desk. */
async function owner(more: BrowserContextOptions = {}) {
  return visit(browser, EN, { ...more, ...(state && { storageState: state }) });
}

const open = (page: Page, path: string) => page.goto(`${home.at.site}/admin${path}`);
const heading = (page: Page, name: string | RegExp) =>
  page.getByRole('heading', { name, level: 1 }).waitFor(PATIENCE);
const rows = (page: Page, caption: string) =>
  page.getByRole('table', { name: caption }).locator('tbody tr');

const hasFocus = (wanted: Locator): Promise<boolean> =>
  wanted.evaluate((element) => element === element.ownerDocument.activeElement);

/** In an open dialog: why, the second factor when it is asked for, and the press. */
async function confirm(page: Page, verb: string): Promise<void> {
  const dialog = page.getByRole('dialog');
  await dialog.locator('#reason').fill('a test of the administration');
  await dialog.getByRole('listitem').first().waitFor(PATIENCE);
  const code = dialog.locator('#code');
  if (await code.isVisible()) await code.fill(device.recovery.pop() ?? '');
  await dialog.getByRole('button', { name: verb, exact: true }).click();
  await dialog.locator('#reason').waitFor({ ...PATIENCE, state: 'detached' });
  // What was told of the act before may still be there.
  await page.getByRole('link', { name: 'Open in audit' }).last().waitFor(PATIENCE);
}

describe('the door', () => {
  it('the printed code makes one owner, whose recovery codes are shown once', async () => {
    const { context, page, complaints } = await visit(browser, EN);
    const code = await printedOwnerCode(home.platform.config.home);
    device = await becomeOwner(home.at, page, code);
    expect(new Set(device.recovery).size).toBe(10);
    await page.getByRole('link', { name: 'The codes are saved, continue' }).click();
    await heading(page, 'Today');
    await expect.poll(() => page.getByText('Nothing waits. Good.').count(), PATIENCE).toBe(1);
    state = await context.storageState();
    await open(page, '/first-owner');
    expect(await page.getByRole('heading', { name: 'Recovery codes' }).count()).toBe(0);
    await page.locator('#code').fill(code);
    await page.locator('#email').fill('second@example.com');
    await page.locator('#password').fill(PASSWORD);
    expect(complaints).toEqual([]);
    await page.locator('main form button').last().click();
    await page.getByRole('alert').first().waitFor(PATIENCE);
    await context.close();
  });

  it('asks for both factors, and leads to the page that was wanted', async () => {
    const { context, page } = await visit(browser, EN);
    await open(page, '/orders?state=paid');
    await page.waitForURL(/\/admin\/sign-in\?next=/, PATIENCE);
    await page.locator('#email').fill('owner@example.com');
    await page.locator('#password').fill(PASSWORD);
    await page.locator('main form button').last().click();
    await page.locator('#code').fill(device.recovery.pop() ?? '');
    await page.locator('main form button').last().click();
    await page.waitForURL(/\/admin\/orders\?state=paid$/, PATIENCE);
    await heading(page, 'Orders');
    await page.getByRole('button', { name: 'Sign out' }).first().click();
    await page.waitForURL(/\/admin\/sign-in/, PATIENCE);
    await open(page, '');
    await page.waitForURL(/\/admin\/sign-in\?next=/, PATIENCE);
    await context.close();
  });
});

describe('what happened', () => {
  it('today renews itself after a sale, and its dot stays green', async () => {
    const { context, page, complaints } = await owner();
    await open(page, '');
    await page.getByText('Renews by itself').waitFor();
    await page.evaluate('window.isSamePage = true');
    olga = await sell(home.at, browser, 'Ольга');
    await page.getByText('199.00').first().waitFor(PATIENCE);
    expect(await page.evaluate('window.isSamePage')).toBe(true);
    await expect.poll(() => page.getByText('Renews by itself').count(), PATIENCE).toBe(1);
    await decline(home.at, browser, 'Пётр');
    const [declined = '', sold = ''] = await references(home.at);
    expect(await forge(home, declined)).toBe(403);
    expect(await forge(home, sold)).toBe(403);
    await page.getByText('Refused notices in a day: 2').waitFor(PATIENCE);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('a payment tells its eight facts in order, and its notice opens and is copied', async () => {
    const permissions = ['clipboard-read', 'clipboard-write'];
    const { context, page, complaints } = await owner({ permissions });
    await open(page, '/payments?state=settled');
    await rows(page, 'Payments').getByRole('link').first().click();
    const story = page.getByRole('list', { name: 'What happened' });
    await story.locator('li').last().waitFor(PATIENCE);
    const facts = await story.locator('p > .font-semibold').allTextContents();
    expect(facts.filter((fact) => !/Refused|How to check/.test(fact))).toEqual([
      'Created',
      'Sent',
      'Notice',
      'Asked the provider',
      'Settled',
      'Posted',
      'Delivered',
      'Told',
    ]);
    const refused = story.locator('li').filter({ hasText: 'sender_not_allowed' });
    expect(await refused.textContent()).toMatch(/How to check:.*WEBHOOK_NETWORKS/);
    await refused.locator('summary').click();
    await expect.poll(() => refused.locator('pre').count(), PATIENCE).toBe(2);
    expect(await refused.locator('pre').first().textContent()).not.toContain('c2VjcmV0');

    const notice = story.locator('li').filter({ hasText: 'payment.succeeded' }).first();
    await tabTo(page, notice.locator('summary'));
    await page.keyboard.press('Enter');
    const body = notice.getByRole('region', { name: 'Body' });
    await body.waitFor(PATIENCE);
    await tabTo(page, notice.getByRole('button', { name: 'Copy' }).last());
    await page.keyboard.press('Enter');
    await notice.getByText('Copied').waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(await body.textContent());
    await notice.locator('summary').focus();
    await page.keyboard.press('Enter');
    await body.waitFor({ state: 'hidden' });
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('filters stand in the address: reload, back and a sent link show the same rows', async () => {
    const { context, page } = await owner();
    await open(page, '/payments');
    await expect.poll(() => rows(page, 'Payments').count()).toBe(2);
    await page.locator('select[name=state]').focus();
    await page.keyboard.type('declined');
    await tabTo(page, page.getByRole('button', { name: 'Apply' }));
    await page.keyboard.press('Enter');
    await page.waitForURL(/state=failed/);
    const address = page.url();
    const shown = () => rows(page, 'Payments').allTextContents();
    const declined = [expect.stringMatching(/Пётр.*declined/)];
    await expect.poll(shown, PATIENCE).toEqual(declined);
    await page.reload();
    await expect.poll(shown, PATIENCE).toEqual(declined);
    await tabTo(page, page.getByRole('table').getByRole('link').first());
    await page.keyboard.press('Enter');
    await heading(page, /^Payment /);
    await page.goBack();
    await heading(page, 'Payments');
    expect(page.url()).toBe(address);
    expect(await page.locator('select[name=state]').inputValue()).toBe('failed');
    await expect.poll(shown, PATIENCE).toEqual(declined);
    await open(page, '/payments?state=disputed');
    await page.getByText('Nothing with these filters').waitFor();
    await context.close();
  });

  it('the books balance, and every other list has its rows', async () => {
    const { context, page, complaints } = await owner();
    for (const [path, caption, count] of [
      ['/people', 'People', 3],
      ['/orders', 'Orders', 2],
      ['/subscriptions', 'Subscriptions', 1],
      ['/deliveries?state=delivered', 'Deliveries', 1],
      ['/ledger', 'Ledger', 2],
      ['/notices', 'Notices', 2],
      ['/refused', 'Refused', 2],
      ['/plans', 'Plans', 3],
    ] as const) {
      await open(page, path);
      await expect.poll(() => rows(page, caption).count(), PATIENCE).toBe(count);
    }
    await open(page, '/ledger');
    await expect.poll(() => page.getByText('The ledger balances: sum 0').count(), PATIENCE).toBe(1);
    await open(page, '/notices?state=done');
    await rows(page, 'Notices').getByRole('link').first().click();
    await heading(page, /^Notice, /);
    await page.getByRole('region', { name: 'Body' }).waitFor();
    await open(page, '/settings');
    const told = (await page.textContent('main')) ?? '';
    expect(told).toMatch(/ENCRYPTION_KEYS\s*set/);
    expect(told).toMatch(/YOOKASSA_SECRET_KEY\s*not set/);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('a list is taken along as a file, after a fresh second factor', async () => {
    await home.ask(`update session set second_factor_at = now() - interval '1 hour'`);
    const { context, page } = await owner();
    await open(page, '/payments?state=settled');
    await page.getByRole('link', { name: 'Export CSV' }).click();
    const dialog = page.getByRole('dialog', { name: 'Export CSV' });
    await dialog.locator('#code').fill(device.recovery.pop() ?? '');
    const coming = page.waitForEvent('download');
    await dialog.getByRole('button', { name: 'Export CSV' }).click();
    const file = await coming;
    expect(file.suggestedFilename()).toMatch(/^payments-.*\.csv$/);
    const lines = (await readFile(await file.path(), 'utf8')).trim().split('\r\n');
    expect(lines).toHaveLength(2);
    expect(lines[1]).toMatch(/Ольга/);
    await context.close();
  });
});

describe('what staff does', () => {
  it('refunds without a mouse: search, reason, code, and the toast leads to the audit', async () => {
    await home.ask(`update session set second_factor_at = now() - interval '1 hour'`);
    const { context, page, complaints } = await owner();
    await open(page, '');
    const search = page.getByRole('searchbox');
    const isThere = async (): Promise<boolean> => {
      if (await hasFocus(search)) return true;
      await page.keyboard.press('/');
      return hasFocus(search);
    };
    // The key works from the moment on that the page's script runs.
    await expect.poll(isThere, PATIENCE).toBe(true);
    await page.keyboard.type('Ольга');
    await page.keyboard.press('Enter');
    await heading(page, 'Ольга');
    await tabTo(page, page.getByRole('table', { name: 'Payments' }).getByRole('link').first());
    await page.keyboard.press('Enter');
    await heading(page, /^Payment /);
    await tabTo(page, page.getByRole('button', { name: 'Refund…' }));
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: /^Refund .*199.*Ольга/ });
    await dialog.waitFor(PATIENCE);
    expect(await dialog.textContent()).toMatch(/199\.00 RUB leave our account/);
    const isDanger = await page.evaluate(`document.activeElement.tagName === 'BUTTON'`);
    expect(isDanger).toBe(false);
    await tabTo(page, dialog.locator('#reason'));
    await page.keyboard.type('bought by mistake');
    await page.keyboard.press('Tab');
    await page.keyboard.type(device.code());
    await tabTo(page, dialog.getByRole('button', { name: 'Refund', exact: true }));
    await page.keyboard.press('Enter');
    const inAudit = page.getByRole('link', { name: 'Open in audit' });
    await inAudit.waitFor(PATIENCE);
    await expect.poll(() => hasFocus(inAudit)).toBe(true);
    await page.keyboard.press('Enter');
    await heading(page, 'Audit');
    const entry = rows(page, 'Audit').filter({ hasText: 'payments.refund' });
    expect(await entry.textContent()).toMatch(/bought by mistake/);
    await open(page, '/ledger');
    await expect.poll(() => page.getByText('The ledger balances: sum 0').count(), PATIENCE).toBe(1);
    await expect.poll(() => rows(page, 'Ledger').count()).toBe(4);
    await open(page, '/orders?state=refunded');
    await expect.poll(() => rows(page, 'Orders').count()).toBe(1);
    expect(complaints).toEqual([]);
    await context.close();
    await expect.poll(() => saidTo(olga), PATIENCE).toMatch(/Возврат.*199/);
  });

  it('closes an account, and opens it again; the customer is told both times', async () => {
    const { context, page } = await owner();
    await open(page, '/search?q=Ольга');
    await heading(page, 'Ольга');
    await page.getByRole('button', { name: 'Ban…' }).click();
    await confirm(page, 'Ban');
    await page.getByRole('button', { name: 'Unban…' }).waitFor(PATIENCE);
    await expect.poll(() => saidTo(olga), PATIENCE).toMatch(/Аккаунт закрыт/);
    await page.getByRole('button', { name: 'Unban…' }).click();
    await confirm(page, 'Unban');
    await page.getByRole('button', { name: 'Ban…' }).waitFor(PATIENCE);
    await context.close();
  });

  it('publishes the next version of a plan; the old order keeps its price', async () => {
    const { context, page, complaints } = await owner();
    await open(page, '/plans');
    await page.getByRole('button', { name: 'New version…' }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: /^Price.*RUB|RUB/ }).fill('249');
    await confirm(page, 'Publish');
    await expect.poll(() => rows(page, 'Plans').count(), PATIENCE).toBe(4);
    expect(await page.getByRole('table').textContent()).toMatch(/₽?249\.00/);
    await open(page, '/orders');
    expect(await rows(page, 'Orders').last().textContent()).toMatch(/v1.*199\.00/);
    expect(complaints).toEqual([]);
    await context.close();
  });
});

describe('roles', () => {
  it('an invitation comes by mail; support sees no refund, and the API refuses it', async () => {
    const { context, page } = await owner();
    await open(page, '/staff');
    await page.getByRole('button', { name: 'Invite…' }).click();
    await page.getByRole('dialog').locator('#email').fill('sofia@example.com');
    await confirm(page, 'Invite');
    const link = async () =>
      /http\S+\/admin\/invitation#\S+/.exec(
        (await mailTo(home.at, 'sofia@example.com')).map(({ text }) => text).join('\n'),
      )?.[0];
    await expect.poll(link, PATIENCE).toBeDefined();

    const sofia = await visit(browser, EN);
    await sofia.page.goto((await link()) ?? '');
    await sofia.page.locator('#name').fill('Sofia');
    await sofia.page.locator('#password').fill('another horse, another battery');
    await sofia.page.getByRole('button', { name: 'Accept the invitation' }).click();
    await enrol(sofia.page);
    await sofia.page.getByRole('link', { name: 'The codes are saved, continue' }).click();
    await heading(sofia.page, 'Today');
    const sections = sofia.page.getByRole('navigation', { name: 'Sections' });
    expect(await sections.getByRole('link', { name: 'Ledger' }).count()).toBe(0);
    await open(sofia.page, '/payments');
    expect(await sofia.page.getByRole('link', { name: 'Export CSV' }).count()).toBe(0);
    await rows(sofia.page, 'Payments').getByRole('link').first().click();
    await heading(sofia.page, /^Payment /);
    expect(await sofia.page.getByRole('button', { name: 'Refund…' }).count()).toBe(0);
    expect(await refundByHand(sofia.page)).toBe(403);
    await open(sofia.page, '/ledger');
    await sofia.page.getByText('This section is not open to you').waitFor();

    await page.reload();
    await expect
      .poll(() => rows(page, 'Staff').allTextContents(), PATIENCE)
      .toEqual(expect.arrayContaining([expect.stringMatching(/Sofia.*support/)]));
    await context.close();
    await sofia.context.close();
  });
});

/** The call that the missing button would send, with the session and key of an open page. */
function refundByHand(page: Page): Promise<number> {
  const paymentId = page.url().split('/').at(-1) ?? '';
  return page.evaluate<number>(`(async () => {
    const { csrfToken } = await (await fetch('/auth/session')).json();
    const headers = { 'content-type': 'application/json', 'x-csrf-token': csrfToken,
      'idempotency-key': crypto.randomUUID() };
    const body = JSON.stringify({ paymentId: '${paymentId}', reason: 'by hand',
      amount: { minor: '19900', currency: 'RUB' } });
    const answer = await fetch('/api/v1/admin/acts/payments.refund', { method: 'POST', headers, body });
    return answer.status;
  })()`);
}

/** The last thing that the bot told a person. */
async function saidTo(person: number): Promise<string> {
  const path = `/telegram/control/people/${String(person)}/messages`;
  const answer = await fetch(home.at.world + path);
  return answer.text();
}
