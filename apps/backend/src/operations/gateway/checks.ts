import type { Clock } from '@opora/kernel';
import { Client } from 'undici';
import type { Log } from '../../platform/log/index.ts';
import { isSilence, type Instance } from './instance.ts';

const EVERY_MS = 750;
const TIMEOUT_MS = 400;
/** After a first answer that says otherwise: two in a row turn it, and people wait meanwhile. */
const AGAIN_MS = 100;

/**
 * `looked`: each was asked once; callers that are let in before find that nobody is there. `over`:
 * after the last question.
 */
export type Watching = Readonly<{ looked: Promise<void>; over: Promise<void> }>;

/** Asks each instance for its readiness until `signal` aborts or it leaves. */
export function watchInstances(deps: {
  instances: readonly Instance[];
  clock: Clock;
  log: Log;
  signal: AbortSignal;
}): Watching {
  const watches = deps.instances.map((instance) => {
    const looked = Promise.withResolvers<undefined>();
    const over = watch(instance, deps, () => {
      looked.resolve(undefined);
    });
    return { looked: looked.promise, over };
  });
  return {
    looked: Promise.all(watches.map(({ looked }) => looked)).then(() => undefined),
    over: Promise.all(watches.map(({ over }) => over)).then(() => undefined),
  };
}

async function watch(
  instance: Instance,
  deps: { clock: Clock; log: Log; signal: AbortSignal },
  looked: () => void,
): Promise<void> {
  // A connection of its own: a pool busy with live traffic must not fail the check.
  const client = new Client(instance.origin, {
    connect: { timeout: TIMEOUT_MS },
    headersTimeout: TIMEOUT_MS,
    bodyTimeout: TIMEOUT_MS,
  });
  const signal = AbortSignal.any([deps.signal, instance.left]);
  while (!signal.aborted) {
    const before = instance.up;
    const askedMs = deps.clock.monotonicMs();
    const found = await look(client);
    // Whoever answers calls meanwhile is busy, not hung: without it they would all be refused.
    const isBusy = found === 'silent' && instance.hasAnsweredSince(askedMs);
    const isGood = found === 'ready' || isBusy;
    instance.noteCheck(isGood);
    looked();
    if (before !== instance.up) {
      deps.log.warn({ upstream: instance.name, up: instance.up }, 'instance changed');
    }
    await deps.clock.sleep(isGood === instance.up && !isBusy ? EVERY_MS : AGAIN_MS, signal);
  }
  looked();
  await client.destroy();
}

async function look(client: Client): Promise<'ready' | 'unready' | 'silent'> {
  try {
    const { statusCode, body } = await client.request({ path: '/health/ready', method: 'GET' });
    await body.dump();
    return statusCode === 200 ? 'ready' : 'unready';
  } catch (error) {
    // Refused and reset are answers to this question.
    return isSilence(error) ? 'silent' : 'unready';
  }
}
