import type { ReactNode } from 'react';

type Props = Readonly<{
  facts: readonly (readonly [name: string, value: ReactNode])[];
}>;

/** Names and values of one thing, beside each other on a desk and below each other on a phone. */
export function Facts({ facts }: Props) {
  return (
    <dl className="grid gap-x-6 gap-y-2 max-sm:gap-y-0 sm:grid-cols-[max-content_1fr]">
      {facts.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-muted">{name}</dt>
          <dd className="min-w-0 break-words max-sm:mb-2">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** A part of a page with its heading; says so when there is nothing in it. */
export function Part(
  props: Readonly<{ title: string; isEmpty?: boolean; nothing?: string; children: ReactNode }>,
) {
  return (
    <section className="space-y-3">
      <h2 className="text-18">{props.title}</h2>
      {props.isEmpty === true ? <p className="text-muted">{props.nothing}</p> : props.children}
    </section>
  );
}
