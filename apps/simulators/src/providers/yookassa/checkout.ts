import { type Answer, html, redirect, type Request, type Router } from '../../http.ts';
import type { World } from '../../world.ts';
import {
  bankPage,
  checkoutPage,
  type CheckoutView,
  resultPage,
  TEST_CARDS,
  unknownPage,
} from './checkout-page.ts';
import { chooseLanguage } from './page.ts';
import type { Payment } from './payment.ts';
import { Refusal } from './refusal.ts';
import type { Shop } from './shop.ts';

const BASE = '/yookassa/checkout';
const MINUTE_MS = 60_000;
/** Longest wait of a late buyer: the page offers less. */
const LATE_MAX_MINUTES = 60;
type Form = Readonly<{ shop: Shop; id: string; fields: URLSearchParams }>;

/** The buyer's page. Plain forms: it works without scripts and inside the simulated phone. */
export function registerCheckout(router: Router, world: World, shop: Shop): void {
  const withPayment = (
    request: Request,
    show: (payment: Payment, view: CheckoutView) => Answer,
  ): Answer => {
    const payment = shop.payments.find(request.params['id'] ?? '');
    const language = chooseLanguage(request, payment?.language);
    if (payment === undefined) return html(unknownPage(language), 404);
    const others = shop.payments
      .group(payment.metadata['order_id'])
      .filter((other) => other.id !== payment.id && other.status === 'pending');
    return show(payment, { language, others, shopId: world.config.payments.yookassa.shopId });
  };

  router.on('GET', `${BASE}/:id`, (request) =>
    withPayment(request, (payment, view) => {
      const arrived = request.query.get('done') === '1';
      if (arrived || payment.status !== 'pending') return html(resultPage(payment, view, arrived));
      return html(checkoutPage(payment, view, request.query.get('card') === 'unknown'));
    }),
  );
  router.on('GET', `${BASE}/:id/bank`, (request) =>
    withPayment(request, (payment, view) =>
      html(
        payment.status === 'pending' ? bankPage(payment, view) : resultPage(payment, view, false),
      ),
    ),
  );
  router.on('POST', `${BASE}/:id`, (request) =>
    withPayment(request, (payment, { language }) => {
      const fields = new URLSearchParams(String(request.body));
      const where = act({ shop, id: payment.id, fields });
      const mark = where.includes('?') ? '&' : '?';
      return redirect(`${BASE}/${payment.id}${where}${mark}lang=${language}`);
    }),
  );
}

/** Plays the pressed button; answers where the buyer is sent, relative to the payment's page. */
function act({ shop, id, fields }: Form): string {
  const pressed = fields.get('act') ?? '';
  const number = (fields.get('number') ?? '').replace(/\s/g, '');
  const byCard = TEST_CARDS.find((card) => card.number.replaceAll(' ', '') === number)?.outcome;
  const what = pressed === 'card' ? byCard : pressed;
  if (what === undefined) return '?card=unknown';
  if (what === 'secure') return '/bank';
  try {
    if (what === 'pay') shop.pay(id);
    else if (what === 'sbp') shop.pay(id, 'sbp');
    else if (what === 'decline') shop.decline(id, 'insufficient_funds');
    else if (what === 'bank-fail') shop.decline(id, '3d_secure_failed');
    else if (what === 'late') payLate(shop, id, Number(fields.get('minutes')));
  } catch (error) {
    // Two taps or two open pages: the second finds the payment already decided and only sees it.
    if (!(error instanceof Refusal)) throw error;
  }
  return '?done=1';
}

function payLate(shop: Shop, id: string, minutes: number): void {
  const bounded = Math.min(Math.max(Number.isFinite(minutes) ? minutes : 0, 0), LATE_MAX_MINUTES);
  if (bounded === 0) shop.pay(id);
  else shop.payLater(id, bounded * MINUTE_MS);
}
