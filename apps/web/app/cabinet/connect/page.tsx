import { Connect } from '../../../features/cabinet/connect.tsx';
import { cabinetPage, cabinetTitle } from '../../../features/cabinet/cabinet-page.tsx';
import { only, type Search } from '../../../features/site/search.ts';

export const generateMetadata = () => cabinetTitle((words) => words.connectTitle);

export default async function Page({ searchParams }: { searchParams: Search }) {
  const platform = only((await searchParams)['on']);
  return cabinetPage((inside) => Connect({ ...inside, platform }));
}
