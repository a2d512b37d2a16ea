import type { SessionWire } from '@opora/contracts';
import { redirect } from 'next/navigation';
import type { ReactNode } from 'react';
import { Empty } from '../../shared/ui/empty.tsx';
import { Failure } from '../../shared/ui/failure.tsx';
import { LinkButton } from '../../shared/ui/button.tsx';
import { currentProduct } from '../product/current-product.ts';
import { RenewSession } from '../session/renew-session.tsx';
import { readSession } from '../session/session.ts';
import { SessionKeeper } from '../session/session-keeper.tsx';
import { ToastProvider } from '../../shared/ui/toast.tsx';
import { readVisit, type Visit } from '../site/visit.ts';
import type { Loaded } from './load.ts';
import { AdminShell } from './shell.tsx';
import type { SectionName } from './sections.ts';
import { shellWords } from './words/shell.ts';

const SIGN_IN = '/admin/sign-in';

type Ready<T> = Readonly<{ visit: Visit; session: SessionWire; data: T }>;

/**
 * A page of staff: the session first, then its data, inside the shell. Every state that is not
 * "ready" is told here, once, so that a page only says what it shows.
 */
export async function adminPage<T>(page: {
  section: SectionName | undefined;
  data: () => Promise<Loaded<T>>;
  show: (ready: Ready<T>) => ReactNode;
  /** Who asks, as the data itself says: for what is to be read while nobody else can tell. */
  vouched?: (data: T) => SessionWire;
}): Promise<ReactNode> {
  const [visit, answer, data, product] = await Promise.all([
    readVisit(),
    readSession(),
    page.data(),
    currentProduct(),
  ]);
  const { language, path } = visit;
  const words = shellWords[language];
  const known = answer.state === 'unreachable' ? vouchedBy(data, page.vouched) : answer;
  if (known === undefined) return <Broken visit={visit} requestId={visit.requestId} />;
  if (known.state === 'out') {
    const renewal = { next: path, language, words: words.renewal };
    return (
      <div className="p-6">
        <RenewSession {...renewal} signInPath={SIGN_IN} />
      </div>
    );
  }
  const { session, leftMs } = known;
  if (session.staff === null) redirect('/cabinet');
  const name = product.state === 'absent' ? '' : product.product.name[language];
  return (
    <SessionKeeper session={session} leftMs={leftMs} language={language} signInPath={SIGN_IN}>
      <ToastProvider close={words.close}>
        <AdminShell visit={visit} session={session} product={name} current={page.section}>
          {data.state === 'ready' ? (
            page.show({ visit, session, data: data.data })
          ) : (
            <Trouble visit={visit} loaded={data} />
          )}
        </AdminShell>
      </ToastProvider>
    </SessionKeeper>
  );
}

function vouchedBy<T>(data: Loaded<T>, vouched: ((data: T) => SessionWire) | undefined) {
  if (data.state !== 'ready' || vouched === undefined) return undefined;
  const session = vouched(data.data);
  const leftMs = Date.parse(session.expiresAt) - Date.now();
  return { state: 'in', session, leftMs } as const;
}

function Trouble({ visit, loaded }: { visit: Visit; loaded: Loaded<never> }) {
  const words = shellWords[visit.language];
  if (loaded.state === 'failed') return <Broken visit={visit} requestId={loaded.requestId} />;
  const said = loaded.state === 'missing' ? words.missing : words.forbidden;
  return (
    <Empty
      title={said.title}
      why={said.why}
      step={
        <LinkButton kind="secondary" href="/admin">
          {words.toToday}
        </LinkButton>
      }
    />
  );
}

function Broken({ visit, requestId }: { visit: Visit; requestId: string }) {
  const words = shellWords[visit.language];
  return (
    <Failure
      what={words.failure.what}
      safe={words.failure.safe}
      todo={words.failure.todo}
      retry={{ label: words.retry, href: visit.path }}
      requestId={{ label: words.requestId, id: requestId }}
    />
  );
}
