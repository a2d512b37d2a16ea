/**
 * How people find their way in the chat: they write, tap the button that leads on, and tap or write
 * again when nothing happens for a while.
 */
import type { Clock } from '@opora/kernel';
import type { ChatMessage, SimulatedWorld } from '../simulated-world.ts';

const LOOK_EVERY_MS = 150;
/** After this long without an answer people tap or write again. */
const PATIENCE_MS = 4_000;
/** After this long they go away for good. */
const LEAVE_AFTER_MS = 120_000;

export type Wayfarer = Readonly<{ world: SimulatedWorld; clock: Clock; stopping: AbortSignal }>;

export type Way<Found> = Readonly<{
  chatId: number;
  /** What they write at the start of it. */
  from: string;
  /** Data of buttons, because labels are words; the nearest to the end first. */
  steps: readonly RegExp[];
  /** Which one, of several that fit; counted round. */
  choice: number;
  /** What they came for, in what the bot answered since. */
  found: (answers: readonly ChatMessage[]) => Found | undefined;
}>;

/** Undefined when patience ended. */
export async function walk<Found>(
  { world, clock, stopping }: Wayfarer,
  way: Way<Found>,
): Promise<Found | undefined> {
  const { chatId } = way;
  const startedMs = clock.monotonicMs();
  let asked = await world.say(chatId, way.from);
  let actedMs = clock.monotonicMs();
  let pressed = '';
  while (clock.monotonicMs() - startedMs < LEAVE_AFTER_MS && !stopping.aborted) {
    await clock.sleep(LOOK_EVERY_MS, stopping);
    const answers = (await world.chat(chatId)).filter(
      ({ by, messageId }) => by === 'bot' && messageId > asked,
    );
    const found = way.found(answers);
    if (found !== undefined) return found;
    const step = nextStep(answers, way);
    const waited = clock.monotonicMs() - actedMs > PATIENCE_MS;
    if (step === undefined && !waited) continue;
    if (step === undefined || (waited && step.key === pressed)) {
      asked = await world.say(chatId, way.from);
      pressed = '';
    } else if (step.key !== pressed || waited) {
      await world.tap(chatId, step.messageId, step.data);
      pressed = step.key;
    } else continue;
    actedMs = clock.monotonicMs();
  }
  return undefined;
}

/** The button to press now: of the newest message that has one on the way. */
function nextStep(
  answers: readonly ChatMessage[],
  { steps, choice }: Pick<Way<unknown>, 'steps' | 'choice'>,
): { key: string; messageId: number; data: string } | undefined {
  for (const { messageId, buttons } of answers.toReversed()) {
    const offered = buttons.flat().flatMap(({ callback_data }) => callback_data ?? []);
    for (const step of steps) {
      const fitting = offered.filter((data) => step.test(data));
      const data = fitting[choice % Math.max(1, fitting.length)];
      if (data !== undefined) return { key: `${String(messageId)} ${data}`, messageId, data };
    }
  }
  return undefined;
}
