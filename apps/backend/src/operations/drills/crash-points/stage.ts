/** One telling of a story on a ground of its own: until everything rests, then judged. */
import type { Books, Violation } from '../payments/books.ts';
import { collectBooks } from '../payments/collect.ts';
import { judge } from '../payments/judge.ts';
import { waitForQuiet } from '../payments/quiet.ts';
import { describeCounts } from '../counts.ts';
import type { VendorName } from '../vendors.ts';
import { openGround, type Ground, type GroundDeps } from './ground.ts';
import { passedSchema } from './orders.ts';
import { sell, storyOf, type Story, type StoryName } from './stories.ts';
import { startSubject } from './subject.ts';

export interface Stage {
  /**
   * Tells the story once, ending the process at `at`; undefined: nowhere. A `fresh` process begins the
   * act with empty caches, as the first one did.
   */
  tell(story: StoryName, at: string | undefined, fresh: boolean): Promise<Telling>;
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
const STABLE_MS = 500;
/** The panel tells that it started before anybody listens, and again three times, each 5 s later. */
const GREETED_WITHIN_MS = 20_000;
const LOOK_EVERY_MS = 250;
/** Jobs put off by less than this run at once: nobody waits for "it takes long" in a drill. */
const BROUGHT_FORWARD = '1 minute';

export async function openStage(
  deps: GroundDeps & { provider: VendorName; say: (line: string) => void },
): Promise<Stage> {
  const { clock, provider } = deps;
  const ground = await openGround(deps);
  const { world, ask } = ground;
  const subject = startSubject(ground);
  const chatIds: number[] = [];
  await world.till(provider).repeatNoticesAfter(REPEATS_MS);
  await subject.ready();
  await greeted(ground);

  /** Until nothing moves; then what was put off is done too: it must not fall into the next act. */
  async function rest(): Promise<Violation[]> {
    const restless = await standStill();
    return (await bringForward()) === 0 ? restless : [...restless, ...(await standStill())];
  }

  async function standStill(): Promise<Violation[]> {
    await subject.ready();
    const sinceMs = clock.monotonicMs();
    const { quietAfterMs, moving } = await waitForQuiet({
      ...{ world, ask, clock, providers: [provider], sinceMs, stableMs: STABLE_MS, say: deps.say },
    });
    if (quietAfterMs !== undefined) return [];
    return [{ rule: 'R8', what: `no quiet: ${describeCounts(moving)}` }];
  }

  async function bringForward(): Promise<number> {
    const [moved] = await ask<{ count: number }>(
      `select count(*)::int as count from graphile_worker.reschedule_jobs(array(
         select id from graphile_worker.jobs where run_at > now()
            and run_at < now() + $1::interval and attempts = 0 and locked_at is null), now())`,
      [BROUGHT_FORWARD],
    );
    return moved?.count ?? 0;
  }

  return {
    async tell(story, at, fresh) {
      const chatId = await world.createPerson({ name: 'Buyer', language: 'en', started: true });
      chatIds.push(chatId);
      const hands = { subject, world, clock, provider, chatId, key: `drill-${String(chatId)}` };
      const { before: prepare, act, ends } = storyOf(story);
      const restless: Violation[] = [];
      if (prepare !== undefined) {
        await prepare(hands);
        restless.push(...(await rest()));
      }
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
