import type { SessionWire } from '@opora/contracts';
import { Search } from 'lucide-react';
import type { ReactNode } from 'react';
import { Mark } from '../../shared/ui/mark.tsx';
import { StageBand } from '../site/frame.tsx';
import { LanguageSwitch, ThemeSwitch } from '../site/switches.tsx';
import type { Visit } from '../site/visit.ts';
import { SECTIONS, visibleSections, type SectionName } from './sections.ts';
import { SignOut } from './sign-out.tsx';
import { SlashKey } from './slash-key.tsx';
import { shellWords } from './words/shell.ts';

type Props = Readonly<{
  visit: Visit;
  session: SessionWire;
  /** The product's name: whose shop this is. */
  product: string;
  current: SectionName | undefined;
  children: ReactNode;
}>;

/** What stands around every page of staff: sections, search, who is signed in. Opora's own hue. */
export function AdminShell({ visit, session, product, current, children }: Props) {
  const words = shellWords[visit.language];
  return (
    <div data-density="tight" className="min-h-dvh text-14">
      <a
        href="#content"
        className="sr-only z-10 rounded-control bg-accent p-3 text-on-accent focus:not-sr-only focus:absolute focus:top-2 focus:left-2"
      >
        {words.skip}
      </a>
      <header className="border-b border-line bg-surface">
        <StageBand visit={visit} />
        <div className="flex min-h-14 flex-wrap items-center gap-x-4 gap-y-1 px-4 py-1 lg:px-6">
          <a href="/admin" className="flex min-h-11 items-center gap-2 font-semibold lg:w-48">
            <Mark className="size-6 text-accent" />
            <span>
              {words.product} <span className="font-normal text-muted">{product}</span>
            </span>
          </a>
          <SearchBox language={visit.language} />
          <div className="ml-auto flex items-center">
            <LanguageSwitch visit={visit} />
            <ThemeSwitch visit={visit} />
          </div>
        </div>
      </header>
      <div className="mx-auto flex max-w-[1440px] flex-col lg:flex-row">
        <Sections visit={visit} session={session} current={current} />
        <main
          id="content"
          tabIndex={-1}
          className="min-w-0 flex-1 space-y-6 p-4 outline-none lg:p-6"
        >
          {children}
        </main>
      </div>
    </div>
  );
}

function SearchBox({ language }: Pick<Visit, 'language'>) {
  const words = shellWords[language];
  return (
    <form
      action="/admin/search"
      role="search"
      className="flex min-w-0 flex-1 items-center gap-2 max-sm:order-last max-sm:basis-full max-sm:pb-2"
    >
      <label className="flex w-full max-w-120 items-center gap-2 rounded-control border border-control bg-surface px-3 focus-within:outline-2 focus-within:outline-offset-2 focus-within:outline-focus">
        <Search aria-hidden size={16} strokeWidth={1.75} className="shrink-0 text-muted" />
        <span className="sr-only">{words.search}</span>
        <input
          id="search"
          name="q"
          type="search"
          required
          maxLength={200}
          placeholder={words.search}
          className="min-h-(--control-height) w-full min-w-0 bg-transparent outline-none placeholder:text-faint "
        />
        <kbd
          title={words.searchHint}
          className="hidden rounded border border-line px-1.5 font-mono text-12 text-faint sm:inline"
        >
          /
        </kbd>
      </label>
      <SlashKey field="search" />
    </form>
  );
}

function Sections({ visit, session, current }: Pick<Props, 'visit' | 'session' | 'current'>) {
  const words = shellWords[visit.language];
  const sections = visibleSections(session);
  const links = sections.map((name) => (
    <li key={name}>
      <a
        href={SECTIONS[name].href}
        aria-current={name === current ? 'page' : undefined}
        className="flex min-h-(--control-height) items-center rounded-control px-3 text-muted hover:bg-accent-soft hover:text-text aria-[current]:bg-accent-soft aria-[current]:font-semibold aria-[current]:text-accent-text "
      >
        {words.pages[name]}
      </a>
    </li>
  ));
  return (
    <>
      <details className="border-b border-line bg-surface px-4 py-1 lg:hidden">
        <summary className="flex min-h-11 items-center gap-2 font-semibold">
          <span aria-hidden>☰</span>
          {current === undefined ? words.menu : words.pages[current]}
        </summary>
        <nav aria-label={words.nav} className="pb-3">
          <ul>{links}</ul>
          <Identity visit={visit} session={session} />
        </nav>
      </details>
      <nav
        aria-label={words.nav}
        className="hidden w-56 shrink-0 flex-col gap-6 border-r border-line p-4 lg:flex lg:min-h-[calc(100dvh-5.5rem)]"
      >
        <ul className="space-y-0.5">{links}</ul>
        <div className="mt-auto">
          <Identity visit={visit} session={session} />
        </div>
      </nav>
    </>
  );
}

function Identity({ visit, session }: Pick<Props, 'visit' | 'session'>) {
  const words = shellWords[visit.language];
  const role = session.staff?.role;
  return (
    <div className="space-y-2 px-3 pt-3 text-12 text-muted">
      <p className="break-words">
        {words.signedIn} <span className="text-text">{session.name}</span>
        {role === undefined ? null : <>, {words.roles[role]}</>}
      </p>
      <SignOut label={words.signOut} />
    </div>
  );
}
