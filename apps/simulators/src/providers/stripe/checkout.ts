import type { Language } from '@opora/kernel';
import { MINUTE_MS } from '../cabinet.ts';
import { form, frame, press, type View } from '../checkout-parts.ts';
import type { Checkout, Step } from '../checkout-shell.ts';
import { markup, type Markup, price } from '../page.ts';
import { ActRefused, type Bill } from '../till.ts';
import type { Account } from './account.ts';
import type { DeclineCode } from './intent.ts';
import { challengeSession, declineSession, payBySession } from './paying.ts';
import { Refusal } from './refusal.ts';
import { payLate } from './till.ts';

/** A debit that fails does so after this long. */
const FAILS_AFTER_MS = MINUTE_MS;

/** The buyer's page of Stripe: card or bank debit, 3-D Secure, and money that comes days later. */
export const checkoutOf = (account: Account): Checkout => ({
  vendor: 'stripe',
  title: 'Stripe',
  shop: 'acct_simulated',
  methods: [
    { id: 'card', label: { ru: 'Карта •••• 4242', en: 'Card •••• 4242' } },
    {
      id: 'sepa_debit',
      label: {
        ru: 'Списание со счёта: деньги придут позже',
        en: 'Bank debit: the money comes later',
      },
    },
  ],
  more: (_bill, { language }) => moreOutcomes(language),
  reason({ id }, language) {
    const intentId = account.sessions.find(id)?.intentId;
    const declined = intentId === undefined ? undefined : account.intents.find(intentId)?.declined;
    return declined === undefined ? undefined : WORDS[language].reasons[declined];
  },
  outcome: ({ state }, language) => (state === 'held' ? WORDS[language].underway : undefined),
  step: (name) => (name === 'bank' ? bankPage : undefined),
  press: (bill, fields) => inVendorsWords(() => played(account, bill, fields.get('act') ?? '')),
});

function played(account: Account, { id }: Bill, act: string): Step {
  if (act === 'secure') {
    challengeSession(account, id);
    return { step: 'bank' };
  }
  if (act === 'bank-confirm') payBySession(account, id, 'card');
  else if (act === 'bank-fail') declineSession(account, id, 'authentication_required');
  else if (act === 'debit-fail') payLate(account, id, { afterMs: FAILS_AFTER_MS, well: false });
  return { done: act === 'bank-fail' ? 'decline' : act };
}

function inVendorsWords(work: () => Step): Step {
  try {
    return work();
  } catch (error) {
    throw error instanceof Refusal ? new ActRefused(error.message) : error;
  }
}

function moreOutcomes(language: Language): Markup {
  const { secure, debitFail } = WORDS[language];
  return markup`
${press({ act: 'secure', testId: 'pay-3ds', label: secure[0], note: secure[1] })}
${press({ act: 'debit-fail', testId: 'pay-debit-fail', label: debitFail[0], note: debitFail[1] })}`;
}

/** The page of the buyer's bank. Who leaves it has paid nothing, and the bill stays open. */
function bankPage(bill: Bill, view: View): string {
  const { language } = view;
  const words = WORDS[language];
  const buttons = markup`
${press({ act: 'bank-confirm', testId: 'bank-confirm', label: words.bankConfirm, main: true })}
${press({ act: 'bank-fail', testId: 'bank-fail', label: words.bankFail })}
${press({ act: 'abandon', testId: 'bank-leave', label: words.bankLeave })}`;
  const body = markup`<section class="card stack" data-testid="bank">
<h1>${words.bankAsks}</h1>
<p class="sum">${price(bill.amount, language)}</p>
<p class="muted">${words.bankHint}</p>
${form(bill, view, buttons)}
</section>`;
  return frame(view, bill, { title: words.bankAsks, body });
}

type Titled = readonly [title: string, text: string];
type Words = Readonly<{
  secure: Titled;
  debitFail: Titled;
  underway: Titled;
  bankAsks: string;
  bankHint: string;
  bankConfirm: string;
  bankFail: string;
  bankLeave: string;
  reasons: Readonly<Record<DeclineCode, string>>;
}>;

const ru: Words = {
  secure: ['Подтвердить в банке (3-D Secure)', 'Откроется страница банка'],
  debitFail: ['Списание со счёта не удастся', 'Счёт закрыт сразу, отказ банка придёт через минуту'],
  underway: ['Деньги в пути', 'Банк проводит списание. Платить ещё раз не нужно.'],
  bankAsks: 'Банк просит подтвердить оплату',
  bankHint: 'Здесь можно решить исход одной кнопкой.',
  bankConfirm: 'Подтвердить',
  bankFail: 'Не подтвердить',
  bankLeave: 'Уйти, не ответив',
  reasons: {
    insufficient_funds: 'На карте недостаточно денег.',
    processing_error: 'Банк не ответил.',
    generic_decline: 'Банк отклонил карту.',
    expired_card: 'Срок карты истёк.',
    lost_card: 'Банк отклонил карту.',
    authentication_required: 'Банк не получил подтверждения.',
  },
};

const en: Words = {
  secure: ['Confirm at the bank (3-D Secure)', 'Opens the page of the bank'],
  debitFail: ['A bank debit that will fail', 'The bill closes now, the bank refuses in a minute'],
  underway: ['The money is on its way', 'The bank is taking it. No need to pay again.'],
  bankAsks: 'The bank asks you to confirm',
  bankHint: 'Here one button decides the outcome.',
  bankConfirm: 'Confirm',
  bankFail: 'Fail to confirm',
  bankLeave: 'Leave without an answer',
  reasons: {
    insufficient_funds: 'There is not enough money on the card.',
    processing_error: 'The bank did not answer.',
    generic_decline: 'The bank declined the card.',
    expired_card: 'The card has expired.',
    lost_card: 'The bank declined the card.',
    authentication_required: 'The bank got no confirmation.',
  },
};

const WORDS: Readonly<Record<Language, Words>> = { ru, en };
