import type { Language } from '@opora/kernel';

export type Person = Readonly<{
  id: string;
  /** As the person calls themselves: hostile text, escaped where it is shown. */
  name: string;
  language: Language;
  state: 'active' | 'banned';
}>;

/** What Telegram says of a user; every text is the user's own. */
export type TelegramUser = Readonly<{
  id: bigint;
  firstName: string;
  username: string | undefined;
  languageCode: string | undefined;
}>;

/** Where and in which language a person is told something: by Telegram, by mail, or neither. */
export type Contact = Readonly<{
  personId: string;
  name: string;
  language: Language;
  telegramId: bigint | undefined;
  /** Blocked our bot. */
  isBlocked: boolean;
  /** A confirmed address, as its owner wrote it. */
  email: string | undefined;
}>;

const NAME_MAX = 64;

/** Russian for those whose Telegram speaks Russian or a neighbouring language, English for the rest. */
export function languageOf(code: string | undefined): Language {
  return /^(ru|uk|be|kk)\b/i.test(code ?? '') ? 'ru' : 'en';
}

/** Drops control characters and direction overrides, which break other people's screens. */
export function cleanName(name: string): string {
  const clean = name.replace(/[\p{Cc}\p{Cf}]/gu, '').trim();
  return Array.from(clean).slice(0, NAME_MAX).join('') || '…';
}
