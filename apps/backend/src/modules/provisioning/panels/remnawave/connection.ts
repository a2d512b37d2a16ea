/**
 * One panel as it is now: its calls, its version, its squads. What is remembered is forgotten when
 * a call fails or is refused, because then another panel may answer: an upgrade looks like an outage.
 */
import type { Secret } from '@opora/kernel';
import type { Log } from '../../../../platform/log/index.ts';
import { PanelRefused, PanelUnsupported } from '../../errors.ts';
import type { PanelInfo, WantedAccount } from '../../panel.ts';
import { createClient, type ClientDeps, type PanelAnswer, type PanelCall } from './client.ts';
import { readInfo, readSquads } from './map.ts';

/** How long "all squads of the panel" is remembered. */
const SQUADS_FRESH_MS = 60_000;
/** How long a version is believed while nothing fails: shorter than any panel takes to restart. */
const VERSION_FRESH_MS = 5_000;

/** The panel's slice of the configuration, as far as the adapter reads it. */
export type RemnawaveSettings = Readonly<{
  /** Without `/api`. */
  url: string | undefined;
  token: Secret | undefined;
  /** Secrets of the panel's events, a comma list during a rotation. */
  webhookSecret: Secret | undefined;
  /** JSON object of extra headers for a proxy before the panel. */
  headers: Secret | undefined;
  cookie: Secret | undefined;
  /** Squads of every account that names none; empty: all squads of the panel. */
  squads: readonly string[];
}>;

export type RemnawaveDeps = ClientDeps & Readonly<{ log: Log }>;

export type Connection = Readonly<{
  call: PanelCall;
  info(): Promise<PanelInfo>;
  /** Throws `PanelUnsupported` for a generation we only read. */
  checkWritable(): Promise<void>;
  /** Every squad the panel has. */
  squads(): Promise<readonly string[]>;
  squadsOf(wanted: WantedAccount): Promise<readonly string[]>;
}>;

/** Undefined when address or token is missing. */
export function connect(config: RemnawaveSettings, deps: RemnawaveDeps): Connection | undefined {
  const { url, token, headers, cookie } = config;
  if (url === undefined || url === '') return undefined;
  if (token === undefined || token.reveal() === '') return undefined;
  const client = createClient({ url, token, headers, cookie }, deps);
  const call: PanelCall = async (...request) => {
    const forget = (): void => {
      version.forget();
      allSquads.forget();
    };
    try {
      const answer = await client(...request);
      // So the other generation refuses a key that is not its own.
      if (answer.outcome === 'refused' && answer.code === undefined) forget();
      return answer;
    } catch (error) {
      forget();
      throw error;
    }
  };
  let lastVersion: string | undefined;
  const version = remembered(deps, VERSION_FRESH_MS, async () => {
    const info = readInfo(demand(await call('GET', '/api/system/metadata')));
    if (lastVersion !== undefined && lastVersion !== info.version) {
      const { version: to, isSupported } = info;
      deps.log.warn({ from: lastVersion, to, isSupported }, 'the panel has another version now');
    }
    lastVersion = info.version;
    return info;
  });
  const allSquads = remembered(deps, SQUADS_FRESH_MS, async () =>
    readSquads(demand(await call('GET', '/api/internal-squads'))),
  );

  return {
    call,
    info: () => version.read(),
    async checkWritable() {
      const known = await version.get();
      if (known.isSupported) return;
      // Not believed for long: it is what everybody waits to see changed.
      version.forget();
      throw new PanelUnsupported(
        `remnawave: version ${known.version} is read only for us, 2.8 and 3.x are written`,
        { facts: { version: known.version } },
      );
    },
    squads: () => allSquads.get(),
    async squadsOf(wanted) {
      const chosen = wanted.squads.length > 0 ? wanted.squads : config.squads;
      if (chosen.length > 0) return chosen;
      const all = await allSquads.get();
      if (all.length === 0) deps.log.warn('the panel has no squads: its accounts have no servers');
      return all;
    },
  };
}

/** The response of a call that must have succeeded; throws `PanelRefused` otherwise. */
export function demand(answer: PanelAnswer): unknown {
  if (answer.outcome === 'done') return answer.response;
  if (answer.outcome === 'missing') throw new PanelRefused('remnawave: no such account');
  throw new PanelRefused(`remnawave: ${answer.detail}`, {
    facts: { status: answer.status, panelCode: answer.code ?? null },
  });
}

/** A value that is read once, kept for a while, and forgotten when something failed. */
function remembered<T>(deps: ClientDeps, freshMs: number, load: () => Promise<T>) {
  let known: { value: T; atMs: number } | undefined;
  const read = async (): Promise<T> => {
    const value = await load();
    known = { value, atMs: deps.clock.monotonicMs() };
    return value;
  };
  return {
    read,
    get: (): Promise<T> =>
      known !== undefined && deps.clock.monotonicMs() - known.atMs < freshMs
        ? Promise.resolve(known.value)
        : read(),
    forget(): void {
      known = undefined;
    },
  };
}
