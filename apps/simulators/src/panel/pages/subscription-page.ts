import { escapeHtml, type Answer, type Request } from '../../http.ts';
import { deviceLimit, devicesOf } from '../devices.ts';
import type { PanelState } from '../state.ts';
import { daysLeft, linksOf } from '../subscriptions.ts';
import type { User } from '../user.ts';
import { subscriptionUrlOf } from '../view.ts';
import { page } from './layout.ts';
import { traffic } from './users-page.ts';
import { languageOf, showDate, statusChip, wordsOf, type Language } from './words.ts';

const USERS_PATH = '/remnawave/';

/** What the customer sees who opens the subscription link in a browser. */
export function subscriptionPage(state: PanelState, request: Request): Answer {
  const language = languageOf(request);
  const words = wordsOf(language);
  const path = request.path;
  const user = state.users.byShortUuid(request.params['shortUuid'] ?? '');
  const back = `<p><a href="${USERS_PATH}?lang=${language}">${words.allUsers}</a></p>`;
  if (user === undefined) {
    const body = `<h1>${words.missing}</h1><p>${words.missingText}</p>${back}`;
    return page(language, { title: words.missing, body, path, narrow: true, status: 404 });
  }
  const body = `<div class="head"><h1>${words.subscription}</h1>${statusChip(user.status, words)}</div>
<p class="muted">${words.explain}</p>
${facts(state, user, language)}
${address(state, user, language)}
${servers(linksOf(state, user), words.servers)}
${back}`;
  return page(language, { title: words.subscription, body, path, narrow: true });
}

function facts(state: PanelState, user: User, language: Language): string {
  const words = wordsOf(language);
  const limit = deviceLimit(state, user);
  const used = String(devicesOf(state, user.id).length);
  const rows: [string, string][] = [
    [words.user, escapeHtml(user.username)],
    [words.expires, showDate(user.expireAt, language)],
    [words.daysLeft, String(daysLeft(state, user))],
    [words.traffic, traffic(user, language)],
    [words.devices, `${used} / ${limit === Infinity ? '∞' : String(limit)}`],
  ];
  const items = rows.map(([name, value]) => `<dt>${name}</dt><dd>${value}</dd>`);
  return `<div class="card"><dl class="facts">${items.join('')}</dl></div>`;
}

function address(state: PanelState, user: User, language: Language): string {
  const words = wordsOf(language);
  const steps = [words.stepInstall, words.stepAdd, words.stepConnect];
  return `<div class="card"><label for="address">${words.address}</label>
<div class="address"><input class="field" id="address" readonly value="${escapeHtml(subscriptionUrlOf(state, user))}">
<button class="button primary" id="copy" data-done="${words.copied}">${words.copy}</button></div>
<h2 class="how">${words.how}</h2>
<ol>${steps.map((step) => `<li>${step}</li>`).join('')}</ol></div>
<script>
document.getElementById('copy').addEventListener('click', async (event) => {
  const field = document.getElementById('address');
  field.select();
  await navigator.clipboard?.writeText(field.value);
  event.target.textContent = event.target.dataset.done;
});
</script>`;
}

/** The name after `#` for people, the link itself below for whoever looks closer. */
function servers(links: readonly string[], title: string): string {
  const items = links.map((link) => {
    const name = decodeURIComponent(link.slice(link.indexOf('#') + 1));
    return `<li>${escapeHtml(name)}<code>${escapeHtml(link)}</code></li>`;
  });
  return `<div class="card links"><h2>${title}</h2><ul>${items.join('')}</ul></div>`;
}
