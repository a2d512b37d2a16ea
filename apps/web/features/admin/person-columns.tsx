import type { PersonDetails, SessionWire } from '@opora/contracts';
import type { Language } from '@opora/kernel';
import type { Column } from '../../shared/ui/table.tsx';
import { ActButton } from './act-button.tsx';
import { Code, StateChip } from './cells.tsx';
import { subscriptionColumns } from './columns.tsx';
import { AdminWhen } from './when.tsx';
import { detailWords } from './words/details.ts';
import { listWords } from './words/lists.ts';

type OwnSubscription = PersonDetails['subscriptions'][number];

/** The subscriptions of one person: whose they are is known, what can be done with them is not. */
export function ownSubscriptionColumns(
  language: Language,
  session: SessionWire,
): readonly Column<OwnSubscription>[] {
  const [, plan, ...others] = subscriptionColumns(language);
  return [
    ...(plan === undefined ? [] : [{ ...plan, phone: 'main' as const }]),
    ...others,
    {
      key: 'acts',
      title: '',
      phone: 'second',
      cell: ({ id, state }) => {
        const common = { wish: { subscriptionId: id }, session, language };
        return (
          <span className="flex flex-wrap gap-2">
            <ActButton act="extend" {...common} />
            <ActButton act="resend" {...common} />
            {state === 'active' ? <ActButton act="revoke" {...common} /> : null}
          </span>
        );
      },
    },
  ];
}

type Sent = PersonDetails['messages'][number];

export function messageColumns(language: Language): readonly Column<Sent>[] {
  const { columns, none } = listWords[language];
  return [
    {
      key: 'when',
      title: columns.when,
      phone: 'main',
      cell: ({ at }) => <AdminWhen at={at} language={language} />,
    },
    {
      key: 'kind',
      title: columns.kind,
      phone: 'second',
      cell: ({ template }) => <Code>{template}</Code>,
    },
    {
      key: 'channel',
      title: columns.from,
      phone: 'none',
      cell: ({ channel }) => detailWords[language].channel[channel],
    },
    {
      key: 'state',
      title: columns.state,
      phone: 'end',
      cell: ({ state }) => <StateChip name={state} language={language} />,
    },
    { key: 'error', title: columns.lastError, phone: 'second', cell: ({ error }) => error ?? none },
  ];
}
