import { NewPasswordForm } from '../../features/sign-in/customer-forms.tsx';
import { signInPage, signInTitle } from '../../features/sign-in/sign-in-page.tsx';

export const generateMetadata = () => signInTitle((words) => words.resetTitle);

export default function Page() {
  return signInPage(
    (words) => words.resetTitle,
    (words) => words.resetLead,
    ({ visit, words }) => <NewPasswordForm language={visit.language} words={words} />,
  );
}
