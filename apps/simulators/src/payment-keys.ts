import { parseJson } from './http.ts';
import type { PaymentKeys } from './world.ts';

/** Started by hand, and in tests, the vendors know these. */
export const SIMULATED_KEYS: PaymentKeys = {
  yookassa: { shopId: '100500', secretKey: 'test_simulated' },
  tkassa: { terminalKey: '1700000000001DEMO', password: 'simulated-password' },
  freekassa: { shopId: '7012', word1: 'word-one', word2: 'word-two', apiKey: 'simulated-api-key' },
  stripe: { apiKey: 'sk_test_simulated', webhookSecret: 'whsec_simulated' },
  paypal: {
    clientId: 'simulated-client',
    secret: 'simulated-secret',
    webhookId: '1SIMULATED0000001',
  },
  cryptopay: { token: '10001:AAsimulated' },
  tribute: { apiKey: 'simulated-tribute-key' },
};

/** The supervisor's JSON over `SIMULATED_KEYS`, vendor by vendor; what is missing keeps them. */
export function readPaymentKeys(text: string | undefined): PaymentKeys {
  const given = text === undefined ? {} : parseJson(Buffer.from(text));
  if (typeof given !== 'object' || given === null) throw new Error('SIMULATORS_PAYMENTS: not JSON');
  const vendors: Partial<Record<string, Record<string, string>>> = { ...given };
  return Object.fromEntries(
    Object.entries(SIMULATED_KEYS).map(([vendor, keys]) => [
      vendor,
      { ...keys, ...vendors[vendor] },
    ]),
  ) as PaymentKeys; // the same vendors, each with its keys
}
