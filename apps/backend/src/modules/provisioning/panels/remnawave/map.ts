/**
 * The panel's objects as ours: only the fields we need, unknown keys allowed, `status` an open text.
 * Passwords in a user object are never read, so they can be neither stored nor logged.
 */
import { z } from 'zod';
import { PanelMisconfigured } from '../../errors.ts';
import type { PanelAccount, PanelDevice, PanelInfo, WantedAccount } from '../../panel.ts';
import { isWritten } from './generation.ts';

/** Whole numbers arrive as numbers, as exact bigints beyond 2^53, or (some routes) as text. */
const whole = z
  .union([z.int(), z.bigint(), z.string().regex(/^-?\d{1,20}$/)])
  .transform((value) => BigInt(value));
const date = z.iso.datetime({ offset: true }).transform((text) => new Date(text));
const devicesMax = 1_000;

export const STRATEGIES = {
  none: 'NO_RESET',
  day: 'DAY',
  week: 'WEEK',
  month: 'MONTH',
  month_rolling: 'MONTH_ROLLING',
} as const satisfies Record<WantedAccount['trafficReset'], string>;
const RESETS = ['none', 'day', 'week', 'month', 'month_rolling'] as const;

const userSchema = z.object({
  id: whole.transform(String),
  /** Gone since 3.0. */
  uuid: z.string().optional(),
  shortUuid: z.string().min(1),
  username: z.string().min(1),
  status: z.string().min(1),
  trafficLimitBytes: whole,
  trafficLimitStrategy: z.string(),
  expireAt: date,
  telegramId: whole.nullish(),
  description: z.string().nullish(),
  hwidDeviceLimit: z.int().nullish(),
  updatedAt: date,
  subscriptionUrl: z.string().min(1),
  activeInternalSquads: z.array(z.object({ uuid: z.string() })),
  userTraffic: z.object({ usedTrafficBytes: whole }),
});
/** A user as the panel shows it, with what an `ensure` compares. */
export type PanelUser = z.infer<typeof userSchema>;

const pageSchema = z.object({
  users: z.array(userSchema),
  nextCursor: z.union([z.string(), z.int().transform(String)]).nullish(),
});
const devicesSchema = z.object({
  devices: z
    .array(
      z.object({
        hwid: z.string().min(1),
        platform: z.string().nullish(),
        osVersion: z.string().nullish(),
        deviceModel: z.string().nullish(),
        updatedAt: date,
      }),
    )
    .max(devicesMax),
});
const squadsSchema = z.object({ internalSquads: z.array(z.object({ uuid: z.string() })) });
const metadataSchema = z.object({ version: z.string().max(64) });

/** Each `read` throws `PanelMisconfigured` when the answer has another form. */
export const readUser = (response: unknown): PanelUser => read(userSchema, response, 'user');
export const readSquads = (response: unknown): string[] =>
  read(squadsSchema, response, 'list of squads').internalSquads.map(({ uuid }) => uuid);

export function readPage(response: unknown): { users: PanelUser[]; cursor: string | undefined } {
  const { users, nextCursor } = read(pageSchema, response, 'page of users');
  return { users, cursor: nextCursor ?? undefined };
}

export function readDevices(response: unknown): PanelDevice[] {
  return read(devicesSchema, response, 'list of devices').devices.map((device) => ({
    hwid: device.hwid,
    name: [device.deviceModel, device.platform, device.osVersion].filter(Boolean).join(' '),
    seenAt: device.updatedAt,
  }));
}

export function readInfo(response: unknown): PanelInfo {
  const { version } = read(metadataSchema, response, 'description of the panel');
  return { version, isSupported: isWritten(version) };
}

export function toAccount(user: PanelUser): PanelAccount {
  return {
    id: user.id,
    key: user.uuid ?? user.id,
    username: user.username,
    shortId: user.shortUuid,
    status: user.status,
    expiresAt: user.expireAt,
    subscriptionUrl: user.subscriptionUrl,
    trafficUsedBytes: user.userTraffic.usedTrafficBytes,
    trafficLimitBytes: user.trafficLimitBytes,
    trafficReset: RESETS.find((reset) => STRATEGIES[reset] === user.trafficLimitStrategy),
    deviceLimit: user.hwidDeviceLimit ?? undefined,
    squads: user.activeInternalSquads.map(({ uuid }) => uuid),
    description: user.description ?? '',
    updatedAt: user.updatedAt,
  };
}

function read<T>(schema: z.ZodType<T>, response: unknown, what: string): T {
  const result = schema.safeParse(response);
  if (result.success) return result.data;
  const where = result.error.issues.map((issue) => issue.path.join('.')).join(', ');
  // Only places are named: values of an answer may be credentials.
  throw new PanelMisconfigured(`remnawave: answer is no ${what} (${where.slice(0, 200)})`);
}
