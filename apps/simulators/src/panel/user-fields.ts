import { validation, type Issue } from './refusal.ts';
import * as is from './rules.ts';
import { STATUSES, STRATEGIES, type Status, type Strategy } from './user.ts';

/** The members of a creating or changing call that passed their rules; unknown keys are gone. */
export type UserFields = Readonly<{
  uuid?: string;
  username?: string;
  status?: Status;
  shortUuid?: string;
  trojanPassword?: string;
  vlessUuid?: string;
  ssPassword?: string;
  trafficLimitBytes?: number;
  trafficLimitStrategy?: Strategy;
  expireAt?: string;
  createdAt?: string;
  lastTrafficResetAt?: string;
  description?: string | null;
  tag?: string | null;
  telegramId?: number | null;
  email?: string | null;
  hwidDeviceLimit?: number | null;
  activeInternalSquads?: readonly string[];
  externalSquadUuid?: string | null;
}>;

const COMMON = {
  trafficLimitBytes: {
    rule: is.number({ min: 0, says: 'Traffic limit must be greater than 0' }),
  },
  trafficLimitStrategy: { rule: is.oneOf(STRATEGIES) },
} satisfies is.Rules;

const PERSONAL = {
  description: { rule: is.nullable(is.text()) },
  tag: {
    rule: is.nullable(
      is.text({
        max: 16,
        pattern: /^[A-Z0-9_]+$/,
        says: 'Tag can only contain uppercase letters, numbers, underscores',
      }),
    ),
  },
  telegramId: { rule: is.nullable(is.number()) },
  email: { rule: is.nullable(is.email) },
  hwidDeviceLimit: { rule: is.nullable(is.number({ whole: true, min: 0 })) },
  activeInternalSquads: { rule: is.listOf(is.uuid) },
  externalSquadUuid: { rule: is.nullable(is.uuid) },
} satisfies is.Rules;

const NAME = is.text({
  min: 3,
  max: 36,
  pattern: /^[a-zA-Z0-9_-]+$/,
  says: 'Username can only contain letters, numbers, underscores and dashes',
});

const CREATE: is.Rules = {
  username: { rule: NAME, required: true },
  status: { rule: is.oneOf(STATUSES) },
  shortUuid: { rule: is.text({ min: 16, max: 64 }) },
  trojanPassword: { rule: is.text({ min: 8, max: 32 }) },
  vlessUuid: { rule: is.uuid },
  ssPassword: { rule: is.text({ min: 8, max: 32 }) },
  ...COMMON,
  expireAt: { rule: is.isoDate, required: true },
  createdAt: { rule: is.isoDate },
  lastTrafficResetAt: { rule: is.isoDate },
  ...PERSONAL,
};

const UPDATE: is.Rules = {
  username: { rule: NAME },
  id: { rule: is.number({ whole: true }) },
  status: { rule: is.oneOf(['ACTIVE', 'DISABLED']) },
  ...COMMON,
  expireAt: { rule: is.isoDate },
  ...PERSONAL,
};

const DATES = ['expireAt', 'createdAt', 'lastTrafficResetAt'] as const;

/** What 2.x takes besides: `uuid` at a creation, and `uuid` in place of `id` at a change. */
const SECOND: is.Rules = { uuid: { rule: is.uuid } };

/** Reads the body of `POST /api/users`; refuses with the panel's validation answer. */
export function readCreate(
  body: Readonly<Record<string, unknown>>,
  isSecond: boolean,
): UserFields & { username: string; expireAt: string } {
  const rules = isSecond ? { ...CREATE, ...SECOND } : CREATE;
  const fields = pick(body, rules, is.findIssues(body, rules));
  const { username, expireAt } = fields;
  if (username === undefined || expireAt === undefined) throw validation([]);
  return { ...fields, username, expireAt };
}

/** Reads the body of `PATCH /api/users`: a key (`id`; `uuid` in 2.x) or `username`, and the change. */
export function readUpdate(
  body: Readonly<Record<string, unknown>>,
  { now, isSecond }: { now: Date; isSecond: boolean },
): UserFields & { id?: number } {
  const { id: _id, ...common } = UPDATE;
  const rules = isSecond ? { ...common, ...SECOND } : UPDATE;
  const key = isSecond ? 'uuid' : 'id';
  const issues = is.findIssues(body, rules);
  if (body[key] === undefined && body['username'] === undefined) {
    issues.push({
      code: 'custom',
      path: [],
      message: `At least one of username, ${key} must be provided`,
    });
  }
  if (issues.length === 0) issues.push(...pastExpiry(body['expireAt'], now));
  const fields = pick(body, rules, issues);
  return !isSecond && typeof body['id'] === 'number' ? { ...fields, id: body['id'] } : fields;
}

function pastExpiry(expireAt: unknown, now: Date): Issue[] {
  if (typeof expireAt !== 'string' || toTime(expireAt) > now.getTime()) return [];
  return [{ code: 'custom', path: ['expireAt'], message: 'Expiration date cannot be in the past' }];
}

const toTime = (date: string): number => new Date(is.toUtc(date)).getTime();

function pick(
  body: Readonly<Record<string, unknown>>,
  rules: is.Rules,
  issues: readonly Issue[],
): UserFields {
  if (issues.length > 0) throw validation(issues);
  const fields: Record<string, unknown> = {};
  for (const key of Object.keys(rules)) {
    if (key !== 'id' && body[key] !== undefined) fields[key] = body[key];
  }
  for (const key of DATES) {
    const date = fields[key];
    if (typeof date === 'string') fields[key] = is.toUtc(date);
  }
  return fields; // every member has just passed the rule of its key
}
