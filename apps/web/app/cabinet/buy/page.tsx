import { cabinetPage, cabinetTitle } from '../../../features/cabinet/cabinet-page.tsx';
import { Buy } from '../../../features/checkout/buy.tsx';
import { only, type Search } from '../../../features/site/search.ts';

export const generateMetadata = () => cabinetTitle((words) => words.choosePlan);

export default async function Page({ searchParams }: { searchParams: Search }) {
  const planId = only((await searchParams)['plan']);
  return cabinetPage((inside) => Buy({ ...inside, planId }));
}
