import type { Language } from '@opora/kernel';
import type { Tone } from '../../../shared/ui/status.tsx';

export const SYSTEM_TONES: Readonly<Record<string, Tone>> = {
  ok: 'good',
  up: 'good',
  degraded: 'warn',
  not_ready: 'warn',
  down: 'bad',
  unknown: 'plain',
};

const ru = {
  why: 'Каждая служба, как её видит наблюдатель. Работает и тогда, когда вход, API или база не отвечают.',
  asOf: 'на ',
  version: 'версия',
  states: {
    ok: 'всё работает',
    up: 'работает',
    degraded: 'работает не полностью',
    not_ready: 'не готова',
    down: 'не отвечает',
    unknown: 'проверяется',
  },
  byCopy: 'Служба входа не отвечает: наблюдатель знает вас по своей копии, не дольше часа.',
  services: 'Службы',
  columns: {
    name: 'Служба',
    state: 'Состояние',
    since: 'С какого времени',
    latency: 'Ответ',
    breaker: 'Предохранитель',
    restarts: 'Перезапуски',
    act: 'Действие',
  },
  latency: (ms: string) => `${ms} мс`,
  breakers: { closed: 'замкнут', open: 'разомкнут', half_open: 'пробует' },
  asked: 'по просьбе',
  restart: 'Перезапустить…',
  statusPage: 'Страница для покупателей',
  open: 'Открытые инциденты',
  noOpen: {
    title: 'Открытых инцидентов нет. Хорошо.',
    why: 'О новых скажем сразу, в чат и почту.',
  },
  past: 'Закрытые',
  noPast: 'За последние 90 дней инцидентов не было.',
  incident: {
    id: 'Номер',
    level: 'Важность',
    subject: 'Что',
    opened: 'Начался',
    closed: 'Закрыт',
    detail: 'Подробности',
  },
  levels: { warning: 'внимание', critical: 'критично' },
  kinds: {
    crash: 'упала',
    hang: 'зависла',
    down: 'не отвечает',
    gave_up: 'не поднимается',
    not_ready: 'не готова',
    gray: 'зелёная проверка, запросы не проходят',
    slow: 'отвечает медленно',
    watch: 'показатель вышел за предел',
  },
};

const en: typeof ru = {
  why: 'Each service as the monitor sees it. Works also while sign-in, API or database do not answer.',
  asOf: 'as of ',
  version: 'version',
  states: {
    ok: 'everything works',
    up: 'works',
    degraded: 'works in part',
    not_ready: 'not ready',
    down: 'does not answer',
    unknown: 'checking',
  },
  byCopy: 'Auth does not answer: the monitor knows you by its own copy, for an hour at most.',
  services: 'Services',
  columns: {
    name: 'Service',
    state: 'State',
    since: 'Since',
    latency: 'Answers in',
    breaker: 'Breaker',
    restarts: 'Restarts',
    act: 'Act',
  },
  latency: (ms) => `${ms} ms`,
  breakers: { closed: 'closed', open: 'open', half_open: 'half-open' },
  asked: 'asked for',
  restart: 'Restart…',
  statusPage: 'The page for customers',
  open: 'Open incidents',
  noOpen: {
    title: 'No open incident. Good.',
    why: 'A new one is told at once, in chat and by mail.',
  },
  past: 'Closed',
  noPast: 'No incident in the last 90 days.',
  incident: {
    id: 'Id',
    level: 'Level',
    subject: 'What',
    opened: 'Opened',
    closed: 'Closed',
    detail: 'Details',
  },
  levels: { warning: 'warning', critical: 'critical' },
  kinds: {
    crash: 'ended',
    hang: 'hangs',
    down: 'does not answer',
    gave_up: 'cannot start',
    not_ready: 'is not ready',
    gray: 'green check, failing calls',
    slow: 'answers slowly',
    watch: 'a figure is beyond its bound',
  },
};

export const healthWords: Readonly<Record<Language, typeof ru>> = { ru, en };

/** The word of a closed list that another program may have outgrown: then the name itself. */
export function wordOf(words: Readonly<Record<string, string>>, name: string): string {
  return words[name] ?? name;
}
