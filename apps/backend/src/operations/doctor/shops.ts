/** The payment services of the configuration, as the doctor asks after them. */
import type { Config } from '../../config/shape.ts';
import type { ProviderId } from '../../modules/payments/index.ts';
import { PAGES, type Page } from './check.ts';

/** A payment service as its settings name it. */
export type Shop = Readonly<{
  id: ProviderId;
  title: string;
  /** Undefined: the vendor's own. */
  apiUrl: string | undefined;
  /** Its settings by name; a missing one is undefined. */
  settings: Readonly<Record<string, unknown>>;
  /** The page of its cabinet that gives them. */
  where: string;
  /** What our documents say of it. */
  page: Page;
  /** One of several ways to pay: with nothing set there is nothing to look at. */
  isOptional: boolean;
  /** The credentials are those of a trial shop. */
  isTest: boolean;
  acceptsTest: boolean;
}>;

export const shopsOf = (config: Config): Shop[] => [
  yookassaOf(config),
  tkassaOf(config),
  freekassaOf(config),
  stripeOf(config),
  paypalOf(config),
  cryptopayOf(config),
  tributeOf(config),
];

function yookassaOf({ yookassa }: Config): Shop {
  return {
    id: 'yookassa',
    title: 'YooKassa',
    apiUrl: yookassa.apiUrl,
    settings: {
      YOOKASSA_SHOP_ID: yookassa.shopId,
      YOOKASSA_SECRET_KEY: yookassa.secretKey,
    },
    where: 'YooKassa cabinet: Settings, Shop has shopId; Integration, API keys makes a secret key',
    page: PAGES.yookassa,
    isOptional: false,
    isTest: yookassa.secretKey?.reveal().startsWith('test_') === true,
    acceptsTest: yookassa.acceptsTest,
  };
}

function tkassaOf({ tkassa, yookassa }: Config): Shop {
  return {
    id: 'tkassa',
    title: 'T-Kassa',
    apiUrl: tkassa.apiUrl,
    settings: { TKASSA_TERMINAL_KEY: tkassa.terminalKey, TKASSA_PASSWORD: tkassa.password },
    where:
      'T-Business cabinet: Internet acquiring, the shop, Terminals has the key and the password',
    page: PAGES.tkassa,
    isOptional: true,
    isTest: tkassa.terminalKey?.endsWith('DEMO') === true,
    acceptsTest: yookassa.acceptsTest,
  };
}

function freekassaOf({ freekassa, yookassa }: Config): Shop {
  return {
    id: 'freekassa',
    title: 'FreeKassa',
    apiUrl: freekassa.apiUrl,
    settings: {
      FREEKASSA_SHOP_ID: freekassa.shopId,
      FREEKASSA_SECRET_1: freekassa.word1,
      FREEKASSA_SECRET_2: freekassa.word2,
      FREEKASSA_API_KEY: freekassa.apiKey,
    },
    where: 'FreeKassa cabinet: Shops, Settings has the id and both words; API settings has the key',
    page: PAGES.freekassa,
    isOptional: true,
    // Nothing of the settings tells of the cabinet's test mode.
    isTest: false,
    acceptsTest: yookassa.acceptsTest,
  };
}

function stripeOf({ stripe, yookassa }: Config): Shop {
  return {
    id: 'stripe',
    title: 'Stripe',
    apiUrl: stripe.apiUrl,
    settings: { STRIPE_API_KEY: stripe.apiKey, STRIPE_WEBHOOK_SECRET: stripe.webhookSecret },
    where: 'Stripe dashboard: Developers, API keys makes the key; Webhooks has the signing secret',
    page: PAGES.stripe,
    isOptional: true,
    isTest: /^[sr]k_test_/.test(stripe.apiKey?.reveal() ?? ''),
    acceptsTest: yookassa.acceptsTest,
  };
}

function paypalOf({ paypal, yookassa }: Config): Shop {
  return {
    id: 'paypal',
    title: 'PayPal',
    apiUrl: paypal.apiUrl,
    settings: {
      PAYPAL_CLIENT_ID: paypal.clientId,
      PAYPAL_SECRET: paypal.secret,
      PAYPAL_WEBHOOK_ID: paypal.webhookId,
    },
    where:
      'PayPal developer dashboard: Apps & Credentials has the app, and its webhook with the id',
    page: PAGES.paypal,
    isOptional: true,
    isTest: /\bsandbox\b/.test(paypal.apiUrl),
    acceptsTest: yookassa.acceptsTest,
  };
}

function cryptopayOf({ cryptopay, yookassa }: Config): Shop {
  return {
    id: 'cryptopay',
    title: 'CryptoPay',
    apiUrl: cryptopay.apiUrl,
    settings: { CRYPTOPAY_TOKEN: cryptopay.token },
    where: 'Crypto Bot: Crypto Pay, My Apps, the app, API Token',
    page: PAGES.cryptopay,
    isOptional: true,
    isTest: /\btestnet\b/.test(cryptopay.apiUrl ?? ''),
    acceptsTest: yookassa.acceptsTest,
  };
}

function tributeOf({ tribute, yookassa }: Config): Shop {
  return {
    id: 'tribute',
    title: 'Tribute',
    apiUrl: tribute.apiUrl,
    settings: { TRIBUTE_API_KEY: tribute.apiKey },
    where: 'Tribute: Settings, API Keys makes the key; the shop is opened by their support',
    page: PAGES.tribute,
    isOptional: true,
    // There is no trial mode.
    isTest: false,
    acceptsTest: yookassa.acceptsTest,
  };
}
