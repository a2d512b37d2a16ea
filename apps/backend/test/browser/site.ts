/** A customer of the site: signed in by the bot's own link, with a world that obeys the test. */
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { startOwnPlatform, type OwnPlatform } from '../../src/operations/drills/own-platform.ts';
import { systemClock } from '../../src/platform/clock/index.ts';
import { systemIds } from '../../src/platform/ids/index.ts';

const PATIENCE = { timeout: 30_000, interval: 250 };

export type World = Readonly<{
  /** Base address of the simulated world and of the site. */
  world: string;
  site: string;
}>;

/** A platform of the test's own, with its web. */
export async function startSite(): Promise<Readonly<{ platform: OwnPlatform; at: World }>> {
  const platform = await startOwnPlatform({
    clock: systemClock,
    chance: () => systemIds.chance(),
    settings: { OPORA_WEB: 'on', OPORA_PACE: 'normal' },
    keep: false,
  });
  const { simulators, web } = platform.config.ports;
  const at = {
    world: `http://127.0.0.1:${String(simulators)}`,
    site: `http://127.0.0.1:${String(web)}`,
  };
  return { platform, at };
}

async function control<T>(at: World, method: string, path: string, body?: object): Promise<T> {
  const answer = await fetch(at.world + path, {
    method,
    ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  return (await answer.json()) as T; // the control API answers what the caller names
}

export async function invent(at: World, name: string, language: string): Promise<number> {
  const body = { name, language };
  return (await control<{ id: number }>(at, 'POST', '/telegram/control/people', body)).id;
}

type Shown = Readonly<{ inline?: readonly (readonly { url?: string }[])[] }>;

/** Asks the bot for the account, as the sign-in page does, and returns the link it gives. */
export async function linkFromBot(at: World, person: number): Promise<string> {
  const chat = `/telegram/control/people/${String(person)}/messages`;
  const links = async (): Promise<string[]> => {
    const { messages } = await control<{ messages: Shown[] }>(at, 'GET', chat);
    return messages
      .flatMap(({ inline = [] }) => inline.flat().map(({ url }) => url ?? ''))
      .filter((url) => url.includes('/enter#'));
  };
  const before = (await links()).length;
  await control(at, 'POST', chat, { text: '/start account' });
  await expect.poll(async () => (await links()).length, PATIENCE).toBeGreaterThan(before);
  return (await links()).at(-1) ?? '';
}

/** Opens the bot's link and presses the button that uses it. */
export async function signIn(at: World, page: Page, person: number): Promise<void> {
  await page.goto(await linkFromBot(at, person));
  await page.getByRole('button', { name: /^(Войти|Sign in)$/ }).click();
  await page.waitForURL(/\/cabinet$/);
}

/** From the plans to the payment page of the simulated service, pressed by an impatient hand. */
export async function order(
  at: World,
  page: Page,
  way = { id: 'yookassa', word: /^(Карта или СБП|Card or SBP)/ },
): Promise<void> {
  await page.goto(`${at.site}/cabinet/buy`);
  await page.getByRole('button', { name: /^(Дальше|Continue)$/ }).click();
  const choice = page.getByRole('radio', { name: way.word });
  await choice.waitFor(PATIENCE);
  // A radio pressed before the page's script runs is drawn again as it was.
  await expect.poll(() => choose(choice), PATIENCE).toBe(true);
  await page.getByRole('button', { name: /^(Оплатить|Pay) / }).dblclick();
  await page.waitForURL(new RegExp(`/${way.id}/`));
}

async function choose(choice: Locator): Promise<boolean> {
  await choice.check({ force: true });
  return choice.isChecked();
}

/** Buys a month and waits until the return page says that access is ready. */
export async function buy(at: World, page: Page): Promise<void> {
  await order(at, page);
  await page.getByTestId('pay-card').click();
  await comeBack(page);
  await page.getByRole('heading', { name: /^(Оплачено|Paid)$/ }).waitFor({ timeout: 30_000 });
}

/** By the link of the payment page's last word. */
export async function comeBack(page: Page): Promise<void> {
  await page.getByTestId('return-to-shop').click();
  await page.waitForURL(/\/cabinet\/return/);
}

export type Fault = Readonly<{ target: string; kind: string }>;

export async function setFault(at: World, fault: Fault, probability = 1): Promise<void> {
  await control(at, 'PUT', '/faults', { ...fault, probability });
}

export async function clearFaults(at: World): Promise<void> {
  await control(at, 'DELETE', '/faults');
}

type PanelUser = Readonly<{ id: number; shortUuid: string }>;

/** Devices and traffic of the account behind a link, as its owner would have made them. */
export async function useAccess(at: World, link: string, usedBytes: number): Promise<void> {
  const { users } = await control<{ users: PanelUser[] }>(at, 'GET', '/remnawave/control/users');
  const user = users.find(({ shortUuid }) => link.includes(shortUuid));
  const path = `/remnawave/control/users/${String(user?.id)}`;
  await control(at, 'POST', `${path}/traffic`, { usedBytes });
  const devices = [
    { hwid: 'hw-phone-1', platform: 'iOS', osVersion: '26.1', deviceModel: 'iPhone 15' },
    { hwid: 'hw-desk-2', platform: 'Windows', osVersion: '11', deviceModel: 'ThinkPad X1' },
  ];
  for (const device of devices) await control(at, 'POST', `${path}/hwid`, device);
}

/** Presses Tab until the wanted element has the focus, as a hand without a mouse would. */
export async function tabTo(page: Page, wanted: Locator): Promise<void> {
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press('Tab');
    if (await wanted.evaluate((element) => element === element.ownerDocument.activeElement)) return;
  }
  throw new Error(`Tab does not lead to ${wanted.toString()}`);
}
