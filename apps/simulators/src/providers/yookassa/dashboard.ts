import { type Answer, html, redirect, type Request, type Router } from '../../http.ts';
import type { World } from '../../world.ts';
import { dashboardPage } from './dashboard-page.ts';
import { readAmount } from './fields.ts';
import { chooseLanguage } from './page.ts';
import { Refusal } from './refusal.ts';
import type { Cabinet } from './settings.ts';
import type { Shop } from './shop.ts';

const BASE = '/yookassa/';
const PAYMENTS_SHOWN = 25;
const DELIVERIES_SHOWN = 30;

/** The merchant's page: what happened, and the acts a merchant has by hand. */
export function registerDashboard(
  router: Router,
  world: World,
  parts: Readonly<{ shop: Shop; cabinet: Cabinet }>,
): void {
  const { shop, cabinet } = parts;

  router.on('GET', BASE, (request) => {
    const after = request.query.get('after') ?? undefined;
    const window = { limit: PAYMENTS_SHOWN, fits: () => true };
    const payments = shop.payments.page({ ...window, after }) ??
      shop.payments.page({ ...window, after: undefined }) ?? { items: [], next: undefined };
    const deliveries = world.deliveries.list('yookassa').slice(-DELIVERIES_SHOWN).reverse();
    return html(
      dashboardPage({
        language: chooseLanguage(request),
        fault: request.query.get('fault') ?? undefined,
        older: after !== undefined,
        shopId: shop.face.shopId,
        totals: shop.totals(),
        settings: cabinet.settings(),
        payments,
        deliveries,
      }),
    );
  });
  router.on('GET', '/yookassa', (request) => redirect(`${BASE}?${request.query.toString()}`));

  const press = (path: string, act: (id: string, fields: URLSearchParams) => void): void => {
    router.on('POST', `${BASE}dashboard/${path}`, (request) =>
      back(request, (fields) => {
        act(request.params['id'] ?? '', fields);
      }),
    );
  };
  press('payments/:id/refund', (id, fields) => {
    shop.refund({
      paymentId: id,
      amount: readAmount({ value: fields.get('value'), currency: 'RUB' }, 'amount'),
      description: undefined,
      receipt: undefined,
    });
  });
  press('payments/:id/capture', (id) => {
    shop.capture(id, shop.payment(id).amount);
  });
  press('payments/:id/cancel', (id) => {
    shop.cancel(id);
  });
  press('deliveries/:id/resend', (id) => {
    world.deliveries.resend(id);
  });
  press('settings', (_id, fields) => {
    const fault = cabinet.change(readSettings(fields));
    if (fault !== undefined) throw new Refusal('invalid_request', fault);
  });
}

function readSettings(fields: URLSearchParams): Record<string, unknown> {
  const waits = (fields.get('repeatsMs') ?? '').split(/[\s,]+/).filter((text) => text !== '');
  return {
    notificationUrl: fields.get('notificationUrl'),
    receiptsRequired: fields.has('receiptsRequired'),
    repeatsMs: waits.map(Number),
    feeBps: Number(fields.get('feeBps')),
    savedCharge: fields.get('savedCharge'),
  };
}

function back(request: Request, act: (fields: URLSearchParams) => void): Answer {
  const query = new URLSearchParams({ lang: chooseLanguage(request) });
  try {
    act(new URLSearchParams(String(request.body)));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    query.set('fault', error.message);
  }
  return redirect(`${BASE}?${query.toString()}`);
}
