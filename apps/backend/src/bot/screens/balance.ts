import { money } from '@opora/kernel';
import type { ScreenDeps, Turn } from '../deps.ts';
import type { Shown } from '../view.ts';
import { balanceView } from './balance.view.ts';

/** What the person has with us, what waits beside an unpaid order, and what moved it last. */
export async function showBalance(deps: ScreenDeps, turn: Turn): Promise<Shown> {
  const { id } = turn.person;
  const [wallet, entries] = await Promise.all([
    deps.payments.wallet(id),
    deps.ledger.entries(deps.db.read, id),
  ]);
  const nothing = money(0n, deps.product.currency);
  const free = wallet.free.length === 0 ? [nothing] : wallet.free;
  return { view: balanceView(turn.speech, { free, held: wallet.held, entries }) };
}
