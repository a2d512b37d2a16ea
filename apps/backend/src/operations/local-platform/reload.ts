import { ConfigurationInvalid, inheritedEnvironment, loadConfig } from '../../config/load.ts';
import type { Config } from '../../config/shape.ts';
import type { Supervisor } from '../supervisor/index.ts';
import { rosterOf } from './roster.ts';

/** The roles whose number of instances the settings say. */
const COUNTED = ['auth', 'api', 'bot', 'worker'];
/** The gateway has read its settings and sends nothing more to who is to leave. */
const TAKEN_OVER_WITHIN_MS = 1_000;

/**
 * Reads the settings again while everything runs: new instances are started before the gateway hears
 * of them, surplus ones are ended after it. Resolves with what went wrong; undefined: nothing did.
 * Wrong settings change nothing.
 */
export async function reload(
  { home }: Config,
  supervisor: Supervisor,
  sleep: (ms: number) => Promise<void>,
): Promise<string | undefined> {
  let wanted;
  try {
    wanted = rosterOf(loadConfig(inheritedEnvironment({ OPORA_HOME: home }))).roles;
  } catch (error) {
    if (error instanceof ConfigurationInvalid) return error.message;
    throw error;
  }
  const nameOf = (one: { role: string; instance: number }): string =>
    `${one.role}#${String(one.instance)}`;
  const counted = wanted.filter(({ role }) => COUNTED.includes(role));
  const here = supervisor.status().filter(({ role }) => COUNTED.includes(role));
  const known = new Set(here.map(({ name }) => name));
  const kept = new Set(counted.map(nameOf));

  const added = counted.filter((spec) => !known.has(nameOf(spec)));
  const states = await Promise.all(added.map((spec) => supervisor.launch(spec)));
  const late = added.filter((_, at) => states[at] !== 'ready').map(nameOf);
  supervisor.signal('gateway', 'SIGHUP');
  await sleep(TAKEN_OVER_WITHIN_MS);
  const surplus = here.map(({ name }) => name).filter((name) => !kept.has(name));
  await Promise.all(surplus.map((name) => supervisor.retire(name)));
  // It watches those it knew at its start.
  if (added.length + surplus.length > 0) await supervisor.restart('monitor');
  return late.length === 0 ? undefined : `not ready: ${late.join(', ')}`;
}
