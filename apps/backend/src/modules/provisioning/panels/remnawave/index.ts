/**
 * Remnawave 2.8 and 3.x (`generation.ts` says how they differ). An account is found by `username`
 * and written with absolute values only, so a lost answer is repaired by asking again. Other
 * versions are read, never written (principle 12).
 */
import { assert } from '@opora/kernel';
import { PanelMisconfigured, PanelUnavailable } from '../../errors.ts';
import type { InView, Panel, PanelAccount, WantedAccount } from '../../panel.ts';
import type { PanelAnswer, PanelCall } from './client.ts';
import {
  connect,
  demand,
  type Connection,
  type RemnawaveDeps,
  type RemnawaveSettings,
} from './connection.ts';
import { difference, wholeAccount } from './difference.ts';
import { ownerOf, pathKey } from './generation.ts';
import { readDevices, readPage, readUser, toAccount, type PanelUser } from './map.ts';

export type { RemnawaveSettings } from './connection.ts';
export { createRemnawaveWebhook } from './webhook.ts';

const PAGE_SIZE = 250;
/** A million accounts. */
const PAGES_MAX = 4_000;

const CODES = {
  usernameTaken: 'A019',
  alreadyDisabled: 'A029',
  alreadyEnabled: 'A030',
  deviceMissing: 'A204',
} as const;

/**
 * The panel, or undefined when its address or token is missing. Throws `PanelHeadersInvalid` when
 * the extra headers are no JSON object.
 */
export function createRemnawave(config: RemnawaveSettings, deps: RemnawaveDeps): Panel | undefined {
  const panel = connect(config, deps);
  if (panel === undefined) return undefined;
  const { call, checkWritable } = panel;

  return {
    info: panel.info,
    async ensure(wanted, inView = () => wanted) {
      await checkWritable();
      return ensureAccount(panel, { wanted, inView }, deps.clock.now());
    },
    async find(username) {
      const user = await findUser(call, username);
      return user === undefined ? undefined : toAccount(user);
    },
    async devices(account) {
      return readDevices(demand(await call('GET', `/api/hwid/devices/${pathKey(account)}`)));
    },
    async removeDevice(account, hwid) {
      await checkWritable();
      const body = { ...ownerOf(account), hwid };
      const answer = await call('POST', '/api/hwid/devices/delete', body);
      // No account or no device: what was wanted is so.
      const isGone = answer.outcome === 'refused' && answer.code === CODES.deviceMissing;
      if (answer.outcome !== 'missing' && !isGone) demand(answer);
    },
    async disable(account) {
      await checkWritable();
      return act(call, account, 'disable', CODES.alreadyDisabled);
    },
    async enable(account) {
      await checkWritable();
      return act(call, account, 'enable', CODES.alreadyEnabled);
    },
    squads: panel.squads,
    list: () => listAccounts(call),
  };
}

async function ensureAccount(
  panel: Connection,
  { wanted, inView }: { wanted: WantedAccount; inView: InView },
  at: Date,
): Promise<PanelAccount> {
  const { username } = wanted;
  const update = async (user: PanelUser): Promise<PanelAccount> => {
    const seen = inView(toAccount(user));
    const fields = difference(user, { wanted: seen, squads: await panel.squadsOf(seen), at });
    if (Object.keys(fields).length === 0) return toAccount(user);
    const answer = await panel.call('PATCH', '/api/users', { username, ...fields });
    if (answer.outcome === 'missing') throw vanished(username);
    return writtenAccount(answer, username);
  };

  const user = await findUser(panel.call, username);
  if (user !== undefined) return update(user);
  const fields = wholeAccount(wanted, await panel.squadsOf(wanted));
  const answer = await panel.call('POST', '/api/users', { username, ...fields });
  if (answer.outcome !== 'refused' || answer.code !== CODES.usernameTaken) {
    return writtenAccount(answer, username);
  }
  // Somebody, or our own call whose answer was lost, was faster: what is there is brought in line.
  const made = await findUser(panel.call, username);
  if (made === undefined) throw vanished(username);
  return update(made);
}

/** A single-user action; "already so" is a success whose account must be read. */
async function act(
  call: PanelCall,
  account: PanelAccount,
  action: 'disable' | 'enable',
  alreadyCode: string,
): Promise<PanelAccount> {
  const answer = await call('POST', `/api/users/${pathKey(account)}/actions/${action}`);
  if (answer.outcome === 'refused' && answer.code === alreadyCode) {
    const user = await findUser(call, account.username);
    if (user === undefined) throw vanished(account.username);
    return toAccount(user);
  }
  return writtenAccount(answer, account.username);
}

async function findUser(call: PanelCall, username: string): Promise<PanelUser | undefined> {
  assert(
    /^[A-Za-z0-9_-]{3,36}$/.test(username),
    'a username of the panel is 3 to 36 of A-Za-z0-9_-',
  );
  const answer = await call('GET', `/api/users/by-username/${username}`);
  return answer.outcome === 'missing' ? undefined : sameUser(demand(answer), username);
}

function writtenAccount(answer: PanelAnswer, username: string): PanelAccount {
  return toAccount(sameUser(demand(answer), username));
}

/** Names are case-sensitive; a panel or a cache that gives another one is not to be trusted. */
function sameUser(response: unknown, username: string): PanelUser {
  const user = readUser(response);
  if (user.username === username) return user;
  throw new PanelMisconfigured('remnawave: the answer is about another account');
}

async function* listAccounts(call: PanelCall): AsyncGenerator<PanelAccount> {
  let cursor: string | undefined;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const from = cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const path = `/api/users/stream?size=${String(PAGE_SIZE)}${from}`;
    const read = readPage(demand(await call('GET', path)));
    yield* read.users.map(toAccount);
    if (read.cursor === undefined) return;
    cursor = read.cursor;
  }
  throw new PanelMisconfigured(`remnawave: more than ${String(PAGES_MAX)} pages of accounts`);
}

function vanished(username: string): PanelUnavailable {
  return new PanelUnavailable(`remnawave: ${username} vanished between two calls`);
}
