import { API, type PlanVersionWire, type SessionWire } from '@opora/contracts';
import type { Language } from '@opora/kernel';
import { ActButton } from '../../../features/admin/act-button.tsx';
import { Sums } from '../../../features/admin/cells.tsx';
import { load } from '../../../features/admin/load.ts';
import { adminPage } from '../../../features/admin/page.tsx';
import { titleOf } from '../../../features/admin/title.ts';
import { AdminDay } from '../../../features/admin/when.tsx';
import { listWords } from '../../../features/admin/words/lists.ts';
import { shellWords } from '../../../features/admin/words/shell.ts';
import { stateWord } from '../../../features/admin/words/states.ts';
import { formatTraffic } from '../../../features/product/plan.ts';
import { Empty } from '../../../shared/ui/empty.tsx';
import { Status } from '../../../shared/ui/status.tsx';
import { Table, type Column } from '../../../shared/ui/table.tsx';

export const generateMetadata = () => titleOf('plans');

export default async function PlansPage() {
  return adminPage({
    section: 'plans',
    data: () => load(API.plans.list),
    show: ({ visit: { language }, session, data }) => {
      const words = listWords[language];
      const title = shellWords[language].pages.plans;
      return (
        <div className="space-y-4">
          <h1 className="text-22">{title}</h1>
          {data.items.length === 0 ? (
            <Empty {...words.empty.plans} step={null} />
          ) : (
            <Table
              caption={title}
              columns={columns(language, session)}
              rows={data.items}
              keyOf={({ versionId }) => versionId}
            />
          )}
        </div>
      );
    },
  });
}

/** A version is never edited: what changes is sold as the next one, and old orders keep theirs. */
function columns(language: Language, session: SessionWire): readonly Column<PlanVersionWire>[] {
  const { columns: titles } = listWords[language];
  return [
    { key: 'plan', title: titles.plan, phone: 'main', cell: ({ title }) => title[language] },
    {
      key: 'version',
      title: titles.version,
      phone: 'end',
      cell: ({ version, isCurrent }) => (
        <span className="flex items-center gap-2">
          v{version}
          {isCurrent ? (
            <Status tone="good" size="small">
              {stateWord('active', language).text}
            </Status>
          ) : null}
        </span>
      ),
    },
    {
      key: 'prices',
      title: titles.prices,
      phone: 'second',
      cell: ({ prices }) => <Sums values={prices} language={language} />,
    },
    ...figures(language),
    {
      key: 'when',
      title: titles.when,
      phone: 'second',
      cell: ({ createdAt }) => <AdminDay at={createdAt} language={language} />,
    },
    {
      key: 'act',
      title: '',
      phone: 'second',
      cell: (plan) =>
        plan.isCurrent ? (
          <ActButton
            act="publish"
            wish={{ planId: plan.id }}
            plan={plan}
            session={session}
            language={language}
          />
        ) : null,
    },
  ];
}

function figures(language: Language): readonly Column<PlanVersionWire>[] {
  const { columns: titles, unlimited } = listWords[language];
  return [
    {
      key: 'term',
      title: titles.term,
      phone: 'none',
      isFigure: true,
      cell: ({ termDays }) => termDays,
    },
    {
      key: 'devices',
      title: titles.devices,
      phone: 'none',
      isFigure: true,
      cell: ({ devices }) => devices,
    },
    {
      key: 'traffic',
      title: titles.traffic,
      phone: 'none',
      isFigure: true,
      cell: ({ trafficBytes }) =>
        trafficBytes === '0' ? unlimited : formatTraffic(BigInt(trafficBytes), language),
    },
    {
      key: 'orders',
      title: shellWords[language].pages.orders,
      phone: 'none',
      isFigure: true,
      cell: ({ orders }) => orders,
    },
  ];
}
