/** What staff is told, in the order in which it is needed: how bad, which, what, since when. */
import type { Language } from '@opora/kernel';
import { escapeHtml, toPlain } from '../../platform/words/index.ts';
import type { Alert } from './channel.ts';
import type { Incident, Notice } from './incident.ts';
import type { TroubleKind } from './standing.ts';
import { RULES } from './watches/rules.ts';

type Units = Readonly<{ h: string; min: string; s: string }>;
type Say = Readonly<{
  kinds: Readonly<Record<TroubleKind, (detail: string) => string>>;
  unavailable: string;
  still: string;
  for: string;
  back: string;
  lasted: string;
  since: string;
  id: string;
  flapping: string;
  units: Units;
  /** What a watch is about, where it is no name. */
  names: Readonly<Record<string, string>>;
}>;

/** The bound of the first step: what should hold. */
const limit = (watch: keyof typeof RULES): string => String(RULES[watch].steps[0]?.bound ?? '');

const RU: Units = { h: 'ч', min: 'мин', s: 'с' };
const ru: Say = {
  kinds: {
    crash: (detail) => `упал (${detail}), поднимается сам`,
    hang: () => 'завис: процесс жив и не отвечает',
    down: (detail) => `не отвечает${detail === '' ? '' : ': без него медленнее, но всё верно'}`,
    gave_up: (detail) => `не поднимается (${detail}): исправьте причину и перезапустите`,
    not_ready: () => 'не готов принимать запросы',
    gray: () => 'проверка зелёная, запросы не проходят: шлюз его не использует',
    slow: (detail) => `отвечает за ${detail}, предел 1000 ms`,
    disk: (detail) => `на диске свободно ${detail} %, предел ${limit('disk')} %`,
    memory: (detail) => `занято ${detail} % памяти, предел ${limit('memory')} %`,
    cpu: (detail) => `процессор занят на ${detail} % уже пять минут, предел ${limit('cpu')} %`,
    resident: (detail) => `занимает ${detail} МБ памяти, предел ${limit('resident')} МБ`,
    loop: (detail) => `процесс отвлекается на ${detail} мс, предел ${limit('loop')} мс`,
    pool: (detail) => `соединения с базой заняты на ${detail} %, предел ${limit('pool')} %`,
    queue: (detail) => `самая старая задача ждёт ${spanOf(Number(detail), RU)}`,
    undelivered: (detail) => `заказ оплачен и не выдан ${spanOf(Number(detail), RU)}`,
    errors: (detail) => `${detail} % ответов с ошибкой, предел ${limit('errors')} %`,
    late: (detail) => `${detail} % ответов дольше секунды, предел ${limit('late')} %`,
    certificate: (detail) =>
      detail === '0' ? 'сертификат не действует' : `сертификату осталось дней: ${detail}`,
    audit: (detail) => `запись журнала ждёт печати ${spanOf(Number(detail), RU)}`,
    silent: () => 'уведомления об оплате не приходят',
    away: () => 'не отвечает: вызовы стоят, что ждёт, уйдёт само',
  },
  unavailable: 'недоступен',
  still: 'всё ещё',
  for: 'уже',
  back: 'снова в порядке',
  lasted: 'Длилось',
  since: 'Начало',
  id: 'номер',
  flapping: 'Это повторяется: скажем ещё раз, когда пять минут будет спокойно.',
  units: RU,
  names: {
    machine: 'сервер',
    payments: 'деньги и доступ',
    others: 'прочие задачи',
    undelivered: 'заказы',
    audit: 'журнал действий',
    telegram: 'Telegram',
    panel: 'панель',
    mail: 'почта',
  },
};

