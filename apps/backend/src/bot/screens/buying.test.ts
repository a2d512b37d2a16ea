/** Screens from the first greeting to the bill, in both languages. */
import { money } from '@opora/kernel';
import { describe, expect, it } from 'vitest';
import { labels } from '../testing/manners.ts';
import {
  describeScreens,
  paymentId,
  plans,
  price,
  until,
  type Screen,
} from '../testing/screens.ts';
import { product, speech } from '../testing/words.ts';
import { toKeyboard, type View } from '../view.ts';
import {
  billClosedView,
  chooseWayView,
  paidPreparingView,
  payLinkView,
  payUnavailableView,
  waitingView,
} from './checkout.view.ts';
import { menuView, preparingView, startView } from './home.view.ts';
import { plansView, priceView } from './plans.view.ts';
import { devicesView } from './subscription.view.ts';

const plan = plans[1] ?? plans[0];
if (plan === undefined) throw new Error('the product has no plans');
const bill = { paymentId, checkoutUrl: 'https://pay.example/1' };
const how = { renews: false, mixed: false };

const card = { provider: 'yookassa', price };
const inStars = { provider: 'stars', price: money(150n, 'XTR') };
const crypto = { provider: 'cryptopay', price };
const tribute = { provider: 'tribute', price };

const screens: readonly Screen[] = [
  [
    'start for somebody new',
    (l) => startView(speech[l], { product, name: 'Olga', standing: { state: 'none' } }),
    [
      `2GETPRO\n${product.promise.ru}\n\nВыберите тариф, оплатите, и через минуту пришлём ссылку для подключения.`,
      ['Тарифы', 'Поддержка', 'Меню'],
    ],
    [
      `2GETPRO\n${product.promise.en}\n\nChoose a plan, pay, and your connection link arrives within a minute.`,
      ['Plans', 'Support', 'Menu'],
    ],
  ],
  [
    'start for a customer',
    (l) =>
      startView(speech[l], {
        product,
        name: 'Olga',
        standing: { state: 'active', until, daysLeft: 3 },
      }),
    [
      'С возвращением, Olga.\nПодписка работает до 24 декабря 2026, 14:00 МСК, осталось 3 дня.',
      ['Подключить · Продлить', 'Меню'],
    ],
    [
      'Welcome back, Olga.\nYour subscription works until 24 December 2026, 11:00 UTC, 3 days left.',
      ['Connect · Extend', 'Menu'],
    ],
  ],
  [
    'start after the end',
    (l) =>
      startView(speech[l], { product, name: 'Olga', standing: { state: 'expired', at: until } }),
    [
      'С возвращением, Olga.\nДоступ закончился 24 декабря 2026, 14:00 МСК. Ссылка и устройства сохранены: после оплаты всё заработает само.',
      ['Вернуть доступ', 'Поддержка', 'Меню'],
    ],
    [
      'Welcome back, Olga.\nYour access ended on 24 December 2026, 11:00 UTC. Your link and devices are kept: pay, and all works again.',
      ['Restore access', 'Support', 'Menu'],
    ],
  ],
  [
    'preparing',
    (l) => preparingView(speech[l]),
    [
      '⏳ Доступ готовится\nДеньги у нас. Обычно это занимает минуту, ссылку пришлём сами. Платить ещё раз не нужно.',
      ['Проверить ещё раз', 'Поддержка', 'Меню'],
    ],
    [
      '⏳ Access is being prepared\nWe have the money. It usually takes a minute and we send the link ourselves. No need to pay again.',
      ['Check again', 'Support', 'Menu'],
    ],
  ],
  [
    'menu',
    (l) => menuView(speech[l], { product }),
    [
      '2GETPRO\nЧто сделать?',
      [
        'Моя подписка',
        'Тарифы · Подключить',
        'Баланс · Мой кабинет',
        'Язык · Поддержка',
        'Условия',
      ],
    ],
    [
      '2GETPRO\nWhat would you like to do?',
      ['My subscription', 'Plans · Connect', 'Balance · My account', 'Language · Support', 'Terms'],
    ],
  ],
  [
    'help',
    (l) => menuView(speech[l], { product, isHelp: true }),
    [
      'Я понимаю кнопки и команды. Вот что можно сделать:',
      [
        'Моя подписка',
        'Тарифы · Подключить',
        'Баланс · Мой кабинет',
        'Язык · Поддержка',
        'Условия',
      ],
    ],
    [
      'I understand buttons and commands. Here is what you can do:',
      ['My subscription', 'Plans · Connect', 'Balance · My account', 'Language · Support', 'Terms'],
    ],
  ],
  [
    'plans',
    (l) => plansView(speech[l], { plans, until: undefined }),
    [
      'Тарифы\nУстройств: до 3. Трафик: без ограничений.\nВыберите срок:',
      ['1 месяц за 199 ₽', '3 месяца за 537 ₽', '12 месяцев за 1 788 ₽', 'Меню'],
    ],
    [
      'Plans\nDevices: up to 3. Traffic: unlimited.\nChoose a term:',
      ['1 month for ₽199', '3 months for ₽537', '12 months for ₽1,788', 'Menu'],
    ],
  ],
  [
    'plans to extend',
    (l) => plansView(speech[l], { plans: plans.slice(0, 1), until }),
    [
      'Продление\nСейчас доступ до 24 декабря 2026, 14:00 МСК. Новый срок добавится к нему: дни не сгорят.\nВыберите срок:',
      ['1 месяц за 199 ₽', 'Меню'],
    ],
    [
      'Extend\nYou have access until 24 December 2026, 11:00 UTC. The new term is added to it: no days are lost.\nChoose a term:',
      ['1 month for ₽199', 'Menu'],
    ],
  ],
  [
    'no plans',
    (l) => plansView(speech[l], { plans: [], until: undefined }),
    [
      'Сейчас тарифы не продаются. Действующие подписки работают как обычно.',
      ['Поддержка', 'Меню'],
    ],
    ['No plans are on sale now. Current subscriptions work as usual.', ['Support', 'Menu']],
  ],
  [
    'price',
    (l) => priceView(speech[l], { plan, until, isExtension: false, renews: undefined }),
    [
      '3 месяца, 537 ₽\nДоступ будет до 24 декабря 2026, 14:00 МСК. Это 179 ₽ в месяц.\nПравила возврата: /terms',
      ['Оплатить 537 ₽', 'Другой срок', 'Меню'],
    ],
    [
      '3 months, ₽537\nAccess until 24 December 2026, 11:00 UTC. That is ₽179 a month.\nRefund rules: /terms',
      ['Pay ₽537', 'Other term', 'Menu'],
    ],
  ],
  [
    'price of an extension',
    (l) => priceView(speech[l], { plan, until, isExtension: true, renews: undefined }),
    [
      '3 месяца, 537 ₽\nСрок добавится к вашему: доступ будет до 24 декабря 2026, 14:00 МСК. Это 179 ₽ в месяц.\nПравила возврата: /terms',
      ['Оплатить 537 ₽', 'Другой срок', 'Меню'],
    ],
    [
      '3 months, ₽537\nThe term is added to yours: access until 24 December 2026, 11:00 UTC. That is ₽179 a month.\nRefund rules: /terms',
      ['Pay ₽537', 'Other term', 'Menu'],
    ],
  ],
  [
    'price with the consent to renewals ticked',
    (l) => priceView(speech[l], { plan, until, isExtension: false, renews: true }),
    [
      '3 месяца, 537 ₽\nДоступ будет до 24 декабря 2026, 14:00 МСК. Это 179 ₽ в месяц.\nПравила возврата: /terms\n\n🔁 Автопродление: 537 ₽ за 3 месяца. Спишем за день до конца срока, предупредим за три дня. Способ оплаты сохранится. Выключить можно в любой момент: /subscription',
      ['Оплатить 537 ₽', '☑ Продлевать автоматически', 'Другой срок', 'Меню'],
    ],
    [
      '3 months, ₽537\nAccess until 24 December 2026, 11:00 UTC. That is ₽179 a month.\nRefund rules: /terms\n\n🔁 Automatic renewal: ₽537 for 3 months. We charge a day before the term ends and tell you three days ahead. The way you pay is kept. Switch it off at any time: /subscription',
      ['Pay ₽537', '☑ Renew automatically', 'Other term', 'Menu'],
    ],
  ],
  [
    'ways to pay',
    (l) => chooseWayView(speech[l], { price, ways: [card], resting: [], how }),
    ['Как удобнее оплатить 199 ₽?', ['Карта или СБП', 'Другой срок', 'Меню']],
    ['How would you like to pay ₽199?', ['Card or SBP', 'Other term', 'Menu']],
  ],
  [
    'ways to pay, one of them resting',
    (l) => chooseWayView(speech[l], { price, ways: [], resting: ['yookassa'], how }),
    [
      'Как удобнее оплатить 199 ₽?\n\n⚠️ ЮKassa сейчас не принимает оплату. Выберите другой способ или вернитесь позже.',
      ['Другой срок', 'Меню'],
    ],
    [
      'How would you like to pay ₽199?\n\n⚠️ YooKassa cannot take payments right now. Choose another way, or come back later.',
      ['Other term', 'Menu'],
    ],
  ],
  [
    'more ways to pay than a column holds, one in a currency of its own',
    (l) =>
      chooseWayView(speech[l], {
        price,
        ways: [card, inStars, crypto, tribute],
        resting: [],
        how,
      }),
    [
      'Как удобнее оплатить 199 ₽?\nTelegram Stars: 150 ★',
      ['Карта или СБП · Telegram Stars', 'Криптовалюта · Tribute', 'Другой срок', 'Меню'],
    ],
    [
      'How would you like to pay ₽199?\nTelegram Stars: 150 ★',
      ['Card or SBP · Telegram Stars', 'Crypto · Tribute', 'Other term', 'Menu'],
    ],
  ],
  [
    'as many ways to pay as there are',
    (l) =>
      chooseWayView(speech[l], {
        price,
        ways: [card, inStars, crypto, tribute, card, inStars, crypto, tribute],
        resting: [],
        how,
      }),
    [
      'Как удобнее оплатить 199 ₽?\nTelegram Stars: 150 ★\nTelegram Stars: 150 ★',
      [
        'Карта или СБП · Telegram Stars',
        'Криптовалюта · Tribute',
        'Карта или СБП · Telegram Stars',
        'Криптовалюта · Tribute',
        'Другой срок · Меню',
      ],
    ],
    [
      'How would you like to pay ₽199?\nTelegram Stars: 150 ★\nTelegram Stars: 150 ★',
      [
        'Card or SBP · Telegram Stars',
        'Crypto · Tribute',
        'Card or SBP · Telegram Stars',
        'Crypto · Tribute',
        'Other term · Menu',
      ],
    ],
  ],
  [
    'the bill',
    (l) =>
      payLinkView(speech[l], {
        ...bill,
        price,
        deadline: until,
        other: { type: 'plans' },
        part: undefined,
      }),
    [
      'Счёт на 199 ₽ готов. Ссылка действует до 24 декабря 2026, 14:00 МСК.\nКак только деньги придут, мы напишем сами.',
      ['Перейти к оплате', 'Проверить · Другой срок', 'Меню'],
    ],
    [
      'Your bill for ₽199 is ready. The link works until 24 December 2026, 11:00 UTC.\nWe write to you as soon as the money arrives.',
      ['Go to payment', 'Check · Other term', 'Menu'],
    ],
  ],
  [
    'waiting',
    (l) => waitingView(speech[l], bill),
    [
      '⏳ Оплаты пока не видно. Обычно это занимает до минуты.\nЕсли вы уже заплатили, ничего не делайте: платёж не потеряется.',
      ['Проверить ещё раз', 'Перейти к оплате', 'Поддержка', 'Меню'],
    ],
    [
      '⏳ We do not see the payment yet. It usually takes up to a minute.\nIf you have paid, do nothing: the payment will not be lost.',
      ['Check again', 'Go to payment', 'Support', 'Menu'],
    ],
  ],
  [
    'paid, access is coming',
    (l) => paidPreparingView(speech[l], { price, paymentId }),
    [
      '✅ Оплачено: 199 ₽\nДеньги у нас, доступ готовим: сервер доступа отвечает с задержкой.\nПришлём ссылку сами, платить ещё раз не нужно.',
      ['Проверить', 'Поддержка', 'Меню'],
    ],
    [
      '✅ Paid: ₽199\nWe have the money and are preparing access: the access server is slow to answer.\nWe will send the link; no need to pay again.',
      ['Check', 'Support', 'Menu'],
    ],
  ],
  [
    'a closed bill',
    (l) => billClosedView(speech[l]),
    [
      'Этот счёт закрыт без оплаты: деньги не списаны.\nЧтобы купить, выберите срок заново.',
      ['Тарифы', 'Поддержка', 'Меню'],
    ],
    [
      'This bill was closed without a payment: you were not charged.\nTo buy, choose a term again.',
      ['Plans', 'Support', 'Menu'],
    ],
  ],
  [
    'payment service out of reach',
    (l) => payUnavailableView(speech[l], 'yookassa'),
    [
      '⚠️ ЮKassa: оплата сейчас не открывается. Деньги не списаны, ваш доступ не изменился.\nПовторите через минуту.',
      ['Повторить', 'Другой срок', 'Меню'],
    ],
    [
      '⚠️ YooKassa: the payment page does not open right now. You were not charged, your access is unchanged.\nTry again in a minute.',
      ['Try again', 'Other term', 'Menu'],
    ],
  ],
];

