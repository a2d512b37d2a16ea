/** What a person presses. The tap is always answered, the menu above it becomes the next screen. */
import type { Language } from '@opora/kernel';
import { decodeTap, type Tap } from './actions.ts';
import { answerTap, closedTo, meet, showTyping, turnOf, type Parts } from './conversation.ts';
import type { Turn } from './deps.ts';
import type { Update } from './incoming.ts';
import { openAction } from './open.ts';
import { withPatience } from './patience.ts';
import { present } from './present.ts';
import { showMenu } from './screens/home.ts';
import type { Shown } from './view.ts';

type Query = NonNullable<Update['callback_query']>;

export async function handleTap(parts: Parts, query: Query, attempt: number): Promise<void> {
  let isAnswered = false;
  const answer = async (toast?: string): Promise<void> => {
    if (isAnswered) return;
    isAnswered = true;
    await answerTap(parts, query.id, toast);
  };
  try {
    await reply(parts, query, { attempt, answer });
  } finally {
    await answer();
  }
}

async function reply(
  parts: Parts,
  query: Query,
  given: { attempt: number; answer: (toast?: string) => Promise<void> },
): Promise<void> {
  const { message } = query;
  // A tap in a group, or on a message Telegram no longer shows us, only loses its spinner.
  if (message?.chat.type !== 'private') return;
  const person = await meet(parts, query.from);
  const inLanguage = turnOf(parts, person, message.chat.id);
  const turn = inLanguage(person.language);
  if (given.attempt === 1 && parts.limit.take(person.id) !== 'free') {
    await given.answer(turn.speech.plain('toast.tooOften'));
    return;
  }
  const tap = decodeTap(query.data ?? '');
  const shown = await withPatience(
    parts.deps.clock,
    screenFor(parts, turn, { tap, inLanguage }),
    async () => {
      await Promise.all([given.answer(), showTyping(parts, message.chat.id)]);
    },
  );
  const edit = tap === undefined || tap.keeps ? undefined : message.message_id;
  await Promise.all([
    given.answer(shown.toast),
    present(parts.deps.telegram, { chatId: turn.chatId, edit }, shown.view),
  ]);
}

/** Data that says nothing to us (forged, or of an older version) shows where things stand now. */
async function screenFor(
  parts: Parts,
  turn: Turn,
  asked: { tap: Tap | undefined; inLanguage: (language: Language) => Turn },
): Promise<Shown> {
  const { tap, inLanguage } = asked;
  const closed = closedTo(parts, turn);
  if (closed !== undefined) return closed;
  if (tap === undefined) {
    return { ...showMenu(parts.screens, turn), toast: turn.speech.plain('toast.stale') };
  }
  return openAction(parts.screens, turn, { action: tap.action, inLanguage });
}
