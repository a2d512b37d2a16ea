import {
  API,
  ROLE_PERMISSIONS,
  STAFF_PERMISSIONS,
  STAFF_ROLES,
  STEP_UP_PERMISSIONS,
  type AccessRow,
  type OpenInvitation,
  type StaffPermission,
} from '@opora/contracts';
import type { Language } from '@opora/kernel';
import { Status } from '../../shared/ui/status.tsx';
import type { Column } from '../../shared/ui/table.tsx';
import { keyWords } from '../account/key-words.ts';
import { Code, OnPhone, StateChip, TextLink } from './cells.tsx';
import { AdminDay, AdminWhen } from './when.tsx';
import { accessWords } from './words/access.ts';
import { listWords } from './words/lists.ts';
import { shellWords } from './words/shell.ts';

const LONG_AGO_MS = 90 * 86_400_000;

/** Rights whose use the audit log shows; the others only let somebody read. */
const ACTING: ReadonlySet<string> = new Set([
  ...Object.values(API.acts).map(({ perform }) => perform.permission),
  'exports:read',
]);

export function memberColumns(language: Language, asOf: string): readonly Column<AccessRow>[] {
  const words = accessWords[language];
  const { columns } = listWords[language];
  const { roles } = shellWords[language];
  return [
    {
      key: 'who',
      title: columns.who,
      phone: 'main',
      cell: ({ name, email, personId }) => (
        <>
          <TextLink href={`/admin/audit?actorId=${personId}`}>{name}</TextLink>
          <span className="block text-12 font-normal break-all text-muted">{email}</span>
        </>
      ),
    },
    { key: 'role', title: columns.role, phone: 'end', cell: ({ role }) => roles[role] },
    {
      key: 'state',
      title: columns.state,
      phone: 'second',
      cell: ({ state }) => <StateChip name={state} language={language} />,
    },
    {
      key: 'factor',
      title: columns.factor,
      phone: 'second',
      cell: ({ hasSecondFactor, recoveryCodes }) =>
        hasSecondFactor ? (
          words.codes(String(recoveryCodes))
        ) : (
          <Status tone="warn" size="small">
            {words.noFactor}
          </Status>
        ),
    },
    {
      key: 'sessions',
      title: words.columns.sessions,
      phone: 'none',
      isFigure: true,
      cell: ({ sessions }) => sessions,
    },
    {
      key: 'seen',
      title: columns.seen,
      phone: 'second',
      cell: (member) => (
        <OnPhone title={columns.seen}>
          <Seen member={member} asOf={asOf} language={language} />
        </OnPhone>
      ),
    },
    {
      key: 'keys',
      title: words.columns.keys,
      phone: 'second',
      cell: (member) => <Keys member={member} language={language} />,
    },
    {
      key: 'used',
      title: words.columns.used,
      phone: 'second',
      cell: (member) => <Used member={member} language={language} />,
    },
  ];
}

function Seen(props: { member: AccessRow; asOf: string; language: Language }) {
  const { member, asOf, language } = props;
  const { lastSeenAt } = member;
  const words = accessWords[language];
  if (lastSeenAt === null) return words.neverSeen;
  const isLongAgo = Date.parse(asOf) - Date.parse(lastSeenAt) > LONG_AGO_MS;
  return (
    <span className="flex flex-wrap items-center gap-2">
      <AdminWhen at={lastSeenAt} language={language} />
      {isLongAgo ? (
        <Status tone="warn" size="small">
          {words.longAgo}
        </Status>
      ) : null}
    </span>
  );
}

