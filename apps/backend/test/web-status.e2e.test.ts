/**
 * What people see of staying up, in the browser: the status page good, in trouble with the database
 * away, and older than its monitor; staff who restart while auth is away, and tell customers.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { API } from '@opora/contracts';
import type { Browser, Page, Response } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { OwnPlatform } from '../src/operations/drills/own-platform.ts';
import {
  makeOwner,
  startAdministration,
  type Administration,
  type StorageState,
} from './browser/administration.ts';
import { launchChromium, visit } from './browser/browser.ts';
import { layoutShift } from './browser/measure.ts';
import { picture, type Gallery } from './browser/pictures.ts';
import type { World } from './browser/site.ts';

const DAY_MS = 86_400_000;
const MEASURED_DAYS = 74;
const PATIENCE = { timeout: 90_000, interval: 500 };
/** What the public may never read: how it is built, where it runs. */
const INSIDES =
  /postgres|worker|gateway|database|127\.0\.0\.1|localhost|#\d|\bapi\b|v?\d+\.\d+\.\d+/i;

let home: Administration;
let platform: OwnPlatform;
let at: World;
let browser: Browser;
let who: StorageState;

beforeAll(async () => {
  browser = await launchChromium();
  home = await startAdministration();
  ({ platform, at } = home);
  await seedHistory();
  ({ state: who } = await makeOwner(home, browser, {
    ...{ width: 1440, theme: 'light', language: 'ru' },
  }));
}, 900_000);

afterAll(async () => {
  await platform.end();
  await browser.close();
});

async function pidOf(name: string): Promise<number> {
  const { children } = await platform.status();
  const pid = children.find((child) => child.name === name)?.pid;
  if (pid === undefined) throw new Error(`${name} does not run`);
  return pid;
}

/** A quarter of a year as a monitor would have written it, with two bad days; then it starts anew. */
async function seedHistory(): Promise<void> {
  const now = Date.now();
  const day = (ago: number) => new Date(now - ago * DAY_MS).toISOString();
  const days = (lost: Readonly<Record<number, number>>) =>
    Array.from({ length: MEASURED_DAYS }, (_, at) => MEASURED_DAYS - at).map((ago) => ({
      day: day(ago).slice(0, 10),
      measuredMs: DAY_MS,
      downMs: (lost[ago] ?? 0) * 60_000,
      partlyMs: ago === 40 ? 20 * 60_000 : 0,
    }));
  const line = (lost = {}) => ({ state: 'works', days: days(lost) });
  const outage = (ago: number, minutes: number, parts: string[]) => ({
    from: `${day(ago).slice(0, 10)}T11:02:00.000Z`,
    to: new Date(Date.parse(`${day(ago).slice(0, 10)}T11:02:00Z`) + minutes * 60_000).toISOString(),
    parts,
  });
  const book = {
    since: day(MEASURED_DAYS),
    asOf: day(0),
    lines: {
      buying: line({ 12: 5 }),
      bot: line({ 12: 5, 33: 2 }),
      access: line(),
      signIn: line(),
      cabinet: line({ 12: 5 }),
      'way:yookassa': line(),
      'way:paypal': line({ 20: 90 }),
    },
    outages: [outage(12, 5, ['buying', 'bot', 'cabinet']), outage(33, 2, ['bot'])],
  };
  const pid = await pidOf('monitor#0');
  const file = join(platform.config.home, 'monitor', 'public.json');
  await writeFile(file, JSON.stringify({ book, told: null }));
  process.kill(pid, 'SIGKILL');
  await vi.waitFor(async () => {
    const { measuredSince, ways } = await read();
    if (measuredSince !== book.since || ways.length < 6) throw new Error('not there yet');
  }, PATIENCE);
}

/** As anybody may ask, through the gateway. */
async function read() {
  const answer = await fetch(`${at.site}${API.status.read.path}`);
  return API.status.read.answer.parse(await answer.json());
}

const looks: Gallery & { readonly browser: Browser } = {
  get browser() {
    return browser;
  },
  widths: [390, 1280],
  themes: ['light', 'dark'],
  languages: ['ru', 'en'],
  wanted: 'meta-refresh',
};

