/** Screens of the balance: what is there, topping up, paying with it, in both languages. */
import { money } from '@opora/kernel';
import { describeScreens, plans, price, until, type Screen } from '../testing/screens.ts';
import { speech } from '../testing/words.ts';
import { balanceView, topUpSumsView, topUpWaysView } from './balance.view.ts';
import {
  chooseWayView,
  offerBalanceView,
  paidFromBalanceView,
  payLinkView,
} from './checkout.view.ts';

const rub = (minor: bigint) => money(minor, 'RUB');
const versionId = plans[0]?.versionId ?? '';
const paymentId = `pay_${'0'.repeat(26)}`;
const mixed = { part: rub(99_00n), rest: rub(100_00n) };
const offer = { price, versionId, renews: false };
const sums = [200_00n, 500_00n, 1_000_00n, 2_000_00n].map(rub);

const screens: readonly Screen[] = [
  [
    'an empty balance',
    (l) => balanceView(speech[l], { free: [rub(0n)], held: [], entries: [] }),
    [
      'Баланс: 0 ₽\n\nС баланса можно оплатить подписку целиком или часть, а остальное любым способом.',
      ['Пополнить', 'Тарифы', 'Меню'],
    ],
    [
      'Balance: ₽0\n\nYour balance can pay for a subscription, or for a part of it and the rest any way you like.',
      ['Top up', 'Plans', 'Menu'],
    ],
  ],
  [
    'a balance with moves, a part of it set aside',
    (l) =>
      balanceView(speech[l], {
        free: [rub(1_00n), money(150n, 'XTR')],
        held: [rub(99_00n)],
        entries: [
          { at: until, amount: rub(-99_00n), kind: 'hold' },
          { at: until, amount: rub(100_00n), kind: 'payment' },
        ],
      }),
    [
      'Баланс: 1 ₽\nи ещё 150 ★\nОтложено под неоплаченный заказ: 99 ₽. Не оплатите его, вернём сюда же.\n\n−99 ₽: часть оплаты заказа, 24 декабря 2026, 14:00 МСК\n+100 ₽: пополнение, 24 декабря 2026, 14:00 МСК\n\nС баланса можно оплатить подписку целиком или часть, а остальное любым способом.',
      ['Пополнить', 'Тарифы', 'Меню'],
    ],
    [
      'Balance: ₽1\nand 150 ★\nSet aside for an unpaid order: ₽99. If you do not pay it, it comes back here.\n\n−₽99: part of an order, 24 December 2026, 11:00 UTC\n+₽100: top-up, 24 December 2026, 11:00 UTC\n\nYour balance can pay for a subscription, or for a part of it and the rest any way you like.',
      ['Top up', 'Plans', 'Menu'],
    ],
  ],
  [
    'ways to top up',
    (l) =>
      topUpWaysView(speech[l], { ways: ['yookassa', 'stars', 'tkassa', 'paypal'], resting: [] }),
    [
      'Пополнение баланса\nКак удобнее заплатить?',
      ['Карта или СБП · Telegram Stars', 'Т-Касса · PayPal', 'Баланс · Меню'],
    ],
    [
      'Top up your balance\nHow would you like to pay?',
      ['Card or SBP · Telegram Stars', 'T-Kassa · PayPal', 'Balance · Menu'],
    ],
  ],
  [
    'sums of a top-up',
    (l) => topUpSumsView(speech[l], { way: 'yookassa', sums, hasOtherWays: true }),
    [
      'Пополнение баланса, ЮKassa\nНа сколько пополнить? Деньги останутся вашими, пока вы их не потратите.',
      ['200 ₽ · 500 ₽', '1 000 ₽ · 2 000 ₽', 'Другой способ', 'Меню'],
    ],
    [
      'Top up your balance, YooKassa\nBy how much? The money stays yours until you spend it.',
      ['₽200 · ₽500', '₽1,000 · ₽2,000', 'Another way', 'Menu'],
    ],
  ],
  [
    'a balance that pays it all',
    (l) => offerBalanceView(speech[l], { ...offer, balance: rub(500_00n), mixed: undefined }),
    [
      'На балансе 500 ₽, этого хватает. Спишем с него 199 ₽.',
      ['Оплатить с баланса', 'Другой способ', 'Другой срок', 'Меню'],
    ],
    [
      'Your balance is ₽500, enough for this. We take ₽199 from it.',
      ['Pay from the balance', 'Another way', 'Other term', 'Menu'],
    ],
  ],
  [
    'a balance that pays a part: the sum left is said before the button',
    (l) => offerBalanceView(speech[l], { ...offer, balance: rub(120_00n), mixed }),
    [
      'На балансе 120 ₽, а нужно 199 ₽.\nВозьмём с баланса 99 ₽, останется доплатить 100 ₽. Не доплатите, 99 ₽ вернутся на баланс.',
      ['Доплатить 100 ₽', 'Не тратить баланс', 'Другой срок', 'Меню'],
    ],
    [
      'Your balance is ₽120, the price ₽199.\nWe take ₽99 from the balance, ₽100 is left to pay. If you do not pay it, the balance gets its part back.',
      ['Pay the remaining ₽100', 'Keep the balance', 'Other term', 'Menu'],
    ],
  ],
  [
    'ways to pay the rest',
    (l) =>
      chooseWayView(speech[l], {
        price: mixed.rest,
        ways: [{ provider: 'yookassa', price: mixed.rest }],
        resting: ['tkassa'],
        how: { renews: false, mixed: true },
      }),
    [
      'Как удобнее доплатить 100 ₽?\n\n⚠️ Т-Касса сейчас не принимает оплату. Выберите другой способ или вернитесь позже.',
      ['Карта или СБП', 'Другой срок', 'Меню'],
    ],
    [
      'How would you like to pay the remaining ₽100?\n\n⚠️ T-Kassa cannot take payments right now. Choose another way, or come back later.',
      ['Card or SBP', 'Other term', 'Menu'],
    ],
  ],
  [
    'the bill of the rest',
    (l) =>
      payLinkView(speech[l], {
        ...{ paymentId, checkoutUrl: 'https://pay.example/1', deadline: until },
        ...{ price: mixed.rest, part: mixed.part, other: { type: 'waysmix', id: versionId } },
      }),
    [
      'Счёт на 100 ₽ готов, ещё 99 ₽ отложены с вашего баланса. Ссылка действует до 24 декабря 2026, 14:00 МСК.\nНе оплатите, 99 ₽ вернутся на баланс.',
      ['Перейти к оплате', 'Проверить · Другой способ', 'Меню'],
    ],
    [
      'Your bill for ₽100 is ready; ₽99 more is set aside from your balance. The link works until 24 December 2026, 11:00 UTC.\nIf you do not pay, ₽99 goes back to your balance.',
      ['Go to payment', 'Check · Another way', 'Menu'],
    ],
  ],
  [
    'paid from the balance',
    (l) => paidFromBalanceView(speech[l], { price, left: rub(301_00n), paymentId }),
    [
      '✅ Оплачено с баланса: 199 ₽\nОсталось на балансе: 301 ₽. Доступ готовим, напишем сами: обычно через минуту.',
      ['Проверить', 'Поддержка', 'Меню'],
    ],
    [
      '✅ Paid from the balance: ₽199\nLeft on the balance: ₽301. We are preparing access and write to you: usually within a minute.',
      ['Check', 'Support', 'Menu'],
    ],
  ],
];

describeScreens(screens);
