import type { BreakerWire, SessionWire } from '@opora/contracts';
import type { Language } from '@opora/kernel';
import { Status, type Tone } from '../../shared/ui/status.tsx';
import { Table, type Column } from '../../shared/ui/table.tsx';
import { ActButton } from './act-button.tsx';
import { AdminWhen } from './when.tsx';
import { breakerWords } from './words/breakers.ts';

type Props = Readonly<{
  items: readonly BreakerWire[];
  session: SessionWire;
  language: Language;
}>;

const NOTHING = '—';
const TONES: Readonly<Record<BreakerWire['state'], Tone>> = {
  closed: 'good',
  half_open: 'warn',
  open: 'bad',
  unknown: 'plain',
};

/** The breakers round everybody we depend on, and the switch of staff. */
export function Breakers({ items, session, language }: Props) {
  const words = breakerWords[language];
  if (items.length === 0) return null;
  return (
    <section className="space-y-3">
      <h2 className="text-18">{words.title}</h2>
      <p className="text-muted">{words.why}</p>
      <Table
        caption={words.title}
        columns={columnsOf(session, language)}
        rows={items}
        keyOf={({ dependency }) => dependency}
      />
    </section>
  );
}

function columnsOf(session: SessionWire, language: Language): readonly Column<BreakerWire>[] {
  const words = breakerWords[language];
  const { columns } = words;
  return [
    {
      ...{ key: 'name', title: columns.name, phone: 'main' },
      cell: ({ dependency }) => <span className="font-mono">{dependency}</span>,
    },
    {
      ...{ key: 'state', title: columns.state, phone: 'end' },
      cell: ({ state }) => (
        <Status size="small" tone={TONES[state]}>
          {words.states[state]}
        </Status>
      ),
    },
    {
      ...{ key: 'processes', title: columns.processes, phone: 'none' },
      cell: ({ processes }) => <Processes processes={processes} language={language} />,
    },
    {
      ...{ key: 'forced', title: columns.forced, phone: 'second' },
      cell: ({ forced }) =>
        forced === null ? (
          NOTHING
        ) : (
          <span>
            {words.held[forced.position]} {words.until}{' '}
            <AdminWhen at={forced.until} language={language} />
            <span className="block text-12 text-muted">
              {forced.by}: {forced.reason}
            </span>
          </span>
        ),
    },
    {
      ...{ key: 'act', title: columns.act, phone: 'second' },
      cell: ({ dependency }) => (
        <ActButton act="forceBreaker" wish={{ dependency }} session={session} language={language} />
      ),
    },
  ];
}

/** Those that are closed in one breath; of the others also since when. */
function Processes(props: Pick<BreakerWire, 'processes'> & { language: Language }) {
  const { processes, language } = props;
  const words = breakerWords[language];
  const closed = processes.filter(({ state }) => state === 'closed');
  const others = processes.filter(({ state }) => state !== 'closed');
  return (
    <span className="text-12 text-muted">
      {others.map(({ process, state, changedAt }) => (
        <span key={process} className="block">
          {process} {words.states[state]} {words.since}{' '}
          <AdminWhen at={changedAt} language={language} />
        </span>
      ))}
      {closed.map(({ process, state }) => `${process} ${words.states[state]}`).join(', ')}
    </span>
  );
}
