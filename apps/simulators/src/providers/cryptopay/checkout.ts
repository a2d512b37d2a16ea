import type { Language } from '@opora/kernel';
import { form, press, type View } from '../checkout-parts.ts';
import type { Checkout } from '../checkout-shell.ts';
import { markup, type Markup } from '../page.ts';
import type { Bill } from '../till.ts';
import { acceptedIn, coinsFor, type CryptoApp } from './app.ts';
import { COINS } from './currencies.ts';
import { writeDecimal } from './decimal.ts';

/** More coins than this make a list nobody reads; the rest can be paid by a drill. */
const COINS_SHOWN = 6;
const WORDS: Readonly<Record<Language, Readonly<{ choose: string; pay: string }>>> = {
  ru: { choose: 'Чем заплатить', pay: 'Оплатить из кошелька' },
  en: { choose: 'Pay with', pay: 'Pay from the wallet' },
};

/** The buyer's wallet: the bill, and what it costs in each coin they can give. */
export const checkoutOf = (app: CryptoApp, appId: string): Checkout => ({
  vendor: 'cryptopay',
  title: 'Crypto Pay',
  shop: appId,
  methods: [],
  payWith: (bill, view) => coinForm(app, bill, view),
});

function coinForm(app: CryptoApp, bill: Bill, view: View): Markup {
  const words = WORDS[view.language];
  const { price } = app.invoice(bill.id);
  const coins = acceptedIn(price)
    .slice(0, COINS_SHOWN)
    .map((code, at) => {
      const checked = at === 0 ? markup` checked` : undefined;
      return markup`<label class="coin row"><span><input type="radio" name="method"
 value="${code}"${checked} data-testid="coin-${code}"> ${COINS[code].name}</span>
<span class="figure">${writeDecimal(coinsFor(price, code))} ${code}</span></label>`;
    });
  const inner = markup`<fieldset class="coins"><legend>${words.choose}</legend>${coins}</fieldset>
${press({ act: 'pay', testId: 'pay-now', label: words.pay, main: true })}`;
  return markup`<section class="card">${form(bill, view, inner)}</section>`;
}
