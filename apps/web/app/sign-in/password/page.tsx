import { signInPage, signInTitle } from '../../../features/sign-in/sign-in-page.tsx';
import { PasswordSignIn } from '../../../features/sign-in/staff-forms.tsx';
import { WayLinks } from '../../../features/sign-in/way-links.tsx';
import { nextPath, only, type Search } from '../../../features/site/search.ts';

export const generateMetadata = () => signInTitle((words) => words.passwordTitle);

export default async function Page({ searchParams }: { searchParams: Search }) {
  const next = nextPath(only((await searchParams)['next']), '/cabinet');
  return signInPage(
    (words) => words.passwordTitle,
    () => undefined,
    ({ visit, words }) => (
      <>
        <PasswordSignIn next={next} language={visit.language} words={words} />
        <WayLinks
          label={words.otherWays}
          links={[
            { href: '/forgot', text: words.forgot },
            { href: '/sign-in', text: words.withCode },
            { href: '/register', text: words.register },
          ]}
        />
      </>
    ),
  );
}
