import type { Metadata } from 'next';
import { currentProduct } from '../../features/product/current-product.ts';
import { Frame } from '../../features/site/frame.tsx';
import { readVisit } from '../../features/site/visit.ts';
import { siteWords } from '../../features/site/words.ts';
import { currentStatus } from '../../features/status/current-status.ts';
import { StatusView } from '../../features/status/status-view.tsx';
import { statusWords } from '../../features/status/words.ts';

const RENEW_EVERY_S = 30;

export async function generateMetadata(): Promise<Metadata> {
  const [{ language }, answer] = await Promise.all([readVisit(), currentProduct()]);
  const name =
    answer.state === 'absent' ? siteWords[language].platform : answer.product.name[language];
  return { title: `${statusWords[language].title} · ${name}` };
}

export default async function StatusPage() {
  const [visit, status, answer] = await Promise.all([
    readVisit(),
    currentStatus(),
    currentProduct(),
  ]);
  const product = answer.state === 'absent' ? undefined : answer.product;
  return (
    <Frame
      visit={visit}
      name={product?.name[visit.language] ?? siteWords[visit.language].platform}
      supportUrl={product?.supportUrl.href}
      hasSections={false}
    >
      {/* The browser asks again by itself, with or without scripts. */}
      <meta httpEquiv="refresh" content={String(RENEW_EVERY_S)} />
      <StatusView answer={status} visit={visit} />
    </Frame>
  );
}