describeScreens(screens);

describe('the keyboard', () => {
  it('marks the one thing to do, and what takes something away', () => {
    const styles = (view: View) =>
      toKeyboard(view.rows)
        .flat()
        .map(({ style }) => style);
    const primary = (view: View) => styles(view).filter((style) => style === 'primary').length;
    expect(primary(priceView(speech.ru, { plan, until, isExtension: false, renews: false }))).toBe(
      1,
    );
    expect(primary(waitingView(speech.ru, bill))).toBe(1);
    const devices = [{ name: 'iPhone', key: 'a1b2c3d4e5f6' }];
    expect(styles(devicesView(speech.ru, { devices, limit: 3 }))).toContain('danger');
  });

  it('leaves the consent to renewals unticked until it is asked for, and keeps it on the way', () => {
    const price = (renews: boolean) =>
      priceView(speech.ru, { plan, until, isExtension: false, renews }).rows;
    expect(price(false)[0]?.[0]).toMatchObject({ action: { type: 'pay' } });
    expect(price(false)[1]?.[0]).toMatchObject({ action: { type: 'priceauto' } });
    expect(price(true)[0]?.[0]).toMatchObject({ action: { type: 'payauto' } });
    expect(price(true)[1]?.[0]).toMatchObject({ action: { type: 'price' } });
  });

  it('offers another way only where there is one', () => {
    const view = payLinkView(speech.ru, {
      ...bill,
      price,
      deadline: until,
      other: { type: 'pay', id: plan.versionId },
      part: undefined,
    });
    expect(labels(view)[1]).toBe('Проверить · Другой способ');
  });
});
