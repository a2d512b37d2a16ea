import { signInPage, signInTitle } from '../../../features/sign-in/sign-in-page.tsx';
import { TelegramReturn } from '../../../features/sign-in/telegram-sign-in.tsx';

export const generateMetadata = () => signInTitle((words) => words.telegramTitle);

export default function Page() {
  return signInPage(
    (words) => words.telegramTitle,
    () => undefined,
    ({ visit, words }) => <TelegramReturn language={visit.language} words={words} />,
  );
}
