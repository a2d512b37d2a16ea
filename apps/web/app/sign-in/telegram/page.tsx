import { signInPage, signInTitle } from '../../../features/sign-in/sign-in-page.tsx';
import { TelegramReturn } from '../../../features/sign-in/telegram-sign-in.tsx';
import { nextPath, only, type Search } from '../../../features/site/search.ts';

export const generateMetadata = () => signInTitle((words) => words.telegramTitle);

export default async function Page({ searchParams }: { searchParams: Search }) {
  const next = nextPath(only((await searchParams)['next']), '/cabinet');
  return signInPage(
    (words) => words.telegramTitle,
    () => undefined,
    ({ visit, words }) => <TelegramReturn next={next} language={visit.language} words={words} />,
  );
}
