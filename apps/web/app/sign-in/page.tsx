import { LinkButton } from '../../shared/ui/button.tsx';
import { botLink } from '../../features/product/plan.ts';
import { EmailForm } from '../../features/sign-in/email-form.tsx';
import { telegramWay } from '../../features/sign-in/offered.ts';
import { PasskeySignIn } from '../../features/sign-in/passkey-button.tsx';
import { signInPage, signInTitle } from '../../features/sign-in/sign-in-page.tsx';
import { ToTelegram } from '../../features/sign-in/to-telegram.tsx';
import { WayLinks } from '../../features/sign-in/way-links.tsx';
import { nextPath, only, type Search } from '../../features/site/search.ts';

export const generateMetadata = () => signInTitle((words) => words.title);

/** What the bot opens when somebody comes from here. */
const START_ACCOUNT = 'account';

export default async function Page({ searchParams }: { searchParams: Search }) {
  const next = nextPath(only((await searchParams)['next']), '/cabinet');
  const telegram = await telegramWay();
  const query = `?next=${encodeURIComponent(next)}`;
  return signInPage(
    (words) => words.title,
    (words) => words.lead,
    ({ visit, words, product }) => (
      <>
        <EmailForm next={next} language={visit.language} words={words} />
        <div className="space-y-2">
          <PasskeySignIn next={next} language={visit.language} words={words} />
          {telegram === undefined ? null : (
            <ToTelegram
              way={telegram}
              leaving={{ place: 'sign-in', after: next, language: visit.language }}
              label={words.withTelegram}
              words={words}
            />
          )}
          <WayLinks
            label={words.otherWays}
            links={[
              { href: `/sign-in/password${query}`, text: words.withPassword },
              { href: '/register', text: words.register },
            ]}
          />
        </div>
        {product === undefined ? null : (
          <section className="space-y-3 rounded-card border border-line bg-surface p-6">
            <h2 className="text-18">{words.fromBot}</h2>
            <p className="text-muted">{words.fromBotText}</p>
            <LinkButton kind="secondary" href={botLink(product.botUrl, START_ACCOUNT)}>
              {words.openBot}
            </LinkButton>
          </section>
        )}
      </>
    ),
  );
}
