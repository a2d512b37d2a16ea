import { escapeHtml, type Answer, type Request } from '../../http.ts';
import { MANNERS, type Box, type StoredMail } from '../box.ts';
import { page } from './layout.ts';
import { fateChip, languageOf, showTime, wordsOf, type Language } from './words.ts';

const SHOWN = 100;
export const LIST_PATH = '/mail/';

/** The newest mails, with a search by address, and the addresses that do not simply take mail. */
export function listPage(box: Box, request: Request): Answer {
  const language = languageOf(request);
  const words = wordsOf(language);
  const wanted = (request.query.get('to') ?? '').trim();
  const all = box.list();
  const found = box.list(wanted);
  const body = `<h1>${words.title}</h1>
<p class="muted">${String(all.length)} ${words.total}</p>
<form class="line" method="get" role="search">
<input type="hidden" name="lang" value="${language}">
<input class="field" type="search" name="to" value="${escapeHtml(wanted)}"
 placeholder="${words.searchHint}" aria-label="${words.searchHint}">
<button class="button primary">${words.search}</button>
</form>
${mailsOf(found.slice(0, SHOWN), language, all.length === 0)}
${manners(box, language)}`;
  return page(language, { title: words.title, body, path: LIST_PATH });
}

function mailsOf(mails: readonly StoredMail[], language: Language, isEmpty: boolean): string {
  const words = wordsOf(language);
  if (isEmpty) {
    return `<div class="card"><h2>${words.emptyTitle}</h2><p>${words.emptyText}</p></div>`;
  }
  if (mails.length === 0) return `<div class="card"><p>${words.nothingFound}</p></div>`;
  const heads = [words.subject, words.to, words.state, words.taken];
  const rows = mails.map((mail) => {
    const fate = mail.fates.at(-1)?.fate;
    const times = mail.arrivals.length;
    const again = times > 1 ? `<span class="muted"> × ${String(times)}</span>` : '';
    return `<tr data-testid="mail">
<td><a href="/mail/view/${mail.id}?lang=${language}">${escapeHtml(mail.subject) || words.noSubject}</a>${again}</td>
<td>${escapeHtml(mail.to)}</td>
<td>${fate === undefined ? '' : fateChip(fate, words)}</td>
<td>${showTime(mail.arrivals[0] ?? '', language)}</td></tr>`;
  });
  return `<div class="card scroll" tabindex="0" role="region" aria-label="${words.title}">
<table><thead><tr>${heads.map((head) => `<th scope="col">${head}</th>`).join('')}</tr></thead>
<tbody>${rows.join('\n')}</tbody></table></div>`;
}

function manners(box: Box, language: Language): string {
  const words = wordsOf(language);
  const options = MANNERS.map((each) => `<option value="${each}">${words.manners[each]}</option>`);
  const known = box.manners().map(
    ([address, manner]) => `<li><strong>${escapeHtml(address)}</strong>
<span class="muted">${words.manners[manner]}</span>
<form method="post" action="/mail/manners"><input type="hidden" name="lang" value="${language}">
<input type="hidden" name="address" value="${escapeHtml(address)}">
<button class="button" data-testid="manner-off">${words.normal}</button></form></li>`,
  );
  return `<section class="card"><h2>${words.addresses}</h2>
<p class="muted">${words.addressesText}</p>
<ul class="plain">${known.join('')}</ul>
<form class="line" method="post" action="/mail/manners">
<input type="hidden" name="lang" value="${language}">
<label>${words.address}<input class="field" type="email" name="address" required></label>
<label>${words.manner}<select class="field" name="manner">${options.join('')}</select></label>
<button class="button primary" data-testid="manner-set">${words.set}</button>
</form>
<p><a href="/?lang=${language}#faults">${words.faults}</a></p></section>`;
}
