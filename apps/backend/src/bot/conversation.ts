/** What every answer needs: who speaks, in which language, and the small calls beside the screen. */
import type { Language } from '@opora/kernel';
import type { Person } from '../modules/identity/index.ts';
import { isQueryTooOld } from '../platform/telegram/index.ts';
import type { BotDeps, ScreenDeps, Turn } from './deps.ts';
import type { Sender } from './incoming.ts';
import type { RateLimit } from './rate-limit.ts';
import { bannedView } from './screens/info.view.ts';
import { speechIn } from './speech.ts';
import type { Shown } from './view.ts';

/** The bot's deps, those of its screens, the limit of this process, and the update at hand. */
export type Parts = Readonly<{
  deps: BotDeps;
  screens: ScreenDeps;
  limit: RateLimit;
  updateId: number | undefined;
}>;

/** Words for a toast: what Telegram takes. */
const TOAST_MAX = 200;

export function meet({ deps }: Parts, from: Sender): Promise<Person> {
  return deps.identity.resolveTelegram({
    id: BigInt(from.id),
    firstName: from.first_name,
    username: from.username,
    languageCode: from.language_code,
  });
}

/** The turn of a person in any language: one request, one number in the log. */
export function turnOf(
  { deps, updateId }: Parts,
  person: Person,
  chatId: number,
): (language: Language) => Turn {
  const requestId = deps.ids.next('req');
  return (language) => ({
    requestId,
    person,
    chatId: BigInt(chatId),
    speech: speechIn(deps.words, language),
    // Made when something is said: most turns say nothing.
    get log() {
      return deps.log.child({ requestId, personId: person.id, updateId: String(updateId) });
    },
  });
}

/** What a banned person sees; undefined for everybody else. */
export function closedTo({ deps }: Parts, turn: Turn): Shown | undefined {
  if (turn.person.state !== 'banned') return undefined;
  return { view: bannedView(turn.speech, deps.product.supportUrl) };
}

/** Ends the spinner of a tap, with a word or without; never throws. */
export async function answerTap(
  { deps, updateId }: Parts,
  id: string,
  toast?: string,
): Promise<void> {
  const text = toast === undefined ? {} : { text: toast.slice(0, TOAST_MAX) };
  try {
    await deps.telegram.call.answerCallbackQuery({ callback_query_id: id, ...text });
  } catch (error) {
    // The spinner ends by itself; the screen is what matters.
    if (!isQueryTooOld(error))
      deps.log.warn({ updateId: String(updateId), err: error }, 'a tap was not answered');
  }
}

export async function showTyping({ deps }: Parts, chatId: number): Promise<void> {
  await deps.telegram.call.sendChatAction({ chat_id: chatId, action: 'typing' });
}

/** A line without buttons, silently. */
export async function say({ deps }: Parts, chatId: number, text: string): Promise<void> {
  await deps.telegram.call.sendMessage({ chat_id: chatId, text, disable_notification: true });
}
