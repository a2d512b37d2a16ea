import { escapeHtml, html, type Answer } from '../../http.ts';
import { wordsOf, type Language } from './words.ts';

const STYLE = `
main { max-width: 1120px; margin: 0 auto; padding: var(--space-6) var(--space-4) var(--space-8); }
header.bar { display: flex; flex-wrap: wrap; gap: var(--space-2) var(--space-4); align-items: center;
  padding: var(--space-3) var(--space-5); border-bottom: 1px solid var(--line); background: var(--surface); }
header.bar nav { margin-left: auto; display: flex; gap: var(--space-3); }
.muted { color: var(--muted); }
.card { margin-top: var(--space-5); padding: var(--space-5); border: 1px solid var(--line);
  border-radius: var(--radius-card); background: var(--surface); }
.card > h2 { margin-bottom: var(--space-3); }
form.line { display: flex; flex-wrap: wrap; gap: var(--space-2); align-items: end; margin-top: var(--space-4); }
form.line .field { flex: 1 1 220px; max-width: 360px; }
form.line label { display: grid; flex: 1 1 220px; max-width: 360px; gap: var(--space-1); color: var(--muted); }
form.line label .field { max-width: none; color: var(--text); }
.scroll { overflow-x: auto; padding: 0; }
time, .chip { white-space: nowrap; }
table { width: 100%; min-width: 640px; border-collapse: collapse; }
th, td { padding: var(--space-3) var(--space-4); text-align: left; vertical-align: top; }
th { color: var(--muted); font-weight: 400; }
tbody tr { border-top: 1px solid var(--line); }
tbody tr:hover { background: var(--sunken); }
dl.facts { display: grid; grid-template-columns: auto 1fr; gap: var(--space-2) var(--space-5); margin: 0; }
dl.facts dt { color: var(--muted); }
dl.facts dd { margin: 0; overflow-wrap: anywhere; }
.chips, .acts { display: flex; flex-wrap: wrap; gap: var(--space-2); }
.acts form { margin: 0; }
pre { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; }
iframe { display: block; width: 100%; height: 480px; border: 1px solid var(--line);
  border-radius: var(--radius-control); resize: vertical; }
details summary { cursor: pointer; color: var(--muted); }
details pre { margin-top: var(--space-3); font-size: 12px; line-height: 18px; }
ul.plain { display: grid; gap: var(--space-2); margin: var(--space-4) 0 0; padding: 0; list-style: none; }
ul.plain li { display: flex; flex-wrap: wrap; gap: var(--space-2) var(--space-4); align-items: center; }
`;

/** A whole page in the look of the simulators. `path` is where the language links lead. */
export function page(
  language: Language,
  what: { title: string; body: string; path: string; status?: number },
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
<link rel="icon" href="/style/mark.svg">
<link rel="stylesheet" href="/style/tokens.css">
<link rel="stylesheet" href="/style/base.css">
<style>${STYLE}</style>
</head>
<body>
<header class="bar"><a href="/?lang=${language}">${words.home}</a><span class="muted">${words.simulated}</span>
<nav>${other('ru', 'Русский')}${other('en', 'English')}</nav></header>
<main>
${what.body}
</main>
</body>
</html>`,
    what.status ?? 200,
  );
}
