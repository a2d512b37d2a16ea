import { API, type MailDayWire } from '@opora/contracts';
import type { Language } from '@opora/kernel';
import { Code } from '../../../features/admin/cells.tsx';
import { load } from '../../../features/admin/load.ts';
import { adminPage } from '../../../features/admin/page.tsx';
import { titleOf } from '../../../features/admin/title.ts';
import { AdminDay } from '../../../features/admin/when.tsx';
import { listWords } from '../../../features/admin/words/lists.ts';
import { shellWords } from '../../../features/admin/words/shell.ts';
import { stateWord } from '../../../features/admin/words/states.ts';
import { Empty } from '../../../shared/ui/empty.tsx';
import { Table, type Column } from '../../../shared/ui/table.tsx';

const COUNTS = ['sent', 'delivered', 'bounced', 'failed'] as const;
/** One word of the map is about money here: a message fails, a payment is declined. */
const COUNT_WORDS = { sent: 'sent', delivered: 'arrived', bounced: 'bounced', failed: 'unsent' };

export const generateMetadata = () => titleOf('messages');

/** What was told in the last two weeks, by day and kind, and whether it arrived. */
export default async function MessagesPage() {
  return adminPage({
    section: 'messages',
    data: () => load(API.messages.statistics),
    show: ({ visit: { language }, data }) => {
      const title = shellWords[language].pages.messages;
      return (
        <div className="space-y-4">
          <h1 className="text-22">{title}</h1>
          {data.items.length === 0 ? (
            <Empty {...listWords[language].empty.messages} step={null} />
          ) : (
            <Table
              caption={title}
              columns={columns(language)}
              rows={data.items}
              keyOf={({ day, template }) => `${day} ${template}`}
            />
          )}
        </div>
      );
    },
  });
}

function columns(language: Language): readonly Column<MailDayWire>[] {
  const { columns: titles } = listWords[language];
  return [
    {
      key: 'day',
      title: titles.when,
      phone: 'main',
      cell: ({ day }) => <AdminDay at={`${day}T00:00:00.000Z`} language={language} />,
    },
    {
      key: 'template',
      title: titles.kind,
      phone: 'end',
      cell: ({ template }) => <Code>{template}</Code>,
    },
    ...COUNTS.map((name): Column<MailDayWire> => ({
      key: name,
      title: stateWord(COUNT_WORDS[name], language).text,
      phone: name === 'sent' ? 'second' : 'none',
      isFigure: true,
      cell: (row) => row[name],
    })),
  ];
}
