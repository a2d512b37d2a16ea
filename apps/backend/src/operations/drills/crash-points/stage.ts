/** One telling of a story on a ground of its own: until everything rests, then judged. */
import type { Books, Violation } from '../payments/books.ts';
import { collectBooks } from '../payments/collect.ts';
import { judge } from '../payments/judge.ts';
import type { VendorName } from '../vendors.ts';
import { openGround, type Ground, type GroundDeps } from './ground.ts';
import { passedSchema } from './orders.ts';
import { createRest } from './rest.ts';
import { sell, storyOf, type Hands, type Story, type StoryName } from './stories.ts';
import { startSubject } from './subject.ts';

export interface Stage {
  /**
   * Tells the story once, ending the process at `at`; undefined: nowhere. A `fresh` process begins the
   * act with empty caches, as the first one did.
   */
  tell(story: StoryName, at: string | undefined, fresh: boolean): Promise<Telling>;
  /** After a long rest: what all tellings so far have broken together. */
  last(): Promise<readonly Violation[]>;
  end(): Promise<void>;
}

export type Telling = Readonly<{
  /** The points that were passed; empty after an abort, they are gone with the process. */
  passed: readonly string[];
  aborted: boolean;
  violations: readonly Violation[];
}>;

/** Waits of the vendors before they repeat a notice, where the merchant may choose them. */
const REPEATS_MS = [300, 500, ...Array.from({ length: 58 }, () => 1_000)];
const STABLE_AT_LAST_MS = 2_000;
/** Buyers whose ground is made together; each has an act of its own. */
const PREPARED_AT_ONCE = 8;
/** The panel tells that it started before anybody listens, and again three times, each 5 s later. */
const GREETED_WITHIN_MS = 20_000;
const LOOK_EVERY_MS = 250;

export async function openStage(
  deps: GroundDeps & { provider: VendorName; say: (line: string) => void },
): Promise<Stage> {
  const { clock, provider } = deps;
  const ground = await openGround(deps);
  const { world, ask } = ground;
  const subject = startSubject(ground);
  const chatIds: number[] = [];
  const prepared = new Map<StoryName, Hands[]>();
  const { rest, standStill } = createRest({ ...ground, provider, subject, say: deps.say });
  await world.till(provider).repeatNoticesAfter(REPEATS_MS);
  await subject.ready();
  await greeted(ground);

  async function meet(): Promise<Hands> {
    const chatId = await world.createPerson({ name: 'Buyer', language: 'en', started: true });
    chatIds.push(chatId);
    return { subject, world, clock, provider, chatId, key: `drill-${String(chatId)}` };
  }

  /** A buyer whose ground is made; the others made with it are for the next tellings. */
  async function next(story: StoryName, restless: Violation[]): Promise<Hands> {
    const { before: prepare } = storyOf(story);
    if (prepare === undefined) return await meet();
    const known = prepared.get(story)?.pop();
    if (known !== undefined) return known;
    const first = await meet();
    const others = await Promise.all(Array.from({ length: PREPARED_AT_ONCE - 1 }, meet));
    await Promise.all([first, ...others].map(prepare));
    restless.push(...(await rest()));
    prepared.set(story, others);
    return first;
  }

  return {
    async tell(story, at, fresh) {
      const { act, ends } = storyOf(story);
      const restless: Violation[] = [];
      const hands = await next(story, restless);
      if (fresh) await subject.renew();
      const before = subject.aborts;
      await subject.order({ type: 'begin', at });
      await act(hands);
      restless.push(...(await rest()));
      const aborted = subject.aborts > before;
      const passed = aborted ? [] : passedSchema.parse(await subject.order({ type: 'passed' }));
      if (!aborted) await subject.order({ type: 'begin' });
      const books = await collectBooks({ world, ask, providers: [provider], chatIds });
      restless.push(...otherwise(books, (await sell(hands)).paymentId, ends));
      return { passed, aborted, violations: [...restless, ...judge(books).violations] };
    },
    async last() {
      const restless = await standStill(STABLE_AT_LAST_MS);
      const books = await collectBooks({ world, ask, providers: [provider], chatIds });
      return [...restless, ...judge(books).violations];
    },
    async end() {
      await subject.end();
      await ground.end();
    },
  };
}

/** Until the panel's word of its start has come, or is lost: it is no part of a telling. */
async function greeted({ ask, clock }: Ground): Promise<void> {
  const untilMs = clock.monotonicMs() + GREETED_WITHIN_MS;
  while (clock.monotonicMs() < untilMs) {
    if ((await ask('select 1 from panel_event limit 1')).length > 0) return;
    await clock.sleep(LOOK_EVERY_MS);
  }
}

/** A story that did not happen proves nothing. */
function otherwise(books: Books, paymentId: string, ends: Story['ends']): Violation[] {
  const payment = books.payments.find(({ id }) => id === paymentId);
  const order = books.orders.find(({ id }) => id === payment?.orderId);
  if (payment !== undefined && order !== undefined && ends(payment, order)) return [];
  const states = `${payment?.state ?? 'missing'}, its order ${order?.state ?? 'missing'}`;
  return [{ rule: 'R8', what: `${paymentId} did not end as told: it is ${states}` }];
}
