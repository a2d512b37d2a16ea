import type { Language } from '@opora/kernel';
import type { PartName, PartState } from './health.ts';

const ru = {
  title: 'Состояние',
  overall: {
    works: 'Всё работает',
    partly: 'Работает, но медленнее обычного',
    down: 'Есть неполадка, мы её чиним',
    unknown: 'Состояние проверяется',
  } satisfies Record<PartState, string>,
  safe: 'Оплаченное не пропадает: деньги записаны, доступ выдаётся, как только всё поднимется.',
  parts: {
    buying: 'Покупка',
    access: 'Выдача доступа',
    bot: 'Бот',
    cabinet: 'Кабинет',
    payments: 'Оплата',
  } satisfies Record<PartName, string>,
  states: {
    works: 'работает',
    partly: 'работает частично',
    down: 'не работает',
    unknown: 'проверяется',
  } satisfies Record<PartState, string>,
  asOf: 'на',
  renews: 'обновляется само каждые 30 секунд',
  silent: 'Наблюдатель не отвечает',
  silentSafe: 'Страница открылась, значит сайт работает; остальное узнаем, когда он ответит.',
  support: 'Написать в поддержку',
};

const en: typeof ru = {
  title: 'Status',
  overall: {
    works: 'Everything works',
    partly: 'It works, but slower than usual',
    down: 'Something is wrong, and we are mending it',
    unknown: 'The state is being checked',
  },
  safe: 'Nothing paid for is lost: money is written down, access comes as soon as all is up.',
  parts: {
    buying: 'Buying',
    access: 'Access',
    bot: 'Bot',
    cabinet: 'Cabinet',
    payments: 'Payments',
  },
  states: { works: 'works', partly: 'works in part', down: 'does not work', unknown: 'checking' },
  asOf: 'as of',
  renews: 'renews by itself every 30 seconds',
  silent: 'The monitor does not answer',
  silentSafe: 'This page opened, so the site works; the rest is known when it answers.',
  support: 'Write to support',
};

export const statusWords: Readonly<Record<Language, typeof ru>> = { ru, en };
