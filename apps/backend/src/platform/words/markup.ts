/** The subset of Telegram's HTML that our texts use, and how it is left. */

/** An opening or closing tag we allow; a link has a literal https address. */
export const ALLOWED_TAG = /<(\/?)(b|i|code|a|blockquote)(?: href="https:\/\/[^"<>{}]{1,500}")?>/g;

const SIGNS = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' } as const;
const NAMES: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&amp;': '&',
};

/** Makes any text harmless inside a message, attributes included. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => SIGNS[sign as keyof typeof SIGNS]); // the four of the pattern
}

/** The same words without tags: what is sent when the marked text was refused. */
export function toPlain(html: string): string {
  return html
    .replace(ALLOWED_TAG, '')
    .replace(/&(?:lt|gt|quot|amp);/g, (name) => NAMES[name] ?? '');
}
