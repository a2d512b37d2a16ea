import type { Clock, Ids } from '@opora/kernel';
import type { Database } from '../../platform/db/index.ts';
import type { Jobs } from '../../platform/jobs/index.ts';
import type { Log } from '../../platform/log/index.ts';
import type { Channels, Recipient } from './channel.ts';
import type { MailEventKind, MailReports } from './mail-event.ts';

export type MessagingDeps = Readonly<{
  db: Database;
  clock: Clock;
  ids: Ids;
  log: Log;
  jobs: Jobs;
  channels: Channels;
  /** Undefined: no key is configured, and the endpoint of reports is closed. */
  mailReports: MailReports | undefined;
  recipientOf: (personId: string) => Promise<Recipient | undefined>;
  blocked: (telegramId: bigint) => Promise<void>;
  /** A mail was finished, or its server reported something new: for metrics. */
  counted: (what: 'sent' | 'failed' | MailEventKind, template?: string) => void;
}>;
