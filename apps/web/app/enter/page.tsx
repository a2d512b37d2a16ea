import { botLink } from '../../features/product/plan.ts';
import { EnterLink } from '../../features/sign-in/enter-link.tsx';
import { signInPage, signInTitle } from '../../features/sign-in/sign-in-page.tsx';

export const generateMetadata = () => signInTitle((words) => words.enterTitle);

export default function Page() {
  return signInPage(
    (words) => words.enterTitle,
    () => undefined,
    ({ visit, words, product }) => (
      <EnterLink
        next="/cabinet"
        language={visit.language}
        botUrl={product === undefined ? undefined : botLink(product.botUrl, 'account')}
        words={words}
      />
    ),
  );
}
