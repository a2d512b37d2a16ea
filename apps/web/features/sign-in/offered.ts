import { API } from '@opora/contracts';
import { serverApi } from '../session/server-api.ts';

/** Where Telegram's login is; undefined: there is none, or nobody can say just now. */
export async function telegramUrl(): Promise<string | undefined> {
  try {
    const api = await serverApi();
    return (await api(API.session.offered)).telegramUrl ?? undefined;
  } catch {
    // Signing in by mail needs nothing of it.
    return undefined;
  }
}
