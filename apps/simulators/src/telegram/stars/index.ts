import { registerControl } from '../../providers/control.ts';
import { registerDashboard } from '../../providers/dashboard-shell.ts';
import { registerLook } from '../../providers/page.ts';
import { createTicker } from '../../providers/ticker.ts';
import type { Router } from '../../http.ts';
import type { Methods } from '../call.ts';
import type { FloodLimits } from '../limits.ts';
import type { WebhookStore } from '../webhook-settings.ts';
import { registerStarsControl } from './control.ts';
import { createStarsDesk, type DeskParts } from './desk.ts';
import { starsMethods } from './methods.ts';
import { dashboardOf } from './dashboard.ts';
import { registerSheet } from './sheet.ts';
import { openTill } from './till.ts';

/** Payments in Stars inside Telegram: methods of the bot, the payment sheet, control for drills. */
export interface Stars {
  readonly methods: Methods;
  register(router: Router): void;
  start(): void;
  stop(): Promise<void>;
}

export function createStars(
  parts: DeskParts & Readonly<{ limits: FloodLimits; settings: WebhookStore }>,
): Stars {
  const { world, people } = parts;
  const desk = createStarsDesk(parts);
  const till = openTill({ ...parts, desk });
  const botId = world.config.telegram.token.split(':')[0] ?? '';
  const ticker = createTicker(world, () => {
    desk.passTime();
  });
  return {
    methods: starsMethods({ ...parts, desk }),
    register(router) {
      registerControl(router, world, till);
      registerStarsControl(router, { desk, people });
      registerSheet(router, { desk, people });
      registerLook(router, 'stars', import.meta.dirname);
      registerDashboard(router, world, { till, dashboard: dashboardOf(desk, botId) });
    },
    start: ticker.start,
    stop: ticker.stop,
  };
}
