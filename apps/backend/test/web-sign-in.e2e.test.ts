/** How customers come in by themselves: Telegram, a Mini App, a password, and the ways of an account. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { OwnPlatform } from '../src/operations/drills/own-platform.ts';
import { launchChromium, visit, type Look } from './browser/browser.ts';
import { giveKeyRing } from './browser/key-ring.ts';
import { picture, type Gallery } from './browser/pictures.ts';
import { invent, signIn, startSite, type World } from './browser/site.ts';
import { becomeOwner, PASSWORD as STAFF_PASSWORD, printedOwnerCode } from './browser/staff.ts';

const EN: Look = { width: 1280, theme: 'light', language: 'en' };
const PATIENCE = { timeout: 30_000 };
const PASSWORD = 'nine calm herons at dusk';
const OTHER_PASSWORD = 'seven quiet otters at dawn';

let platform: OwnPlatform;
let browser: Browser;
let at: World;
let gallery: Gallery;

beforeAll(async () => {
  browser = await launchChromium();
  ({ platform, at } = await startSite());
  gallery = { browser, widths: [390, 1280], themes: ['light', 'dark'], languages: ['ru', 'en'] };
});

afterAll(async () => {
  await platform.end();
  await browser.close();
});

type Letter = Readonly<{ text: string }>;

/** The newest letter to a mailbox that has what is looked for. */
async function fromMail(to: string, wanted: RegExp): Promise<string> {
  let found = '';
  const look = async (): Promise<boolean> => {
    const answer = await fetch(`${at.world}/mail/messages?to=${encodeURIComponent(to)}`);
    const { messages } = (await answer.json()) as { messages: Letter[] }; // the mailbox's own shape
    found = messages.flatMap(({ text }) => wanted.exec(text)?.[1] ?? []).at(-1) ?? '';
    return found !== '';
  };
  await expect.poll(look, PATIENCE).toBe(true);
  return found;
}
const codeFor = (to: string) => fromMail(to, /\b(\d{6})\b/);

/** Says in Telegram's own window who it is. */
async function sayWho(page: Page, person: number): Promise<void> {
  await page.waitForURL(/\/telegram\/(?:login|app|oauth\/auth)/);
  await page.locator('select[name=person]').selectOption(String(person));
  await page.locator('button.primary').click();
}

async function register(page: Page, email: string, site = at.site): Promise<void> {
  await page.goto(`${site}/register`);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Get the code' }).click();
  await page.getByText('the code is on its way to').waitFor(PATIENCE);
  await page.getByLabel('Code from the mail').fill(await codeFor(email));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(/\/cabinet$/);
}

it('Telegram opens the account of the person whom the bot knows, on the site and in the Mini App', async () => {
  const olga = await invent(at, 'Olga', 'en');
  const known = await visit(browser, EN);
  await signIn(at, known.page, olga);
  const own = async (page: Page): Promise<string> => {
    const answer = await page.request.get(`${at.site}/auth/session`);
    return ((await answer.json()) as { personId: string }).personId; // the contract of the session
  };
  const personId = await own(known.page);

  const { page, context, complaints } = await visit(browser, EN);
  await page.goto(`${at.site}/sign-in?next=%2Fcabinet%2Fpayments`);
  await page.getByRole('button', { name: 'Sign in with Telegram' }).click();
  await sayWho(page, olga);
  await page.waitForURL(/\/cabinet\/payments$/);
  expect(await own(page)).toBe(personId);
  expect(page.url()).not.toContain('code=');
  expect(complaints).toEqual([]);

  const app = await visit(browser, EN);
  await app.page.goto(`${at.world}/telegram/app?url=${encodeURIComponent(`${at.site}/mini`)}`);
  await sayWho(app.page, olga);
  await app.page.getByText('Telegram told us who you are.').waitFor(PATIENCE);
  const opened = app.page.url();
  await app.page.getByRole('button', { name: 'Sign in' }).click();
  await app.page.waitForURL(/\/cabinet$/);
  expect(await own(app.page)).toBe(personId);
  // The same word once more, in another browser: it has been used.
  const thief = await visit(browser, EN);
  await thief.page.goto(opened);
  await thief.page.getByRole('button', { name: 'Sign in' }).click();
  await thief.page.getByText('Telegram did not confirm this sign-in').waitFor(PATIENCE);
  for (const each of [known.context, context, app.context, thief.context]) await each.close();
});

