/**
 * The drill about ended sessions: somebody leaves, and from then on nobody may come in with what was
 * theirs. While all is well, while the gateway's feed of ends is cut, and while auth is away.
 */
import { GRAY_FROM } from '../gray.ts';
import { whileStopped } from '../standstill.ts';
import type { Visitor } from './people.ts';
import {
  judgeRevocation,
  type RevocationOptions,
  type RevocationReport,
} from './revocation-report.ts';
import { onAuthStage, until, type DrillDeps, type Stage } from './stage.ts';

const INSTANCES = [0, 1];
/** How often an ended session is tried: this fine are the times of the report. */
const TRY_EVERY_MS = 20;
const AT_ONCE = 8;
const REFUSED_WITHIN_MS = 30_000;
/** Enough for the feed, which is asked four times a second, and for three unanswered questions. */
const KNOWN_AFTER_MS = 2_000;
/** Tries of one session across the outage: far below what limits a stranger's network. */
const TRIES_EACH = 200;

/** Throws `DrillRefused` when it cannot take place. */
export async function runRevocation(
  options: RevocationOptions,
  deps: DrillDeps,
): Promise<RevocationReport> {
  const settings = { OPORA_PACE: 'drill', OPORA_PLANTED_BUG: 'cut-feed' };
  const scene = { instances: INSTANCES.length, settings };
  return await onAuthStage(scene, deps, async (stage) => {
    const { people } = stage;
    const links = await people.links(options.sessions + options.cutSessions);
    const visitors = await people.enterAll(links);
    const withFeedMs = await endAll(stage, visitors.slice(0, options.sessions), deps);
    deps.say(`${String(withFeedMs.length)} sessions ended with the feed`);
    const statuses = await tryWithoutAuth(stage, visitors.slice(0, options.sessions), {
      ...deps,
      tries: options.tries,
    });
    deps.say(`${String(statuses.length)} tries while auth was away`);
    for (const instance of INSTANCES) process.kill(await stage.readyPid(instance), GRAY_FROM);
    await deps.clock.sleep(KNOWN_AFTER_MS);
    const withoutFeedMs = await endAll(stage, visitors.slice(options.sessions), deps);
    deps.say(`${String(withoutFeedMs.length)} sessions ended without the feed`);
    return judgeRevocation({ options, withFeedMs, withoutFeedMs, statuses });
  });
}

/** Ends each session; how long after the answer to its end a call of it was sent and still let in. */
async function endAll(
  stage: Stage,
  visitors: readonly Visitor[],
  { clock }: DrillDeps,
): Promise<number[]> {
  const left = [...visitors];
  const took: number[] = [];
  const one = async (): Promise<void> => {
    for (let visitor = left.pop(); visitor !== undefined; visitor = left.pop()) {
      const { people } = stage;
      const ended = visitor;
      // Used just before, so that the gateway holds a fresh decision about it.
      await people.read(ended);
      await people.leave(ended);
      const sinceMs = stage.nowMs();
      let letInMs = 0;
      const what = 'an ended session was let in for half a minute';
      const every = { everyMs: TRY_EVERY_MS, withinMs: REFUSED_WITHIN_MS, what };
      await until(clock, every, async () => {
        const sentMs = stage.nowMs();
        const { status } = await people.read(ended);
        if (status === 200) letInMs = sentMs - sinceMs;
        return status === 401;
      });
      took.push(letInMs);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
  return took;
}

/** Stops every instance of auth, and tries the ended sessions again and again; then lets them go on. */
async function tryWithoutAuth(
  stage: Stage,
  ended: readonly Visitor[],
  { clock, tries }: DrillDeps & { tries: number },
): Promise<number[]> {
  const statuses: number[] = [];
  await stage.allServe();
  await whileStopped(stage.platform, 'auth', async () => {
    await clock.sleep(KNOWN_AFTER_MS);
    const some = ended.slice(0, Math.max(1, Math.ceil(tries / TRIES_EACH)));
    const one = async (): Promise<void> => {
      while (statuses.length < tries) {
        const visitor = some[statuses.length % some.length];
        if (visitor === undefined) return;
        statuses.push(-1);
        const at = statuses.length - 1;
        statuses[at] = (await stage.people.read(visitor)).status;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, one));
  });
  return statuses;
}
