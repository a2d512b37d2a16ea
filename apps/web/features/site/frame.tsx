import type { ReactNode } from 'react';
import { readEnvironment } from '../../shared/environment.ts';
import { Mark } from '../../shared/ui/mark.tsx';
import { LanguageSwitch, ThemeSwitch } from './switches.tsx';
import type { Visit } from './visit.ts';
import { siteWords } from './words.ts';

type Props = Readonly<{
  visit: Visit;
  /** The product's name, or the platform's when the product is not known. */
  name: string;
  supportUrl: string | undefined;
  /** Only the home page has the sections that the navigation leads to. */
  hasSections: boolean;
  children: ReactNode;
}>;

const WIDTH = 'mx-auto w-full max-w-[1120px] px-4 sm:px-6 lg:px-8';
const QUIET_LINK =
  'inline-flex min-h-11 items-center text-muted underline-offset-4 hover:text-text hover:underline';

/** What stands around every public page: band of the environment, header, main, footer. */
export function Frame({ visit, name, supportUrl, hasSections, children }: Props) {
  const words = siteWords[visit.language];
  const sections = hasSections ? <Sections visit={visit} /> : null;
  return (
    <div className="flex min-h-dvh flex-col">
      <a
        href="#content"
        className="sr-only z-10 rounded-control bg-accent p-3 text-on-accent focus:not-sr-only focus:absolute focus:top-2 focus:left-2"
      >
        {words.skip}
      </a>
      <header className="border-b border-line bg-surface">
        <StageBand visit={visit} />
        <div className={`${WIDTH} flex min-h-16 flex-wrap items-center gap-x-6`}>
          <a href="/" className="flex min-h-11 items-center gap-2 text-18 font-semibold">
            <Mark className="size-7 text-accent" />
            {name}
          </a>
          <nav aria-label={words.nav} className="hidden gap-6 sm:flex">
            {sections}
          </nav>
          <div className="ml-auto flex items-center">
            <LanguageSwitch visit={visit} />
            <ThemeSwitch visit={visit} />
          </div>
        </div>
      </header>
      <main id="content" tabIndex={-1} className={`${WIDTH} flex-1 py-10 outline-none sm:py-16`}>
        {children}
      </main>
      <footer className="border-t border-line bg-surface">
        <div className={`${WIDTH} flex flex-wrap items-center gap-x-6 py-4`}>
          <span className="mr-auto flex min-h-11 items-center text-muted">{name}</span>
          {sections}
          <a href="/status" className={QUIET_LINK}>
            {words.status}
          </a>
          {supportUrl === undefined ? null : (
            <a href={supportUrl} className={QUIET_LINK}>
              {words.support}
            </a>
          )}
        </div>
      </footer>
    </div>
  );
}

function Sections({ visit }: { visit: Visit }) {
  const words = siteWords[visit.language];
  return (
    <>
      <a href="#plans" className={QUIET_LINK}>
        {words.plans}
      </a>
      <a href="#questions" className={QUIET_LINK}>
        {words.questions}
      </a>
    </>
  );
}

/** Nobody may take a rehearsal for the real shop: everywhere but in production the page says so. */
export function StageBand({ visit }: { visit: Visit }) {
  const { stage } = readEnvironment();
  if (stage === 'production') return null;
  return (
    <p className="border-t-4 border-warn bg-warn-soft px-4 py-0.5 text-center text-12 font-semibold text-warn">
      {siteWords[visit.language].environments[stage]}
    </p>
  );
}
