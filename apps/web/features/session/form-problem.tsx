'use client';

import { CircleX } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { Refused } from './ask.ts';

type Props = Readonly<{
  refused: Refused | undefined;
  words: Readonly<{ unreachable: string; unreachableSafe: string; requestId: string }>;
  /** Fields that were refused, by name, with what to do about each. */
  fields?: readonly Readonly<{ name: string; text: string }>[];
}>;

/** Why a form was not taken: takes the focus, names the fields, ends with the number for support. */
export function FormProblem({ refused, words, fields = [] }: Props) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), [refused]);
  if (refused === undefined) return null;
  const { problem } = refused;
  return (
    <div
      ref={box}
      role="alert"
      tabIndex={-1}
      className="flex gap-3 rounded-control bg-bad-soft p-4 text-bad outline-none"
    >
      <CircleX aria-hidden size={20} strokeWidth={1.75} className="mt-0.5 shrink-0" />
      <div className="min-w-0 space-y-1">
        <p className="font-semibold">{problem?.title ?? words.unreachable}</p>
        <p className="text-14">{problem === undefined ? words.unreachableSafe : problem.detail}</p>
        {fields.length === 0 ? null : (
          <ul className="list-inside list-disc text-14">
            {fields.map(({ name, text }) => (
              <li key={name}>
                <a href={`#${name}`} className="underline underline-offset-4">
                  {text}
                </a>
              </li>
            ))}
          </ul>
        )}
        {problem === undefined ? null : (
          <p className="text-12 break-all select-all">
            {words.requestId}: {problem.instance.replace('urn:opora:request:', '')} · {problem.code}
          </p>
        )}
      </div>
    </div>
  );
}
