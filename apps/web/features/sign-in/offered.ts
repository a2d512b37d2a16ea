import { API } from '@opora/contracts';
import { serverApi } from '../session/server-api.ts';
import type { TelegramWay } from './telegram-login.ts';

/** How Telegram's login is reached; undefined: there is none, or nobody can say just now. */
export async function telegramWay(): Promise<TelegramWay | undefined> {
  try {
    const api = await serverApi();
    const { telegramUrl, telegramOidc } = await api(API.session.offered);
    if (telegramOidc) return { kind: 'oidc' };
    return telegramUrl === null ? undefined : { kind: 'widget', url: telegramUrl };
  } catch {
    // Signing in by mail needs nothing of it.
    return undefined;
  }
}
