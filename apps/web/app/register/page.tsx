import { Register } from '../../features/sign-in/customer-forms.tsx';
import { signInPage, signInTitle } from '../../features/sign-in/sign-in-page.tsx';

export const generateMetadata = () => signInTitle((words) => words.registerTitle);

export default function Page() {
  return signInPage(
    (words) => words.registerTitle,
    (words) => words.registerLead,
    ({ visit, words }) => <Register next="/cabinet" language={visit.language} words={words} />,
  );
}
