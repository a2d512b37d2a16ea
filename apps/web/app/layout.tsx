import type { ReactNode } from 'react';
import { currentProduct } from '../features/product/current-product.ts';
import { readVisit } from '../features/site/visit.ts';
import { brandHash } from '../shared/theme/brand.ts';
import '../shared/theme/theme.css';

/** Each page carries the nonce and the language of its request. */
export const dynamic = 'force-dynamic';

/** Opora's own face, worn also while the product is not known. */
const OPORA = { slug: 'opora', hue: 210 };
/** Staff and the status page see the platform, whatever it sells. */
const OWN_PLACES = /^\/(?:admin|status)(?:[/?]|$)/;

export default async function RootLayout({ children }: { children: ReactNode }) {
  const [visit, answer] = await Promise.all([readVisit(), currentProduct()]);
  const isOwn = answer.state === 'absent' || OWN_PLACES.test(visit.path);
  const { slug, hue } = isOwn ? OPORA : answer.product;
  const brand = `/brand/${slug}.${brandHash(hue)}`;
  return (
    <html lang={visit.language} data-theme={visit.theme}>
      <head>
        <meta name="color-scheme" content="light dark" />
        <link rel="stylesheet" href={`${brand}.css`} />
        <link rel="icon" type="image/svg+xml" href={`${brand}.svg`} />
      </head>
      <body>{children}</body>
    </html>
  );
}
