/** One life of a child from its first message to its last: what the supervisor learns of it. */
import { z } from 'zod';
import { beginLife, type End, type Life } from '../process/life.ts';
import type { OpenSockets } from '../../platform/network/index.ts';
import { EXIT_DEPENDENCY_AWAY } from '../process/exit-codes.ts';
import { nicenessOf } from '../process/precedence.ts';
import type { ChildDeps, ChildSpec } from './child-spec.ts';
import type { Death } from './restart-policy.ts';

export interface Term {
  readonly life: Life;
  readonly isReady: boolean;
  /** Resolves when it is ready, or with false when it ended before that. */
  readonly ready: Promise<boolean>;
  readonly over: Promise<Past>;
}

export type Past = Readonly<{
  end: End;
  death: Death;
  /** It said itself that another try is useless. */
  isRefusal: boolean;
}>;

const messageSchema = z.union([
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('refused') }),
  z.object({ type: z.literal('worker-pool'), id: z.string().max(200) }),
]);

export function beginTerm(spec: ChildSpec, sockets: OpenSockets, deps: ChildDeps): Term {
  const { clock } = deps;
  const pools: string[] = [];
  const late = new AbortController();
  const ready = Promise.withResolvers<boolean>();
  let readyAtMs: number | undefined;
  let isRefusal = false;
  const life = beginLife(
    { ...spec, sockets, niceness: nicenessOf(spec.role) },
    {
      clock,
      onLine: (line) => {
        deps.onLine(spec, line);
      },
      onMessage: (raw) => {
        const message = messageSchema.safeParse(raw).data;
        if (message?.type === 'worker-pool') pools.push(message.id);
        if (message?.type === 'refused') isRefusal = true;
        if (message?.type !== 'ready' || readyAtMs !== undefined) return;
        readyAtMs = clock.monotonicMs();
        late.abort();
        ready.resolve(true);
      },
    },
  );
  void clock.sleep(spec.readyWithinMs, late.signal).then(() => {
    if (late.signal.aborted) return;
    deps.onEvent(spec, 'error', 'was not ready in time');
    life.kill();
  });
  const over = life.ended.then((end) => {
    late.abort();
    ready.resolve(false);
    if (pools.length > 0) deps.onWorkerLost(spec, pools);
    const death = {
      atMs: clock.monotonicMs(),
      readyAtMs,
      isForeign: end.code === EXIT_DEPENDENCY_AWAY,
    };
    return { end, death, isRefusal };
  });
  return {
    life,
    get isReady() {
      return readyAtMs !== undefined;
    },
    ready: ready.promise,
    over,
  };
}