const EN: Units = { h: 'h', min: 'min', s: 's' };
const en: Say = {
  kinds: {
    crash: (detail) => `ended (${detail}) and is started again`,
    hang: () => 'hangs: its process lives and does not answer',
    down: (detail) => `does not answer${detail === '' ? '' : ': slower without it, never wrong'}`,
    gave_up: (detail) => `cannot start (${detail}): mend the cause, then restart it`,
    not_ready: () => 'is not ready for traffic',
    gray: () => 'has a green check and fails its calls: the gateway does not use it',
    slow: (detail) => `answers in ${detail}, limit 1000 ms`,
    disk: (detail) => `has ${detail} % of its disk free, limit ${limit('disk')} %`,
    memory: (detail) => `uses ${detail} % of its memory, limit ${limit('memory')} %`,
    cpu: (detail) => `has been ${detail} % busy for five minutes, limit ${limit('cpu')} %`,
    resident: (detail) => `holds ${detail} MB of memory, limit ${limit('resident')} MB`,
    loop: (detail) => `is late by ${detail} ms at its own timers, limit ${limit('loop')} ms`,
    pool: (detail) => `uses ${detail} % of its database connections, limit ${limit('pool')} %`,
    queue: (detail) => `the oldest job waits for ${spanOf(Number(detail), EN)}`,
    undelivered: (detail) => `an order is paid and not delivered for ${spanOf(Number(detail), EN)}`,
    errors: (detail) => `fails ${detail} % of its answers, limit ${limit('errors')} %`,
    late: (detail) => `answers ${detail} % later than a second, limit ${limit('late')} %`,
    certificate: (detail) =>
      detail === '0' ? 'its certificate does not hold' : `days its certificate lasts: ${detail}`,
    audit: (detail) => `an entry waits for its seal for ${spanOf(Number(detail), EN)}`,
    silent: () => 'its notices do not come',
    away: () => 'does not answer: calls rest, what waits goes by itself',
  },
  unavailable: 'down',
  still: 'still:',
  for: 'for',
  back: 'is well again',
  lasted: 'It lasted',
  since: 'Since',
  id: 'id',
  flapping: 'It keeps coming back: told again when five minutes were calm.',
  units: EN,
  names: {
    machine: 'this machine',
    payments: 'money and access',
    others: 'other jobs',
    undelivered: 'orders',
    audit: 'audit log',
    telegram: 'Telegram',
    panel: 'the panel',
    mail: 'mail',
  },
};

const SAY: Readonly<Record<Language, Say>> = { ru, en };
const MARKS = { warning: '🟡', critical: '🔴' } as const;

export function alertOf(notice: Notice, language: Language): Alert {
  const html = textOf(notice, SAY[language]);
  return {
    id: notice.id.replaceAll('-', '_'),
    html,
    subject: toPlain(html).split('\n', 1)[0] ?? '',
    isSilent: notice.what === 'recovered',
  };
}

function textOf({ what, at, incident }: Notice, say: Say): string {
  const { level } = incident;
  const name = escapeHtml(nameOf(incident, say));
  const lasts = span(incident.openedAt, incident.closedAt ?? at, say);
  const about = `${say.since} ${clock(incident.openedAt)}, ${say.id} <code>${incident.id}</code>`;
  if (what === 'recovered') {
    return `🟢 <b>INFO ${name}</b> ${say.back}. ${say.lasted} ${lasts}.\n${about}`;
  }
  const head = `${MARKS[level]} <b>${level.toUpperCase()} ${name}</b>`;
  const trouble = escapeHtml(say.kinds[incident.kind](incident.detail));
  const more = incident.isFlapping && what === 'opened' ? `\n${say.flapping}` : '';
  if (what === 'opened') return `${head} ${trouble}${more}\n${about}`;
  if (what === 'reminded') return `${head} ${say.still} ${trouble}, ${say.for} ${lasts}\n${about}`;
  return `${head} ${downFor(incident, lasts, say)}${trouble}\n${about}`;
}

/** Of a service as it is; of a watch what it is about. */
function nameOf({ subject }: Incident, { names }: Say): string {
  const about = subject.slice(subject.indexOf(':') + 1);
  return names[about] ?? about;
}

function downFor({ unavailableSince }: Incident, lasts: string, say: Say): string {
  return unavailableSince === null ? '' : `${say.unavailable} ${say.for} ${lasts}: `;
}

function clock(iso: string): string {
  return `${iso.slice(11, 19)} UTC`;
}

function span(from: string, to: string, { units }: Say): string {
  return spanOf(Math.round((Date.parse(to) - Date.parse(from)) / 1000), units);
}

function spanOf(seconds: number, units: Units): string {
  const [h, min, s] = [
    Math.floor(seconds / 3600),
    Math.floor(seconds / 60) % 60,
    Math.round(seconds % 60),
  ];
  const parts = [
    [h, units.h],
    [min, units.min],
    [s, units.s],
  ] as const;
  const shown = parts.filter(([count]) => count > 0).slice(0, 2);
  return shown.length === 0
    ? `0 ${units.s}`
    : shown.map(([count, unit]) => `${String(count)} ${unit}`).join(' ');
}
