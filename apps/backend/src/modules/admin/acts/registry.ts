/** Every act of staff; the edge serves each of them in one loop. */
import type { AdminParts } from '../deps.ts';
import { accessActs } from './access.ts';
import type { Act } from './act.ts';
import { breakerActs } from './breakers.ts';
import { announcementActs } from './announcements.ts';
import { balanceActs } from './balance.ts';
import { everybodyActs } from './everybody.ts';
import { handActs } from './hand.ts';
import { moneyActs } from './money.ts';
import { peopleActs } from './people.ts';
import { planActs } from './plans.ts';
import { providerActs } from './providers.ts';
import { staffActs } from './staff.ts';

export function createActs(parts: AdminParts): readonly Act[] {
  return [
    ...peopleActs(parts),
    ...accessActs(parts),
    ...moneyActs(parts),
    ...providerActs(parts),
    ...handActs(parts),
    ...everybodyActs(parts),
    ...balanceActs(parts),
    ...planActs(parts),
    ...staffActs(parts),
    ...announcementActs(parts),
    ...breakerActs(parts),
  ];
}
