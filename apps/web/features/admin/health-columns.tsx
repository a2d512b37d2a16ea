import {
  API,
  type ServiceHealthWire,
  type SessionWire,
  type SystemIncidentWire,
} from '@opora/contracts';
import type { Language } from '@opora/kernel';
import { Status } from '../../shared/ui/status.tsx';
import type { Column } from '../../shared/ui/table.tsx';
import { ConfirmAct } from './confirm-act.tsx';
import { may } from './sections.ts';
import { AdminWhen } from './when.tsx';
import { actWords } from './words/acts.ts';
import { healthWords, SYSTEM_TONES, wordOf } from './words/health.ts';

const NOTHING = '—';

export function serviceColumns(
  session: SessionWire,
  language: Language,
): readonly Column<ServiceHealthWire>[] {
  const words = healthWords[language];
  const { columns } = words;
  return [
    {
      ...{ key: 'name', title: columns.name, phone: 'main' },
      cell: ({ name }) => <span className="font-mono">{name}</span>,
    },
    {
      ...{ key: 'state', title: columns.state, phone: 'end' },
      cell: ({ state, degraded }) => (
        <span className="inline-flex flex-wrap items-center gap-2">
          <Status size="small" tone={SYSTEM_TONES[state] ?? 'plain'}>
            {wordOf(words.states, state)}
          </Status>
          {degraded.length === 0 ? null : (
            <span className="text-12 text-muted">{degraded.join(', ')}</span>
          )}
        </span>
      ),
    },
    {
      ...{ key: 'since', title: columns.since, phone: 'second' },
      cell: ({ since }) => <AdminWhen at={since} language={language} />,
    },
    {
      ...{ key: 'latency', title: columns.latency, phone: 'none', isFigure: true },
      cell: ({ latencyMs }) =>
        latencyMs === null ? NOTHING : words.latency(String(Math.round(latencyMs))),
    },
    {
      ...{ key: 'breaker', title: columns.breaker, phone: 'none' },
      cell: ({ breaker }) =>
        breaker === null ? (
          NOTHING
        ) : (
          <Status size="small" tone={breaker === 'closed' ? 'good' : 'warn'}>
            {wordOf(words.breakers, breaker)}
          </Status>
        ),
    },
    {
      ...{ key: 'restarts', title: columns.restarts, phone: 'none' },
      cell: (service) => <Restarts service={service} language={language} />,
    },
    {
      ...{ key: 'act', title: columns.act, phone: 'second' },
      cell: ({ name, canRestart }) =>
        canRestart && may(session, 'services:restart') ? (
          <RestartButton service={name} language={language} />
        ) : (
          NOTHING
        ),
    },
  ];
}

function Restarts({ service, language }: { service: ServiceHealthWire; language: Language }) {
  const { restarts, lastRestart } = service;
  const words = healthWords[language];
  if (restarts === null) return NOTHING;
  if (lastRestart === null) return String(restarts);
  const { at, words: how, isAsked } = lastRestart;
  return (
    <span>
      {restarts}
      <span className="text-12 text-muted">
        {' '}
        · {isAsked ? words.asked : how} <AdminWhen at={at} language={language} />
      </span>
    </span>
  );
}

function RestartButton({ service, language }: { service: string; language: Language }) {
  const { preview, perform } = API.system.restart;
  return (
    <ConfirmAct
      label={healthWords[language].restart}
      isDangerous
      previewPath={preview.path}
      performPath={perform.path}
      isPlan={false}
      wish={{ service }}
      fields={[]}
      language={language}
      words={actWords[language]}
    />
  );
}

export function incidentColumns(language: Language): readonly Column<SystemIncidentWire>[] {
  const words = healthWords[language];
  const { incident } = words;
  return [
    {
      ...{ key: 'subject', title: incident.subject, phone: 'main' },
      cell: ({ subject }) => <span className="font-mono">{subject}</span>,
    },
    {
      ...{ key: 'level', title: incident.level, phone: 'end' },
      cell: ({ level }) => (
        <Status size="small" tone={level === 'critical' ? 'bad' : 'warn'}>
          {words.levels[level]}
        </Status>
      ),
    },
    {
      ...{ key: 'detail', title: incident.detail, phone: 'second' },
      cell: ({ kind, detail }) =>
        detail === '' ? wordOf(words.kinds, kind) : `${wordOf(words.kinds, kind)}: ${detail}`,
    },
    {
      ...{ key: 'opened', title: incident.opened, phone: 'second' },
      cell: ({ openedAt }) => <AdminWhen at={openedAt} language={language} />,
    },
    {
      ...{ key: 'closed', title: incident.closed, phone: 'second' },
      cell: ({ closedAt }) =>
        closedAt === null ? NOTHING : <AdminWhen at={closedAt} language={language} />,
    },
    {
      ...{ key: 'id', title: incident.id, phone: 'none' },
      cell: ({ id }) => <span className="font-mono text-12">{id}</span>,
    },
  ];
}
