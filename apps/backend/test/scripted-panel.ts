/** A panel in memory: accounts by name, absolute `ensure`, and answers that get lost on request. */
import { PanelUnavailable } from '../src/modules/provisioning/index.ts';
import type {
  InView,
  Panel,
  PanelAccount,
  PanelDevice,
  PanelInfo,
  WantedAccount,
} from '../src/modules/provisioning/panel.ts';

export class ScriptedPanel implements Panel {
  readonly accounts = new Map<string, PanelAccount>();
  /** How many of the next `ensure` calls are applied and then not answered. */
  answersToLose = 0;
  /** How many of the next calls do not reach the panel. */
  callsToRefuse = 0;
  ensured = 0;
  version = '3.0.0';
  isSupported = true;
  /** Awaited between the reading of an account and its answer: an answer that is late. */
  onFind: (username: string) => Promise<void> = () => Promise.resolve();

  info(): Promise<PanelInfo> {
    return Promise.resolve({ version: this.version, isSupported: this.isSupported });
  }

  ensure(wanted: WantedAccount, inView: InView = () => wanted): Promise<PanelAccount> {
    return Promise.try(() => {
      if (this.callsToRefuse > 0) {
        this.callsToRefuse -= 1;
        throw new PanelUnavailable('the panel is away');
      }
      this.ensured += 1;
      const known = this.accounts.get(wanted.username);
      const account = this.put(known === undefined ? wanted : inView(known));
      if (this.answersToLose > 0) {
        this.answersToLose -= 1;
        throw new PanelUnavailable('the answer was lost');
      }
      return account;
    });
  }

  /** The account as wanted; one that exists keeps what a real one keeps, DISABLED included. */
  put(wanted: WantedAccount): PanelAccount {
    const { username, telegramId: _unused, ...given } = wanted;
    const known = this.accounts.get(username);
    const id = known?.id ?? String(this.accounts.size + 1);
    const account: PanelAccount = {
      ...given,
      id,
      key: id,
      username,
      shortId: known?.shortId ?? `s${username.slice(-6)}`,
      status: known?.status === 'DISABLED' ? 'DISABLED' : 'ACTIVE',
      subscriptionUrl: known?.subscriptionUrl ?? `https://panel.test/${username}`,
      trafficUsedBytes: known?.trafficUsedBytes ?? 0n,
      updatedAt: new Date(0),
    };
    this.accounts.set(username, account);
    return account;
  }

  /** What somebody does by hand. */
  change(username: string, part: Partial<PanelAccount>): PanelAccount {
    const known = this.accounts.get(username);
    if (known === undefined) throw new Error(`no account ${username}`);
    const changed = { ...known, ...part };
    this.accounts.set(username, changed);
    return changed;
  }

  async find(username: string): Promise<PanelAccount | undefined> {
    const account = this.accounts.get(username);
    await this.onFind(username);
    return account;
  }

  devices(): Promise<readonly PanelDevice[]> {
    return Promise.resolve([]);
  }

  removeDevice(): Promise<void> {
    return Promise.resolve();
  }

  disable({ username }: PanelAccount): Promise<PanelAccount> {
    return Promise.resolve(this.change(username, { status: 'DISABLED' }));
  }

  enable({ username }: PanelAccount): Promise<PanelAccount> {
    return Promise.resolve(this.change(username, { status: 'ACTIVE' }));
  }

  squads(): Promise<readonly string[]> {
    return Promise.resolve(['squad-1', 'squad-2']);
  }

  async *list(): AsyncIterable<PanelAccount> {
    yield* await Promise.resolve([...this.accounts.values()]);
  }
}
