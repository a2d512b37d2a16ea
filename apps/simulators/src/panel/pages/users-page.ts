import { escapeHtml, type Answer, type Request } from '../../http.ts';
import { deviceLimit } from '../devices.ts';
import { VERSIONS, type PanelState } from '../state.ts';
import { humanBytes } from '../subscriptions.ts';
import { STATUSES, type User } from '../user.ts';
import { page } from './layout.ts';
import { languageOf, showDate, statusChip, wordsOf, type Language } from './words.ts';

const PAGE_SIZE = 100;
const PATH = '/remnawave/';

/** All users, newest first, a hundred on a page, with a search by name or short uuid. */
export function usersPage(state: PanelState, request: Request): Answer {
  const language = languageOf(request);
  const words = wordsOf(language);
  const wanted = (request.query.get('q') ?? '').trim();
  const start = Math.max(0, Math.floor(Number(request.query.get('start') ?? 0)) || 0);
  const all = state.users.all().reverse();
  const found = all.filter(
    (user) => user.username.includes(wanted) || user.shortUuid.includes(wanted),
  );
  const rows = rowsOf(state, found.slice(start, start + PAGE_SIZE), language);
  const empty = all.length === 0 ? `<h2>${words.emptyTitle}</h2><p>${words.emptyText}</p>` : '';
  const nobody = all.length > 0 && found.length === 0 ? `<p>${words.nothingFound}</p>` : '';
  const body = `<h1>${words.title}</h1>
<div class="chips">${counts(all, language)}</div>
${versionForm(state, language)}
<form class="search" method="get" role="search">
<input type="hidden" name="lang" value="${language}">
<input class="field" type="search" name="q" value="${escapeHtml(wanted)}"
 placeholder="${words.searchHint}" aria-label="${words.searchHint}">
<button class="button primary">${words.search}</button>
</form>
${rows === '' ? `<div class="card">${empty}${nobody}</div>` : `<div class="card scroll" tabindex="0" role="region" aria-label="${words.title}">${rows}</div>`}
${pager({ start, total: found.length, wanted, language })}`;
  return page(language, { title: words.title, body, path: PATH });
}

/** Which version is played, and the buttons that install another: an upgrade under our feet. */
function versionForm(state: PanelState, language: Language): string {
  const words = wordsOf(language);
  const { version } = state.settings();
  const buttons = VERSIONS.filter((each) => each !== version).map(
    (each) =>
      `<button class="button" name="version" value="${each}">${words.install} ${each}</button>`,
  );
  return `<form class="search version" method="post" action="/remnawave/version?lang=${language}">
<span>${words.version} <b>${escapeHtml(version)}</b></span>${buttons.join('')}
</form>`;
}

function counts(users: readonly User[], language: Language): string {
  const words = wordsOf(language);
  const chips = STATUSES.map((status) => {
    const many = users.filter((user) => user.status === status).length;
    return many === 0 ? '' : `<span>${statusChip(status, words)} ${String(many)}</span>`;
  });
  return `<span class="muted">${String(users.length)} ${words.total}</span>${chips.join('')}`;
}

function rowsOf(state: PanelState, users: readonly User[], language: Language): string {
  if (users.length === 0) return '';
  const words = wordsOf(language);
  const devices = new Map<number, number>();
  for (const { userId } of state.devices.values()) {
    devices.set(userId, (devices.get(userId) ?? 0) + 1);
  }
  const rows = users.map((user) => {
    const limit = deviceLimit(state, user);
    const own = `${String(devices.get(user.id) ?? 0)} / ${limit === Infinity ? '∞' : String(limit)}`;
    const link = `/remnawave/sub/${encodeURIComponent(user.shortUuid)}?lang=${language}`;
    const note = escapeHtml([user.tag, user.description].filter(Boolean).join(' · '));
    return `<tr>
<td><a href="${link}">${escapeHtml(user.username)}</a><div class="muted">№ ${String(user.id)}${note === '' ? '' : ` · ${note}`}</div></td>
<td>${statusChip(user.status, words)}</td>
<td>${showDate(user.expireAt, language)}</td>
<td>${traffic(user, language)}</td>
<td>${own}</td></tr>`;
  });
  const heads = [words.user, words.status, words.expires, words.traffic, words.devices];
  return `<table><thead><tr>${heads.map((head) => `<th scope="col">${head}</th>`).join('')}</tr></thead>
<tbody>${rows.join('\n')}</tbody></table>`;
}

/** `1.5 GiB / 100 GiB` with a bar where there is a limit. */
export function traffic(user: User, language: Language): string {
  const { usedTrafficBytes: used, trafficLimitBytes: limit } = user;
  const words = wordsOf(language);
  if (limit === 0) return `${humanBytes(used)} · ${words.unlimited}`;
  const share = `<progress value="${String(Math.min(used, limit))}" max="${String(limit)}" aria-label="${words.traffic}"></progress>`;
  return `${humanBytes(used)} / ${humanBytes(limit)}${share}`;
}

function pager(where: {
  start: number;
  total: number;
  wanted: string;
  language: Language;
}): string {
  const { start, total, wanted, language } = where;
  const words = wordsOf(language);
  const link = (to: number, name: string): string => {
    const query = new URLSearchParams({ lang: language, q: wanted, start: String(to) });
    return `<a href="?${escapeHtml(query.toString())}">${name}</a>`;
  };
  const newer = start > 0 ? link(Math.max(0, start - PAGE_SIZE), `← ${words.earlier}`) : '';
  const older = start + PAGE_SIZE < total ? link(start + PAGE_SIZE, `${words.later} →`) : '';
  return newer + older === '' ? '' : `<nav class="pager">${newer}${older}</nav>`;
}
