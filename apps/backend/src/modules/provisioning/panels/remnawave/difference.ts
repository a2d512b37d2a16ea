/** What to send so that an account becomes as wanted: pure, absolute, nothing that is so already. */
import { assert } from '@opora/kernel';
import type { WantedAccount } from '../../panel.ts';
import { STRATEGIES, type PanelUser } from './map.ts';

type UserFields = Readonly<Record<string, unknown>>;

/** Everything an account is made of. A Telegram id we do not know is left to whoever knows it. */
export function wholeAccount(wanted: WantedAccount, squads: readonly string[]): UserFields {
  return {
    expireAt: wanted.expiresAt.toISOString(),
    trafficLimitBytes: exactNumber(wanted.trafficLimitBytes),
    trafficLimitStrategy: STRATEGIES[wanted.trafficReset],
    hwidDeviceLimit: wanted.deviceLimit,
    activeInternalSquads: [...squads],
    description: wanted.description,
    ...(wanted.telegramId === undefined ? {} : { telegramId: exactNumber(wanted.telegramId) }),
  };
}

/**
 * The fields of `wanted` that differ from what the panel has. An expiry in the past is left out,
 * because the panel refuses it on update; `status` is never sent: EXPIRED and LIMITED the panel
 * lifts by itself, and DISABLED is somebody's decision.
 */
export function difference(
  user: PanelUser,
  { wanted, squads, at }: { wanted: WantedAccount; squads: readonly string[]; at: Date },
): UserFields {
  const isSame: Record<string, boolean> = {
    expireAt: wanted.expiresAt.getTime() === user.expireAt.getTime() || wanted.expiresAt <= at,
    trafficLimitBytes: wanted.trafficLimitBytes === user.trafficLimitBytes,
    trafficLimitStrategy: STRATEGIES[wanted.trafficReset] === user.trafficLimitStrategy,
    hwidDeviceLimit: wanted.deviceLimit === user.hwidDeviceLimit,
    activeInternalSquads: sameSet(
      squads,
      user.activeInternalSquads.map(({ uuid }) => uuid),
    ),
    description: wanted.description === (user.description ?? ''),
    telegramId: wanted.telegramId === user.telegramId,
  };
  return Object.fromEntries(
    Object.entries(wholeAccount(wanted, squads)).filter(([name]) => isSame[name] !== true),
  );
}

function sameSet(one: readonly string[], other: readonly string[]): boolean {
  return new Set(one).symmetricDifference(new Set(other)).size === 0;
}

/** The panel takes JSON numbers only; beyond 2^53 one would be written inexactly. */
function exactNumber(value: bigint): number {
  const number = Number(value);
  assert(Number.isSafeInteger(number), 'a number for the panel must be exact');
  return number;
}
