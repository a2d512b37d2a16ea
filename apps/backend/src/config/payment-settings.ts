/** Settings of the payment services: one section each, in the order customers see them. */
import { z } from 'zod';
import { address, begin, count, flag, list, networks, note, secretText, text } from './fields.ts';

export function yookassa() {
  begin('YooKassa');
  return {
    YOOKASSA_SHOP_ID: note(
      z
        .string()
        .regex(/^\d{1,16}$/)
        .optional(),
      'shopId of the cabinet.',
      '100500',
    ),
    YOOKASSA_SECRET_KEY: secretText('Secret key of the shop.', 'live_...'),
    YOOKASSA_API_URL: note(
      address().optional(),
      'Another base address.',
      'https://api.yookassa.ru/v3/',
    ),
    YOOKASSA_WEBHOOK_NETWORKS: note(
      networks.optional(),
      "Networks notices may come from; absent: the vendor's published list.",
      '185.71.76.0/27,185.71.77.0/27',
    ),
    YOOKASSA_RECEIPTS: note(flag.default('off'), 'Send 54-FZ receipts with payments.', 'on'),
    YOOKASSA_VAT_CODE: note(count(1, 12).default(1), 'vat_code of receipts (1: no VAT).', '1'),
    YOOKASSA_TAX_SYSTEM: note(count(1, 6).optional(), 'tax_system_code of receipts.', '2'),
    YOOKASSA_RECEIPT_EMAIL: note(
      z.email().optional(),
      'Where receipts go when the customer has proved no mailbox; needed with receipts.',
      'receipts@example.com',
    ),
  };
}

export function tkassa() {
  begin('T-Kassa');
  return {
    TKASSA_TERMINAL_KEY: note(
      z
        .string()
        .regex(/^[A-Za-z0-9_-]{1,20}$/)
        .optional(),
      'TerminalKey of the shop; one that ends in DEMO takes no real money.',
      '1763680000DEMO',
    ),
    TKASSA_PASSWORD: secretText('Password of the terminal; it signs and is never sent.', '...'),
    TKASSA_API_URL: note(
      address().optional(),
      'Another base address.',
      'https://rest-api-test.tinkoff.ru/v2/',
    ),
    TKASSA_WEBHOOK_NETWORKS: note(
      networks.optional(),
      'Networks notices may come from besides being signed; absent: anywhere.',
      '91.194.226.0/23,91.218.132.0/22,212.49.24.0/24,212.233.80.0/22',
    ),
    TKASSA_FFD: note(
      z.enum(['1.05', '1.2']).default('1.05'),
      'Format of fiscal documents of the cash register, for receipts.',
      '1.2',
    ),
  };
}

export function freekassa() {
  begin('FreeKassa');
  return {
    FREEKASSA_SHOP_ID: note(
      z
        .string()
        .regex(/^\d{1,15}$/)
        .optional(),
      'Number of the shop.',
      '7012',
    ),
    FREEKASSA_SECRET_1: secretText('Secret word 1: signs links to pay.', '...'),
    FREEKASSA_SECRET_2: secretText('Secret word 2: signs notices.', '...'),
    FREEKASSA_API_KEY: secretText('API key: orders are read back and refunded with it.', '...'),
    FREEKASSA_API_URL: note(
      address().optional(),
      'Another base address of the API; it has moved before.',
      'https://api.fk.life/v1/',
    ),
    FREEKASSA_PAY_URL: note(
      address().optional(),
      'Another address of the form; it has moved before.',
      'https://pay.fk.money/',
    ),
    FREEKASSA_WEBHOOK_NETWORKS: note(
      networks.optional(),
      "Networks notices may come from; absent: the vendor's published list.",
      '168.119.157.136/32,168.119.60.227/32',
    ),
  };
}

export function stripe() {
  begin('Stripe');
  return {
    STRIPE_API_KEY: secretText('Secret or restricted key of the account.', 'sk_live_...'),
    STRIPE_WEBHOOK_SECRET: secretText(
      'Signing secret of the webhook endpoint; while it is being replaced both, comma-separated.',
      'whsec_new,whsec_old',
    ),
    STRIPE_API_URL: note(
      address().optional(),
      'Another base address.',
      'https://api.stripe.com/v1/',
    ),
    STRIPE_WEBHOOK_NETWORKS: note(
      networks.optional(),
      'Networks notices may come from; absent: any, the signature decides.',
      '3.18.12.63,3.130.192.231',
    ),
    STRIPE_CURRENCIES: note(
      list.pipe(z.array(z.enum(['RUB', 'USD', 'EUR'])).min(1)).default(['USD', 'EUR']),
      'Currencies the account takes, comma-separated.',
      'USD,EUR',
    ),
  };
}

export function paypal() {
  begin('PayPal');
  return {
    PAYPAL_CLIENT_ID: note(text().optional(), 'Client id of the REST app.', 'AeA1QIZXiflr1...'),
    PAYPAL_SECRET: secretText('Secret of the REST app.', 'EC6nvMoC53L7...'),
    PAYPAL_WEBHOOK_ID: note(
      z
        .string()
        .regex(/^[A-Z0-9]{5,64}$/)
        .optional(),
      'Id of the webhook of that app: part of what PayPal signs.',
      '1JE4291016473214C',
    ),
    PAYPAL_API_URL: note(
      address().optional(),
      'Another base address; money counts as real at the live one only.',
      'https://api-m.sandbox.paypal.com/',
    ),
    PAYPAL_WEBHOOK_NETWORKS: note(
      networks.optional(),
      'Networks notices may come from; absent: any, the signature decides.',
      '203.0.113.0/24',
    ),
  };
}

export function cryptopay() {
  begin('CryptoPay');
  return {
    CRYPTOPAY_TOKEN: secretText('Token of the app from @CryptoBot (Crypto Pay).', '12345:AA...'),
    CRYPTOPAY_API_URL: note(
      address().optional(),
      'Another base address; that of the test network makes every invoice a test object.',
      'https://testnet-pay.crypt.bot/api/',
    ),
  };
}

export function tribute() {
  begin('Tribute');
  return {
    TRIBUTE_API_KEY: secretText('API key of the account; it signs its notices too.', '0b3f...'),
    TRIBUTE_API_URL: note(
      address().optional(),
      'Another base address.',
      'https://tribute.tg/api/v1/',
    ),
    TRIBUTE_SIGNATURE_ENCODING: note(
      z.enum(['hex', 'base64']).default('hex'),
      'How the signature of a notice is written; the documents do not say.',
      'base64',
    ),
    TRIBUTE_CANCEL_PATH: note(
      text()
        .regex(/^[\w/{}-]*\{uuid\}[\w/{}-]*$/, 'must hold {uuid}')
        .optional(),
      'Path of the POST that ends a recurring order, `{uuid}` in it: ask Tribute, its documents do not name it. Unset: no renewals through Tribute.',
      'shop/orders/{uuid}/cancel',
    ),
  };
}
