/** The sale: a crowd of simulated people, a bounded number of them at once. */
import type { Clock } from '@opora/kernel';
import type { SimulatedWorld } from '../simulated-world.ts';
import type { Killer } from './killer.ts';
import type { Office } from './office.ts';
import { beBuyer } from './person.ts';
import { paymentsOf, type DrillPlan } from './plan.ts';

export type Sale = Readonly<{
  paid: number;
  /** What people came for and did not get. */
  inVain: readonly string[];
  chatIds: readonly number[];
}>;

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
    office: Office;
    stopping: AbortSignal;
    say: (line: string) => void;
  },
): Promise<Sale> {
  const { clock, killer, stopping } = deps;
  const rest = plan.people.entries();
  const chatIds: number[] = [];
  const inVain: string[] = [];
  let [admitted, decided, paid] = [0, 0, 0];

  function decide(count: number): void {
    decided += count;
    killer.decided(decided);
  }

  /** No more payments are let in than the next kill is planned among. */
  function mayEnter(): boolean {
    const next = killer.next();
    return next === undefined || admitted <= next.afterPayment + PEOPLE_AT_ONCE;
  }

  async function stand(): Promise<void> {
    for (const [number, person] of rest) {
      while (!mayEnter() && !stopping.aborted) await clock.sleep(LOOK_EVERY_MS, stopping);
      if (stopping.aborted) return;
      const planned = paymentsOf(person);
      admitted += planned;
      let made = 0;
      const arrived = (times: number): void => {
        const before = Math.floor(paid / SAY_EVERY);
        made += times;
        paid += times;
        decide(times);
        if (Math.floor(paid / SAY_EVERY) > before) deps.say(`${String(paid)} payments taken`);
      };
      const { world, office } = deps;
      const buyer = { world, office, clock, paid: arrived, stopping };
      const done = await beBuyer(buyer, person, `Buyer ${String(number + 1)}`);
      // Who went away without paying will not pay any more: the kills need not wait for that.
      decide(planned - made);
      chatIds.push(done.chatId);
      inVain.push(...done.inVain);
    }
  }

  await Promise.all(Array.from({ length: PEOPLE_AT_ONCE }, stand));
  return { paid, inVain, chatIds };
}
