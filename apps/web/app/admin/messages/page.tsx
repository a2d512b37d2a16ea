import { API, type MailDayWire } from '@opora/contracts';
import type { Language } from '@opora/kernel';
import { Code } from '../../../features/admin/cells.tsx';
import { load } from '../../../features/admin/load.ts';
import { adminPage } from '../../../features/admin/page.tsx';
import { readQuery, type SearchParams } from '../../../features/admin/query.ts';
import { titleOf } from '../../../features/admin/title.ts';
import { AdminDay } from '../../../features/admin/when.tsx';
import { listWords } from '../../../features/admin/words/lists.ts';
import { shellWords } from '../../../features/admin/words/shell.ts';
import { stateWord } from '../../../features/admin/words/states.ts';
import { Empty } from '../../../shared/ui/empty.tsx';
import { FilterBar } from '../../../shared/ui/filter-bar.tsx';
import { Table, type Column } from '../../../shared/ui/table.tsx';

const PATH = '/admin/messages';
/** What the API answers without a wish. */
const DAYS_DEFAULT = '14';
const SPANS = ['1', '7', '30', '90'] as const;
const COUNTS = ['sent', 'delivered', 'bounced', 'failed'] as const;
/** One word of the map is about money here: a message fails, a payment is declined. */
const COUNT_WORDS = { sent: 'sent', delivered: 'arrived', bounced: 'bounced', failed: 'unsent' };

export const generateMetadata = () => titleOf('messages');

/** What was told in the last days, by day and kind, and whether it arrived. */
export default async function MessagesPage({ searchParams }: { searchParams: SearchParams }) {
  const query = await readQuery(searchParams, ['days']);
  return adminPage({
    section: 'messages',
    data: () => load(API.messages.statistics, { query }),
    show: ({ visit: { language }, data }) => {
      const title = shellWords[language].pages.messages;
      const words = listWords[language];
      return (
        <div className="space-y-4">
          <h1 className="text-22">{title}</h1>
          <FilterBar
            label={words.filters}
            apply={words.apply}
            clear={{ label: words.clear, href: PATH }}
            filters={[
              {
                ...{ kind: 'choice', name: 'days', label: words.fields.days, value: query['days'] },
                any: DAYS_DEFAULT,
                options: SPANS.map((days) => [days, days] as const),
              },
            ]}
          />
          {data.items.length === 0 ? (
            <Empty {...words.empty.messages} step={null} />
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
