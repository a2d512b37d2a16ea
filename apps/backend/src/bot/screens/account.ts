import type { ScreenDeps, Turn } from '../deps.ts';
import type { Shown } from '../view.ts';
import { accountView, noSiteView } from './account.view.ts';

/**
 * The way into the account on the site. The secret stands behind `#`, which browsers send to nobody:
 * not to us before the press, not into a log, not to another site.
 */
export async function showAccount(deps: ScreenDeps, turn: Turn): Promise<Shown> {
  if (deps.webUrl === undefined) return { view: noSiteView(turn.speech) };
  const link = await deps.sessions.createLink(turn.person.id);
  return { view: accountView(turn.speech, `${deps.webUrl}/enter#${link}`) };
}
