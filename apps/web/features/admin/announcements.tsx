import { isGoingOn, type AnnouncementWire, type SessionWire } from '@opora/contracts';
import type { Language } from '@opora/kernel';
import { Status, type Tone } from '../../shared/ui/status.tsx';
import { Table, type Column } from '../../shared/ui/table.tsx';
import { ActButton } from './act-button.tsx';
import { AdminWhen } from './when.tsx';
import { announcementWords } from './words/announcements.ts';

type Props = Readonly<{
  items: readonly AnnouncementWire[];
  session: SessionWire;
  language: Language;
}>;

const NOTHING = '—';
const TONES: Readonly<Record<Standing, Tone>> = { planned: 'info', going: 'warn', over: 'plain' };
type Standing = 'planned' | 'going' | 'over';

/** What staff has told customers, and the acts that tell. */
export function Announcements({ items, session, language }: Props) {
  const words = announcementWords[language];
  return (
    <section className="space-y-3">
      <h2 className="text-18">{words.title}</h2>
      <p className="text-muted">{words.why}</p>
      <p className="flex flex-wrap gap-2">
        <ActButton act="tellIncident" wish={{}} session={session} language={language} />
        <ActButton act="planMaintenance" wish={{}} session={session} language={language} />
      </p>
      {items.length === 0 ? (
        <p className="text-muted">{words.none}</p>
      ) : (
        <Table
          caption={words.title}
          columns={columnsOf(session, language)}
          rows={items}
          keyOf={({ id }) => id}
        />
      )}
    </section>
  );
}

function standingOf(one: AnnouncementWire): Standing {
  const now = new Date();
  if (isGoingOn(one, now)) return 'going';
  return Date.parse(one.from) > now.getTime() ? 'planned' : 'over';
}

function columnsOf(session: SessionWire, language: Language): readonly Column<AnnouncementWire>[] {
  const words = announcementWords[language];
  const { columns } = words;
  return [
    {
      ...{ key: 'what', title: columns.what, phone: 'main' },
      cell: ({ title, touches, updates: [newest] }) => (
        <span className="block max-w-120">
          <span className="block font-semibold">{title[language]}</span>
          <span className="block text-12 text-muted">
            {words.touches[touches]}. {newest?.text[language]}
          </span>
        </span>
      ),
    },
    {
      ...{ key: 'when', title: columns.when, phone: 'second' },
      cell: ({ from, to }) => (
        <>
          <AdminWhen at={from} language={language} />
          {to === null ? null : (
            <>
              {' '}
              – <AdminWhen at={to} language={language} />
            </>
          )}
        </>
      ),
    },
    {
      ...{ key: 'state', title: columns.state, phone: 'end' },
      cell: (one) => {
        const step = one.updates[0]?.step ?? null;
        const standing = standingOf(one);
        return (
          <Status size="small" tone={TONES[standing]}>
            {step === null ? words.standings[standing] : words.steps[step]}
          </Status>
        );
      },
    },
    {
      ...{ key: 'act', title: columns.act, phone: 'second' },
      cell: (one) =>
        standingOf(one) === 'over' ? (
          NOTHING
        ) : (
          <ActButton
            act={one.kind === 'incident' ? 'updateIncident' : 'endMaintenance'}
            wish={{ announcementId: one.id }}
            session={session}
            language={language}
          />
        ),
    },
  ];
}