/** How many living API keys; opened, each with its rights, its addresses and its last call. */
function Keys({ member, language }: { member: AccessRow; language: Language }) {
  const words = accessWords[language];
  const { from, anywhere, used, neverUsed } = keyWords[language];
  if (member.keys.length === 0) return listWords[language].none;
  return (
    <details>
      <summary className="cursor-pointer">
        <span className="text-faint sm:hidden">{words.columns.keys}: </span>
        {member.keys.length}
      </summary>
      <ul className="mt-1 space-y-2">
        {member.keys.map(({ id, name, prefix, scopes, networks, usedAt }) => (
          <li key={id}>
            {name} <Code>{prefix}</Code>
            <span className="block text-12 break-words text-muted">{scopes.join(' ')}</span>
            <span className="block text-12 break-words text-muted">
              {networks.length === 0 ? anywhere : `${from} ${networks.join(' ')}`};{' '}
              {usedAt === null ? (
                neverUsed
              ) : (
                <>
                  {used} <AdminWhen at={usedAt} language={language} />
                </>
              )}
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}

/** How many of the rights of acting were used; opened, each with when. */
function Used({ member, language }: { member: AccessRow; language: Language }) {
  const words = accessWords[language];
  const own = member.permissions.filter((right) => ACTING.has(right));
  const lastOf = new Map(member.used.map(({ permission, lastAt }) => [permission, lastAt]));
  const used = own.filter((right) => lastOf.has(right));
  if (own.length === 0) return listWords[language].none;
  return (
    <details>
      <summary className="cursor-pointer">
        <span className="text-faint sm:hidden">{words.columns.used}: </span>
        {words.usedOf(String(used.length), String(own.length))}
      </summary>
      <ul className="mt-1 space-y-1">
        {own.map((right) => {
          const lastAt = lastOf.get(right);
          return (
            <li key={right}>
              <Code>{right}</Code>{' '}
              {lastAt === undefined ? (
                words.neverOwn
              ) : (
                <AdminWhen at={lastAt} language={language} />
              )}
            </li>
          );
        })}
      </ul>
    </details>
  );
}

export type RightRow = Readonly<{
  right: StaffPermission;
  last: { name: string; at: string } | undefined;
}>;

/** Every right of the platform, with who used it last. */
export function rightRows(members: readonly AccessRow[]): readonly RightRow[] {
  const uses = members.flatMap(({ name, used }) =>
    used.map(({ permission, lastAt }) => ({ permission, name, at: lastAt })),
  );
  const rights = Object.keys(STAFF_PERMISSIONS) as StaffPermission[]; // its own keys
  return rights.map((right) => ({
    right,
    last: uses
      .filter(({ permission }) => permission === right)
      .toSorted((one, other) => other.at.localeCompare(one.at))[0],
  }));
}

export function rightColumns(language: Language): readonly Column<RightRow>[] {
  const words = accessWords[language];
  const { roles } = shellWords[language];
  return [
    {
      key: 'right',
      title: words.columns.right,
      phone: 'main',
      cell: ({ right }) => (
        <>
          <Code>{right}</Code>
          <span className="block font-normal">{words.texts[right]}</span>
          {STEP_UP_PERMISSIONS.has(right) ? (
            <span className="block text-12 font-normal text-muted">{words.fresh}</span>
          ) : null}
        </>
      ),
    },
    {
      key: 'roles',
      title: words.columns.roles,
      phone: 'second',
      cell: ({ right }) => (
        <OnPhone title={words.columns.roles}>
          {STAFF_ROLES.filter((role) => ROLE_PERMISSIONS[role].has(right))
            .map((role) => roles[role])
            .join(', ')}
        </OnPhone>
      ),
    },
    {
      key: 'last',
      title: words.columns.last,
      phone: 'second',
      cell: ({ right, last }) => {
        if (!ACTING.has(right)) return <span className="text-muted">{words.noTrace}</span>;
        if (last === undefined) return words.never;
        return (
          <>
            {last.name}, <AdminWhen at={last.at} language={language} />
          </>
        );
      },
    },
  ];
}

export function invitationColumns(language: Language): readonly Column<OpenInvitation>[] {
  const { columns } = listWords[language];
  const { roles } = shellWords[language];
  return [
    { key: 'email', title: columns.email, phone: 'main', cell: ({ email }) => email },
    { key: 'role', title: columns.role, phone: 'end', cell: ({ role }) => roles[role] },
    {
      key: 'by',
      title: accessWords[language].columns.by,
      phone: 'second',
      cell: ({ by }) => <OnPhone title={accessWords[language].columns.by}>{by}</OnPhone>,
    },
    {
      key: 'until',
      title: columns.until,
      phone: 'second',
      cell: ({ expiresAt }) => (
        <OnPhone title={columns.until}>
          <AdminDay at={expiresAt} language={language} />
        </OnPhone>
      ),
    },
  ];
}
