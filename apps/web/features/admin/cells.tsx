/** How staff reads the things that lists are made of: sums, states, people, ids. */
import { moneyFromWire, type MoneyWire, type PersonBrief } from '@opora/contracts';
import { formatMoney, type Language } from '@opora/kernel';
import { Fragment } from 'react';
import { Status } from '../../shared/ui/status.tsx';
import { stateWord } from './words/states.ts';

const LINK = 'text-accent-text underline-offset-4 hover:underline';

/** The last six characters in capitals: what customers read to support. */
export function shortId(id: string): string {
  return id.slice(-6).toUpperCase();
}

const OUR_ID = /\b[a-z]{3}_[0-9a-hjkmnp-tv-z]{26}\b/g;

/** A text with our ids in it, each cut to its last six characters. */
export function shortened(text: string): string {
  return text.replace(OUR_ID, shortId);
}

/** A text with our ids in it, each short and with its page behind it; the whole one is in the title. */
export function Told({ children }: { children: string }) {
  const ids = children.match(OUR_ID) ?? [];
  return children.split(OUR_ID).map((words, at) => {
    const id = ids[at];
    return (
      <Fragment key={at}>
        {words}
        {id === undefined ? null : <Id id={id} />}
      </Fragment>
    );
  });
}

const PAGES: Readonly<Record<string, string>> = {
  per: '/admin/people/',
  ord: '/admin/orders/',
  pay: '/admin/payments/',
};

function Id({ id }: { id: string }) {
  const page = PAGES[id.slice(0, 3)];
  if (page === undefined) {
    return (
      <span title={id} className="font-mono">
        {shortId(id)}
      </span>
    );
  }
  return (
    <a href={page + id} title={id} className={`font-mono underline ${LINK}`}>
      {shortId(id)}
    </a>
  );
}

export function Sum({ value, language }: { value: MoneyWire; language: Language }) {
  return (
    <span className="whitespace-nowrap">{formatMoney(moneyFromWire(value), language, 'all')}</span>
  );
}

export function Sums({ values, language }: { values: readonly MoneyWire[]; language: Language }) {
  return (
    <span className="flex flex-wrap gap-x-3">
      {values.map((value) => (
        <Sum key={value.currency} value={value} language={language} />
      ))}
    </span>
  );
}

export function StateChip({ name, language }: { name: string; language: Language }) {
  const { tone, text } = stateWord(name, language);
  return (
    <Status tone={tone} size="small">
      {text}
    </Status>
  );
}

export function PersonLink({ person }: { person: PersonBrief }) {
  return (
    <a href={`/admin/people/${person.id}`} className={LINK}>
      {person.name}
      {person.telegramUsername === null ? null : (
        <span className="text-faint"> @{person.telegramUsername}</span>
      )}
    </a>
  );
}

type Kind = 'orders' | 'payments';

/** A short id that leads to its page; the whole one is in the title, for copying. */
export function IdLink({ kind, id }: { kind: Kind; id: string }) {
  return (
    <a href={`/admin/${kind}/${id}`} title={id} className={`font-mono ${LINK}`}>
      {shortId(id)}
    </a>
  );
}

/** `isInText`: other words stand beside it, so colour alone would not tell it from them. */
export function TextLink(props: { href: string; isInText?: boolean; children: React.ReactNode }) {
  const { href, isInText = false, children } = props;
  return (
    <a href={href} className={isInText ? `${LINK} underline` : LINK}>
      {children}
    </a>
  );
}

/** A long id or a vendor's word: in the mono face, broken where it must be. */
export function Code({ children, title }: { children: string; title?: string }) {
  return (
    <code title={title} className="font-mono text-12 break-words">
      {children}
    </code>
  );
}

/** What a column is called, on a phone, where a row is a card and has no heads above it. */
export function OnPhone({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <>
      <span className="text-faint sm:hidden">{title}: </span>
      {children}
    </>
  );
}
