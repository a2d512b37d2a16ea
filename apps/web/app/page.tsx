import type { Metadata } from 'next';
import { currentProduct } from '../features/product/current-product.ts';
import { Home } from '../features/product/home.tsx';
import { productWords } from '../features/product/words.ts';
import { Frame } from '../features/site/frame.tsx';
import { readVisit } from '../features/site/visit.ts';
import { siteWords } from '../features/site/words.ts';
import { Failure } from '../shared/ui/failure.tsx';

export async function generateMetadata(): Promise<Metadata> {
  const [{ language }, answer] = await Promise.all([readVisit(), currentProduct()]);
  if (answer.state === 'absent') {
    const title = `${productWords[language].absent} · ${siteWords[language].platform}`;
    return { title, robots: { index: false } };
  }
  const { promise, name, proof } = answer.product;
  return { title: `${promise[language]} · ${name[language]}`, description: proof[language] };
}

export default async function HomePage() {
  const [visit, answer] = await Promise.all([readVisit(), currentProduct()]);
  const site = siteWords[visit.language];
  const words = productWords[visit.language];
  if (answer.state === 'absent') {
    return (
      <Frame visit={visit} name={site.platform} supportUrl={undefined} hasSections={false}>
        <Failure
          what={words.absent}
          safe={words.absentSafe}
          todo={words.absentStep}
          retry={{ label: site.retry, href: visit.path }}
          requestId={{ label: site.requestId, id: visit.requestId }}
        />
      </Frame>
    );
  }
  const { product } = answer;
  return (
    <Frame
      visit={visit}
      name={product.name[visit.language]}
      supportUrl={product.supportUrl.href}
      hasSections
    >
      <Home
        product={product}
        visit={visit}
        asOf={answer.state === 'stale' ? answer.asOf : undefined}
      />
    </Frame>
  );
}
