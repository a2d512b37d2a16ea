import type { Metadata } from 'next';
import { currentProduct } from '../product/current-product.ts';
import { readVisit } from '../site/visit.ts';
import type { SectionName } from './sections.ts';
import { shellWords } from './words/shell.ts';

/** The page's title is its heading and the product; search engines are kept out. */
export async function titleOf(section: SectionName, subject?: string): Promise<Metadata> {
  const [{ language }, answer] = await Promise.all([readVisit(), currentProduct()]);
  const words = shellWords[language];
  const name = answer.state === 'absent' ? words.product : answer.product.name[language];
  const heading = subject ?? words.pages[section];
  return { title: `${heading} · ${name}`, robots: { index: false, follow: false } };
}
