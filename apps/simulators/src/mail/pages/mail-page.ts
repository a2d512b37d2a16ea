import { escapeHtml, type Answer, type Request } from '../../http.ts';
import type { Box, StoredMail } from '../box.ts';
import { ACTS } from '../control.ts';
import { page } from './layout.ts';
import { LIST_PATH } from './list-page.ts';
import { fateChip, languageOf, showTime, wordsOf, type Language } from './words.ts';

/** What the preview may do: nothing but open a link in another tab. */
const SANDBOX = 'allow-popups allow-popups-to-escape-sandbox';
const LINK = /https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)]/g;

/** One mail: its facts, both forms, its headers, and what may become of it. */
export function mailPage(box: Box, request: Request): Answer {
  const language = languageOf(request);
  const words = wordsOf(language);
  const mail = box.find(request.params['id'] ?? '');
  const back = `<p><a href="${LIST_PATH}?lang=${language}">← ${words.all}</a></p>`;
  if (mail === undefined) {
    const body = `${back}<h1>${words.missing}</h1><p>${words.missingText}</p>`;
    return page(language, { title: words.missing, body, path: request.path, status: 404 });
  }
  const title = mail.subject === '' ? words.noSubject : mail.subject;
  const body = `${back}<h1 data-testid="subject">${escapeHtml(title)}</h1>
${facts(mail, language)}
${acts(mail, language)}
<section class="card"><h2>${words.html}</h2>${preview(mail, words.noHtml, words.html)}</section>
<section class="card"><h2>${words.plain}</h2><pre data-testid="text">${linked(mail.text)}</pre></section>
<section class="card"><details><summary>${words.headers}</summary><pre>${headersOf(mail)}</pre></details></section>`;
  return page(language, { title, body, path: request.path });
}

function facts(mail: StoredMail, language: Language): string {
  const words = wordsOf(language);
  const chips = mail.fates.map(({ fate }) => fateChip(fate, words)).join('');
  const rows: [string, string][] = [
    [words.from, escapeHtml(mail.sender === '' ? mail.from : mail.sender)],
    [words.to, escapeHtml(mail.to)],
    [words.taken, mail.arrivals.map((at) => showTime(at, language)).join('<br>')],
    [words.state, `<span class="chips">${chips}</span>`],
  ];
  const items = rows.map(([name, value]) => `<dt>${name}</dt><dd>${value}</dd>`);
  return `<div class="card"><dl class="facts">${items.join('')}</dl></div>`;
}

function acts(mail: StoredMail, language: Language): string {
  const words = wordsOf(language);
  const buttons = ACTS.map(
    (each) => `<form method="post" action="/mail/view/${mail.id}/events">
<input type="hidden" name="lang" value="${language}"><input type="hidden" name="event" value="${each}">
<button class="button" data-testid="act-${each}">${words.events[each]}</button></form>`,
  );
  return `<section class="card"><h2>${words.acts}</h2><p class="muted">${words.actsText}</p>
<div class="acts">${buttons.join('')}</div></section>`;
}

function preview(mail: StoredMail, none: string, title: string): string {
  if (mail.html === undefined) return `<p>${none}</p>`;
  return `<iframe src="/mail/html/${mail.id}" sandbox="${SANDBOX}" title="${title}"></iframe>`;
}

/** Plain text with its addresses as links. */
function linked(text: string): string {
  let shown = '';
  let from = 0;
  for (const { 0: url, index } of text.matchAll(LINK)) {
    const safe = escapeHtml(url);
    shown += `${escapeHtml(text.slice(from, index))}<a href="${safe}" target="_blank" rel="noreferrer">${safe}</a>`;
    from = index + url.length;
  }
  return shown + escapeHtml(text.slice(from));
}

function headersOf(mail: StoredMail): string {
  return mail.headers.map(([name, value]) => escapeHtml(`${name}: ${value}`)).join('\n');
}

/** The mail's own HTML, which may run nothing and load nothing; links open in another tab. */
export function mailHtml(box: Box, request: Request): Answer {
  const mail = box.find(request.params['id'] ?? '');
  const base = '<base target="_blank">';
  const own = mail?.html ?? '';
  return {
    status: mail?.html === undefined ? 404 : 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': `default-src 'none'; style-src 'unsafe-inline'; sandbox ${SANDBOX}`,
    },
    body: own.includes('<head>') ? own.replace('<head>', `<head>${base}`) : base + own,
  };
}
