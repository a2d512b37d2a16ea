import type { Language } from '@opora/kernel';
import { englishCount, russianCount } from '../../shared/words/plural.ts';

const ru = {
  openTelegram: 'Открыть в Telegram',
  plans: 'Тарифы',
  plansLead: 'Выбранный тариф откроется в Telegram: там же оплата и ссылка для подключения.',
  choose: 'Выбрать',
  chooseOf: (title: string) => `тариф «${title}»`,
  perMonth: (sum: string) => `${sum} в месяц`,
  saving: (sum: string) => `экономия ${sum}`,
  also: (sums: string) => `или ${sums}`,
  term: 'Срок',
  days: (count: number) => russianCount(count, { one: 'день', few: 'дня', many: 'дней' }),
  devices: 'Устройства',
  devicesUpTo: (count: number) =>
    `до ${russianCount(count, { one: 'устройства', few: 'устройств', many: 'устройств' })}`,
  traffic: 'Трафик',
  trafficOf: (volume: string) => `${volume} трафика`,
  trafficUnlimited: 'трафик без ограничений',
  steps: 'Как это работает',
  stepList: [
    { title: 'Выберите тариф', text: 'Кнопка откроет бота в Telegram с этим тарифом.' },
    { title: 'Оплатите', text: 'Сумму и срок вы видите до оплаты.' },
    { title: 'Подключитесь', text: 'Ссылка приходит в тот же чат, обычно за минуту.' },
  ],
  questions: 'Вопросы',
  moreQuestions: 'Не нашли своего?',
  askSupport: 'Спросите поддержку',
  noPlans: 'Сейчас тарифы не продаются',
  noPlansWhy: 'Новых тарифов пока нет. Действующие подписки работают как обычно.',
  staleAsOf: (time: string) => `Данные на ${time}, обновляем`,
  staleSafe: 'Окончательную сумму бот покажет перед оплатой.',
  absent: 'Тарифы сейчас не загрузились',
  absentSafe: 'Ваш доступ и деньги в сохранности.',
  absentStep: 'Повторите через минуту.',
};

const en: typeof ru = {
  openTelegram: 'Open in Telegram',
  plans: 'Plans',
  plansLead: 'The plan you choose opens in Telegram: you pay there and get your connection link.',
  choose: 'Choose',
  chooseOf: (title) => `the plan “${title}”`,
  perMonth: (sum) => `${sum} a month`,
  saving: (sum) => `saves ${sum}`,
  also: (sums) => `or ${sums}`,
  term: 'Term',
  days: (count) => englishCount(count, { one: 'day', other: 'days' }),
  devices: 'Devices',
  devicesUpTo: (count) => `up to ${englishCount(count, { one: 'device', other: 'devices' })}`,
  traffic: 'Traffic',
  trafficOf: (volume) => `${volume} of traffic`,
  trafficUnlimited: 'unlimited traffic',
  steps: 'How it works',
  stepList: [
    { title: 'Choose a plan', text: 'The button opens the Telegram bot with that plan.' },
    { title: 'Pay', text: 'You see the sum and the term before you pay.' },
    { title: 'Connect', text: 'The link arrives in the same chat, usually within a minute.' },
  ],
  questions: 'Questions',
  moreQuestions: 'Yours is not here?',
  askSupport: 'Ask support',
  noPlans: 'No plans are on sale now',
  noPlansWhy: 'There are no new plans yet. Current subscriptions work as usual.',
  staleAsOf: (time) => `As of ${time}, renewing`,
  staleSafe: 'The bot shows the final sum before you pay.',
  absent: 'The plans did not load just now',
  absentSafe: 'Your access and money are safe.',
  absentStep: 'Try again in a minute.',
};

export type ProductWords = typeof ru;
export const productWords: Readonly<Record<Language, ProductWords>> = { ru, en };
