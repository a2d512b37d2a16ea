import { notFound } from 'next/navigation';
import { cabinetPage, cabinetTitle } from '../../../features/cabinet/cabinet-page.tsx';
import { Return } from '../../../features/checkout/return.tsx';
import { only, type Search } from '../../../features/site/search.ts';

export const generateMetadata = () => cabinetTitle((words) => words.paymentsTitle);

export default async function Page({ searchParams }: { searchParams: Search }) {
  const asked = await searchParams;
  const orderId = only(asked['order']);
  const isDoubted = only(asked['seen']) === 'unknown';
  if (orderId === undefined) notFound();
  return cabinetPage((inside) => Return({ ...inside, orderId, isDoubted }));
}
