/** What an order is called, to customers and to staff. */
import type { Language } from '@opora/kernel';
import type { Catalog } from '../catalog/index.ts';
import type { Order } from './order.ts';

export const TOP_UP_TITLE: Readonly<Record<Language, string>> = {
  ru: 'Пополнение баланса',
  en: 'Balance top-up',
};

/** The title of the plan it buys, in both languages. */
export async function orderTitle(
  catalog: Pick<Catalog, 'version'>,
  { planVersionId }: Order,
): Promise<Readonly<Record<Language, string>>> {
  return planVersionId === undefined ? TOP_UP_TITLE : (await catalog.version(planVersionId)).title;
}
