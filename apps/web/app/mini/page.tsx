import { MiniApp } from '../../features/sign-in/telegram-sign-in.tsx';
import { signInPage, signInTitle } from '../../features/sign-in/sign-in-page.tsx';

export const generateMetadata = () => signInTitle((words) => words.appTitle);

export default function Page() {
  return signInPage(
    (words) => words.appTitle,
    () => undefined,
    ({ visit, words }) => <MiniApp next="/cabinet" language={visit.language} words={words} />,
  );
}
