import type { PanelState } from './state.ts';
import type { User } from './user.ts';

export const subscriptionUrlOf = (state: PanelState, user: User): string =>
  `${state.world.selfUrl}/remnawave/sub/${user.shortUuid}`;

/** The user object of answers and webhooks; 2.x shows the uuid first. */
export function viewUser(state: PanelState, user: User): Record<string, unknown> {
  const { uuid, squads, usedTrafficBytes, lifetimeUsedTrafficBytes, onlineAt, ...own } = user;
  return {
    ...(state.isSecond() ? { uuid } : {}),
    ...own,
    subscriptionUrl: subscriptionUrlOf(state, user),
    activeInternalSquads: squads.flatMap((each) => {
      const squad = state.squads.get(each);
      return squad === undefined ? [] : [{ uuid: each, name: squad.name }];
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
