import { badRequest, type InlineButton, type InlineKeyboard } from './bot-api.ts';

export const CALLBACK_DATA_MAX_BYTES = 64;
export const BUTTONS_MAX = 100;
const COPY_TEXT_MAX = 256;
const STYLES = ['primary', 'success', 'danger'];

/** What stands under a message: buttons of the message itself, or keys instead of the keyboard. */
export type Markup = Readonly<{
  inline?: InlineKeyboard;
  /** Labels of a reply keyboard; an empty list takes the keyboard away. */
  keys?: readonly (readonly string[])[];
}>;

/**
 * Reads `reply_markup`; throws the API's 400 for a button Telegram would refuse. A pay button
 * belongs to an invoice, and there it is the first.
 */
export function parseMarkup(given: unknown, of: 'text' | 'invoice' = 'text'): Markup {
  if (given === undefined) return {};
  const { inline_keyboard, keyboard, remove_keyboard } = fields(given, 'reply markup');
  if (inline_keyboard !== undefined) {
    const inline = inlineRows(inline_keyboard);
    checkPay(inline.flat(), of);
    return { inline };
  }
  if (keyboard !== undefined) {
    return { keys: rows(keyboard, 'keyboard').map((row) => row.map(labelOf)) };
  }
  return remove_keyboard === true ? { keys: [] } : {};
}

function checkPay(buttons: readonly InlineButton[], of: 'text' | 'invoice'): void {
  const [first, ...others] = buttons.map(({ pay }) => pay === true);
  if (others.includes(true) || (first ?? false) !== (of === 'invoice')) {
    throw badRequest('BUTTON_TYPE_INVALID');
  }
}

function inlineRows(given: unknown): InlineKeyboard {
  const parsed = rows(given, 'inline keyboard').map((row) => row.map(inlineButton));
  if (parsed.flat().length > BUTTONS_MAX) throw badRequest('reply markup is too long');
  return parsed.filter((row) => row.length > 0);
}

function inlineButton(given: unknown): InlineButton {
  const button = fields(given, 'inline keyboard button');
  const look = {
    text: labelOf(given),
    ...(button['style'] === undefined ? {} : { style: styleOf(button['style']) }),
  };
  if (button['pay'] === true) return { ...look, pay: true };
  const { callback_data: data, url } = button;
  if (data !== undefined) {
    const bytes = typeof data === 'string' ? Buffer.byteLength(data) : 0;
    if (typeof data !== 'string' || bytes < 1 || bytes > CALLBACK_DATA_MAX_BYTES) {
      throw badRequest('BUTTON_DATA_INVALID');
    }
    return { ...look, callback_data: data };
  }
  if (url !== undefined) return { ...look, url: address(url) };
  if (button['web_app'] !== undefined) {
    return { ...look, web_app: { url: address(fields(button['web_app'], 'web app')['url']) } };
  }
  if (button['copy_text'] !== undefined) {
    const { text } = fields(button['copy_text'], 'copy text');
    if (typeof text !== 'string' || text === '' || [...text].length > COPY_TEXT_MAX) {
      throw badRequest('BUTTON_COPY_TEXT_INVALID');
    }
    return { ...look, copy_text: { text } };
  }
  throw badRequest('text buttons are unallowed in the inline keyboard');
}

function address(given: unknown): string {
  const url = typeof given === 'string' ? given.trim() : '';
  const full = /^[a-z][a-z0-9+.-]*:/iu.test(url) ? url : `http://${url}`;
  if (!URL.canParse(full) || !['http:', 'https:', 'tg:'].includes(new URL(full).protocol)) {
    throw badRequest(`inline keyboard button URL '${url}' is invalid: Wrong HTTP URL`);
  }
  return full;
}

function styleOf(given: unknown): string {
  const style = STYLES.find((each) => each === given);
  if (style === undefined) throw badRequest('BUTTON_STYLE_INVALID');
  return style;
}

function labelOf(given: unknown): string {
  const text = typeof given === 'string' ? given : fields(given, 'keyboard button')['text'];
  if (typeof text !== 'string' || text.trim() === '') {
    throw badRequest('keyboard button text must be non-empty');
  }
  return text;
}

function rows(given: unknown, what: string): unknown[][] {
  if (!Array.isArray(given) || !given.every((row): row is unknown[] => Array.isArray(row))) {
    throw badRequest(`${what} must be an array of arrays of buttons`);
  }
  return given;
}

function fields(given: unknown, what: string): Record<string, unknown> {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw badRequest(`${what} must be an object`);
  }
  return given as Record<string, unknown>; // checked above: a plain JSON object
}
