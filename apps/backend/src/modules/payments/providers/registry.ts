/** Every payment provider this build knows; one line per vendor. */
import type { Breaker } from '../../../platform/breaker/port.ts';
import type { HttpClient } from '../../../platform/http-client/index.ts';
import type { Log } from '../../../platform/log/index.ts';
import type { TelegramApi } from '../../../platform/telegram/index.ts';
import type { Clock } from '@opora/kernel';
import type { PaymentProvider, ProviderId } from '../provider.ts';
import { createFreekassa, type FreekassaSettings } from './freekassa/index.ts';
import { createTkassa, type TkassaSettings } from './tkassa/index.ts';
import { createPaypal, type PaypalSettings } from './paypal/index.ts';
import { createStripe, type StripeSettings } from './stripe/index.ts';
import { createCryptopay, type CryptopaySettings } from './cryptopay/index.ts';
import { createStars, type StarsSettings } from './stars/index.ts';
import { createTribute, type TributeSettings } from './tribute/index.ts';
import { createYookassa, type YookassaSettings } from './yookassa/index.ts';

export type ProvidersDeps = Readonly<{
  http: HttpClient;
  clock: Clock;
  log: Log;
  /** The bot that sells for Stars; absent: there is none. */
  telegram?: TelegramApi | undefined;
  /** One breaker per vendor, by its id. */
  breaker: (name: ProviderId) => Pick<Breaker, 'run'>;
  /**
   * In PEM: notices that are signed by certificate are judged by this one, and none is fetched. An
   * empty one fits nothing.
   */
  certificate?: string | undefined;
}>;

/** The slices of the configuration; a test names the one it is about. */
export type ProvidersConfig = Readonly<{
  yookassa?: YookassaSettings;
  tkassa?: TkassaSettings;
  freekassa?: FreekassaSettings;
  stripe?: StripeSettings;
  paypal?: PaypalSettings;
  cryptopay?: CryptopaySettings;
  tribute?: TributeSettings;
  /** Stars are the bot's own. */
  telegram?: StarsSettings;
}>;

/** The providers that are configured. One without its secrets is not offered at all. */
export function createProviders(
  config: ProvidersConfig,
  deps: ProvidersDeps,
): ReadonlyMap<ProviderId, PaymentProvider> {
  const made: Partial<Record<ProviderId, PaymentProvider | undefined>> = {
    yookassa: config.yookassa && createYookassa(config.yookassa, withBreaker(deps, 'yookassa')),
    tkassa: config.tkassa && createTkassa(config.tkassa, withBreaker(deps, 'tkassa')),
    freekassa:
      config.freekassa && createFreekassa(config.freekassa, withBreaker(deps, 'freekassa')),
    stripe: config.stripe && createStripe(config.stripe, withBreaker(deps, 'stripe')),
    paypal: config.paypal && createPaypal(config.paypal, withBreaker(deps, 'paypal')),
    cryptopay:
      config.cryptopay && createCryptopay(config.cryptopay, withBreaker(deps, 'cryptopay')),
    tribute: config.tribute && createTribute(config.tribute, withBreaker(deps, 'tribute')),
    stars:
      config.telegram &&
      createStars(config.telegram, { telegram: deps.telegram, ...withBreaker(deps, 'stars') }),
  };
  const offered = new Map<ProviderId, PaymentProvider>();
  for (const [provider, value] of Object.entries(made)) {
    if (value !== undefined) offered.set(value.id, value);
    else deps.log.info({ provider }, 'payment provider is not configured: its endpoint is closed');
  }
  return offered;
}

function withBreaker(deps: ProvidersDeps, vendor: ProviderId) {
  return { ...deps, breaker: deps.breaker(vendor) };
}
