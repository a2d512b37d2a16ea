import type { ReactNode } from 'react';
import { readEnvironment } from '../../shared/environment.ts';
import { Mark } from '../../shared/ui/mark.tsx';
import { LanguageSwitch, ThemeSwitch } from './switches.tsx';
import { CalmLine } from '../status/calm-line.tsx';
import type { Visit } from './visit.ts';
import { siteWords } from './words.ts';

type Props = Readonly<{
  visit: Visit;
  /** The product's name, or the platform's when the product is not known. */
  name: string;
  supportUrl: string | undefined;
  /** Only the home page has the sections that the navigation leads to. */
  hasSections: boolean;
  /** Sections of the account; without them the header leads into it. */
  nav?: Nav;
  children: ReactNode;
}>;

export type Nav = Readonly<{
  label: string;
  links: readonly Readonly<{ href: string; label: string; isCurrent: boolean }>[];
}>;

const GUTTER = 'mx-auto w-full px-4 sm:px-6 lg:px-8';
const WIDTH = `${GUTTER} max-w-[1120px]`;
/** The account is read like a letter: one narrow column. */
const NARROW = `${GUTTER} max-w-[824px]`;
const QUIET_LINK =
  'inline-flex min-h-11 items-center text-muted underline-offset-4 hover:text-text hover:underline';

/** What stands around every public page: band of the environment, header, main, footer. */
export function Frame({ visit, name, supportUrl, hasSections, nav, children }: Props) {
  const words = siteWords[visit.language];
  const sections = hasSections ? <Sections visit={visit} /> : null;
  const width = nav === undefined ? WIDTH : NARROW;
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
        <div className={`${width} flex min-h-16 flex-wrap items-center gap-x-3 sm:gap-x-6`}>
          <a href="/" className="flex min-h-11 items-center gap-2 text-18 font-semibold">
            <Mark className="size-7 text-accent" />
            {name}
          </a>
          {hasSections ? (
            <nav aria-label={words.nav} className="hidden gap-6 sm:flex">
              {sections}
            </nav>
          ) : null}
          {nav === undefined ? null : <AccountNav nav={nav} />}
          <div className="ml-auto flex items-center">
            {nav === undefined ? (
              <a href="/cabinet" className={`${QUIET_LINK} mr-2`}>
                {words.account}
              </a>
            ) : null}
            <LanguageSwitch visit={visit} />
            <ThemeSwitch visit={visit} />
          </div>
        </div>
      </header>
      <CalmLine visit={visit} />
      <main
        id="content"
        tabIndex={-1}
        className={`${width} flex-1 outline-none ${nav === undefined ? 'py-10 sm:py-16' : 'py-6 sm:py-10'}`}
      >
        {children}
      </main>
      <footer className="border-t border-line bg-surface">
        <div className={`${width} flex flex-wrap items-center gap-x-6 py-4`}>
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

/** On a phone it takes a line of its own under the name, in reach and never folded away. */
function AccountNav({ nav }: { nav: Nav }) {
  return (
    <nav
      aria-label={nav.label}
      className="order-last -mx-4 flex w-screen flex-wrap gap-x-5 border-t border-line px-4 sm:order-none sm:mx-0 sm:w-auto sm:gap-x-6 sm:border-0 sm:px-0"
    >
      {nav.links.map(({ href, label, isCurrent }) => (
        <a
          key={href}
          href={href}
          aria-current={isCurrent ? 'page' : undefined}
          className={`${QUIET_LINK} aria-[current]:font-semibold aria-[current]:text-text`}
        >
          {label}
        </a>
      ))}
    </nav>
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
