import { API, type ExtensionWire, type HandPaymentWire } from '@opora/contracts';
import { ActButton } from '../../../features/admin/act-button.tsx';
import { handColumns, extensionColumns } from '../../../features/admin/by-hand-columns.tsx';
import { load, type Loaded } from '../../../features/admin/load.ts';
import { adminPage } from '../../../features/admin/page.tsx';
import { RefreshWhile } from '../../../features/admin/refresh-while.tsx';
import { titleOf } from '../../../features/admin/title.ts';
import { byHandWords } from '../../../features/admin/words/by-hand.ts';
import { shellWords } from '../../../features/admin/words/shell.ts';
import { Empty } from '../../../shared/ui/empty.tsx';
import { Table } from '../../../shared/ui/table.tsx';

type Data = Readonly<{
  payments: readonly HandPaymentWire[];
  extensions: readonly ExtensionWire[];
}>;

export const generateMetadata = () => titleOf('byHand');

export default async function ByHandPage() {
  return adminPage({
    section: 'byHand',
    data: dataOf,
    show: ({ visit: { language }, session, data: { payments, extensions } }) => {
      const words = byHandWords[language];
      const isUnderWay = extensions.some(({ state }) => state === 'giving' || state === 'taking');
      return (
        <div className="space-y-6">
          <RefreshWhile isUnderWay={isUnderWay} />
          <div className="space-y-2">
            <h1 className="text-22">{shellWords[language].pages.byHand}</h1>
            <p className="text-muted">{words.why}</p>
          </div>
          <section className="space-y-3">
            <div className="flex flex-wrap items-center justify-between gap-3">
              <h2 className="text-18">{words.extensions}</h2>
              <ActButton act="extendAll" wish={{}} session={session} language={language} />
            </div>
            {extensions.length === 0 ? (
              <Empty title={words.noExtensions.title} why={words.noExtensions.why} step={null} />
            ) : (
              <Table
                caption={words.extensions}
                columns={extensionColumns(language, session)}
                rows={extensions}
                keyOf={({ id }) => id}
              />
            )}
          </section>
          <section className="space-y-3">
            <h2 className="text-18">{words.payments}</h2>
            {payments.length === 0 ? (
              <Empty title={words.noPayments.title} why={words.noPayments.why} step={null} />
            ) : (
              <Table
                caption={words.payments}
                columns={handColumns(language, session)}
                rows={payments}
                keyOf={({ id }) => id}
              />
            )}
          </section>
        </div>
      );
    },
  });
}

async function dataOf(): Promise<Loaded<Data>> {
  const [payments, extensions] = await Promise.all([
    load(API.byHand.payments),
    load(API.byHand.extensions),
  ]);
  if (payments.state !== 'ready') return payments;
  if (extensions.state !== 'ready') return extensions;
  return {
    state: 'ready',
    data: { payments: payments.data.items, extensions: extensions.data.items },
  };
}