const opened = async (page: Page) => {
  await page.goto(`${at.site}/status`);
  await page.locator('h1').waitFor();
};

describe('the status page', () => {
  it('says that everything works, and how it did for ninety days', async () => {
    const { context, page, complaints } = await visit(browser, {
      ...{ width: 1440, theme: 'light', language: 'en' },
    });
    await expect
      .poll(async () => {
        await opened(page);
        return page.locator('h1').textContent();
      }, PATIENCE)
      .toBe('Everything works');
    for (const name of ['Buying', 'The bot', 'Your access', 'Sign in', 'Your account']) {
      await page.getByRole('heading', { name, exact: true }).waitFor();
    }
    await page.getByText('Card or SBP').waitFor();
    const buying = page.locator('main li').filter({ hasText: 'Plans and orders' });
    const strip = buying.getByRole('img', { name: /^Did not work for 5.min/ });
    expect(await strip.locator('rect').count()).toBe(2);
    await buying.getByText('Days with interruptions as a table').click();
    await buying.getByRole('cell', { name: /^5.min$/ }).waitFor();
    await page.getByText('Did not work: Buying, The bot, Your account').waitFor();
    expect(await page.locator('main').textContent()).not.toMatch(INSIDES);
    expect(await layoutShift(page)).toBe(0);
    expect(complaints).toEqual([]);
    await context.close();
    await picture(looks, 'status-good', opened);
    await picture({ ...looks, languages: ['ru'] }, 'status-history', async (one) => {
      await opened(one);
      const heading = one.getByRole('heading', { name: /^(Что случалось|What happened)$/ });
      await heading.evaluate((element) => element.scrollIntoView());
    });
  }, 600_000);

  it('tells what is hit while the database is away, and what is not known', async () => {
    const postgres = (await platform.postgresPid()) ?? 0;
    process.kill(postgres, 'SIGSTOP');
    await expect
      .poll(async () => (await read()).parts.find(({ part }) => part === 'buying')?.state, PATIENCE)
      .toBe('down');
    await picture(looks, 'status-trouble', async (page) => {
      await opened(page);
      await page
        .getByText(/^(не работает|does not work)$/)
        .first()
        .waitFor();
    });
    process.kill(postgres, 'SIGCONT');
    await expect.poll(async () => (await read()).outages[0]?.to !== null, PATIENCE).toBe(true);
    expect((await read()).outages[0]?.parts).toContain('buying');
  }, 600_000);

  it('shows what was seen last when the monitor itself is silent, and how old that is', async () => {
    const { context, page } = await visit(browser, {
      ...{ width: 1280, theme: 'light', language: 'en' },
    });
    await opened(page);
    const monitor = await pidOf('monitor#0');
    process.kill(monitor, 'SIGSTOP');
    await expect
      .poll(async () => {
        await opened(page);
        return page.locator('h1').textContent();
      }, PATIENCE)
      .toBe('The monitor does not answer');
    await page.getByText(/Below is what it saw last: \d+.\w+ 20\d\d, \d\d:\d\d/).waitFor();
    await page.getByRole('heading', { name: 'Buying', exact: true }).waitFor();
    process.kill(monitor, 'SIGCONT');
    await context.close();
  }, 300_000);
});

