/** What gateway and monitor ask the auth service; never reachable from outside. */
import {
  DecidedAwayAnswer,
  DecidedAwayAsk,
  DecisionsAsk,
  DecisionsWire,
  INNER_PATHS,
  KeyDecisionAnswer,
  KeyDecisionAsk,
  RevocationsAsk,
  RevocationsWire,
  StaffStandingWire,
} from '@opora/contracts';
import type { App } from '../../../platform/http/index.ts';
import type { ApiKeys, Standing } from '../index.ts';

const config = { permission: 'service' } as const;

export function innerRoutes({ standing, apiKeys }: { standing: Standing; apiKeys: ApiKeys }) {
  return (app: App): void => {
    app.post(
      INNER_PATHS.decisions,
      { config, schema: { body: DecisionsAsk, response: { 200: DecisionsWire } } },
      async ({ body }) => ({ living: await standing.decide(body.sessions) }),
    );
    app.post(
      INNER_PATHS.keyDecision,
      { config, schema: { body: KeyDecisionAsk, response: { 200: KeyDecisionAnswer } } },
      async ({ body }) => ({ key: (await apiKeys.decide(body)) ?? null }),
    );
    app.post(
      INNER_PATHS.revocations,
      { config, schema: { body: RevocationsAsk, response: { 200: RevocationsWire } } },
      ({ body }) => standing.revokedSince(new Date(body.since)),
    );
    app.get(INNER_PATHS.staff, { config, schema: { response: { 200: StaffStandingWire } } }, () =>
      standing.staff(),
    );
    app.post(
      INNER_PATHS.away,
      { config, schema: { body: DecidedAwayAsk, response: { 200: DecidedAwayAnswer } } },
      async ({ body }) => ({ violations: await standing.recordAway(body.decided) }),
    );
  };
}
