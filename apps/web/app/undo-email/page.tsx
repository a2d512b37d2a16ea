import { UndoEmail } from '../../features/sign-in/customer-forms.tsx';
import { signInPage, signInTitle } from '../../features/sign-in/sign-in-page.tsx';

export const generateMetadata = () => signInTitle((words) => words.undoTitle);

export default function Page() {
  return signInPage(
    (words) => words.undoTitle,
    () => undefined,
    ({ visit, words }) => <UndoEmail language={visit.language} words={words} />,
  );
}
