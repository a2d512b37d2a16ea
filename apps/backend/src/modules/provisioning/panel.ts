/**
 * PORT: a panel that gives access (VPN first). One folder of `panels/` implements it per vendor,
 * all generations of its API that we speak: a panel is upgraded while we run.
 *
 * An account is keyed by `username`, which we make and which never changes; it is the only
 * idempotency key a panel offers. `ensure` is absolute: called twice, or after a lost answer,
 * it ends in the same state. Never a relative "extend".
 *
 * Limits: a call ends within `PANEL_TIMEOUT_MS`; one writer per account is the caller's duty.
 */
export const PANEL_TIMEOUT_MS = 10_000;

/** What must be true of an account after `ensure`. */
export type WantedAccount = Readonly<{
  /** 3 to 36 characters of letters, digits, `_`, `-`. */
  username: string;
  expiresAt: Date;
  /** Bytes per reset period; 0 is unlimited. */
  trafficLimitBytes: bigint;
  trafficReset: 'none' | 'day' | 'week' | 'month' | 'month_rolling';
  /** Devices at once; 0 lifts the limit for this account. */
  deviceLimit: number;
  /** Uuids of the groups of servers; the whole list, it replaces what was there. */
  squads: readonly string[];
  /** For people who look at the panel; no personal data. */
  description: string;
  telegramId: bigint | undefined;
}>;

export type PanelAccount = Readonly<{
  /** The panel's number for it, as text: the same before and after an upgrade of the panel. */
  id: string;
  /** How the panel's paths name it (a uuid before 3.0); of this moment, never stored. */
  key: string;
  username: string;
  shortId: string;
  /** The panel's word: `ACTIVE`, `DISABLED`, `LIMITED`, `EXPIRED`, or one we do not know. */
  status: string;
  expiresAt: Date;
  /** Never built by us: it is a bearer credential the panel made. */
  subscriptionUrl: string;
  trafficUsedBytes: bigint;
  trafficLimitBytes: bigint;
  /** Undefined: a period we have no word for. */
  trafficReset: WantedAccount['trafficReset'] | undefined;
  /** Undefined: whatever holds for the whole panel. */
  deviceLimit: number | undefined;
  squads: readonly string[];
  description: string;
  updatedAt: Date;
}>;

export type PanelDevice = Readonly<{
  hwid: string;
  /** What to show: platform and model as far as the panel knows them. */
  name: string;
  seenAt: Date;
}>;

export type PanelInfo = Readonly<{
  version: string;
  /** False: an unknown generation; reads work, writes are refused with `PanelUnsupported`. */
  isSupported: boolean;
}>;

/** What is wanted in view of what the account has: how a caller takes nothing away (principle 10). */
export type InView = (held: PanelAccount) => WantedAccount;

export interface Panel {
  /** Read at start and after a failure (principle 12). */
  info(): Promise<PanelInfo>;
  /**
   * Creates or updates by username; reads first, writes only what differs; idempotent. An account
   * that exists becomes what `inView` says, by default `wanted`.
   */
  ensure(wanted: WantedAccount, inView?: InView): Promise<PanelAccount>;
  /** `undefined` only when the panel itself said so; a foreign 404 is `PanelMisconfigured`. */
  find(username: string): Promise<PanelAccount | undefined>;
  devices(account: PanelAccount): Promise<readonly PanelDevice[]>;
  removeDevice(account: PanelAccount, hwid: string): Promise<void>;
  disable(account: PanelAccount): Promise<PanelAccount>;
  enable(account: PanelAccount): Promise<PanelAccount>;
  /** Uuids of all groups of servers. */
  squads(): Promise<readonly string[]>;
  /** Every account, ascending by id, paged behind the scenes. */
  list(): AsyncIterable<PanelAccount>;
}

/** A panel's signed event, verified offline. `username` is undefined for events not about a user. */
export type PanelEvent = Readonly<{
  event: string;
  username: string | undefined;
  /** The panel has started anew, perhaps in another version: what waited for it is due. */
  isStart: boolean;
  at: Date;
  /** SHA-256 of the raw body: the panel gives no event id, a repeat has the same bytes. */
  key: string;
}>;

/** Verifies and reads a panel webhook; throws `PanelWebhookRejected`. */
export interface PanelWebhook {
  verify(
    raw: Readonly<{ headers: Readonly<Record<string, string>>; body: Buffer; at: Date }>,
  ): PanelEvent;
}
