import {
  API,
  type DifferenceWire,
  type ProviderOverviewWire,
  type ReconciliationRunWire,
} from '@opora/contracts';
import type { Language } from '@opora/kernel';
import { load, type Loaded } from '../../../features/admin/load.ts';
import { adminPage } from '../../../features/admin/page.tsx';
import { ProviderCard } from '../../../features/admin/provider-card.tsx';
import { readQuery, type Query, type SearchParams } from '../../../features/admin/query.ts';
import { ReconciliationView } from '../../../features/admin/reconciliation-view.tsx';
import { RefreshWhile } from '../../../features/admin/refresh-while.tsx';
import { titleOf } from '../../../features/admin/title.ts';
import { AdminWhen } from '../../../features/admin/when.tsx';
import { listWords } from '../../../features/admin/words/lists.ts';
import { overviewWords } from '../../../features/admin/words/overview.ts';
import { shellWords } from '../../../features/admin/words/shell.ts';
import { Empty } from '../../../shared/ui/empty.tsx';
import { FilterBar } from '../../../shared/ui/filter-bar.tsx';

const PATH = '/admin/providers';
const RUNS_SHOWN = '20';

type Data = Readonly<{
  asOf: string;
  providers: readonly ProviderOverviewWire[];
  runs: readonly ReconciliationRunWire[];
  differences: readonly DifferenceWire[];
}>;

export const generateMetadata = () => titleOf('providers');

export default async function ProvidersPage({ searchParams }: { searchParams: SearchParams }) {
  const query = await readQuery(searchParams, ['days']);
  return adminPage({
    section: 'providers',
    data: () => dataOf(query),
    show: ({ visit: { language }, session, data: { asOf, providers, runs, differences } }) => {
      const words = overviewWords[language];
      return (
        <div className="space-y-6">
          <RefreshWhile isUnderWay={runs.some(({ state }) => state === 'running')} />
          <div className="space-y-2">
            <h1 className="text-22">{shellWords[language].pages.providers}</h1>
            <p className="text-muted">
              {words.why}{' '}
              <span className="text-12">
                {words.asOf}
                <AdminWhen at={asOf} language={language} />
              </span>
            </p>
          </div>
          <Span days={query['days']} language={language} />
          {providers.length === 0 ? (
            <Empty {...words.none} step={null} />
          ) : (
            <div className="grid gap-4 md:grid-cols-2 2xl:grid-cols-3">
              {providers.map((provider) => (
                <ProviderCard
                  key={provider.provider}
                  provider={provider}
                  asOf={asOf}
                  session={session}
                  language={language}
                />
              ))}
            </div>
          )}
          <ReconciliationView {...{ runs, differences, session, language }} />
        </div>
      );
    },
  });
}

function Span({ days, language }: { days: string | undefined; language: Language }) {
  const words = overviewWords[language];
  const { filters, apply, clear } = listWords[language];
  return (
    <FilterBar
      label={filters}
      apply={apply}
      clear={{ label: clear, href: PATH }}
      filters={[
        {
          ...{ kind: 'choice', name: 'days', label: words.span, value: days },
          any: words.days[1],
          options: [
            ['7', words.days[7]],
            ['30', words.days[30]],
          ],
        },
      ]}
    />
  );
}

async function dataOf(query: Query): Promise<Loaded<Data>> {
  const [overview, runs, differences] = await Promise.all([
    load(API.providers.overview, { query }),
    load(API.reconciliation.runs, { query: { limit: RUNS_SHOWN } }),
    load(API.reconciliation.differences),
  ]);
  if (overview.state !== 'ready') return overview;
  if (runs.state !== 'ready') return runs;
  if (differences.state !== 'ready') return differences;
  return {
    state: 'ready',
    data: {
      asOf: overview.data.asOf,
      providers: overview.data.items,
      runs: runs.data.items,
      differences: differences.data.items,
    },
  };
}
