import { formatMoney, type Language, type Money as Sum } from '@opora/kernel';

/** A sum on a price tag: exact, with its currency, never broken over two lines. */
export function Money({ value, language }: { value: Sum; language: Language }) {
  return <span className="whitespace-nowrap">{formatMoney(value, language)}</span>;
}
