/** Around the customer's API: a shop that remembers what it was asked, a panel with phones, a sign-in. */
import type { Modules } from '../src/compose.ts';
import type { Http } from '../src/platform/http/index.ts';
import type { PaymentOrder, StartedPayment } from '../src/modules/payments/provider.ts';
import type { PanelDevice } from '../src/modules/provisioning/panel.ts';
import { ScriptedPanel } from './scripted-panel.ts';
import { ScriptedProvider } from './scripted-provider.ts';

export class Shop extends ScriptedProvider {
  readonly asked: PaymentOrder[] = [];
  override start(order: PaymentOrder): Promise<StartedPayment> {
    this.asked.push(order);
    return super.start(order);
  }
}

export class Phones extends ScriptedPanel {
  held: PanelDevice[] = [];
  override devices(): Promise<readonly PanelDevice[]> {
    return Promise.resolve(this.held);
  }
  override removeDevice(_account?: unknown, hwid?: string): Promise<void> {
    this.held = this.held.filter((device) => device.hwid !== hwid);
    return Promise.resolve();
  }
}

export type Person = Readonly<{ id: string; headers: Record<string, string> }>;

/** Comes by the bot's link; the headers are what a page of ours sends. */
export async function enterByLink(
  { parts, http }: Readonly<{ parts: Modules; http: Http }>,
  user: Readonly<{ id: bigint; firstName: string }>,
): Promise<Person> {
  const telegram = { ...user, username: undefined, languageCode: 'en' };
  const { id } = await parts.identity.resolveTelegram(telegram);
  const answer = await http.app.inject({
    method: 'POST',
    url: '/auth/enter',
    payload: { link: await parts.sessions.createLink(id) },
    headers: { 'sec-fetch-site': 'same-origin' },
  });
  const [access = ''] = [answer.headers['set-cookie'] ?? []].flat();
  const csrf: string = answer.json().session.csrfToken;
  const headers = {
    cookie: access.split(';')[0] ?? '',
    'sec-fetch-site': 'same-origin',
    'x-csrf-token': csrf,
  };
  return { id, headers };
}
