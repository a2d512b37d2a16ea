import type { Language } from '@opora/kernel';

const ru = {
  title: 'Предохранители',
  why: 'Вокруг каждой системы, от которой мы зависим, и каждой нашей службы за шлюзом. В каждом процессе свой; здесь худшее слово из всех.',
  columns: {
    name: 'Система',
    state: 'Состояние',
    processes: 'По процессам',
    forced: 'Держим',
    act: 'Действие',
  },
  states: { closed: 'замкнут', open: 'разомкнут', half_open: 'пробует', unknown: 'неизвестно' },
  held: { open: 'разомкнут', closed: 'замкнут' },
  since: 'с',
  until: 'до',
  fields: { position: 'Положение', minutes: 'На сколько минут (до 1440)' },
  positions: {
    open: 'разомкнуть: вызовов нет',
    closed: 'замкнуть: вызовы идут',
    released: 'отпустить',
  },
};

const en: typeof ru = {
  title: 'Breakers',
  why: 'Round each system we depend on and each service of ours behind the gateway. One in every process; here is the worst word of any.',
  columns: {
    name: 'System',
    state: 'State',
    processes: 'By process',
    forced: 'Held',
    act: 'Act',
  },
  states: { closed: 'closed', open: 'open', half_open: 'half-open', unknown: 'unknown' },
  held: { open: 'open', closed: 'closed' },
  since: 'since',
  until: 'until',
  fields: { position: 'Position', minutes: 'For how many minutes (up to 1440)' },
  positions: { open: 'open: no call goes', closed: 'closed: calls go', released: 'release' },
};

export const breakerWords: Readonly<Record<Language, typeof ru>> = { ru, en };
