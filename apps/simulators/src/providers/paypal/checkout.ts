import type { Language } from '@opora/kernel';
import { press } from '../checkout-parts.ts';
import type { Checkout } from '../checkout-shell.ts';
import { markup } from '../page.ts';
import { ActRefused } from '../till.ts';
import { captureOf, type Merchant } from './merchant.ts';
import { approve } from './paying.ts';
import { Refusal } from './refusal.ts';

/** The payer's page of PayPal: they approve, and the shop takes the money, or cannot. */
export const checkoutOf = (merchant: Merchant): Checkout => ({
  vendor: 'paypal',
  title: 'PayPal',
  shop: 'merchant@business.example.com',
  methods: [
    {
      id: 'paypal',
      label: { ru: 'Кошелёк buyer@personal.example.com', en: 'Wallet buyer@personal.example.com' },
    },
  ],
  more(_bill, { language }) {
    const [label, note] = WORDS[language].review;
    return markup`${press({ act: 'review', testId: 'pay-review', label, note })}`;
  },
  outcome({ id, state }, language) {
    const order = merchant.orders.find(id);
    if (order === undefined || state !== 'held') return undefined;
    const { approved, pending } = WORDS[language];
    return captureOf(merchant, order) === undefined ? approved : pending;
  },
  press({ id }, fields) {
    if (fields.get('act') !== 'review') return {};
    try {
      approve(merchant, id, 'review');
    } catch (error) {
      throw error instanceof Refusal ? new ActRefused(error.message) : error;
    }
    return { done: 'review' };
  },
});

type Titled = readonly [title: string, text: string];
type Words = Readonly<Record<'review' | 'approved' | 'pending', Titled>>;

const ru: Words = {
  review: ['Одобрить, деньги уйдут на проверку', 'Списание будет PENDING, решение придёт позже'],
  approved: ['Вы одобрили оплату', 'Магазин спишет деньги сам. Платить ещё раз не нужно.'],
  pending: ['Платёж на проверке', 'PayPal проверяет платёж. Платить ещё раз не нужно.'],
};

const en: Words = {
  review: [
    'Approve, the money goes under review',
    'The capture stays PENDING and is decided later',
  ],
  approved: ['You approved the payment', 'The shop takes the money itself. No need to pay again.'],
  pending: ['The payment is under review', 'PayPal looks into it. No need to pay again.'],
};

const WORDS: Readonly<Record<Language, Words>> = { ru, en };
