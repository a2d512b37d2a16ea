import { signInPage, signInTitle } from '../../../features/sign-in/sign-in-page.tsx';
import { PasswordSignIn } from '../../../features/sign-in/staff-forms.tsx';
import { nextPath, only, type Search } from '../../../features/site/search.ts';

export const generateMetadata = () => signInTitle((words) => words.staffTitle);

export default async function Page({ searchParams }: { searchParams: Search }) {
  const next = nextPath(only((await searchParams)['next']), '/admin');
  return signInPage(
    (words) => words.staffTitle,
    () => undefined,
    ({ visit, words }) => <PasswordSignIn next={next} language={visit.language} words={words} />,
  );
}
