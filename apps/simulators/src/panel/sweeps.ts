import { resetFalls } from './resets.ts';
import type { PanelState } from './state.ts';
import type { User } from './user.ts';
import { resetTraffic } from './users.ts';
import { sendUserEvent } from './webhooks.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
/** Every period below is a multiple of this one, so that no boundary is slept over. */
const TICK_MS = 15 * SECOND_MS;

/** `from` and `to`: the boundaries of the last run and of this one, in milliseconds. */
type Sweep = Readonly<{
  everyMs: number;
  look: (state: PanelState, user: User, from: number, to: number) => void;
}>;

const SWEEPS: readonly Sweep[] = [
  { everyMs: 30 * SECOND_MS, look: expire },
  { everyMs: 45 * SECOND_MS, look: limit },
  { everyMs: MINUTE_MS, look: resetIfDue },
  { everyMs: MINUTE_MS, look: announceExpiration },
  { everyMs: 5 * MINUTE_MS, look: announceBandwidth },
  { everyMs: 10 * MINUTE_MS, look: announceNotConnected },
];

/** The panel's own work in the background; status therefore lags the clock by up to a period. */
export function createSweeps(state: PanelState): { start(): void; stop(): Promise<void> } {
  const stopping = new AbortController();
  const { clock } = state.world;
  let loop: Promise<void> | undefined;

  async function run(): Promise<void> {
    let last = clock.now().getTime();
    for (;;) {
      await clock.sleep(TICK_MS - (clock.now().getTime() % TICK_MS), stopping.signal);
      if (stopping.signal.aborted) return;
      const now = clock.now().getTime();
      sweep(state, last, now);
      last = now;
    }
  }

  return {
    start() {
      loop = run();
    },
    async stop() {
      stopping.abort();
      await loop;
    },
  };
}

/** Runs what fell due after `last` up to `now`, as one write. */
function sweep(state: PanelState, last: number, now: number): void {
  state.world.store.together(() => {
    for (const { everyMs, look } of SWEEPS) {
      const from = Math.floor(last / everyMs) * everyMs;
      const to = Math.floor(now / everyMs) * everyMs;
      if (to <= from) continue;
      for (const user of state.users.all()) look(state, user, from, to);
    }
  });
}

function expire(state: PanelState, user: User): void {
  if (user.status !== 'ACTIVE' && user.status !== 'LIMITED') return;
  if (new Date(user.expireAt).getTime() > state.world.clock.now().getTime()) return;
  const expired = state.users.save({ ...user, status: 'EXPIRED', updatedAt: state.now() });
  sendUserEvent(state, 'expired', { user: expired });
}

/** Limiting leaves `updatedAt` as it was (observed). */
function limit(state: PanelState, user: User): void {
  const { trafficLimitBytes, usedTrafficBytes, status } = user;
  if (status !== 'ACTIVE' || trafficLimitBytes === 0 || usedTrafficBytes < trafficLimitBytes)
    return;
  sendUserEvent(state, 'limited', { user: state.users.save({ ...user, status: 'LIMITED' }) });
}

function resetIfDue(state: PanelState, user: User, from: number, to: number): void {
  if (resetFalls(user, from, to)) resetTraffic(state, user);
}

/** Sent in the minute in which the moment falls, so up to a minute early (observed). */
function announceExpiration(state: PanelState, user: User, from: number, to: number): void {
  for (const hours of state.settings().expirationHours) {
    const moment = new Date(user.expireAt).getTime() + hours * HOUR_MS;
    if (moment < from + MINUTE_MS || moment >= to + MINUTE_MS) continue;
    sendUserEvent(state, 'expiration', { user, meta: { expiration: hours } });
  }
}

function announceBandwidth(state: PanelState, user: User): void {
  if (user.status !== 'ACTIVE' || user.trafficLimitBytes === 0) return;
  const percent = (100 * user.usedTrafficBytes) / user.trafficLimitBytes;
  const passed = state.settings().bandwidthPercents.filter((each) => each <= percent);
  const highest = Math.max(0, ...passed);
  if (highest <= user.lastTriggeredThreshold) return;
  const told = { ...user, lastTriggeredThreshold: highest, updatedAt: state.now() };
  sendUserEvent(state, 'bandwidth_usage_threshold_reached', { user: state.users.save(told) });
}

function announceNotConnected(state: PanelState, user: User, from: number, to: number): void {
  if (user.status !== 'ACTIVE' || user.onlineAt !== null) return;
  for (const hours of state.settings().notConnectedHours) {
    const moment = new Date(user.createdAt).getTime() + hours * HOUR_MS;
    if (moment <= from || moment > to) continue;
    sendUserEvent(state, 'not_connected', { user, meta: { notConnectedAfterHours: hours } });
  }
}
