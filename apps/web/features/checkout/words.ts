import type { Language } from '@opora/kernel';

const ru = {
  title: 'Какой срок удобнее?',
  step: (step: string) => `Шаг ${step} из 2`,
  plans: 'Тарифы',
  facts: (devices: string, traffic: string) => `${devices}, ${traffic}`,
  next: 'Дальше',
  back: 'Другой срок',
  methodTitle: 'Как удобнее оплатить?',
  methods: 'Способы оплаты',
  resting: 'Сейчас отдыхает: выберите другой способ или вернитесь позже',
  inTelegram: 'Откроется Telegram, оплата пройдёт в нём. Потом вернитесь сюда',
  pay: (sum: string) => `Оплатить ${sum}`,
  payRest: (sum: string) => `Доплатить ${sum}`,
  balance: 'С баланса',
  balanceHas: (sum: string) => `На нём ${sum}, этого хватает`,
  payBalance: (sum: string) => `Оплатить ${sum} с баланса`,
  balanceWhere: 'Спишем с баланса сразу, вводить ничего не нужно.',
  balanceShort: (sum: string, short: string) => `На балансе ${sum}, не хватает ${short}.`,
  topUp: 'Пополнить баланс',
  useBalance: (part: string) => `Списать ${part} с баланса`,
  useBalanceHow: (balance: string, rest: string) =>
    `На балансе ${balance}. Останется доплатить ${rest}; не доплатите, списанное вернётся на баланс.`,
  wholeOnly: 'Платит только целиком, без баланса',
  renew: 'Продлевать автоматически',
  renewHow: (sum: string, date: string) =>
    `Спишем ${sum} за день до конца срока, в первый раз около ${date}, и так каждый срок. За три дня предупредим. Выключить и убрать способ оплаты можно в любой момент в кабинете.`,
  opening: 'Открываем оплату',
  where: 'Оплата пройдёт на странице платёжной системы. Карту мы не видим и не храним.',
  extends: 'Если подписка уже есть, новый срок добавится к ней: дни не сгорят.',
  noMethods: 'Сейчас оплатить нечем',
  noMethodsWhy: 'Способы оплаты временно не работают. Ваш доступ не изменился.',
  later: 'Повторить',
  gone: 'Такого тарифа больше нет',
  goneWhy: 'Цена или срок изменились. Выберите заново: деньги не списаны.',
  unreachable: 'Ответа пока нет',
  unreachableSafe:
    'Деньги не списаны: оплата ещё не открывалась. Нажмите ещё раз, второй заказ не появится.',
  requestId: 'Номер для поддержки',
  states: {
    waiting: 'Ждём оплату',
    unknown: 'Уточняем оплату',
    declined: 'Оплата не прошла',
    preparing: 'Оплачено, готовим доступ',
    ready: 'Оплачено',
    expired: 'Счёт закрыт без оплаты',
    on_balance: 'Деньги на балансе',
  },
  texts: {
    waiting:
      'Обычно это занимает до минуты, страница изменится сама. Если вы уже заплатили, ничего не делайте: платёж не потеряется.',
    unknown:
      'Платёжная система пока не ответила, мы спрашиваем её сами. Если деньги списались, они не потеряются: платить ещё раз не нужно.',
    preparing:
      'Деньги у нас. Обычно доступ готов через минуту, страница изменится сама. Платить ещё раз не нужно.',
    expired: 'Деньги не списаны. Чтобы купить, выберите тариф заново.',
    on_balance:
      'Оплата пришла, но вместе с балансом на заказ её уже не хватает. Она целиком лежит на балансе: заплатите с него или попросите возврат в поддержке.',
  },
  declined: (reason: string, deadline: string) =>
    `Причина: ${reason}. Деньги не списаны, заказ сохранён до ${deadline}.`,
  readyTopUp: 'Деньги на балансе. С него можно оплатить подписку целиком или часть.',
  toBalance: 'К балансу',
  ready: (date: string) => `Доступ работает до ${date}. Подключите устройство: это три шага.`,
  order: (id: string) => `Заказ ${id}`,
  goPay: 'Перейти к оплате',
  again: 'Попробовать ещё раз',
  choose: 'Выбрать тариф',
  connect: 'Подключить устройство',
  toSubscriptions: 'К подпискам',
  support: 'Написать в поддержку',
};

