/** The panel this installation works with: the one whose address and token are configured. */
import type { Breaker } from '../../../platform/breaker/port.ts';
import type { HttpClient } from '../../../platform/http-client/index.ts';
import type { Log } from '../../../platform/log/index.ts';
import type { Clock } from '@opora/kernel';
import type { Panel, PanelWebhook } from '../panel.ts';
import {
  createRemnawave,
  createRemnawaveWebhook,
  type RemnawaveSettings,
} from './remnawave/index.ts';

export type PanelDeps = Readonly<{
  http: HttpClient;
  clock: Clock;
  log: Log;
  breaker: Pick<Breaker, 'run'>;
}>;

/** Undefined when no panel is configured; access then waits in the outbox. */
export function createPanel(config: RemnawaveSettings, deps: PanelDeps): Panel | undefined {
  const panel = createRemnawave(config, deps);
  if (panel === undefined) deps.log.info('no panel is configured: access is not delivered');
  return panel;
}

/** Undefined when the webhook's secret is missing: its endpoint is closed. */
export function createPanelWebhook(
  config: RemnawaveSettings,
  deps: Pick<PanelDeps, 'log'>,
): PanelWebhook | undefined {
  const webhook = createRemnawaveWebhook(config.webhookSecret);
  if (webhook === undefined) deps.log.info('no panel webhook secret: its endpoint is closed');
  return webhook;
}
