import { API, moneyToWire } from '@opora/contracts';
import { serve, type App } from '../../../platform/http/index.ts';
import type { Database } from '../../../platform/db/index.ts';
import type { Ledger } from '../index.ts';

/** `GET /api/v1/me/balances`: what we owe the one who asks. */
export function balanceRoutes(deps: { ledger: Ledger; db: Database }) {
  return (app: App): void => {
    serve(app, API.me.balances, async ({ request }) => {
      const sums = await deps.ledger.balances(deps.db.read, request.personId);
      return { items: sums.map(moneyToWire) };
    });
  };
}
