import { API, REVIEW_DAYS } from '@opora/contracts';
import {
  invitationColumns,
  memberColumns,
  rightColumns,
  rightRows,
} from '../../../features/admin/access-columns.tsx';
import { ActButton } from '../../../features/admin/act-button.tsx';
import { Part } from '../../../features/admin/facts.tsx';
import { load } from '../../../features/admin/load.ts';
import { adminPage } from '../../../features/admin/page.tsx';
import { titleOf } from '../../../features/admin/title.ts';
import { accessWords } from '../../../features/admin/words/access.ts';
import { shellWords } from '../../../features/admin/words/shell.ts';
import { Table } from '../../../shared/ui/table.tsx';

export const generateMetadata = () => titleOf('access');

/** The review of access: people with what they use, rights with who has them, who is expected. */
export default async function AccessPage() {
  return adminPage({
    section: 'access',
    data: () => load(API.access.review),
    show: ({ visit: { language }, session, data: { asOf, items, invitations } }) => {
      const words = accessWords[language];
      return (
        <div className="space-y-6">
          <div className="space-y-2">
            <div className="flex flex-wrap items-center justify-between gap-3">
              <h1 className="text-22">{shellWords[language].pages.access}</h1>
              <ActButton act="signOutEverybody" wish={{}} session={session} language={language} />
            </div>
            <p className="text-muted">{words.why(String(REVIEW_DAYS))}</p>
          </div>
          <Part title={words.people}>
            <Table
              caption={words.people}
              columns={memberColumns(language, asOf)}
              rows={items}
              keyOf={({ personId }) => personId}
            />
          </Part>
          <Part
            title={words.invitations}
            isEmpty={invitations.length === 0}
            nothing={words.noInvitations}
          >
            <Table
              caption={words.invitations}
              columns={invitationColumns(language)}
              rows={invitations}
              keyOf={({ id }) => id}
            />
          </Part>
          <Part title={words.rights}>
            <Table
              caption={words.rights}
              columns={rightColumns(language)}
              rows={rightRows(items)}
              keyOf={({ right }) => right}
            />
          </Part>
        </div>
      );
    },
  });
}
