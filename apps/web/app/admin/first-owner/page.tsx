import { signInPage, signInTitle } from '../../../features/sign-in/sign-in-page.tsx';
import { FirstOwner } from '../../../features/sign-in/staff-forms.tsx';
import { nextPath, only, type Search } from '../../../features/site/search.ts';

export const generateMetadata = () => signInTitle((words) => words.ownerTitle);

export default async function Page({ searchParams }: { searchParams: Search }) {
  const next = nextPath(only((await searchParams)['next']), '/admin');
  return signInPage(
    (words) => words.ownerTitle,
    (words) => words.ownerText,
    ({ visit, words }) => <FirstOwner next={next} language={visit.language} words={words} />,
  );
}
