import { API, moneyToWire, type ExtensionWire, type HandPaymentWire } from '@opora/contracts';
import { serve, type App } from '../../../platform/http/index.ts';
import type { MassExtension } from '../../subscriptions/index.ts';
import type { AdminParts } from '../deps.ts';
import { createRows } from '../rows.ts';

/** What staff did by hand: payments from documents, days for everybody. */
export function handRoutes(parts: AdminParts) {
  const rows = createRows(parts);
  return (app: App): void => {
    serve(app, API.byHand.payments, async ({ request }) => {
      const found = await parts.payments.byHand.list();
      const personOf = await rows.names(found);
      const items = found.map(
        ({ personId, document, enteredBy, decidedBy, ...hand }): HandPaymentWire => ({
          ...{ id: hand.id, direction: hand.direction, person: personOf(personId) },
          ...{ orderId: hand.orderId, paymentId: hand.paymentId ?? null },
          amount: moneyToWire(hand.amount),
          ...{ documentKind: document.kind, documentNumber: document.number },
          ...{ reason: hand.reason, state: hand.state, enteredBy: enteredBy.name },
          enteredAt: hand.enteredAt.toISOString(),
          isOwn: enteredBy.id === request.staff.actor.id,
          expiresAt: hand.expiresAt.toISOString(),
          decidedBy: decidedBy?.name ?? null,
        }),
      );
      return { items };
    });
    serve(app, API.byHand.extensions, async () => ({
      items: (await parts.subscriptions.everybody.list()).map(present),
    }));
  };
}

function present(mass: MassExtension): ExtensionWire {
  return {
    ...{ id: mass.id, days: mass.days, since: mass.since.toISOString(), state: mass.state },
    ...{ meant: mass.meant, given: mass.given, taken: mass.taken, reason: mass.reason },
    ...{ startedBy: mass.startedByName, startedAt: mass.startedAt.toISOString() },
    finishedAt: mass.finishedAt?.toISOString() ?? null,
    undoneBy: mass.undoneByName ?? null,
  };
}
