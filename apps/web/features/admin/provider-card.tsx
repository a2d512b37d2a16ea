import type { ProviderOverviewWire, SessionWire } from '@opora/contracts';
import type { Language } from '@opora/kernel';
import type { ReactNode } from 'react';
import { Status } from '../../shared/ui/status.tsx';
import { ActButton } from './act-button.tsx';
import { Code, StateChip, TextLink } from './cells.tsx';
import { Facts } from './facts.tsx';
import { hrefWith } from './query.ts';
import { may } from './sections.ts';
import { AdminWhen } from './when.tsx';
import { age } from './words/age.ts';
import { overviewWords } from './words/overview.ts';
import { providerName } from './words/providers.ts';

type Props = Readonly<{
  provider: ProviderOverviewWire;
  /** When the figures were read. */
  asOf: string;
  session: SessionWire;
  language: Language;
}>;

/** One provider: how it stands, its figures, the lists behind them, and its switch. */
export function ProviderCard(props: Props) {
  const { provider, session, language } = props;
  const words = overviewWords[language];
  const { provider: id, switchedOff } = provider;
  return (
    <section className="flex flex-col gap-4 rounded-card border border-line bg-surface p-4">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h2 className="text-18">{providerName(id, language)}</h2>
        <StateChip name={standingOf(provider)} language={language} />
      </div>
      {switchedOff === null ? null : (
        <p className="text-muted">
          <AdminWhen at={switchedOff.since} language={language} />{' '}
          {words.offBy(switchedOff.by, switchedOff.reason)}
        </p>
      )}
      {provider.isSilent ? (
        <div className="space-y-2">
          <Status tone="bad">{words.silent}</Status>
          <p>{words.silentHint}</p>
        </div>
      ) : null}
      <Facts facts={factsOf(props)} />
      <p className="flex flex-wrap gap-x-4 gap-y-1">
        <TextLink href={hrefWith('/admin/payments', { provider: id })}>{words.payments}</TextLink>
        {may(session, 'notices:read') ? (
          <TextLink href={hrefWith('/admin/refused', { provider: id })}>{words.refusals}</TextLink>
        ) : null}
      </p>
      <p className="mt-auto flex flex-wrap gap-2">
        <ActButton
          act={switchedOff === null ? 'switchOff' : 'switchOn'}
          wish={{ provider: id }}
          session={session}
          language={language}
        />
        <ActButton act="reconcile" wish={{ provider: id }} session={session} language={language} />
      </p>
    </section>
  );
}

function standingOf({ breaker, switchedOff }: ProviderOverviewWire): string {
  if (switchedOff !== null) return 'switchedOff';
  return breaker === 'open' ? 'resting' : breaker;
}

function factsOf({ provider, asOf, language }: Props): (readonly [string, ReactNode])[] {
  const words = overviewWords[language];
  const { created, settled, settleMs, oldestPendingAt, lastNoticeAt, reconciliation } = provider;
  const waitedMs = oldestPendingAt === null ? 0 : Date.parse(asOf) - Date.parse(oldestPendingAt);
  return [
    [words.conversion, <Conversion key="conversion" {...{ created, settled, language }} />],
    [
      words.settle,
      settleMs === null
        ? words.noOne
        : words.settled(age(settleMs.median, language), age(settleMs.p95, language)),
    ],
    [words.accepted, provider.noticesAccepted],
    [words.duplicates, provider.duplicates],
    [words.refused, <Refused key="refused" provider={provider} language={language} />],
    [words.oldest, oldestPendingAt === null ? words.noOne : age(waitedMs, language)],
    [
      words.lastNotice,
      lastNoticeAt === null ? words.never : <AdminWhen at={lastNoticeAt} language={language} />,
    ],
    [words.unannounced, provider.settledUnannounced],
    [
      words.reconciliation,
      reconciliation === null ? (
        words.never
      ) : (
        <span className="flex flex-wrap items-center gap-2">
          {words.ofDay(reconciliation.day)}
          <StateChip name={reconciliation.state} language={language} />
        </span>
      ),
    ],
    [words.openDifferences, provider.openDifferences],
  ];
}

function Conversion(props: { created: number; settled: number; language: Language }) {
  const { created, settled, language } = props;
  const words = overviewWords[language];
  if (created === 0) return words.nothing;
  const share = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 });
  return (
    <>
      <strong>{share.format(settled / created)}</strong>
      <span className="text-muted">, {words.of(settled, created)}</span>
    </>
  );
}

/** Each reason leads to the notices it turned away. */
function Refused({ provider, language }: Pick<Props, 'provider' | 'language'>) {
  if (provider.refused.length === 0) return overviewWords[language].nothing;
  return (
    <ul>
      {provider.refused.map(({ reason, count }) => (
        <li key={reason}>
          <TextLink href={hrefWith('/admin/refused', { provider: provider.provider, reason })}>
            <Code>{reason}</Code>
          </TextLink>{' '}
          {count}
        </li>
      ))}
    </ul>
  );
}
