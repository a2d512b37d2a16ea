/** A panel in memory: accounts by name, absolute `ensure`, and answers that get lost on request. */
import { PanelUnavailable } from '../src/modules/provisioning/index.ts';
import type {
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

  info(): Promise<PanelInfo> {
    return Promise.resolve({ version: '3.0.0', isSupported: true });
  }

  ensure(wanted: WantedAccount): Promise<PanelAccount> {
    return Promise.try(() => {
      if (this.callsToRefuse > 0) {
        this.callsToRefuse -= 1;
        throw new PanelUnavailable('the panel is away');
      }
      this.ensured += 1;
      const known = this.accounts.get(wanted.username);
      const account: PanelAccount = {
        id: known?.id ?? String(this.accounts.size + 1),
        username: wanted.username,
        shortId: `s${wanted.username.slice(-6)}`,
        status: 'ACTIVE',
        expiresAt: wanted.expiresAt,
        subscriptionUrl: `https://panel.test/${wanted.username}`,
        trafficUsedBytes: 0n,
        trafficLimitBytes: wanted.trafficLimitBytes,
        deviceLimit: wanted.deviceLimit,
        updatedAt: new Date(0),
      };
      this.accounts.set(wanted.username, account);
      if (this.answersToLose > 0) {
        this.answersToLose -= 1;
        throw new PanelUnavailable('the answer was lost');
      }
      return account;
    });
  }

  find(username: string): Promise<PanelAccount | undefined> {
    return Promise.resolve(this.accounts.get(username));
  }

  devices(): Promise<readonly PanelDevice[]> {
    return Promise.resolve([]);
  }

  removeDevice(): Promise<void> {
    return Promise.resolve();
  }

  disable(account: PanelAccount): Promise<PanelAccount> {
    return Promise.resolve({ ...account, status: 'DISABLED' });
  }

  enable(account: PanelAccount): Promise<PanelAccount> {
    return Promise.resolve({ ...account, status: 'ACTIVE' });
  }

  async *list(): AsyncIterable<PanelAccount> {
    yield* await Promise.resolve([...this.accounts.values()]);
  }
}
