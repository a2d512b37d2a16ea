/**
 * A reconciliation that staff asks for. The day is taken in the transaction of the act, so its run
 * is seen at once and nobody else begins it; the reading itself is a job of the worker.
 */
import type { Acted, StaffAct } from '../audit/index.ts';
import type { PaymentsDeps } from './deps.ts';
import { DayNotBegun, ReconciliationUnderWay } from './errors.ts';
import { compareBooks, takeDay, type ReconciliationWish } from './reconcile.ts';
import { selectRun, selectRuns } from './repository-reconciliation.ts';
import { providerOf } from './start.ts';

export interface AskedRuns {
  /** Throws what `begin` would throw now. */
  check(wish: ReconciliationWish): Promise<void>;
  /** Throws `ProviderNotConfigured`, `DayNotBegun`, `ReconciliationUnderWay`. */
  begin(act: StaffAct, wish: ReconciliationWish): Promise<Acted>;
  /** The job: begun again after a crash it reads from the start; one that is over stays over. */
  work(runId: string): Promise<void>;
}

export function createAskedRuns(deps: PaymentsDeps): AskedRuns {
  return {
    async check(wish) {
      demandBegun(deps, wish);
      const { items } = await selectRuns(deps.db.read, wish, { limit: 1 });
      if (items[0]?.state === 'running') throw underWay(wish);
    },
    async begin(act, wish) {
      demandBegun(deps, wish);
      return deps.db.transaction(async (tx) => {
        const acted = await deps.audit.record(tx, {
          ...act,
          act: 'payments.reconcile',
          subject: { kind: 'provider', id: wish.provider },
          asked: { day: wish.day },
        });
        if (!acted.isFirst) return acted;
        const run = await takeDay(deps, tx, wish);
        if (run === undefined) throw underWay(wish);
        await deps.publish(tx, [{ type: 'reconciliation.asked', runId: run.id }]);
        return acted;
      });
    },
    async work(runId) {
      const run = await selectRun(deps.db.read, runId);
      if (run?.state === 'running') await compareBooks(deps, run);
    },
  };
}

function demandBegun(deps: PaymentsDeps, { provider, day }: ReconciliationWish): void {
  providerOf(deps, provider);
  if (new Date(`${day}T00:00:00.000Z`) <= deps.clock.now()) return;
  throw new DayNotBegun(`${day} has not begun`);
}

function underWay({ provider, day }: ReconciliationWish): ReconciliationUnderWay {
  return new ReconciliationUnderWay(`${provider} ${day} is being compared`);
}
