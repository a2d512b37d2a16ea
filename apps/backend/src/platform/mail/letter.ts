import { escapeHtml, toPlain } from '../words/index.ts';

/** What is said, in the subset of HTML of our words (b, i, code, a, blockquote). */
export type Letter = Readonly<{
  language: string;
  subject: string;
  /** Paragraphs are parted by empty lines. */
  html: string;
  button: Readonly<{ label: string; url: string }> | undefined;
  /** Small, below everything. */
  footerHtml: string;
}>;

/** Widest line people read with pleasure; a mail program narrows it by itself. */
const WIDTH_PX = 560;
/** The colours of `tokens.css` as every mail program knows them. */
const COLOUR = { accent: '#17616f', onAccent: '#ffffff', muted: '#5b6470' };

/**
 * Both forms of a letter: plain text with the button's address in sight, and HTML without
 * pictures, scripts or style sheets. Colours of text and ground are left to the reader's program,
 * so that its dark mode works.
 */
export function renderLetter(letter: Letter): { text: string; html: string } {
  return { text: textOf(letter), html: htmlOf(letter) };
}

function textOf({ html, button, footerHtml }: Letter): string {
  const link = button === undefined ? [] : [`${button.label}:\n${button.url}`];
  return [...[html].map(plain), ...link, `--\n${plain(footerHtml)}`].join('\n\n');
}

/** A link's address is said too: plain text has nothing to press. */
function plain(html: string): string {
  return toPlain(html.replace(/<a href="([^"]+)">(.*?)<\/a>/g, '$2 ($1)'));
}

function htmlOf({ language, subject, html, button, footerHtml }: Letter): string {
  const paragraphs = html
    .split(/\n{2,}/)
    .map((text) => `<p style="margin:0 0 16px">${text.replaceAll('\n', '<br>')}</p>`);
  return `<!doctype html>
<html lang="${escapeHtml(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(subject)}</title>
</head>
<body style="margin:0;padding:24px">
<div style="max-width:${String(WIDTH_PX)}px;margin:0 auto;font:16px/24px system-ui,-apple-system,'Segoe UI',Roboto,Arial,sans-serif">
${paragraphs.join('\n')}
${buttonOf(button)}<p style="margin:24px 0 0;font-size:13px;line-height:20px;color:${COLOUR.muted}">${footerHtml.replaceAll('\n', '<br>')}</p>
</div>
</body>
</html>
`;
}

function buttonOf(button: Letter['button']): string {
  if (button === undefined) return '';
  const style = `display:inline-block;padding:10px 20px;border-radius:6px;background:${COLOUR.accent};color:${COLOUR.onAccent};font-weight:600;text-decoration:none`;
  const url = escapeHtml(button.url);
  return `<p style="margin:24px 0"><a href="${url}" style="${style}">${escapeHtml(button.label)}</a></p>
<p style="margin:0 0 16px;font-size:13px;line-height:20px;color:${COLOUR.muted};overflow-wrap:anywhere">${url}</p>
`;
}
