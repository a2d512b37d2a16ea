/** What staff is told, in the order in which it is needed: how bad, which, what, since when. */
import type { Language } from '@opora/kernel';
import { escapeHtml, toPlain } from '../../platform/words/index.ts';
import type { Alert } from './channel.ts';
import type { Incident, Notice } from './incident.ts';
import type { TroubleKind } from './standing.ts';

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
  units: Readonly<{ h: string; min: string; s: string }>;
}>;

const ru: Say = {
  kinds: {
    crash: (detail) => `упал (${detail}), поднимается сам`,
    hang: () => 'завис: процесс жив и не отвечает',
    down: () => 'не отвечает',
    gave_up: (detail) => `не поднимается (${detail}): исправьте причину и перезапустите`,
    not_ready: () => 'не готов принимать запросы',
    gray: () => 'проверка зелёная, запросы не проходят: шлюз его не использует',
    slow: (detail) => `отвечает за ${detail}, предел 1000 ms`,
    watch: (detail) => detail,
  },
  unavailable: 'недоступен',
  still: 'всё ещё',
  for: 'уже',
  back: 'снова в порядке',
  lasted: 'Длилось',
  since: 'Начало',
  id: 'номер',
  flapping: 'Это повторяется: скажем ещё раз, когда пять минут будет спокойно.',
  units: { h: 'ч', min: 'мин', s: 'с' },
};

const en: Say = {
  kinds: {
    crash: (detail) => `ended (${detail}) and is started again`,
    hang: () => 'hangs: its process lives and does not answer',
    down: () => 'does not answer',
    gave_up: (detail) => `cannot start (${detail}): mend the cause, then restart it`,
    not_ready: () => 'is not ready for traffic',
    gray: () => 'has a green check and fails its calls: the gateway does not use it',
    slow: (detail) => `answers in ${detail}, limit 1000 ms`,
    watch: (detail) => detail,
  },
  unavailable: 'down',
  still: 'still:',
  for: 'for',
  back: 'is well again',
  lasted: 'It lasted',
  since: 'Since',
  id: 'id',
  flapping: 'It keeps coming back: told again when five minutes were calm.',
  units: { h: 'h', min: 'min', s: 's' },
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
  const { level, subject } = incident;
  const name = escapeHtml(subject);
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

function downFor({ unavailableSince }: Incident, lasts: string, say: Say): string {
  return unavailableSince === null ? '' : `${say.unavailable} ${say.for} ${lasts}: `;
}

function clock(iso: string): string {
  return `${iso.slice(11, 19)} UTC`;
}

function span(from: string, to: string, { units }: Say): string {
  const seconds = Math.round((Date.parse(to) - Date.parse(from)) / 1000);
  const [h, min, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
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
