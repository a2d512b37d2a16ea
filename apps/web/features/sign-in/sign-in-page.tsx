import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { currentProduct } from '../product/current-product.ts';
import { PageHead } from '../../shared/ui/page-head.tsx';
import { Frame } from '../site/frame.tsx';
import { readVisit, type Visit } from '../site/visit.ts';
import { siteWords } from '../site/words.ts';
import type { Product } from '../product/product.ts';
import { signInWords, type SignInWords } from './words.ts';

type Asked = Readonly<{ visit: Visit; words: SignInWords; product: Product | undefined }>;

/** What every page of signing in has: one narrow column with a heading and a form. */
export async function signInPage(
  title: (words: SignInWords) => string,
  lead: (words: SignInWords) => string | undefined,
  body: (asked: Asked) => ReactNode,
) {
  const [visit, answer] = await Promise.all([readVisit(), currentProduct()]);
  const words = signInWords[visit.language];
  const product = answer.state === 'absent' ? undefined : answer.product;
  return (
    <Frame
      visit={visit}
      name={product?.name[visit.language] ?? siteWords[visit.language].platform}
      supportUrl={product?.supportUrl.href}
      hasSections={false}
    >
      <div className="mx-auto max-w-[28rem] space-y-8">
        <PageHead title={title(words)}>{lead(words)}</PageHead>
        {body({ visit, words, product })}
      </div>
    </Frame>
  );
}

export async function signInTitle(title: (words: SignInWords) => string): Promise<Metadata> {
  const [{ language }, answer] = await Promise.all([readVisit(), currentProduct()]);
  const name =
    answer.state === 'absent' ? siteWords[language].platform : answer.product.name[language];
  return { title: `${title(signInWords[language])} · ${name}`, robots: { index: false } };
}
