import type { ApiClient, SessionWire } from '@opora/contracts';
import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import type { ReactNode } from 'react';
import { Failure } from '../../shared/ui/failure.tsx';
import { ToastProvider } from '../../shared/ui/toast.tsx';
import { accountWords } from '../account/words.ts';
import { currentProduct } from '../product/current-product.ts';
import type { Product } from '../product/product.ts';
import { RenewSession } from '../session/renew-session.tsx';
import { isOutage, refusalOf, serverApi } from '../session/server-api.ts';
import { SessionKeeper } from '../session/session-keeper.tsx';
import { isSignedOut, readSession } from '../session/session.ts';
import { signInWords } from '../sign-in/words.ts';
import { Frame, type Nav } from '../site/frame.tsx';
import { readVisit, type Visit } from '../site/visit.ts';
import { siteWords } from '../site/words.ts';
import { moneyWords } from './money-words.ts';
import { sessionWords } from './session-words.ts';
import { cabinetWords } from './words.ts';

/** What a page of the account is made with. */
export type Inside = Readonly<{
  visit: Visit;
  session: SessionWire;
  api: ApiClient;
  /** Undefined while nothing is known of it; own data is shown all the same. */
  product: Product | undefined;
}>;

const SIGN_IN = '/sign-in';
/** An address that nobody made: a mistyped id, somebody else's order. */
const NOWHERE = [400, 404];

/**
 * A page of the account: with a session its content, without one a renewal and then the sign-in
 * page, and when nobody answers a failure that does not look like "nothing bought".
 */
export async function cabinetPage(body: (inside: Inside) => Promise<ReactNode>) {
  const [visit, answer, known, api] = await Promise.all([
    readVisit(),
    currentProduct(),
    readSession(),
    serverApi(),
  ]);
  const product = answer.state === 'absent' ? undefined : answer.product;
  const { language } = visit;
  const frame = (children: ReactNode) => (
    <Frame
      visit={visit}
      name={product?.name[language] ?? siteWords[language].platform}
      supportUrl={product?.supportUrl.href}
      hasSections={false}
      nav={navOf(visit)}
    >
      {children}
    </Frame>
  );
  if (known.state === 'out') return frame(<Renew visit={visit} />);
  if (known.state === 'unreachable') return frame(<Unloaded visit={visit} />);
  const { session, leftMs } = known;
  try {
    const content = await body({ visit, session, api, product });
    return (
      <ToastProvider close={cabinetWords[language].close}>
        <SessionKeeper session={session} leftMs={leftMs} language={language} signInPath={SIGN_IN}>
          {frame(content)}
        </SessionKeeper>
      </ToastProvider>
    );
  } catch (error) {
    if (NOWHERE.includes(refusalOf(error) ?? 0)) notFound();
    if (isSignedOut(error)) return frame(<Renew visit={visit} />);
    if (isOutage(error)) return frame(<Unloaded visit={visit} />);
    throw error;
  }
}

/** The title of a page of the account, with the product's name. */
export async function cabinetTitle(
  title: (
    words: (typeof cabinetWords &
      typeof moneyWords &
      typeof sessionWords &
      typeof accountWords)['ru'],
  ) => string,
): Promise<Metadata> {
  const [{ language }, answer] = await Promise.all([readVisit(), currentProduct()]);
  const name =
    answer.state === 'absent' ? siteWords[language].platform : answer.product.name[language];
  return {
    title: `${title({ ...cabinetWords[language], ...moneyWords[language], ...sessionWords[language], ...accountWords[language] })} · ${name}`,
    robots: { index: false },
  };
}

function navOf(visit: Visit): Nav {
  const words = cabinetWords[visit.language];
  const [path = ''] = visit.path.split('?', 1);
  const link = (href: string, label: string) => ({ href, label, isCurrent: path === href });
  return {
    label: words.nav,
    links: [
      link('/cabinet', words.home),
      link('/cabinet/buy', words.buy),
      link('/cabinet/balance', moneyWords[visit.language].balanceTitle),
      link('/cabinet/payments', words.payments),
    ],
  };
}

function Renew({ visit }: { visit: Visit }) {
  const words = signInWords[visit.language].renew;
  return (
    <RenewSession next={visit.path} signInPath={SIGN_IN} language={visit.language} words={words} />
  );
}

function Unloaded({ visit }: { visit: Visit }) {
  const words = cabinetWords[visit.language];
  const site = siteWords[visit.language];
  const isHome = visit.path.split('?', 1)[0] === '/cabinet';
  return (
    <Failure
      what={isHome ? words.failed : words.failedPage}
      safe={words.failedSafe}
      todo={words.failedStep}
      retry={{ label: site.retry, href: visit.path }}
      requestId={{ label: site.requestId, id: visit.requestId }}
    />
  );
}
