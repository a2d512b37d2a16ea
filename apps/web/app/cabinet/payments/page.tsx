import { cabinetPage, cabinetTitle } from '../../../features/cabinet/cabinet-page.tsx';
import { Payments } from '../../../features/cabinet/payments.tsx';
import { only, type Search } from '../../../features/site/search.ts';

export const generateMetadata = () => cabinetTitle((words) => words.paymentsTitle);

export default async function Page({ searchParams }: { searchParams: Search }) {
  const asked = await searchParams;
  const page = { after: only(asked['after']), before: only(asked['before']) };
  return cabinetPage((inside) => Payments({ ...inside, page }));
}
