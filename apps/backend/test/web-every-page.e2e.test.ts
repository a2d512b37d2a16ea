/**
 * Every page of the site, found in its folder, so that a new one cannot be left out: in both schemes
 * and languages axe finds nothing, nothing scrolls sideways, moves while it loads or complains.
 */
import { globSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { rootFolder } from '../src/config/load.ts';
import {
  forge,
  makeOwner,
  references,
  startAdministration,
  type Administration,
  type StorageState,
} from './browser/administration.ts';
import { axeFindings, launchChromium, visit, type Look } from './browser/browser.ts';
import { layoutShift, scriptsOf, sumOf } from './browser/measure.ts';
import { buy, invent, signIn } from './browser/site.ts';

const PATIENCE = { timeout: 30_000 };
const RU: Look = { width: 1280, theme: 'light', language: 'ru' };
/** Both schemes and both languages, on a phone and on a desk. */
const LOOKS: readonly Look[] = [
  { width: 390, theme: 'light', language: 'ru' },
  { width: 1440, theme: 'dark', language: 'en' },
];
/** What must not move: the cumulative layout shift of one load. */
const SHIFT_MAX = 0.01;
/** Kilobytes of script, gzip, of the first load, by the family of the page. */
const WEIGHT_MAX = { public: 152, customer: 195, staff: 240 } as const;
/** Kilobytes of script that every page loads: the promise of the design. */
const SHARED_MAX = 150;
/** The least width that a page of a customer must fit, in CSS pixels. */
const NARROW = 320;
/** Parts of the design that axe's rule forbids in general: status renews itself without any script. */
const WANTED: Readonly<Record<string, string>> = { '/status': 'meta-refresh' };

type Family = keyof typeof WEIGHT_MAX;

const folder = join(rootFolder, 'apps/web/app');
const pages = globSync('**/page.tsx', { cwd: folder })
  .map((file) => `/${file.replaceAll('\\', '/').replace(/\/?page\.tsx$/, '')}`)
  .toSorted();

let home: Administration;
let browser: Browser;
/** Who looks, and what their browser keeps: a session goes on from page to page and is renewed. */
const who: Record<Family, StorageState> = {
  public: undefined,
  customer: undefined,
  staff: undefined,
};
/** The scripts of each load that was looked at. */
const loads: Map<string, number>[] = [];
/** What stands for each name in brackets, and for the query a page cannot do without. */
const known = new Map<string, string>();

beforeAll(async () => {
  browser = await launchChromium();
  home = await startAdministration();
  ({ state: who.staff } = await makeOwner(home, browser, RU));
});

afterAll(async () => {
  await home.platform.end();
  await browser.close();
});

async function customerWhoBought(): Promise<StorageState> {
  const { context, page } = await visit(browser, RU);
  await signIn(home.at, page, await invent(home.at, 'Ольга', RU.language));
  await buy(home.at, page);
  const state = await context.storageState();
  await context.close();
  return state;
}

it('there is a sale, and a forged notice, for the pages to show', async () => {
  who.customer = await customerWhoBought();
  const [sold = ''] = await references(home.at);
  expect(await forge(home, sold)).toBe(403);
  const one = async (text: string) => (await home.ask<{ id: string }>(text))[0]?.id ?? '';
  known.set('paymentId', await one('select id from payment'));
  known.set('orderId', await one('select id from customer_order'));
  known.set('personId', await one('select person_id as id from payment'));
  known.set('notices/noticeId', await one('select id from payment_notice'));
  known.set('refused/noticeId', await one('select id from payment_refusal'));
});

it('finds the pages in their folder', () => {
  expect(pages).toContain('/admin/payments/[paymentId]');
  expect(pages.length).toBeGreaterThan(40);
});

it.each(pages)('%s: axe, width, layout, weight, the way past the header', async (template) => {
  const path = addressOf(template);
  const family = familyOf(template);
  for (const look of LOOKS) {
    const said = `${path} ${look.theme} ${look.language}`;
    const guest = await visit(browser, look, stateOf(template));
    const scripts = await scriptsOf(guest.page, home.at.site + path, 'load');
    await guest.page.locator('h1').first().waitFor(PATIENCE);
    loads.push(scripts);
    expect(sumOf(scripts), said).toBeLessThanOrEqual(WEIGHT_MAX[family]);
    expect(await layoutShift(guest.page), said).toBeLessThanOrEqual(SHIFT_MAX);
    await isReadable(guest.page, look, said);
    expect(guest.complaints.filter(isFault), said).toEqual([]);
    const found = await axeFindings(guest.page);
    expect(
      found.filter((each) => each.split(':')[0] !== WANTED[path]),
      said,
    ).toEqual([]);
    await leave(template, guest.context);
  }
});

it('what all pages share stays within its promise', () => {
  const [first = new Map<string, number>(), ...others] = loads;
  const shared = [...first].filter(([url]) => others.every((each) => each.has(url)));
  expect(shared.length).toBeGreaterThan(0);
  expect(others.length).toBeGreaterThan(1);
  expect(sumOf(new Map(shared))).toBeLessThanOrEqual(SHARED_MAX);
});

/** One heading, a title, the language said; no sideways scroll; Tab leads past the header first. */
async function isReadable(page: Page, look: Look, said: string): Promise<void> {
  const headings = await page.locator('h1').allTextContents();
  expect(headings, said).toHaveLength(1);
  expect(await page.getAttribute('html', 'lang'), said).toBe(look.language);
  expect(await page.title(), said).not.toBe('');
  const sideways = () =>
    page.evaluate<number>(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    );
  expect(await sideways(), said).toBeLessThanOrEqual(0);
  if (look.width === 390) {
    await page.setViewportSize({ width: NARROW, height: 700 });
    expect(await sideways(), `${said} at ${String(NARROW)}`).toBeLessThanOrEqual(0);
  }
  await page.keyboard.press('Tab');
  const first = page.locator('a:focus');
  expect(await first.getAttribute('href'), `${said}: skip link`).toBe('#content');
  const ring = await page.evaluate<string>('getComputedStyle(document.activeElement).outlineStyle');
  expect(ring, `${said}: focus is seen`).not.toBe('none');
}

/** A door that is opened without its link asks and is refused: the browser tells that by itself. */
function isFault(complaint: string): boolean {
  return !/^Failed to load resource: .* (400|401|404) /.test(complaint);
}

function stateOf(template: string): { storageState?: NonNullable<StorageState> } {
  const state = isDoor(template) ? undefined : who[familyOf(template)];
  return state === undefined ? {} : { storageState: state };
}

async function leave(template: string, context: BrowserContext): Promise<void> {
  if (!isDoor(template)) who[familyOf(template)] = await context.storageState();
  await context.close();
}

/** Without an order there is nothing to come back to. */
function addressOf(template: string): string {
  const path = template.replace(/(\w+)\/\[(\w+)\]/g, (_, parent: string, name: string) => {
    const value = known.get(name) ?? known.get(`${parent}/${name}`);
    if (value === undefined) throw new Error(`say in this test what [${name}] of ${template} is`);
    return `${parent}/${value}`;
  });
  return path === '/cabinet/return' ? `${path}?order=${known.get('orderId') ?? ''}` : path;
}

const DOORS =
  /^\/(admin\/(sign-in|first-owner|invitation)|sign-in|register|forgot|new-password|undo-email|enter|mini)/;

/** Where people come in: seen by those outside, and a form, so it may weigh what the cabinet does. */
function isDoor(template: string): boolean {
  return DOORS.test(template);
}

function familyOf(template: string): Family {
  if (isDoor(template)) return 'customer';
  if (template.startsWith('/admin')) return 'staff';
  return template.startsWith('/cabinet') ? 'customer' : 'public';
}
