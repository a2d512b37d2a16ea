/** Pages of the simulated payment vendors in a real Chromium: on a phone, both themes and tongues. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SIMULATED_KEYS } from '../../simulators/src/payment-keys.ts';
import { signForm } from '../../simulators/src/providers/freekassa/signatures.ts';
import { readMessage } from '../../simulators/src/providers/exact-json.ts';
import { tokenOf } from '../../simulators/src/providers/tkassa/token.ts';
import { startSimulators } from '../../simulators/src/server.ts';
import { systemClock } from '../src/platform/clock/index.ts';
import { axeFindings, launchChromium, shoot, visit, type Look } from './browser/browser.ts';
import { freePort } from './database-setup.ts';

let browser: Browser;
let world: Awaited<ReturnType<typeof startSimulators>>;
let base: string;

beforeAll(async () => {
  browser = await launchChromium();
  world = await startSimulators({
    clock: systemClock,
    seed: 1,
    log: () => undefined,
    config: {
      port: await freePort(),
      folder: undefined,
      // Nobody listens there: deliveries wait, as the dashboard shows.
      gatewayUrl: 'http://127.0.0.1:9',
      telegram: { token: '7000000001:simulated-token' },
      payments: SIMULATED_KEYS,
      remnawave: { token: 'x', webhookSecret: 'x' },
      mail: { port: await freePort(), sendgridKey: '' },
    },
  });
  base = world.world.selfUrl;
});

afterAll(async () => {
  await world.stop();
  await browser.close();
});

async function ask(
  path: string,
  body: string | object,
  authorization: string,
  others: Readonly<Record<string, string>> = {},
): Promise<unknown> {
  const isForm = typeof body === 'string';
  const type = isForm ? 'application/x-www-form-urlencoded' : 'application/json';
  const answer = await fetch(`${base}${path}`, {
    method: 'POST',
    headers: { authorization, 'content-type': type, ...others },
    body: isForm ? body : JSON.stringify(body),
  });
  expect(answer.ok, path).toBe(true);
  return answer.json();
}

/** A fresh bill at each vendor; answers its id. */
const bills = {
  async stripe(): Promise<string> {
    const line = 'line_items[0][price_data]';
    const form = new URLSearchParams({
      mode: 'payment',
      success_url: `${base}/?paid={CHECKOUT_SESSION_ID}`,
      [`${line}[currency]`]: 'usd',
      [`${line}[unit_amount]`]: '249',
      [`${line}[product_data][name]`]: '2GETPRO, 1 month',
    });
    const bearer = `Bearer ${SIMULATED_KEYS.stripe.apiKey}`;
    return idOf(await ask('/stripe/v1/checkout/sessions', form.toString(), bearer));
  },
  async paypal(): Promise<string> {
    const { clientId, secret } = SIMULATED_KEYS.paypal;
    const basic = `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}`;
    const grant = 'grant_type=client_credentials';
    const token = (await ask('/paypal/v1/oauth2/token', grant, basic)) as { access_token: string }; // OAuth's shape
    const unit = {
      description: '2GETPRO, 1 month',
      amount: { currency_code: 'USD', value: '2.49' },
    };
    const context = { experience_context: { return_url: `${base}/?back` } };
    const order = {
      intent: 'CAPTURE',
      purchase_units: [unit],
      payment_source: { paypal: context },
    };
    return idOf(await ask('/paypal/v2/checkout/orders', order, `Bearer ${token.access_token}`));
  },
  async tkassa(): Promise<string> {
    const { terminalKey, password } = SIMULATED_KEYS.tkassa;
    const fields = {
      TerminalKey: terminalKey,
      Amount: 19_900,
      OrderId: `pay_${String((orders += 1))}`,
      Description: '2GETPRO, 1 month',
      SuccessURL: `${base}/?paid`,
      FailURL: `${base}/?failed`,
    };
    const signed = readMessage(Buffer.from(JSON.stringify(fields))) ?? {};
    const body = { ...fields, Token: tokenOf(signed, password) };
    return ((await ask('/tkassa/v2/Init', body, '')) as { PaymentId: string }).PaymentId; // its answer
  },
  async freekassa(): Promise<string> {
    const { shopId, word1 } = SIMULATED_KEYS.freekassa;
    const fields = { m: shopId, oa: '199.00', currency: 'RUB', o: `pay_${String((orders += 1))}` };
    const link = new URLSearchParams({ ...fields, s: signForm(fields, word1) }).toString();
    const opened = await fetch(`${base}/freekassa/pay/?${link}`);
    return new URL(opened.url).pathname.split('/').at(-1) ?? '';
  },
  async cryptopay(): Promise<string> {
    const invoice = {
      ...{ currency_type: 'fiat', fiat: 'USD', amount: '2.49' },
      ...{
        description: '2GETPRO, 1 month',
        paid_btn_name: 'callback',
        paid_btn_url: `${base}/?paid`,
      },
    };
    const key = { 'crypto-pay-api-token': SIMULATED_KEYS.cryptopay.token };
    const answer = await ask('/cryptopay/api/createInvoice', invoice, '', key);
    return String((answer as { result: { invoice_id: number } }).result.invoice_id); // its answer
  },
  async tribute(): Promise<string> {
    const order = {
      ...{ amount: 199_00, currency: 'rub', title: '2GETPRO', description: '1 month' },
      ...{ successUrl: `${base}/?paid`, failUrl: `${base}/?failed` },
    };
    const key = { 'api-key': SIMULATED_KEYS.tribute.apiKey };
    return ((await ask('/tribute/api/v1/shop/orders', order, '', key)) as { uuid: string }).uuid; // its answer
  },
};
let orders = 0;
const idOf = (answer: unknown): string => (answer as { id: string }).id; // both answer the object

