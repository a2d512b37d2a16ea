import {
  API,
  type AnnouncementWire,
  type BreakerWire,
  type SystemHealthWire,
} from '@opora/contracts';
import type { Language } from '@opora/kernel';
import { Breakers } from '../../../features/admin/breakers.tsx';
import { TextLink } from '../../../features/admin/cells.tsx';
import { Part } from '../../../features/admin/facts.tsx';
import { incidentColumns, serviceColumns } from '../../../features/admin/health-columns.tsx';
import { Announcements } from '../../../features/admin/announcements.tsx';
import { Live } from '../../../features/admin/live.tsx';
import { load, type Loaded } from '../../../features/admin/load.ts';
import { adminPage } from '../../../features/admin/page.tsx';
import { titleOf } from '../../../features/admin/title.ts';
import { AdminWhen } from '../../../features/admin/when.tsx';
import { healthWords, SYSTEM_TONES } from '../../../features/admin/words/health.ts';
import { shellWords } from '../../../features/admin/words/shell.ts';
import { Empty } from '../../../shared/ui/empty.tsx';
import { Status } from '../../../shared/ui/status.tsx';
import { Table } from '../../../shared/ui/table.tsx';

type Data = Readonly<{
  health: SystemHealthWire;
  told: readonly AnnouncementWire[] | undefined;
  breakers: readonly BreakerWire[];
}>;

export const generateMetadata = () => titleOf('health');

/** The monitor's own page: it says who asks, so it opens while auth, api and the database are away. */
export default async function HealthPage() {
  return adminPage({
    section: 'health',
    data: dataOf,
    vouched: ({ health }) => health.session,
    show: ({ visit: { language }, session, data: { health, told, breakers } }) => {
      const words = healthWords[language];
      const open = health.incidents.filter(({ closedAt }) => closedAt === null);
      const closed = health.incidents.filter(({ closedAt }) => closedAt !== null);
      return (
        <div className="space-y-6">
          <Head health={health} language={language} />
          <Table
            caption={words.services}
            columns={serviceColumns(session, language)}
            rows={health.services}
            keyOf={({ name }) => name}
          />
          {told === undefined ? null : (
            <Announcements items={told} session={session} language={language} />
          )}
          <Breakers items={breakers} session={session} language={language} />
          <Part title={words.open}>
            {open.length === 0 ? (
              <Empty {...words.noOpen} step={null} />
            ) : (
              <Incidents caption={words.open} rows={open} language={language} />
            )}
          </Part>
          <Part title={words.past} isEmpty={closed.length === 0} nothing={words.noPast}>
            <Incidents caption={words.past} rows={closed} language={language} />
          </Part>
        </div>
      );
    },
  });
}

/** What was told to customers, and the breakers, are the API's; the page does without it while that is away. */
async function dataOf(): Promise<Loaded<Data>> {
  const [health, told, breakers] = await Promise.all([
    load(API.system.health),
    load(API.announcements.list),
    load(API.breakers.list),
  ]);
  if (health.state !== 'ready') return health;
  return {
    state: 'ready',
    data: {
      health: health.data,
      told: told.state === 'ready' ? told.data.items : undefined,
      breakers: breakers.state === 'ready' ? breakers.data.items : [],
    },
  };
}

function Head({ health, language }: { health: SystemHealthWire; language: Language }) {
  const words = healthWords[language];
  return (
    <div className="space-y-2">
      <div className="flex flex-wrap items-center gap-3">
        <h1 className="text-22">{shellWords[language].pages.health}</h1>
        <Status tone={SYSTEM_TONES[health.status] ?? 'plain'}>{words.states[health.status]}</Status>
        <Live
          stream={API.system.stream.path}
          plain={API.system.health.path}
          event="health"
          words={shellWords[language].live}
        />
      </div>
      <p className="text-muted">
        {words.why}{' '}
        <span className="text-12">
          {words.asOf}
          <AdminWhen at={health.at} language={language} />, {words.version} {health.version}
        </span>
      </p>
      {health.isByCopy ? <Status tone="warn">{words.byCopy}</Status> : null}
      <p>
        <TextLink href="/status">{words.statusPage}</TextLink>
      </p>
    </div>
  );
}

function Incidents(props: {
  caption: string;
  rows: SystemHealthWire['incidents'];
  language: Language;
}) {
  return (
    <Table
      caption={props.caption}
      columns={incidentColumns(props.language)}
      rows={props.rows}
      keyOf={({ id }) => id}
    />
  );
}
