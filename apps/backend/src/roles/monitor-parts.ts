/** What the monitor tells people by: the public status, the door of staff, restarts. */
import { join } from 'node:path';
import { sessionCookies, TOKEN_NAMES } from '../config/session-names.ts';
import type { Config } from '../config/shape.ts';
import type { History, Monitor, Store } from '../operations/health/index.ts';
import { createInnerCall, type InnerCall } from '../operations/inner-call.ts';
import { openRestarts } from '../operations/restarts/index.ts';
import { createStaffDoor } from '../operations/staff-door/index.ts';
import { createOutsideLook, openPublicStatus } from '../operations/status/index.ts';
import { systemClock as clock } from '../platform/clock/index.ts';
import type { InnerLink } from '../platform/http/index.ts';
import { systemIds as ids } from '../platform/ids/index.ts';
import type { Log } from '../platform/log/index.ts';
import { createNetworks } from '../platform/network/index.ts';
import { createSealing, readSealingKeys, type Sealing } from '../platform/sealing/index.ts';
import type { MonitorEdge } from './monitor-edge.ts';

export async function openEdge(
  config: Config,
  parts: {
    monitor: Monitor;
    history: History;
    store: Store;
    folder: string;
    log: Log;
    link: InnerLink;
  },
): Promise<MonitorEdge & Readonly<{ api: InnerCall }>> {
  const { monitor, history, store, folder, log, link } = parts;
  const { ports, instances, staffNetworks, webUrl } = config;
  const ofRole = (role: 'api' | 'auth') => {
    const origin = (at: number) => `http://127.0.0.1:${String(ports[role] + at)}`;
    const origins = Array.from({ length: instances[role] }, (_, at) => origin(at));
    return createInnerCall({ origins, role, link });
  };
  const api = ofRole('api');
  return {
    ...{ monitor, history, webUrl, clock, log },
    past: () => store.state.journal.closed,
    status: await openPublicStatus({
      path: join(folder, 'public.json'),
      report: () => monitor.report(),
      askOutside: createOutsideLook(api),
      ...{ clock, log },
    }),
    restarts: await openRestarts({
      path: join(folder, 'acts.json'),
      ...{ monitor, api, clock, ids, log },
    }),
    door: createStaffDoor({
      auth: ofRole('auth'),
      ...{ clock, tokens: TOKEN_NAMES },
      networks: staffNetworks && createNetworks(staffNetworks),
    }),
    sealing: openSealing(config),
    link,
    api,
    cookie: sessionCookies(config).access,
  };
}

/** Only marks are made and judged here; without keys staff can read and nobody can act by cookie. */
function openSealing({ encryptionKeys }: Config): Sealing | undefined {
  return encryptionKeys && createSealing(readSealingKeys(encryptionKeys), []);
}