async function isFine(page: Page): Promise<void> {
  const wide = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
  expect(wide, 'sideways scroll').toBeLessThanOrEqual(0);
  expect(await axeFindings(page)).toEqual([]);
}

const looks = (['light', 'dark'] as const).flatMap((theme) =>
  (['ru', 'en'] as const).map((language): Look => ({ width: 390, theme, language })),
);

describe.each(['stripe', 'paypal', 'tkassa', 'freekassa', 'cryptopay', 'tribute'] as const)(
  '%s',
  (vendor) => {
    it.each(looks)('shows its bill and what became of it at $theme, $language', async (look) => {
      const { context, page, complaints } = await visit(browser, look);
      const addressOf = async (): Promise<string> =>
        `${base}/${vendor}/checkout/${await bills[vendor]()}?lang=${look.language}`;
      let address = await addressOf();
      await page.goto(address);
      await isFine(page);
      await shoot(page, `sim-${vendor}-checkout`, look);
      await page.getByTestId('pay-decline').click();
      await page.getByTestId('result').waitFor();
      if (vendor === 'freekassa') {
        // There a refused order is over: its link makes another one.
        address = await addressOf();
        await page.goto(address);
      } else await page.getByTestId('back-to-payment').click();
      await page.getByTestId('pay-now').click();
      await page.getByTestId('result').waitFor();
      await isFine(page);
      // Just after the act the page goes on to the shop by itself; come again, it stays.
      await page.goto(address);
      await isFine(page);
      await shoot(page, `sim-${vendor}-result`, look);
      await page.goto(`${base}/${vendor}/?lang=${look.language}`);
      await isFine(page);
      await shoot(page, `sim-${vendor}-dashboard`, look);
      expect(complaints).toEqual([]);
      await context.close();
    });
  },
);

describe('the bank behind the page of Stripe', () => {
  it.each(looks)('asks, is left, and the bill waits, at $theme, $language', async (look) => {
    const { context, page } = await visit(browser, look);
    await page.goto(`${base}/stripe/checkout/${await bills.stripe()}?lang=${look.language}`);
    await page.getByTestId('pay-3ds').click();
    await page.getByTestId('bank').waitFor();
    await isFine(page);
    await page.getByTestId('bank-leave').click();
    await page.locator('[data-testid=result][data-state=open]').waitFor();
    await context.close();
  });
});
