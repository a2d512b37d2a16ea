import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Currency, formatMoney, type Language, parseMajor } from '@opora/kernel';
import { escapeHtml, type Request, type Router } from '../http.ts';
import { serveFiles } from '../style/files.ts';

/** The buyer's clock: the simulated shop sells in Russia. */
const BUYER_ZONE = 'Europe/Moscow';

/** A piece of HTML made of escaped parts; `markup` is the only way to make one. */
export type Markup = Readonly<{ html: string }>;
type Part = Markup | readonly Markup[] | string | undefined;

/** Tagged template: texts are escaped, markup and lists of markup stand as they are. */
export function markup(texts: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  const html = texts.map((text, at) => text + htmlOf(parts[at])).join('');
  return { html };
}

function htmlOf(part: Part): string {
  if (part === undefined) return '';
  if (typeof part === 'string') return escapeHtml(part);
  return 'html' in part ? part.html : part.map((each) => each.html).join('');
}

/** `?lang`, then the form's language, then what the shop asked for, then the browser's. */
export function chooseLanguage(request: Request, wish?: Language): Language {
  const asked = request.query.get('lang') ?? new URLSearchParams(String(request.body)).get('lang');
  if (asked === 'ru' || asked === 'en') return asked;
  if (wish !== undefined) return wish;
  const accepted = /\b(ru|en)\b/i.exec(request.headers['accept-language'] ?? '')?.[1];
  return accepted?.toLowerCase() === 'en' ? 'en' : 'ru';
}

/**
 * A whole page in the look of `vendor`; `again` sends the browser on after some seconds. By a script and
 * not by the page's head: who reads slowly can stay by switching it off, and there is a link beside it.
 */
export function page(
  view: Readonly<{
    vendor: string;
    language: Language;
    title: string;
    kind: 'buyer' | 'desk';
    body: Markup;
    again?: Readonly<{ seconds: number; href: string }> | undefined;
  }>,
): string {
  const { vendor, language, title, kind, body, again } = view;
  const leave =
    again === undefined
      ? undefined
      : markup`<script defer src="/pay/again.js" data-seconds="${String(again.seconds)}"
 data-href="${again.href}"></script>`;
  return markup`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>${leave}
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/style/tokens.css">
<link rel="stylesheet" href="/style/base.css">
<link rel="stylesheet" href="/pay/shell.css">
<link rel="stylesheet" href="/${vendor}/look.css">
</head>
<body class="${kind}">
${body}
</body>
</html>`.html;
}

/** The style shared by the pages of all vendors: once per server. */
export function registerShell(router: Router): void {
  serveFiles(router, '/pay', join(import.meta.dirname, 'style'));
}

/** The colours of one vendor: `look.css` in its folder, here unless it lives elsewhere. */
export function registerLook(
  router: Router,
  vendor: string,
  folder = join(import.meta.dirname, vendor),
): void {
  const sheet = readFileSync(join(folder, 'look.css'));
  const headers = { 'content-type': 'text/css; charset=utf-8', 'cache-control': 'no-cache' };
  router.on('GET', `/${vendor}/look.css`, () => ({ status: 200, headers, body: sheet }));
}

type Sum = Readonly<{ value: string; currency: Currency }>;

/** What a buyer reads: `499 ₽`. */
export const price = ({ value, currency }: Sum, language: Language): string =>
  formatMoney(parseMajor(value, currency), language);

/** What the merchant reads: always all digits, so that columns of sums line up. */
export const exactSum = ({ value, currency }: Sum, language: Language): string =>
  formatMoney(parseMajor(value, currency), language, 'all');

/** `24 декабря 2026, 14:00` in the buyer's zone. */
export function buyerTime(iso: string, language: Language): Markup {
  const at = new Date(iso);
  const zone = { timeZone: BUYER_ZONE } as const;
  const day = new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : 'ru', {
    ...zone,
    day: 'numeric',
    month: 'long',
  }).format(at);
  const year = new Intl.DateTimeFormat('en', { ...zone, year: 'numeric' }).format(at);
  const time = new Intl.DateTimeFormat('en-GB', { ...zone, timeStyle: 'short' }).format(at);
  const text = `${day} ${year}, ${time} ${language === 'ru' ? 'МСК' : 'Moscow time'}`;
  return markup`<time datetime="${iso}">${text}</time>`;
}

/** `20 Nov 14:02:11`, UTC in the title: the same on every desk. */
export function deskTime(iso: string, language: Language): Markup {
  const at = new Date(iso);
  const day = new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : 'ru', {
    timeZone: 'UTC',
    day: 'numeric',
    month: 'short',
  }).format(at);
  const [date, time] = [iso.slice(0, 10), iso.slice(11, 19)];
  return markup`<time datetime="${iso}" title="${date} ${time} UTC">${day} ${time}</time>`;
}
