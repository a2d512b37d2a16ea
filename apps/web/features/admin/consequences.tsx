'use client';

import type { ActPreview } from '@opora/contracts';
import type { Language } from '@opora/kernel';
import { KeyRound, MessageSquare, Info, Wallet, UserCog, type LucideIcon } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { ActField, Wish } from './act-fields.ts';
import type { ActWords } from './words/acts.ts';

type Props = Readonly<{
  preview: ActPreview | undefined;
  previewed: (preview: ActPreview) => void;
  fields: readonly ActField[];
  read: () => Wish | undefined;
  foresee: (wish: Wish) => Promise<ActPreview | undefined>;
  language: Language;
  words: ActWords;
}>;

const ICONS: Readonly<Record<string, LucideIcon>> = {
  money: Wallet,
  access: KeyRound,
  message: MessageSquare,
  rights: UserCog,
};

/** What the act will change, worked out by the server; asked again when a field was changed. */
export function Consequences({
  preview,
  previewed,
  fields,
  read,
  foresee,
  language,
  words,
}: Props) {
  const box = useRef<HTMLDivElement>(null);
  const asking = useRef<() => Promise<void>>(undefined);
  asking.current = async () => {
    const wish = read();
    const foreseen = wish === undefined ? undefined : await foresee(wish);
    if (foreseen !== undefined) previewed(foreseen);
  };

  useEffect(() => {
    const form = box.current?.closest('form');
    const names = new Set(fields.map(({ name }) => name));
    const again = (event: Event): void => {
      if (event.target instanceof HTMLElement && names.has(event.target.id))
        void asking.current?.();
    };
    form?.addEventListener('change', again);
    // Without fields, or with usable ones, everything is known at once.
    if (fields.every(({ value }) => value !== '')) void asking.current?.();
    return () => form?.removeEventListener('change', again);
  }, [fields]);

  return (
    <div ref={box} className="min-h-16 rounded-control border border-line bg-sunken p-3">
      <p className="font-semibold">{words.consequences}</p>
      {preview === undefined ? (
        <p className="text-muted">{words.loading}</p>
      ) : (
        <ul className="mt-1 space-y-1">
          {preview.consequences.map(({ kind, text }) => {
            const Icon = ICONS[kind] ?? Info;
            return (
              <li key={text.en} className="flex gap-2">
                <Icon
                  aria-hidden
                  size={16}
                  strokeWidth={1.75}
                  className="mt-0.5 shrink-0 text-muted"
                />
                {text[language]}
              </li>
            );
          })}
        </ul>
      )}
    </div>
  );
}
