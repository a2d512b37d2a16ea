/** What the suite of `conformance.ts` is given for one adapter and one generation of its vendor. */
import type {
  ScriptedAnswer,
  ScriptedServer,
} from '../../../platform/http-client/scripted-server.ts';
import type { Panel, WantedAccount } from '../panel.ts';
import type { PanelDeps } from './registry.ts';

/** A panel that remembers; what the suite needs to look at from behind. */
export type BehavingPanel = Readonly<{
  usernames(): readonly string[];
  /** Calls that changed something. */
  writes(): number;
  /** The next change is made, but its answer is lost on the way. */
  loseNextAnswer(): void;
  /** As if somebody had created the account between our read and our write. */
  createBehindNextRead(username: string): void;
  /** As after an upgrade: the same accounts, another generation of the API, no failed call. */
  becomeVersion(version: string): void;
  addDevice(username: string, hwid: string): void;
  setUsedBytes(username: string, bytes: bigint): void;
}>;

export type PanelCase = Readonly<{
  name: string;
  create(baseUrl: string, deps: PanelDeps): Panel | undefined;
  createWithoutSecrets(baseUrl: string, deps: PanelDeps): Panel | undefined;
  /** Every form in which a credential could show. */
  secrets: readonly string[];
  script: Readonly<{
    behaves(server: ScriptedServer): BehavingPanel;
    /** A version of another generation that is written too. */
    otherVersion: string;
    /** Says a version no adapter was written for; the rest behaves. */
    isOfUnknownGeneration(server: ScriptedServer): BehavingPanel;
    tooMany: ScriptedAnswer;
    retryAfterMs: number;
    /** 404s that are not the panel's word about an account. */
    foreignMissing: readonly ScriptedAnswer[];
    badCredentials: readonly ScriptedAnswer[];
  }>;
}>;

export const WANTED: WantedAccount = {
  username: 'sub_01JD0005',
  expiresAt: new Date('2100-01-01T00:00:00.000Z'),
  trafficLimitBytes: 107_374_182_400n,
  trafficReset: 'month',
  deviceLimit: 3,
  squads: [],
  description: 'ord_01JD0005',
  telegramId: 7_812_345_678_901n,
};
