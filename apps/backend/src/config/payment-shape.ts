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
}>;

/** The simulated shop of this run. */
type SimulatedShop = Readonly<{
  url: string;
  shopId: string | undefined;
  secretKey: string | undefined;
}>;

export function paymentVendors(settings: Settings, shop: SimulatedShop | undefined): PaymentConfig {
  return {
    yookassa: {
      shopId: settings.YOOKASSA_SHOP_ID ?? shop?.shopId,
      secretKey: secret(settings.YOOKASSA_SECRET_KEY ?? shop?.secretKey),
      apiUrl: settings.YOOKASSA_API_URL ?? shop?.url ?? 'https://api.yookassa.ru/v3/',
      networks:
        settings.YOOKASSA_WEBHOOK_NETWORKS ??
        (shop === undefined ? undefined : ['127.0.0.1/32', '::1/128']),
      acceptsTest: settings.OPORA_ENV !== 'production',
      receipts: {
        enabled: settings.YOOKASSA_RECEIPTS === 'on',
        vatCode: settings.YOOKASSA_VAT_CODE,
        taxSystem: settings.YOOKASSA_TAX_SYSTEM,
        email: settings.YOOKASSA_RECEIPT_EMAIL,
      },
    },
    tkassa: {
      terminalKey: settings.TKASSA_TERMINAL_KEY,
      password: secret(settings.TKASSA_PASSWORD),
      apiUrl: settings.TKASSA_API_URL ?? 'https://securepay.tinkoff.ru/v2/',
      networks: settings.TKASSA_WEBHOOK_NETWORKS,
      ffd: settings.TKASSA_FFD,
    },
    freekassa: {
      shopId: settings.FREEKASSA_SHOP_ID,
      word1: secret(settings.FREEKASSA_SECRET_1),
      word2: secret(settings.FREEKASSA_SECRET_2),
      apiKey: secret(settings.FREEKASSA_API_KEY),
      apiUrl: settings.FREEKASSA_API_URL ?? 'https://api.fk.life/v1/',
      payUrl: settings.FREEKASSA_PAY_URL ?? 'https://pay.fk.money/',
      networks: settings.FREEKASSA_WEBHOOK_NETWORKS,
    },
    stripe: {
      apiKey: secret(settings.STRIPE_API_KEY),
      webhookSecret: secret(settings.STRIPE_WEBHOOK_SECRET),
      apiUrl: settings.STRIPE_API_URL ?? 'https://api.stripe.com/v1/',
      networks: settings.STRIPE_WEBHOOK_NETWORKS,
      currencies: settings.STRIPE_CURRENCIES,
    },
    paypal: {
      clientId: settings.PAYPAL_CLIENT_ID,
      secret: secret(settings.PAYPAL_SECRET),
      webhookId: settings.PAYPAL_WEBHOOK_ID,
      apiUrl: settings.PAYPAL_API_URL ?? 'https://api-m.paypal.com/',
      networks: settings.PAYPAL_WEBHOOK_NETWORKS,
    },
    cryptopay: {
      token: secret(settings.CRYPTOPAY_TOKEN),
      apiUrl: settings.CRYPTOPAY_API_URL,
    },
    tribute: {
      apiKey: secret(settings.TRIBUTE_API_KEY),
      apiUrl: settings.TRIBUTE_API_URL,
      signatureEncoding: settings.TRIBUTE_SIGNATURE_ENCODING,
    },
  };
}
