/**
 * PORT: one way to tell staff. A send ends in bounded time; it throws an `OperationalError` for
 * what may pass (it is tried again), anything else for what never will.
 */
export type Alert = Readonly<{
  /** The same at each try. */
  id: string;
  subject: string;
  /** In the small subset of HTML of our words. */
  html: string;
  isSilent: boolean;
}>;

export interface Channel {
  readonly name: string;
  send(alert: Alert): Promise<void>;
  close(): Promise<void> | void;
}
