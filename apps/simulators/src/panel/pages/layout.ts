import { escapeHtml, html, type Answer } from '../../http.ts';
import { wordsOf, type Language } from './words.ts';

const STYLE = `
main { max-width: 1120px; margin: 0 auto; padding: var(--space-6) var(--space-4) var(--space-8); }
main.narrow { max-width: 680px; font-size: 16px; line-height: 24px; }
header.bar { display: flex; flex-wrap: wrap; gap: var(--space-2) var(--space-4); align-items: center;
  padding: var(--space-3) var(--space-5); border-bottom: 1px solid var(--line); background: var(--surface); }
header.bar nav { margin-left: auto; display: flex; gap: var(--space-3); }
.muted { color: var(--muted); }
.card { margin-top: var(--space-5); padding: var(--space-5); border: 1px solid var(--line);
  border-radius: var(--radius-card); background: var(--surface); }
.chips { display: flex; flex-wrap: wrap; gap: var(--space-2); margin: var(--space-3) 0 var(--space-5); }
form.search { display: flex; flex-wrap: wrap; gap: var(--space-2); }
form.version { align-items: center; margin-bottom: var(--space-4); }
form.search .field { flex: 1 1 200px; max-width: 360px; }
.scroll { overflow-x: auto; padding: 0; }
time, .chip { white-space: nowrap; }
table { width: 100%; min-width: 720px; border-collapse: collapse; }
th, td { padding: var(--space-3) var(--space-4); text-align: left; vertical-align: top; }
th { color: var(--muted); font-weight: 400; }
tbody tr { border-top: 1px solid var(--line); }
tbody tr:hover { background: var(--sunken); }
td .muted { font-size: 13px; line-height: 18px; }
progress { display: block; width: 120px; height: 6px; margin-top: var(--space-1); accent-color: var(--accent); }
.pager { display: flex; gap: var(--space-4); margin-top: var(--space-4); }
dl.facts { display: grid; grid-template-columns: auto 1fr; gap: var(--space-2) var(--space-5); margin: 0; }
dl.facts dt { color: var(--muted); }
dl.facts dd { margin: 0; }
.head { display: flex; flex-wrap: wrap; gap: var(--space-3); align-items: center; justify-content: space-between; }
.address { display: flex; flex-wrap: wrap; gap: var(--space-2); margin-top: var(--space-2); }
.address input { flex: 1 1 260px; font-family: var(--mono); font-size: 14px; }
ol, ul { margin: var(--space-3) 0 0; padding-left: 1.3em; }
.card h2 + ol { margin-top: 0; }
.how { margin-top: var(--space-5); }
li { margin-top: var(--space-2); }
.links code { display: block; overflow-wrap: anywhere; font-size: 12px; line-height: 16px; color: var(--muted); }
`;

/** A whole page in the look of the simulators. `path` is where the language links lead. */
export function page(
  language: Language,
  what: { title: string; body: string; path: string; narrow?: boolean; status?: number },
): Answer {
  const words = wordsOf(language);
  const other = (each: Language, name: string): string =>
    each === language
      ? `<span aria-current="true">${name}</span>`
      : `<a href="${escapeHtml(what.path)}?lang=${each}" lang="${each}">${name}</a>`;
  return html(
    `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(what.title)}</title>
<link rel="stylesheet" href="/style/tokens.css">
<link rel="stylesheet" href="/style/base.css">
<style>${STYLE}</style>
</head>
<body>
<header class="bar"><span class="muted">${words.simulated}</span>
<nav>${other('ru', 'Русский')}${other('en', 'English')}</nav></header>
<main${what.narrow === true ? ' class="narrow"' : ''}>
${what.body}
</main>
</body>
</html>`,
    what.status ?? 200,
  );
}
