/** One update: who speaks, may they, what do they see. Everything it needs to know is read anew. */
import type { Language } from '@opora/kernel';
import type { Person } from '../modules/identity/index.ts';
import { isBlockedByPerson, isQueryTooOld } from '../platform/telegram/index.ts';
import { decodeTap } from './actions.ts';
import type { BotDeps, ScreenDeps, Turn } from './deps.ts';
import { readUpdate, type Sender, type Update } from './incoming.ts';
import { openAction, openText } from './open.ts';
import { withPatience } from './patience.ts';
import { present } from './present.ts';
import { createRateLimit } from './rate-limit.ts';
import { showMenu } from './screens/home.ts';
import { bannedView, errorView } from './screens/info.view.ts';
import { speechIn } from './speech.ts';
import type { Shown } from './view.ts';

export interface Bot {
  /** Answers an update; throws to have it tried again. Updates we do not know are passed over. */
  handle(body: unknown, attempt: number): Promise<void>;
  /** Says that it did not work, with the number support can look up. */
  apologise(body: unknown, error: unknown): Promise<void>;
}

type Message = NonNullable<Update['message']>;
type Query = NonNullable<Update['callback_query']>;
type Membership = NonNullable<Update['my_chat_member']>;

/** Words for a toast: what Telegram takes. */
const TOAST_MAX = 200;

export function createHandler(deps: BotDeps, screens: ScreenDeps): Bot {
  const { telegram, identity, clock, log } = deps;
  const limit = createRateLimit(clock);

  async function meet(from: Sender): Promise<Person> {
    return identity.resolveTelegram({
      id: BigInt(from.id),
      firstName: from.first_name,
      username: from.username,
      languageCode: from.language_code,
    });
  }

  /** The turn of a person, and the same turn in another language. */
  function turnOf(person: Person, chatId: number): (language: Language) => Turn {
    const requestId = deps.ids.next('req');
    return (language) => ({
      person,
      chatId: BigInt(chatId),
      speech: speechIn(deps.words, language),
      log: log.child({ requestId, personId: person.id }),
    });
  }

  async function onMessage(message: Message, attempt: number): Promise<void> {
    const { chat, from, text = '' } = message;
    if (from === undefined) return;
    if (chat.type !== 'private') {
      if (text.startsWith('/')) await say(chat.id, plainIn(from, 'group'));
      return;
    }
    const person = await meet(from);
    const turn = turnOf(person, chat.id)(person.language);
    if (attempt === 1) {
      const taken = limit.take(person.id);
      if (taken === 'told') await say(chat.id, turn.speech.plain('toast.tooOften'));
      if (taken !== 'free') return;
    }
    const { view } = await withPatience(
      clock,
      isBanned(person) ? banned(turn) : openText(screens, turn, text),
      () => typing(chat.id),
    );
    await present(telegram, { chatId: turn.chatId, edit: undefined }, view);
  }

  async function onTap(query: Query, attempt: number): Promise<void> {
    const chat = query.message?.chat;
    let isAnswered = false;
    const answer = async (toast?: string): Promise<void> => {
      if (isAnswered) return;
      isAnswered = true;
      await answerTap(query.id, toast);
    };
    try {
      // A tap in a group, or on a message Telegram no longer shows us, only loses its spinner.
      if (query.message === undefined || chat?.type !== 'private') return;
      const person = await meet(query.from);
      const inLanguage = turnOf(person, chat.id);
      if (attempt === 1 && limit.take(person.id) !== 'free') {
        await answer(inLanguage(person.language).speech.plain('toast.tooOften'));
        return;
      }
      const tap = decodeTap(query.data ?? '');
      const turn = inLanguage(person.language);
      const shown = await withPatience(
        clock,
        tapped(turn, { tap, person, inLanguage }),
        async () => {
          await Promise.all([answer(), typing(chat.id)]);
        },
      );
      const edit = tap === undefined || tap.keeps ? undefined : query.message.message_id;
      await Promise.all([
        answer(shown.toast),
        present(telegram, { chatId: turn.chatId, edit }, shown.view),
      ]);
    } finally {
      await answer();
    }
  }

  async function tapped(
    turn: Turn,
    asked: {
      tap: ReturnType<typeof decodeTap>;
      person: Person;
      inLanguage: (language: Language) => Turn;
    },
  ): Promise<Shown> {
    if (isBanned(asked.person)) return banned(turn);
    if (asked.tap === undefined) {
      return { ...showMenu(screens, turn), toast: turn.speech.plain('toast.stale') };
    }
    const { inLanguage } = asked;
    return openAction(screens, turn, { action: asked.tap.action, inLanguage });
  }

  /** The person blocked the bot or came back: messages stop, or what they missed is sent. */
  async function onMembership({ chat, from, new_chat_member }: Membership): Promise<void> {
    if (chat.type !== 'private') return;
    const isBlocked = new_chat_member.status === 'kicked';
    const personId = await identity.setBlocked(BigInt(from.id), isBlocked);
    if (personId !== undefined && !isBlocked) await deps.messaging.revive(personId);
  }

  async function banned(turn: Turn): Promise<Shown> {
    return { view: bannedView(turn.speech, deps.product.supportUrl) };
  }

  async function answerTap(id: string, toast: string | undefined): Promise<void> {
    const text = toast === undefined ? {} : { text: toast.slice(0, TOAST_MAX) };
    try {
      await telegram.call.answerCallbackQuery({ callback_query_id: id, ...text });
    } catch (error) {
      // The spinner ends by itself; the screen is what matters.
      if (!isQueryTooOld(error)) log.warn({ err: error }, 'a tap was not answered');
    }
  }

  async function typing(chatId: number): Promise<void> {
    await telegram.call.sendChatAction({ chat_id: chatId, action: 'typing' });
  }

  async function say(chatId: number, text: string): Promise<void> {
    await telegram.call.sendMessage({ chat_id: chatId, text, disable_notification: true });
  }

  function plainIn(from: Sender, key: 'group'): string {
    const language = from.language_code?.startsWith('ru') === true ? 'ru' : 'en';
    return speechIn(deps.words, language).plain(key);
  }

  return {
    async handle(body, attempt) {
      const update = readUpdate(body);
      const { message, callback_query: query, my_chat_member: membership } = update ?? {};
      try {
        if (message !== undefined) await onMessage(message, attempt);
        else if (query !== undefined) await onTap(query, attempt);
        else if (membership !== undefined) await onMembership(membership);
      } catch (error) {
        const from = message?.from ?? query?.from;
        if (from === undefined || !isBlockedByPerson(error)) throw error;
        await identity.setBlocked(BigInt(from.id), true);
      }
    },
    async apologise(body, error) {
      const update = readUpdate(body);
      const from = update?.message?.from ?? update?.callback_query?.from;
      const chat = update?.message?.chat ?? update?.callback_query?.message?.chat;
      if (from === undefined || chat?.type !== 'private') return;
      const person = await meet(from);
      const requestId = deps.ids.next('req');
      log.error({ requestId, personId: person.id, err: error }, 'the person was told of a failure');
      const view = errorView(speechIn(deps.words, person.language), requestId);
      await present(telegram, { chatId: BigInt(chat.id), edit: undefined }, view);
    },
  };
}

function isBanned(person: Person): boolean {
  return person.state === 'banned';
}
