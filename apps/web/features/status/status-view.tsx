import type { Language } from '@opora/kernel';
import { PageHead } from '../../shared/ui/page-head.tsx';
import { Status, type Tone } from '../../shared/ui/status.tsx';
import { When } from '../../shared/ui/when.tsx';
import type { Visit } from '../site/visit.ts';
import { overallOf, PARTS, type Health, type PartState } from './health.ts';
import { statusWords } from './words.ts';

const TONES: Readonly<Record<PartState, Tone>> = {
  works: 'good',
  partly: 'warn',
  down: 'bad',
  unknown: 'plain',
};

/** Whether it works, in words a customer reads; complete without scripts. */
export function StatusView({ health, visit }: { health: Health | undefined; visit: Visit }) {
  const words = statusWords[visit.language];
  if (health === undefined) return <PageHead title={words.silent}>{words.silentSafe}</PageHead>;
  const overall = overallOf(health.parts);
  return (
    <div className="max-w-[680px] space-y-8">
      <PageHead title={words.overall[overall]}>
        {overall === 'works' ? undefined : words.safe}
      </PageHead>
      <ul className="divide-y divide-line rounded-card border border-line bg-surface">
        {PARTS.map((name) => (
          <Part key={name} name={words.parts[name]} state={health.parts[name]} {...visit} />
        ))}
      </ul>
      <p className="text-14 text-muted">
        {words.asOf} <When at={health.asOf} style="minute" visit={visit} />, {words.renews}
      </p>
    </div>
  );
}

type PartProps = Readonly<{ name: string; state: PartState; language: Language }>;

function Part({ name, state, language }: PartProps) {
  return (
    <li className="flex min-h-14 items-center justify-between gap-4 px-5 py-3">
      <span className="font-semibold">{name}</span>
      <Status tone={TONES[state]}>{statusWords[language].states[state]}</Status>
    </li>
  );
}
