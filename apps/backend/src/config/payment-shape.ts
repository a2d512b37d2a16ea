/** The slices of the payment services; `shape.ts` hands them out with the others. */
import type { Secret } from '@opora/kernel';
import { secret } from './fields.ts';
import type { Settings } from './schema.ts';

export type PaymentConfig = Readonly<{
  yookassa: YookassaConfig;
  tkassa: TkassaConfig;
  freekassa: FreekassaConfig;
  stripe: StripeConfig;
  paypal: PaypalConfig;
  cryptopay: CryptopayConfig;
  tribute: TributeConfig;
}>;

type YookassaConfig = Readonly<{
  shopId: string | undefined;
  secretKey: Secret | undefined;
  apiUrl: string;
  networks: readonly string[] | undefined;
  /** True: test-mode objects count (the simulated shop and test shops outside production). */
  acceptsTest: boolean;
  receipts: Readonly<{
    enabled: boolean;
    vatCode: number;
    taxSystem: number | undefined;
    email: string | undefined;
  }>;
}>;

type TkassaConfig = Readonly<{
  terminalKey: string | undefined;
  password: Secret | undefined;
  apiUrl: string;
  networks: readonly string[] | undefined;
  ffd: Settings['TKASSA_FFD'];
}>;

type FreekassaConfig = Readonly<{
  shopId: string | undefined;
  word1: Secret | undefined;
  word2: Secret | undefined;
  apiKey: Secret | undefined;
  apiUrl: string;
  payUrl: string;
  networks: readonly string[] | undefined;
}>;

type StripeConfig = Readonly<{
  apiKey: Secret | undefined;
  webhookSecret: Secret | undefined;
  apiUrl: string;
  networks: readonly string[] | undefined;
  currencies: Settings['STRIPE_CURRENCIES'];
}>;

type PaypalConfig = Readonly<{
  clientId: string | undefined;
  secret: Secret | undefined;
  webhookId: string | undefined;
  apiUrl: string;
  networks: readonly string[] | undefined;
}>;

type CryptopayConfig = Readonly<{
  token: Secret | undefined;
  /** Undefined: the vendor's own. */
  apiUrl: string | undefined;
}>;

type TributeConfig = Readonly<{
  apiKey: Secret | undefined;
  /** Undefined: the vendor's own. */
  apiUrl: string | undefined;
  signatureEncoding: 'hex' | 'base64';
  /** Undefined: recurring orders are not sold, for we could not end them. */
  cancelPath: string | undefined;
}>;

/** The simulated vendors of this run: where they are, and the keys both sides know. */
export type SimulatedPayments = Readonly<{
  yookassa: Simulated<'shopId' | 'secretKey'>;
  tkassa: Simulated<'terminalKey' | 'password'>;
  freekassa: Simulated<'shopId' | 'word1' | 'word2' | 'apiKey'> & Readonly<{ payUrl: string }>;
  stripe: Simulated<'apiKey' | 'webhookSecret'>;
  paypal: Simulated<'clientId' | 'secret' | 'webhookId'>;
  cryptopay: Simulated<'token'>;
  tribute: Simulated<'apiKey'>;
}>;

type Simulated<Key extends string> = Readonly<{ url: string } & Record<Key, string | undefined>>;

const LOOPBACK = ['127.0.0.1/32', '::1/128'];

export function paymentVendors(
  settings: Settings,
  world: SimulatedPayments | undefined,
): PaymentConfig {
  const ownNetworks = world === undefined ? undefined : LOOPBACK;
  return {
    yookassa: {
      shopId: settings.YOOKASSA_SHOP_ID ?? world?.yookassa.shopId,
      secretKey: secret(settings.YOOKASSA_SECRET_KEY ?? world?.yookassa.secretKey),
      apiUrl: settings.YOOKASSA_API_URL ?? world?.yookassa.url ?? 'https://api.yookassa.ru/v3/',
      networks: settings.YOOKASSA_WEBHOOK_NETWORKS ?? ownNetworks,
      acceptsTest: settings.OPORA_ENV !== 'production',
      receipts: {
        enabled: settings.YOOKASSA_RECEIPTS === 'on',
        vatCode: settings.YOOKASSA_VAT_CODE,
        taxSystem: settings.YOOKASSA_TAX_SYSTEM,
        email: settings.YOOKASSA_RECEIPT_EMAIL,
      },
    },
    tkassa: {
      terminalKey: settings.TKASSA_TERMINAL_KEY ?? world?.tkassa.terminalKey,
      password: secret(settings.TKASSA_PASSWORD ?? world?.tkassa.password),
      apiUrl: settings.TKASSA_API_URL ?? world?.tkassa.url ?? 'https://securepay.tinkoff.ru/v2/',
      networks: settings.TKASSA_WEBHOOK_NETWORKS,
      ffd: settings.TKASSA_FFD,
    },
    freekassa: {
      shopId: settings.FREEKASSA_SHOP_ID ?? world?.freekassa.shopId,
      word1: secret(settings.FREEKASSA_SECRET_1 ?? world?.freekassa.word1),
      word2: secret(settings.FREEKASSA_SECRET_2 ?? world?.freekassa.word2),
      apiKey: secret(settings.FREEKASSA_API_KEY ?? world?.freekassa.apiKey),
      apiUrl: settings.FREEKASSA_API_URL ?? world?.freekassa.url ?? 'https://api.fk.life/v1/',
      payUrl: settings.FREEKASSA_PAY_URL ?? world?.freekassa.payUrl ?? 'https://pay.fk.money/',
      networks: settings.FREEKASSA_WEBHOOK_NETWORKS ?? ownNetworks,
    },
    stripe: {
      apiKey: secret(settings.STRIPE_API_KEY ?? world?.stripe.apiKey),
      webhookSecret: secret(settings.STRIPE_WEBHOOK_SECRET ?? world?.stripe.webhookSecret),
      apiUrl: settings.STRIPE_API_URL ?? world?.stripe.url ?? 'https://api.stripe.com/v1/',
      networks: settings.STRIPE_WEBHOOK_NETWORKS,
      currencies: settings.STRIPE_CURRENCIES,
    },
    paypal: {
      clientId: settings.PAYPAL_CLIENT_ID ?? world?.paypal.clientId,
      secret: secret(settings.PAYPAL_SECRET ?? world?.paypal.secret),
      webhookId: settings.PAYPAL_WEBHOOK_ID ?? world?.paypal.webhookId,
      apiUrl: settings.PAYPAL_API_URL ?? world?.paypal.url ?? 'https://api-m.paypal.com/',
      networks: settings.PAYPAL_WEBHOOK_NETWORKS,
    },
    cryptopay: {
      token: secret(settings.CRYPTOPAY_TOKEN ?? world?.cryptopay.token),
      apiUrl: settings.CRYPTOPAY_API_URL ?? world?.cryptopay.url,
    },
    tribute: {
      apiKey: secret(settings.TRIBUTE_API_KEY ?? world?.tribute.apiKey),
      apiUrl: settings.TRIBUTE_API_URL ?? world?.tribute.url,
      signatureEncoding: settings.TRIBUTE_SIGNATURE_ENCODING,
      cancelPath: settings.TRIBUTE_CANCEL_PATH,
    },
  };
}