async function confirm(page: Page, verb: string): Promise<void> {
  // What is told afterwards is a dialog too.
  const dialog = page.getByRole('dialog').filter({ has: page.locator('#reason') });
  await dialog.locator('#reason').fill('it leaks memory');
  await dialog.getByRole('listitem').first().waitFor();
  await dialog.getByRole('button', { name: verb, exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
}

describe('staff', () => {
  it('restarts an instance while auth is away, with a reason in the audit log', async () => {
    const { context, page } = await visit(
      browser,
      { width: 1440, theme: 'light', language: 'en' },
      who === undefined ? {} : { storageState: who },
    );
    const row = page.getByRole('row').filter({ hasText: 'bot#0' });
    const streamed = page.waitForResponse(endsWith(API.system.stream.path));
    // A monitor that has just begun has looked at nothing yet.
    await expect
      .poll(async () => {
        await page.goto(`${at.site}/admin/health`);
        // React shows what has come a moment after the load.
        await row.first().waitFor({ timeout: 5_000 });
        return row.getByText('works', { exact: true }).count();
      }, PATIENCE)
      .toBe(1);
    const before = await pidOf('bot#0');
    const { children } = await platform.status();
    const auths = children.flatMap(({ role, pid }) => (role === 'auth' && pid ? [pid] : []));
    for (const pid of auths) process.kill(pid, 'SIGSTOP');
    await row.getByRole('button', { name: 'Restart…' }).click();
    await confirm(page, 'Restart');
    await expect.poll(() => pidOf('bot#0').catch(() => before), PATIENCE).not.toBe(before);
    // Nobody draws the page again but its stream, which the monitor serves.
    expect((await streamed).status()).toBe(200);
    await row.getByText('asked for').waitFor();
    for (const pid of auths) if (isThere(pid)) process.kill(pid, 'SIGCONT');
    // The next test acts as staff, which needs the word of auth again.
    const { gatewayDiagnostics } = platform.config.ports;
    await expect
      .poll(async () => {
        const told = await fetch(`http://127.0.0.1:${String(gatewayDiagnostics)}/health`);
        return await told.text();
      }, PATIENCE)
      .toMatch(/"auth":"answers"/);
    await expect
      .poll(
        () => home.ask(`select reason from audit_entry where act = 'services.restart'`),
        PATIENCE,
      )
      .toEqual([{ reason: 'it leaks memory' }]);
    await context.close();
  }, 300_000);

  it('asks from time to time while something between keeps streams from the page', async () => {
    const { context, page } = await visit(
      browser,
      { width: 1440, theme: 'light', language: 'en' },
      who === undefined ? {} : { storageState: who },
    );
    await page.route(`**${API.system.stream.path}`, (route) => route.abort());
    await page.goto(`${at.site}/admin/health`);
    for (const _time of [1, 2]) {
      await page.waitForResponse(endsWith(API.system.health.path));
      await page.getByText('Renews by itself').waitFor();
    }
    await context.close();
  }, 300_000);

  it('tells customers of an incident, and they read one calm line', async () => {
    const { context, page } = await visit(
      browser,
      { width: 1440, theme: 'light', language: 'en' },
      who === undefined ? {} : { storageState: who },
    );
    await page.goto(`${at.site}/admin/health`);
    await page.getByRole('button', { name: 'Tell of an incident…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.locator('#touches').selectOption('buying');
    await dialog.locator('#titleRu').fill('Карты принимаются с задержкой');
    await dialog.locator('#titleEn').fill('Cards are slow');
    await dialog.locator('#textRu').fill('Причина у банка. Другие способы работают.');
    await dialog.locator('#textEn').fill('The bank mends it. Other ways to pay work.');
    await confirm(page, 'Tell everybody');
    await page.getByRole('cell', { name: 'investigating' }).waitFor();
    await expect.poll(async () => (await read()).announcements.length, PATIENCE).toBe(1);
    const line = page.getByText('We know and are mending it: Cards are slow.');
    await expect
      .poll(async () => {
        await page.goto(at.site);
        return line.count();
      }, PATIENCE)
      .toBe(1);
    await context.close();
    const admin = {
      browser,
      themes: looks.themes,
      languages: looks.languages,
      ...(who && { who }),
    };
    await picture({ ...admin, widths: [390, 1440] }, 'admin-health', async (one) => {
      await one.goto(`${at.site}/admin/health`);
      await one.locator('h1').waitFor();
    });
    await picture({ ...admin, widths: [390, 1440] }, 'admin-health-breakers', async (one) => {
      await one.goto(`${at.site}/admin/health`);
      const heading = one.getByRole('heading', { name: /^(Предохранители|Breakers)$/ });
      await one.getByText('auth-1', { exact: true }).first().waitFor();
      await heading.evaluate((element) => element.scrollIntoView());
    });
    await picture(looks, 'status-told', opened);
  }, 600_000);
});

const endsWith = (path: string) => (answer: Response) => answer.url().endsWith(path);

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