it.each(['?state=made-up#tgAuthResult=eyJpZCI6MSwiaGFzaCI6IngifQ', '?code=c&state=made-up'])(
  'an answer of Telegram that this browser did not ask for is not used: %s',
  async (answer) => {
    const { page, context } = await visit(browser, EN);
    await page.goto(`${at.site}/sign-in/telegram${answer}`);
    await page.getByText('Telegram told us nothing').waitFor(PATIENCE);
    await context.close();
  },
);

it('an account with a password is made, left, forgotten and found again', async () => {
  const email = 'anna@example.com';
  const first = await visit(browser, EN);
  await register(first.page, email);
  const { page, context } = await visit(browser, EN);
  await page.goto(`${at.site}/sign-in/password`);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(OTHER_PASSWORD);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByText('E-mail or password is wrong').waitFor(PATIENCE);
  await page.getByRole('link', { name: 'Forgot the password?' }).click();
  await page.getByLabel('E-mail').fill(email);
  await page.getByRole('button', { name: 'Get the link' }).click();
  await page.getByText('The mail is on its way to').waitFor(PATIENCE);
  const token = await fromMail(email, /\/new-password#([A-Za-z0-9_-]+)/);
  await page.goto(`${at.site}/new-password#${token}`);
  await page.getByLabel('Password').fill(OTHER_PASSWORD);
  await page.getByRole('button', { name: 'Save the password' }).click();
  await page.getByText('The password is changed').waitFor(PATIENCE);
  // The session of before has ended, for the gateway too.
  const isOut = async (): Promise<boolean> => {
    await first.page.goto(`${at.site}/cabinet/payments`);
    // The page asks first whether somebody is signed in, and only then leads away.
    return await first.page.waitForURL(/\/sign-in/, { timeout: 2_000 }).then(
      () => true,
      () => false,
    );
  };
  await expect.poll(isOut, PATIENCE).toBe(true);
  await page.getByRole('main').getByRole('link', { name: 'Sign in' }).click();
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(OTHER_PASSWORD);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.waitForURL(/\/cabinet$/);
  for (const each of [first.context, context]) await each.close();
});

it('the ways in of an account are added and taken away, and the last one stays', async () => {
  const { page, context, complaints } = await visit(browser, EN);
  await register(page, 'boris@example.com');
  await page.getByRole('link', { name: 'Ways to sign in' }).click();
  await page.getByRole('button', { name: 'Remove the e-mail' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Remove the e-mail' }).click();
  await dialog.getByText('This is the last way in').waitFor(PATIENCE);
  await dialog.getByRole('button', { name: 'Keep' }).click();
  const boris = await invent(at, 'Boris', 'en');
  await page.getByRole('button', { name: 'Connect Telegram' }).click();
  await sayWho(page, boris);
  await page.getByText(`@person${String(boris)}`).waitFor(PATIENCE);
  await page.getByRole('button', { name: 'Change the password' }).click();
  await page.getByLabel('New password').fill('short');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Choose another password').waitFor(PATIENCE);
  await page.getByLabel('New password').fill(OTHER_PASSWORD);
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved, the other sign-ins have ended').first().waitFor(PATIENCE);
  await picture(
    { ...gallery, who: await context.storageState() },
    'cabinet-account',
    async (each) => {
      await each.goto(`${at.site}/cabinet/account`);
      await each.getByText('boris@example.com').waitFor(PATIENCE);
    },
  );
  expect(complaints.filter((line) => !/40[019]/.test(line))).toEqual([]);
  await context.close();
});

async function addKey(page: Page, site: string, name: string): Promise<void> {
  await page.goto(`${site}/cabinet/account`);
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await page.getByLabel('Name of the passkey').fill(name);
  await page.getByRole('button', { name: 'Make the passkey' }).click();
  await page.getByRole('listitem').getByText(name, { exact: true }).waitFor(PATIENCE);
}

it('a passkey opens the account it was made in, until it is taken away', async () => {
  // Keys belong to a name, and the site of this run is a number elsewhere.
  const site = at.site.replace('127.0.0.1', 'localhost');
  const { page, context, complaints } = await visit(browser, EN);
  await giveKeyRing(page);
  await register(page, 'clara@example.com', site);
  await addKey(page, site, 'Laptop');
  await page.goto(`${site}/cabinet`);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.waitForURL(/\?lang=en$/);
  await page.goto(`${site}/sign-in`);
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await page.waitForURL(/\/cabinet$/);
  await page.goto(`${site}/cabinet/account`);
  await picture(
    { ...gallery, who: await context.storageState() },
    'cabinet-account-passkey',
    async (each) => {
      await each.goto(`${site}/cabinet/account`);
      await each.getByText('Laptop').waitFor(PATIENCE);
    },
  );
  await page.getByRole('button', { name: 'Remove the passkey' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Remove the passkey' }).click();
  await page.getByText('Laptop', { exact: true }).last().waitFor({ state: 'detached' });
  await page.goto(`${site}/sign-in`);
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await page.getByText('The passkey was not accepted').waitFor(PATIENCE);
  expect(complaints.filter((line) => !/401/.test(line))).toEqual([]);
  await context.close();
});

it('a passkey of staff stands in for the authenticator', async () => {
  const site = at.site.replace('127.0.0.1', 'localhost');
  const named = { ...at, site };
  const { page, context } = await visit(browser, EN);
  await giveKeyRing(page);
  await becomeOwner(named, page, await printedOwnerCode(platform.config.home));
  await addKey(page, site, 'Desk');
  await context.clearCookies();
  await page.goto(`${site}/admin/sign-in`);
  await page.getByLabel('E-mail').fill('owner@example.com');
  await page.getByLabel('Password').fill(STAFF_PASSWORD);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await page.waitForURL(/\/admin$/);
  await context.close();
});

it.each([
  ['sign-in', '/sign-in'],
  ['sign-in-password', '/sign-in/password'],
  ['register', '/register'],
  ['forgot', '/forgot'],
  ['new-password', '/new-password'],
  ['undo-email', '/undo-email'],
  ['mini', '/mini'],
])('the page %s is drawn in every look', async (name, path) => {
  await picture(gallery, name, async (page) => {
    await page.goto(at.site + path);
    await page.getByRole('heading', { level: 1 }).waitFor(PATIENCE);
    await page.waitForLoadState('networkidle');
  });
});

// After the pictures: one network may try thirty sign-ins a minute, and those above took their part.
it('a code of Telegram opens nothing in another browser, nor twice, nor by a foreign key', async () => {
  const boris = await invent(at, 'Boris', 'en');
  const { page, context } = await visit(browser, EN);
  const leave = async (): Promise<void> => {
    await page.goto(`${at.site}/sign-in`);
    await page.getByRole('button', { name: 'Sign in with Telegram' }).click();
  };
  // What Telegram answered is held back at our own door, and tried elsewhere first.
  let word = '';
  await page.route(/\/auth\/telegram$/, async (route) => {
    word = route.request().postData() ?? '';
    await route.abort();
  });
  await leave();
  await sayWho(page, boris);
  await expect.poll(() => word, PATIENCE).toContain('code');
  await page.unroute(/\/auth\/telegram$/);
  const thief = await visit(browser, EN);
  await thief.page.goto(`${at.site}/sign-in`);
  const enter = (who: Page): Promise<number> =>
    who.evaluate(async (body) => {
      const headers = { 'content-type': 'application/json' };
      return (await fetch('/auth/telegram', { method: 'POST', headers, body })).status;
    }, word);
  expect(await enter(thief.page)).toBe(401);
  await page.goto(`${at.site}/sign-in`);
  expect(await enter(page)).toBe(200);
  expect(await enter(page)).toBe(401);

  await fetch(`${at.world}/telegram/control/oidc`, {
    ...{ method: 'PUT', body: '{"mistake":"foreign-key"}' },
  });
  await context.clearCookies();
  await leave();
  await sayWho(page, boris);
  await page.getByText('Telegram did not confirm this sign-in').waitFor(PATIENCE);
  expect(page.url()).not.toContain('code=');
  await fetch(`${at.world}/telegram/control/oidc`, { method: 'PUT', body: '{"mistake":null}' });
  await page.getByRole('link', { name: 'Begin again' }).click();
  await page.getByRole('button', { name: 'Sign in with Telegram' }).click();
  await page.getByRole('button', { name: /Decline|Отказаться/ }).click();
  await page.getByText('Telegram told us nothing').waitFor(PATIENCE);
  for (const each of [context, thief.context]) await each.close();
});

it('the older widget signs in where it is the way', async () => {
  const vera = await invent(at, 'Vera', 'en');
  const { page, context } = await visit(browser, EN);
  await page.goto(`${at.site}/sign-in`);
  // This platform offers the newer way, so the browser is sent as the page would send it.
  await page.evaluate(() => {
    sessionStorage.setItem('opora-telegram', JSON.stringify({ state: 's1', after: '/cabinet' }));
  });
  const asked = new URL(`${at.world}/telegram/login`);
  asked.searchParams.set('bot_id', '7000000001');
  asked.searchParams.set('origin', at.site);
  asked.searchParams.set('return_to', `${at.site}/sign-in/telegram?state=s1`);
  await page.goto(asked.href);
  await sayWho(page, vera);
  await page.waitForURL(/\/cabinet$/);
  await context.close();
});
