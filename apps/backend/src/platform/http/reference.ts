/**
 * `GET /api/openapi.json` and `GET /api/docs`: the table of the API as a document and as a page to
 * read. The page is made once, without a script; its one style is named by its hash.
 */
import { createHash } from 'node:crypto';
import { endpoints, openApiDocument, type NamedEndpoint } from '@opora/contracts';
import type { App } from './app.ts';

/** The table changes with the version only. */
const CACHE = 'public, max-age=300';

const STYLE = `:root{color-scheme:light dark}
body{font:14px/20px system-ui,sans-serif;margin:0 auto;max-width:60rem;padding:24px}
h1{font-size:28px;line-height:34px}h2{margin-top:48px}h3{font:600 14px/20px ui-monospace,monospace}
article{border-top:1px solid;padding:8px 0}pre{overflow-x:auto;padding:8px;border:1px solid}
nav a{margin-right:12px}.about{margin:4px 0}`;

const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');

export function referenceRoutes(about: { version: string; server: string }) {
  const document = JSON.stringify(openApiDocument(about));
  const page = referencePage(about.version);
  return (app: App): void => {
    const config = { permission: 'public' } as const;
    app.get('/api/openapi.json', { config }, (_request, reply) =>
      reply.type('application/json').header('cache-control', CACHE).send(document),
    );
    app.get('/api/docs', { config }, (_request, reply) =>
      reply
        .type('text/html; charset=utf-8')
        .headers({ 'cache-control': CACHE, 'content-security-policy': POLICY })
        .send(page),
    );
  };
}

function referencePage(version: string): string {
  const groups = Map.groupBy(endpoints(), ({ id }) => id.split('.', 1)[0] ?? id);
  const links = [...groups.keys()].map((name) => `<a href="#${name}">${name}</a>`);
  const parts = [...groups].map(
    ([name, list]) => `<h2 id="${name}">${name}</h2>${list.map(article).join('')}`,
  );
  return `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>Opora API ${escapeHtml(version)}</title>
<style>${STYLE}</style></head><body><main><h1>Opora API ${escapeHtml(version)}</h1>
<p>The same as a document: <a href="/api/openapi.json">OpenAPI 3.1</a>. Refusals are
<code>application/problem+json</code> with a stable <code>code</code>.</p>
<nav aria-label="Groups">${links.join(' ')}</nav>${parts.join('')}</main></body></html>`;
}

function article({ id, endpoint }: NamedEndpoint): string {
  const { method, path, about, permission, keyed, media, example } = endpoint;
  const needs = [
    `permission <code>${escapeHtml(permission)}</code>`,
    ...(keyed === true ? ['<code>Idempotency-Key</code>'] : []),
    ...(media === undefined ? [] : [`answers <code>${media}</code>`]),
  ];
  const shown = [
    ['path', example.params],
    ['query', example.query],
    ['body', example.body],
    ['answer', example.answer],
  ].filter(([, value]) => value !== undefined);
  return `<article id="${id}"><h3>${method} ${escapeHtml(path)}</h3>
<p class="about">${escapeHtml(about)}</p><p class="about">${id}: ${needs.join(', ')}</p>
<details><summary>Example</summary>${shown
    .map(([name, value]) => `<p>${String(name)}</p><pre tabindex="0">${asText(value)}</pre>`)
    .join('')}</details></article>`;
}

function asText(value: unknown): string {
  return escapeHtml(typeof value === 'string' ? value : JSON.stringify(value, null, 2));
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
