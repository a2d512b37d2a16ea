import { isPositive, parseMajor } from '@opora/kernel';
import { type Answer, html, redirect, type Router } from '../../http.ts';
import type { World } from '../../world.ts';
import { chooseLanguage, markup, page } from '../page.ts';
import { CURRENCIES, type Wanted } from './order.ts';
import type { Shop } from './shop.ts';
import { isSame, signForm } from './signatures.ts';

const ORDER_ID_MAX = 64;
const OWN_MAX = 20;
export const AMOUNT_TEXT = /^\d{1,10}(\.\d{1,2})?$/;
const CARD = 36;

/** The signed link (SCI): opening it makes an order, and every opening makes another one. */
export function registerForm(router: Router, world: World, shop: Shop): void {
  const open = (request: Parameters<typeof chooseLanguage>[0]): Answer => {
    const wanted = readLink(request.query, world.config.payments.freekassa);
    if (typeof wanted === 'string') return refusal(chooseLanguage(request), wanted);
    return redirect(`/freekassa/checkout/${shop.open(wanted).id}`);
  };
  router.on('GET', '/freekassa/pay/', open);
  router.on('GET', '/freekassa/pay', open);
}

/** A sentence instead, when the link is wrong. */
function readLink(
  query: URLSearchParams,
  { shopId, word1 }: Readonly<{ shopId: string; word1: string }>,
): Wanted | string {
  const names = ['m', 'oa', 'currency', 'o', 's'] as const;
  const text = (name: string): string => query.get(name) ?? '';
  if (names.some((name) => query.getAll(name).length !== 1))
    return 'a field is missing or repeated';
  const [m, oa, o] = [text('m'), text('oa'), text('o')];
  const currency = CURRENCIES.find((each) => each === text('currency'));
  if (m !== shopId) return 'no such shop';
  if (currency === undefined) return 'this currency is not taken';
  if (o === '' || o.length > ORDER_ID_MAX) return 'o: 1 to 64 characters';
  if (!AMOUNT_TEXT.test(oa) || !isPositive(parseMajor(oa, currency))) return 'oa: a positive sum';
  if (!isSame(text('s'), signForm({ m, oa, currency, o }, word1))) return 'wrong signature';
  const own = [...query].filter(([name]) => name.startsWith('us_')).slice(0, OWN_MAX);
  const language = ['ru', 'en'] as const;
  return {
    merchantOrderId: o,
    amount: oa,
    currency,
    method: Number(query.get('i') ?? CARD) || CARD,
    email: query.get('em') ?? undefined,
    phone: query.get('phone') ?? undefined,
    language: language.find((each) => each === text('lang')),
    successUrl: undefined,
    failureUrl: undefined,
    notificationUrl: undefined,
    own: Object.fromEntries(own),
  };
}

function refusal(language: 'ru' | 'en', why: string): Answer {
  const title = language === 'ru' ? 'Ссылка на оплату неверна' : 'The payment link is wrong';
  const body = markup`<main class="checkout"><section class="card stack" data-testid="wrong-link">
<h1>${title}</h1><p><code>${why}</code></p></section></main>`;
  return html(page({ vendor: 'freekassa', language, kind: 'buyer', title, body }), 400);
}
