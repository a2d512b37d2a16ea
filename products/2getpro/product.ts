/** 2GETPRO: a VPN subscription. Data only; checked when it is loaded. */
import { brand } from './brand/brand.ts';
import { connect } from './connect.ts';
import { en } from './locales/en.ts';
import { ru } from './locales/ru.ts';
import { plans } from './plans.ts';
import { questions } from './questions.ts';

export const product = {
  slug: '2getpro',
  name: brand.name,
  promise: {
    ru: 'Свободный интернет на всех ваших устройствах: оплатили, и через минуту работает.',
    en: 'The open internet on all your devices: pay, and it works a minute later.',
  },
  proof: {
    ru: 'До 3 устройств, трафик без ограничений, возврат денег в течение 7 дней.',
    en: 'Up to 3 devices, unlimited traffic, your money back within 7 days.',
  },
  description: {
    ru:
      'Подписка на VPN для телефона и компьютера.\n\n' +
      '• до 3 устройств, трафик без ограничений\n' +
      '• ссылка для подключения приходит сюда через минуту после оплаты\n' +
      '• поддержка отвечает в Telegram\n\n' +
      'Нажмите «Старт», чтобы выбрать тариф.',
    en:
      'A VPN subscription for your phone and computer.\n\n' +
      '• up to 3 devices, unlimited traffic\n' +
      '• your connection link arrives here a minute after you pay\n' +
      '• support answers in Telegram\n\n' +
      'Press Start to choose a plan.',
  },
  shortDescription: {
    ru: 'VPN для телефона и компьютера: до 3 устройств, трафик без ограничений.',
    en: 'VPN for your phone and computer: up to 3 devices, unlimited traffic.',
  },
  supportUrl: 'https://t.me/getpro2_support',
  brand,
  currency: 'RUB',
  ways: ['yookassa', 'tkassa', 'freekassa', 'stars', 'cryptopay', 'tribute', 'stripe', 'paypal'],
  renewals: true,
  // What is left of an order's days goes with its money, and comes back when a dispute is won.
  policy: { onRefund: 'immediately', onDispute: 'immediately' },
  plans,
  connect,
  questions,
  terms: {
    ru:
      'Подписка открывает доступ на оплаченный срок. Сама она продлевается, только если вы включили автопродление; ' +
      'его можно выключить, а карту убрать в любой момент. ' +
      'Продление добавляется к сроку. Одна подписка работает на 3 устройствах одновременно.\n' +
      'Не подошло? Напишите в поддержку в течение 7 дней после оплаты, вернём деньги тем же способом. ' +
      'Позже возвращаем неиспользованный остаток, если доступ не работал по нашей вине.',
    en:
      'A subscription gives access for the term you paid. It renews itself only if you switched that on; ' +
      'you can switch it off and remove the card at any time. ' +
      'Extending adds to the term. One subscription works on 3 devices at once.\n' +
      'Not for you? Write to support within 7 days of paying and we refund you the same way. ' +
      'Later we refund the unused remainder if access failed through our fault.',
  },
  locales: { ru, en },
};
