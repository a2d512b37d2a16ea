/**
 * The worker's loops over payments: the inbox of notices (woken by the doorbell, polled anyway),
 * due questions to providers, open refunds. Each round is short; a failing one waits and goes on.
 */
import type { Clock } from '@opora/kernel';
import type { Doorbell } from '../../../platform/db/index.ts';
import type { Log } from '../../../platform/log/index.ts';
import type { Payments } from '../index.ts';

const POLL_MS = { notices: 1_000, questions: 1_000, refunds: 5_000 };
const AFTER_FAILURE_MS = 1_000;

export function runPaymentLoops(deps: {
  payments: Payments;
  doorbell: Doorbell;
  clock: Clock;
  log: Log;
}): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const ring = new EventTarget();
  const listener = deps.doorbell.listen(() => ring.dispatchEvent(new Event('ring')));

  async function loop(
    round: () => Promise<number>,
    pauseMs: number,
    onRing: boolean,
  ): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        if ((await round()) === 0) await pause(pauseMs, onRing);
      } catch (error) {
        deps.log.warn({ error }, 'a round over payments failed');
        await deps.clock.sleep(AFTER_FAILURE_MS, stopping.signal);
      }
    }
  }

  async function pause(ms: number, onRing: boolean): Promise<void> {
    const awake = new AbortController();
    const wake = (): void => {
      awake.abort();
    };
    if (onRing) ring.addEventListener('ring', wake, { once: true });
    await deps.clock.sleep(ms, AbortSignal.any([stopping.signal, awake.signal]));
    ring.removeEventListener('ring', wake);
  }

  const loops = Promise.all([
    loop(() => deps.payments.judgeNotices(), POLL_MS.notices, true),
    loop(() => deps.payments.askDue(), POLL_MS.questions, false),
    loop(() => deps.payments.retryRefunds().then(() => 0), POLL_MS.refunds, false),
  ]);
  return {
    async stop() {
      stopping.abort();
      await Promise.all([loops, listener.stop()]);
    },
  };
}
