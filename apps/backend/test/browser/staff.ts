/** Staff at their own door: the first owner, the second factor, whoever was invited. */
import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { systemClock } from '../../src/platform/clock/index.ts';
import type { World } from './site.ts';

const PATIENCE = { timeout: 30_000 };
export const PASSWORD = 'correct horse battery staple';

/** An authenticator of the test's own, written from RFC 6238: no code serves twice. */
export interface Authenticator {
  /** Six digits not used before. The half minute to come counts too: one more needs no waiting. */
  code(): string;
  /** Codes for the day when the telephone is lost; each counts once. */
  readonly recovery: string[];
}

function authenticator(secret: string): Authenticator {
  let last = 0;
  return {
    recovery: [],
    code() {
      last = Math.max(Math.floor(systemClock.now().getTime() / 30_000), last + 1);
      return digits(secret, last);
    },
  };
}

function digits(secret: string, step: number): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...secret].map((sign) => alphabet.indexOf(sign).toString(2).padStart(5, '0'));
  const bytes = (bits.join('').match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', Buffer.from(bytes)).update(counter).digest();
  const number = mac.readUInt32BE((mac.at(-1) ?? 0) & 0x0f) & 0x7fff_ffff;
  return String(number % 1_000_000).padStart(6, '0');
}

/** The code that the platform printed when it found that nobody owns it. */
export async function printedOwnerCode(home: string): Promise<string> {
  const said = await readFile(join(home, 'up.log'), 'utf8');
  return /first-owner[^\n]*\n\s*([0-9A-Z-]+)/.exec(said)?.[1] ?? '';
}

/** From the printed code to the page that was wanted, with the authenticator that was connected. */
export async function becomeOwner(at: World, page: Page, code: string): Promise<Authenticator> {
  await page.goto(`${at.site}/admin/first-owner`);
  await page.locator('#code').fill(code);
  await page.locator('#email').fill('owner@example.com');
  await page.locator('#password').fill(PASSWORD);
  await page.locator('main form button').last().click();
  return enrol(page);
}

/** Connects an authenticator by the key that the page shows, and keeps the recovery codes. */
export async function enrol(page: Page): Promise<Authenticator> {
  const secret = page.getByRole('textbox', { name: /Или введите ключ|enter the key/i });
  await secret.waitFor(PATIENCE);
  const device = authenticator((await secret.inputValue()).replaceAll(' ', ''));
  await page.locator('#code').fill(device.code());
  await page.getByRole('button', { name: /^(Подтвердить|Confirm)$/ }).click();
  await page.getByRole('heading', { name: /^(Запасные коды|Recovery codes)$/ }).waitFor(PATIENCE);
  device.recovery.push(...(await page.locator('main ul li').allTextContents()));
  return device;
}
