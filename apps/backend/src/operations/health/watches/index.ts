/** Everything of this machine and of the roles' numbers that is watched; composed for the monitor. */
import { join } from 'node:path';
import type { Clock } from '@opora/kernel';
import { Agent, request } from 'undici';
import type { Config } from '../../../config/shape.ts';
import { servicesOf } from '../services.ts';
import { watchCertificate } from './certificate.ts';
import { watchMachine } from './machine.ts';
import { watchServices } from './services.ts';
import { createWatches, type Watches } from './watches.ts';

const TIMEOUT_MS = 1_500;
const BYTES_MAX = 4 * 1024 * 1024;

export interface OpenWatches {
  readonly watches: Watches;
  /** By the name of the service, as it said itself. */
  readonly versions: ReadonlyMap<string, string>;
  close(): Promise<void>;
}

export function openWatches(config: Config, clock: Clock): OpenWatches {
  const agent = new Agent({
    connect: { timeout: TIMEOUT_MS },
    headersTimeout: TIMEOUT_MS,
    bodyTimeout: TIMEOUT_MS,
    maxResponseSize: BYTES_MAX,
  });
  const services = watchServices({
    services: servicesOf(config),
    clock,
    async readMetrics({ look }) {
      if (look.kind !== 'http') return '';
      const { body } = await request(`${look.origin}/metrics`, { dispatcher: agent });
      return await body.text();
    },
  });
  const folders = [
    config.home,
    ...(config.database.embedded ? [join(config.home, 'postgres', 'data')] : []),
  ];
  const certificate = watchCertificate({ publicUrl: config.publicUrl, clock });
  const sources = [
    watchMachine({ folders, clock }),
    services,
    ...(certificate === undefined ? [] : [certificate]),
  ];
  return {
    watches: createWatches({ sources, clock }),
    versions: services.versions,
    close: () => agent.destroy(),
  };
}
