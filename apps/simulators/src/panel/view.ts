import type { PanelState } from './state.ts';
import type { User } from './user.ts';

export const subscriptionUrlOf = (state: PanelState, user: User): string =>
  `${state.world.selfUrl}/remnawave/sub/${user.shortUuid}`;

/** The user object of 3.x answers and webhooks. */
export function viewUser(state: PanelState, user: User): Record<string, unknown> {
  const { squads, usedTrafficBytes, lifetimeUsedTrafficBytes, onlineAt, ...own } = user;
  return {
    ...own,
    subscriptionUrl: subscriptionUrlOf(state, user),
    activeInternalSquads: squads.flatMap((uuid) => {
      const squad = state.squads.get(uuid);
      return squad === undefined ? [] : [{ uuid, name: squad.name }];
    }),
    userTraffic: {
      usedTrafficBytes,
      lifetimeUsedTrafficBytes,
      onlineAt,
      lastConnectedNodeUuid: null,
      firstConnectedAt: onlineAt,
    },
  };
}
