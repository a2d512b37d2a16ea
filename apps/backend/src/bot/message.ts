/** What a person writes: a command, or words that are none. */
import { closedTo, meet, say, showTyping, turnOf, type Parts } from './conversation.ts';
import { languageHint, type Sender, type Update } from './incoming.ts';
import { openText } from './open.ts';
import { withPatience } from './patience.ts';
import { present } from './present.ts';
import { speechIn } from './speech.ts';

export async function handleMessage(
  parts: Parts,
  message: NonNullable<Update['message']>,
  attempt: number,
): Promise<void> {
  const { chat, from, text = '' } = message;
  if (from === undefined) return;
  if (chat.type !== 'private') {
    if (text.startsWith('/')) await say(parts, chat.id, politeLine(parts, from));
    return;
  }
  const person = await meet(parts, from);
  const turn = turnOf(parts, person, chat.id)(person.language);
  const taken = attempt === 1 ? parts.limit.take(person.id) : 'free';
  if (taken === 'told') await say(parts, chat.id, turn.speech.plain('toast.tooOften'));
  if (taken !== 'free') return;
  const shown =
    closedTo(parts, turn) ??
    (await withPatience(parts.deps.clock, openText(parts.screens, turn, text), () =>
      showTyping(parts, chat.id),
    ));
  await present(parts.deps.telegram, { chatId: turn.chatId, edit: undefined }, shown.view);
}

/** Groups get one line, in the language of who asked: nobody is written down for it. */
function politeLine({ deps }: Parts, from: Sender): string {
  return speechIn(deps.words, languageHint(from)).plain('group');
}
