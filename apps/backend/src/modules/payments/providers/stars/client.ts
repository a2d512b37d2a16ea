/** The methods of the Bot API we call, over the platform's client; its faults become our errors. */
import { DependencyOpen, type Breaker } from '../../../../platform/breaker/port.ts';
import {
  TelegramRefused,
  TelegramUnavailable,
  type TelegramApi,
} from '../../../../platform/telegram/index.ts';
import { ProviderProtocolError, ProviderRefused, ProviderUnavailable } from '../../errors.ts';

export interface StarsClient {
  createInvoiceLink(
    body: Parameters<TelegramApi['call']['createInvoiceLink']>[0],
  ): Promise<unknown>;
  getStarTransactions(body: { offset: number; limit: number }): Promise<unknown>;
  /** Throws `ProviderRefused`, whose fact `vendorCode` holds Telegram's words. */
  refundStarPayment(body: {
    user_id: number;
    telegram_payment_charge_id: string;
  }): Promise<unknown>;
  editUserStarSubscription(
    body: Parameters<TelegramApi['call']['editUserStarSubscription']>[0],
  ): Promise<unknown>;
}

export function createClient(api: TelegramApi, breaker: Pick<Breaker, 'run'>): StarsClient {
  const call = async (method: () => Promise<unknown>): Promise<unknown> => {
    try {
      return await breaker.run(() => method().catch(translate));
    } catch (error) {
      if (!(error instanceof DependencyOpen)) throw error;
      throw new ProviderUnavailable(`stars: ${error.message}`, { cause: error });
    }
  };
  return {
    createInvoiceLink: (body) => call(() => api.call.createInvoiceLink(body)),
    getStarTransactions: (body) => call(() => api.call.getStarTransactions(body)),
    refundStarPayment: (body) => call(() => api.call.refundStarPayment(body)),
    editUserStarSubscription: (body) => call(() => api.call.editUserStarSubscription(body)),
  };
}

/** No answer, 429 and 5xx pass by themselves; a wrong token, a proxy's page or a 403 do not. */
function translate(error: unknown): never {
  if (error instanceof TelegramRefused) {
    const facts = { status: error.status, vendorCode: error.description };
    if (error.status === 400) throw new ProviderRefused(`stars: ${error.description}`, { facts });
    throw new ProviderProtocolError(`stars: ${error.message}`, { facts });
  }
  if (!(error instanceof TelegramUnavailable)) throw error;
  const { status } = error.facts;
  const isPassing = typeof status !== 'number' || status === 429 || status >= 500;
  const options = { facts: typeof status === 'number' ? { status } : {}, cause: error };
  if (!isPassing) throw new ProviderProtocolError(`stars: ${error.message}`, options);
  const { retryAfterMs } = error;
  throw new ProviderUnavailable(`stars: ${error.message}`, {
    ...options,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}
