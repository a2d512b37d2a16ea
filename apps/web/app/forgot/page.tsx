import { Forgot } from '../../features/sign-in/customer-forms.tsx';
import { signInPage, signInTitle } from '../../features/sign-in/sign-in-page.tsx';

export const generateMetadata = () => signInTitle((words) => words.forgotTitle);

export default function Page() {
  return signInPage(
    (words) => words.forgotTitle,
    (words) => words.forgotLead,
    ({ visit, words }) => <Forgot language={visit.language} words={words} />,
  );
}
