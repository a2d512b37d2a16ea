import { API, type SessionWire, type StaffRow } from '@opora/contracts';
import type { Language } from '@opora/kernel';
import { ActButton } from '../../../features/admin/act-button.tsx';
import { StateChip } from '../../../features/admin/cells.tsx';
import { load } from '../../../features/admin/load.ts';
import { adminPage } from '../../../features/admin/page.tsx';
import { titleOf } from '../../../features/admin/title.ts';
import { AdminDay, AdminWhen } from '../../../features/admin/when.tsx';
import { listWords } from '../../../features/admin/words/lists.ts';
import { shellWords } from '../../../features/admin/words/shell.ts';
import { stateWord } from '../../../features/admin/words/states.ts';
import { Table, type Column } from '../../../shared/ui/table.tsx';

export const generateMetadata = () => titleOf('staff');

export default async function StaffPage() {
  return adminPage({
    section: 'staff',
    data: () => load(API.staff.list),
    show: ({ visit: { language }, session, data }) => {
      const { columns } = listWords[language];
      const shell = shellWords[language];
      return (
        <div className="space-y-4">
          <div className="flex flex-wrap items-center justify-between gap-3">
            <h1 className="text-22">{shell.pages.staff}</h1>
            <ActButton act="invite" wish={{}} session={session} language={language} />
          </div>
          <Table
            caption={shell.pages.staff}
            columns={staffColumns(language, session)}
            rows={data.items}
            keyOf={({ personId }) => personId}
          />
          {data.invitations.length === 0 ? null : (
            <Table
              caption={stateWord('waiting', language).text}
              rows={data.invitations}
              keyOf={({ id }) => id}
              columns={[
                { key: 'email', title: columns.email, phone: 'main', cell: ({ email }) => email },
                {
                  key: 'role',
                  title: columns.role,
                  phone: 'end',
                  cell: ({ role }) => shell.roles[role],
                },
                {
                  key: 'until',
                  title: columns.until,
                  phone: 'second',
                  cell: ({ expiresAt }) => <AdminDay at={expiresAt} language={language} />,
                },
              ]}
            />
          )}
        </div>
      );
    },
  });
}

function staffColumns(language: Language, session: SessionWire): readonly Column<StaffRow>[] {
  const { columns, yes, no, none } = listWords[language];
  const { roles } = shellWords[language];
  return [
    { key: 'who', title: columns.who, phone: 'main', cell: ({ name }) => name },
    { key: 'email', title: columns.email, phone: 'second', cell: ({ email }) => email },
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
      phone: 'none',
      cell: ({ hasSecondFactor }) => (hasSecondFactor ? yes : no),
    },
    {
      key: 'seen',
      title: columns.seen,
      phone: 'none',
      cell: ({ lastSeenAt }) =>
        lastSeenAt === null ? none : <AdminWhen at={lastSeenAt} language={language} />,
    },
    {
      key: 'acts',
      title: '',
      phone: 'second',
      cell: ({ personId, state }) =>
        personId === session.personId || state === 'disabled' ? null : (
          <span className="flex flex-wrap gap-2">
            <ActButton act="setRole" wish={{ personId }} session={session} language={language} />
            <ActButton act="disable" wish={{ personId }} session={session} language={language} />
          </span>
        ),
    },
  ];
}
