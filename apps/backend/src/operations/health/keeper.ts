/**
 * PORT: whoever keeps the processes alive. On a laptop and in drills it is our supervisor
 * (keepers/supervisor.ts); systemd, Docker and Kubernetes fit behind the same four acts. It starts
 * the fallen again by its own policy; the monitor only tells it which one hangs.
 */
import type { ChildFacts, ControlAnswer } from '../control/index.ts';

export interface Keeper {
  /** Tells how all processes are, now and at every change, until `signal` aborts or the keeper is gone; rejects when there is none. */
  watch(onFacts: (children: readonly ChildFacts[]) => void, signal: AbortSignal): Promise<void>;
  /** Rejects when no keeper answers. */
  greet(): Promise<void>;
  /** A graceful restart of `api#1`, or of all of `api` one after the other; resolves when done. */
  restart(name: string): Promise<Pick<ControlAnswer, 'ok' | 'problem'>>;
  /** Kills one instance that hangs; the keeper's own policy has the next word. */
  replace(name: string): Promise<Pick<ControlAnswer, 'ok' | 'problem'>>;
}
