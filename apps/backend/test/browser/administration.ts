/** A platform with something to administer: a sale, a declined payment, a forged notice. */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { OwnPlatform } from '../../src/operations/drills/own-platform.ts';
import { createAsk, type Ask } from '../../src/operations/drills/ask-database.ts';
import { systemClock } from '../../src/platform/clock/index.ts';
import { visit, type Look } from './browser.ts';
import { buy, comeBack, invent, order, setFault, signIn, startSite, type World } from './site.ts';
import { becomeOwner, printedOwnerCode, type Authenticator } from './staff.ts';

export type StorageState = BrowserContextOptions['storageState'];

export interface Administration {
  readonly platform: OwnPlatform;
  readonly at: World;
  /** Questions to its database, for what no page can make happen quickly. */
  readonly ask: Ask;
}

export async function startAdministration(): Promise<Administration> {
  const { platform, at } = await startSite();
  return {
    ...{ platform, at },
    ask: createAsk(platform.config.database.ownerUrl?.reveal() ?? '', systemClock),
  };
}

/** The first owner, made through the pages, and the browser's state that is signed in. */
export async function makeOwner(
  { at, platform }: Administration,
  browser: Browser,
  look: Look,
): Promise<{ device: Authenticator; state: StorageState }> {
  const { context, page } = await visit(browser, look);
  const code = await printedOwnerCode(platform.config.home);
  const device = await becomeOwner(at, page, code);
  await page.goto(`${at.site}/admin`);
  await page.locator('h1').waitFor();
  const state = await context.storageState();
  await context.close();
  return { device, state };
}

/** A customer who bought a month, in a browser of their own; returns their Telegram id. */
export async function sell(at: World, browser: Browser, name: string): Promise<number> {
  return withCustomer(at, browser, name, (page) => buy(at, page));
}

export async function decline(at: World, browser: Browser, name: string): Promise<number> {
  return withCustomer(at, browser, name, async (page) => {
    await order(at, page);
    await page.getByTestId('pay-decline').click();
    await page.getByTestId('return-to-shop').waitFor();
  });
}

/** Bought while the panel is broken: the money is there, the access is not. */
export async function sellInVain(at: World, browser: Browser, name: string): Promise<void> {
  await setFault(at, { target: 'remnawave', kind: 'error' });
  await withCustomer(at, browser, name, async (page) => {
    await order(at, page);
    await page.getByTestId('pay-card').click();
    await comeBack(page);
    await page.getByRole('heading', { name: /готовим доступ/ }).waitFor();
  });
}

async function withCustomer(
  at: World,
  browser: Browser,
  name: string,
  act: (page: Page) => Promise<void>,
): Promise<number> {
  const look: Look = { width: 1280, theme: 'light', language: 'ru' };
  const { context, page } = await visit(browser, look);
  const person = await invent(at, name, look.language);
  await signIn(at, page, person);
  await act(page);
  await context.close();
  return person;
}

/** A stranger claims that a payment succeeded; the door refuses. Returns the status. */
export async function forge(home: Administration, reference: string): Promise<number> {
  const gateway = home.platform.config.gatewayUrl;
  const { status } = await fetch(new URL('/webhooks/payments/yookassa', gateway), {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-forwarded-for': '203.0.113.7',
      authorization: 'Basic c2VjcmV0',
    },
    body: JSON.stringify({
      type: 'notification',
      event: 'payment.succeeded',
      object: { id: reference, status: 'succeeded', paid: true },
    }),
  });
  return status;
}

/** Ids at the provider, the newest payment first. */
export async function references(at: World): Promise<string[]> {
  const answer = await fetch(`${at.world}/yookassa/control/payments`);
  const { payments } = (await answer.json()) as { payments: { id: string }[] }; // the simulator's own control
  return payments.map(({ id }) => id);
}

type Mail = Readonly<{ to: string; subject: string; text: string }>;

/** What lies in the simulated mailbox of an address. */
export async function mailTo(at: World, address: string): Promise<Mail[]> {
  const answer = await fetch(`${at.world}/mail/messages?to=${encodeURIComponent(address)}`);
  const { messages } = (await answer.json()) as { messages: Mail[] }; // the simulator's own control
  return messages;
}