const en: typeof ru = {
  title: 'Which term suits you?',
  step: (step) => `Step ${step} of 2`,
  plans: 'Plans',
  facts: (devices, traffic) => `${devices}, ${traffic}`,
  next: 'Continue',
  back: 'Another term',
  methodTitle: 'How would you like to pay?',
  methods: 'Ways to pay',
  resting: 'Resting now: choose another way or come back later',
  inTelegram: 'Opens Telegram and is paid there. Then come back here',
  pay: (sum) => `Pay ${sum}`,
  payRest: (sum) => `Pay the remaining ${sum}`,
  balance: 'From the balance',
  balanceHas: (sum) => `${sum} is there, enough for this`,
  payBalance: (sum) => `Pay ${sum} from the balance`,
  balanceWhere: 'We take it from your balance at once; there is nothing to enter.',
  balanceShort: (sum, short) => `Your balance is ${sum}, ${short} short.`,
  topUp: 'Top up the balance',
  useBalance: (part) => `Take ${part} from the balance`,
  useBalanceHow: (balance, rest) =>
    `Your balance is ${balance}. ${rest} is left to pay; if you do not pay it, the balance gets its part back.`,
  wholeOnly: 'Pays the whole price only, without the balance',
  renew: 'Renew automatically',
  renewHow: (sum, date) =>
    `We charge ${sum} a day before the term ends, first around ${date}, and so each term. We tell you three days ahead. Switch it off and remove the way to pay at any time in your account.`,
  opening: 'Opening the payment page',
  where: 'You pay on the page of the payment service. We neither see nor keep your card.',
  extends: 'If you have a subscription, the new term is added to it: no days are lost.',
  noMethods: 'There is no way to pay right now',
  noMethodsWhy: 'The ways to pay are out of order for a while. Your access is unchanged.',
  later: 'Try again',
  gone: 'This plan is no longer sold',
  goneWhy: 'Its price or term has changed. Choose again: you were not charged.',
  unreachable: 'No answer yet',
  unreachableSafe:
    'You were not charged: the payment page has not opened. Press again; there will be no second order.',
  requestId: 'Number for support',
  states: {
    waiting: 'Awaiting your payment',
    unknown: 'Checking your payment',
    declined: 'The payment did not go through',
    preparing: 'Paid, preparing your access',
    ready: 'Paid',
    expired: 'The bill is closed without a payment',
    on_balance: 'Your money is on the balance',
  },
  texts: {
    waiting:
      'It usually takes up to a minute; the page changes by itself. If you have paid, do nothing: the payment will not be lost.',
    unknown:
      'The payment service has not answered yet; we keep asking it. If you were charged, the money will not be lost: there is no need to pay again.',
    preparing:
      'We have the money. Access is usually ready within a minute; the page changes by itself. There is no need to pay again.',
    expired: 'You were not charged. To buy, choose a plan again.',
    on_balance:
      'The payment came, but together with the balance it does not cover the order any more. All of it is on your balance: pay with it, or ask support for a refund.',
  },
  declined: (reason, deadline) =>
    `Reason: ${reason}. You were not charged; your order is kept until ${deadline}.`,
  readyTopUp: 'The money is on your balance. It can pay for a subscription, or for a part of it.',
  toBalance: 'To the balance',
  ready: (date) => `Access works until ${date}. Connect a device: it takes three steps.`,
  order: (id) => `Order ${id}`,
  goPay: 'Go to payment',
  again: 'Try again',
  choose: 'Choose a plan',
  connect: 'Connect a device',
  toSubscriptions: 'To my subscriptions',
  support: 'Write to support',
};

export const checkoutWords: Readonly<Record<Language, typeof ru>> = { ru, en };
