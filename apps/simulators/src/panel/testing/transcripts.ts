import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One recorded exchange with a real panel. */
export type Exchange = Readonly<{
  name: string;
  observedAt: string;
  request: Readonly<{
    method: string;
    path: string;
    headers: Readonly<Record<string, string | number>>;
    body: unknown;
  }>;
  response: Readonly<{
    connection?: Readonly<{ error: string }>;
    status?: number;
    headers?: Readonly<Record<string, string>>;
    body?: unknown;
    bodyText?: string;
  }>;
}>;

/** One webhook a real panel sent. */
export type RecordedWebhook = Readonly<{
  event: string;
  receivedAt: string;
  method: string;
  headers: readonly (readonly [string, string])[];
  rawBody: string;
}>;

type Transcripts = Readonly<{
  panel_3_3_2: readonly Exchange[];
  panel_2_8_1: readonly Exchange[];
  webhooks: Readonly<{
    secret: string;
    panel_3_3_2: readonly RecordedWebhook[];
    panel_2_8_1: readonly RecordedWebhook[];
    retryExample: Readonly<{ receivedAt: readonly string[]; signature: readonly string[] }>;
  }>;
}>;

const FILE = join(import.meta.dirname, '../fixtures/remnawave-transcripts.json');

export const TRANSCRIPTS = JSON.parse(readFileSync(FILE, 'utf8')) as Transcripts; // the file is ours

/** The user object as recorded, as far as the tests rebuild users from it. */
export type RecordedUser = Readonly<{
  id: number;
  /** Of 2.x only. */
  uuid?: string;
  shortUuid: string;
  username: string;
  status: string;
  expireAt: string;
  createdAt: string;
  lastTrafficResetAt: string | null;
  trafficLimitBytes: number;
  trafficLimitStrategy: string;
  telegramId: number | null;
  email: string | null;
  description: string | null;
  tag: string | null;
  hwidDeviceLimit: number | null;
  activeInternalSquads: readonly Readonly<{ uuid: string; name: string }>[];
}>;

/** The recorded answer (or webhook body) under a path such as `response.users.0`. */
export function recordedUser(from: unknown, path: string): RecordedUser {
  let value = from;
  for (const key of path.split('.')) {
    value = (value as Record<string, unknown>)[key]; // a path into a recording we know
  }
  return value as RecordedUser; // the recording has a user there
}
