/** What a buyer does, at which vendors they can, and how much money that brings. Pure. */
import { VENDORS, type Vendor, type VendorName } from '../vendors.ts';

/**
 * What a person does with the link to pay:
 * - `pays`      at once
 * - `late`      after a while, when the bot has long turned to others
 * - `forged`    somebody sends us a false "paid" first; then the person really pays
 * - `declines`  the bank says no
 * - `abandons`  never comes back
 * - `twice`     two orders, paid in the same moment: both extend one subscription
 * - `again`     buys, and when that has arrived, once more
 * - `doubles`   pays one link two times
 * - `other`     pays another sum than the one asked for
 * - `saves`     tops up the balance, and buys from it
 * - `mixes`     tops up the balance, and pays the rest of a price through the vendor
 * - `returns`   buys, and staff gives all of it back
 * - `halves`    buys, and staff gives half of it back
 * - `credited`  buys, staff gives it back to the balance, and that buys it anew
 * - `cabinet`   buys, and the merchant gives it back in the vendor's own cabinet
 * - `disputes`  buys, and the bank asks it back
 * - `wins`, `loses`   the same, and the bank decides
 */
export const BEHAVIOURS = [
  ...(['pays', 'late', 'forged', 'declines', 'abandons', 'twice', 'again'] as const),
  ...(['doubles', 'other', 'saves', 'mixes'] as const),
  ...(['returns', 'halves', 'credited', 'cabinet', 'disputes', 'wins', 'loses'] as const),
] as const;
export type Behaviour = (typeof BEHAVIOURS)[number];

type Deed = Readonly<{
  /** Payments that bring money to our books. */
  paid: number;
  /** Absent: at every vendor. */
  where?: (vendor: Vendor) => boolean;
}>;

const hasDisputes = ({ disputes }: Vendor): boolean => disputes === 'open';
/** The balance pays what is sold in the currency of the window. */
const isOfTheWindow = ({ currency }: Vendor): boolean => currency === 'RUB';

const DEEDS: Readonly<Record<Behaviour, Deed>> = {
  ...{ pays: { paid: 1 }, late: { paid: 1 }, forged: { paid: 1 } },
  ...{ declines: { paid: 0 }, abandons: { paid: 0 }, twice: { paid: 2 }, again: { paid: 2 } },
  doubles: { paid: 2, where: ({ again }) => again },
  // Its money is kept aside for staff: it is no payment of ours.
  other: { paid: 0, where: ({ other }) => other },
  saves: { paid: 1, where: isOfTheWindow },
  mixes: { paid: 2, where: isOfTheWindow },
  returns: { paid: 1, where: ({ refunds }) => refunds !== 'none' },
  halves: { paid: 1, where: ({ refunds }) => refunds === 'partial' },
  credited: { paid: 1, where: isOfTheWindow },
  cabinet: { paid: 1, where: ({ cabinet }) => cabinet },
  disputes: { paid: 1, where: ({ disputes }) => disputes !== 'none' },
  ...{ wins: { paid: 1, where: hasDisputes }, loses: { paid: 1, where: hasDisputes } },
};

export const paidBy = (behaviour: Behaviour): number => DEEDS[behaviour].paid;

export function existsAt(vendor: VendorName, behaviour: Behaviour): boolean {
  return DEEDS[behaviour].where?.(VENDORS[vendor]) ?? true;
}
