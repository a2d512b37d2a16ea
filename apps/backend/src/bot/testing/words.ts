import type { Language } from '@opora/kernel';
import { loadProduct, type Product } from '../../config/product.ts';
import { rootFolder } from '../../config/load.ts';
import { createWords } from '../../platform/words/index.ts';
import { speechIn, type Speech } from '../speech.ts';

/** The real product: its words are what is tested. */
export const product: Product = await loadProduct(rootFolder, '2getpro');
export const words = createWords(product);
export const speech: Readonly<Record<Language, Speech>> = {
  ru: speechIn(words, 'ru'),
  en: speechIn(words, 'en'),
};
