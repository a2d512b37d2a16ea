import type { Metadata } from 'next';
import { currentProduct } from '../features/product/current-product.ts';
import { Frame } from '../features/site/frame.tsx';
import { readVisit } from '../features/site/visit.ts';
import { siteWords } from '../features/site/words.ts';
import { LinkButton } from '../shared/ui/button.tsx';
import { PageHead } from '../shared/ui/page-head.tsx';

export async function generateMetadata(): Promise<Metadata> {
  const [{ language }, answer] = await Promise.all([readVisit(), currentProduct()]);
  const words = siteWords[language];
  const name = answer.state === 'absent' ? words.platform : answer.product.name[language];
  return { title: `${words.notFound} · ${name}` };
}

export default async function NotFound() {
  const [visit, answer] = await Promise.all([readVisit(), currentProduct()]);
  const words = siteWords[visit.language];
  const product = answer.state === 'absent' ? undefined : answer.product;
  return (
    <Frame
      visit={visit}
      name={product?.name[visit.language] ?? words.platform}
      supportUrl={product?.supportUrl.href}
      hasSections={false}
    >
      <div className="space-y-8">
        <PageHead title={words.notFound}>{words.notFoundText}</PageHead>
        <LinkButton kind="primary" href="/">
          {words.home}
        </LinkButton>
      </div>
    </Frame>
  );
}
