/** The sale: a crowd of simulated people, a bounded number of them at once. */
import type { Clock } from '@opora/kernel';
import type { SimulatedWorld } from '../simulated-world.ts';
import type { Killer } from './killer.ts';
import { beBuyer } from './person.ts';
import { paymentsOf, type DrillPlan } from './plan.ts';

export type Sale = Readonly<{ paid: number; gaveUp: number; chatIds: readonly number[] }>;

const PEOPLE_AT_ONCE = 32;
const LOOK_EVERY_MS = 100;
const SAY_EVERY = 100;

/** Resolves when the last person is done. The door waits for the kills, so that all hit a sale. */
export async function sell(
  plan: DrillPlan,
  deps: {
    world: SimulatedWorld;
    clock: Clock;
    killer: Killer;
    stopping: AbortSignal;
    say: (line: string) => void;
  },
): Promise<Sale> {
  const { clock, killer, stopping } = deps;
  const rest = plan.people.entries();
  const chatIds: number[] = [];
  let [admitted, paid, gaveUp] = [0, 0, 0];

  function arrived(): void {
    paid += 1;
    killer.paid(paid);
    if (paid % SAY_EVERY === 0) deps.say(`${String(paid)} payments taken`);
  }

  /** No more payments are let in than the next kills are planned among. */
  function mayEnter(): boolean {
    const next = plan.kills[killer.kills.length];
    return next === undefined || admitted <= next.afterPayment + PEOPLE_AT_ONCE;
  }

  async function stand(): Promise<void> {
    for (const [number, person] of rest) {
      while (!mayEnter() && !stopping.aborted) await clock.sleep(LOOK_EVERY_MS, stopping);
      if (stopping.aborted) return;
      admitted += paymentsOf(person);
      const done = await beBuyer(
        { world: deps.world, clock, paid: arrived, stopping },
        person,
        `Buyer ${String(number + 1)}`,
      );
      chatIds.push(done.chatId);
      gaveUp += done.gaveUp;
    }
  }

  await Promise.all(Array.from({ length: PEOPLE_AT_ONCE }, stand));
  return { paid, gaveUp, chatIds };
}
