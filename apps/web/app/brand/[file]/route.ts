import { brandCss, brandIcon, hueOfHash } from '../../../shared/theme/brand.ts';

const FILE = /^[a-z0-9-]{1,40}\.([0-9a-f]{12})\.(css|svg)$/;

/** The style sheet and the icon of a product's hue, made from the address and kept for ever. */
export async function GET(_request: Request, context: { params: Promise<{ file: string }> }) {
  const [, hash = '', kind] = FILE.exec((await context.params).file) ?? [];
  const hue = hueOfHash(hash);
  if (hue === undefined) return new Response(null, { status: 404 });
  return new Response(kind === 'css' ? brandCss(hue) : brandIcon(hue), {
    headers: {
      'content-type': kind === 'css' ? 'text/css; charset=utf-8' : 'image/svg+xml',
      'cache-control': 'public, max-age=31536000, immutable',
    },
  });
}
