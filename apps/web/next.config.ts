import path from 'node:path';
import type { NextConfig } from 'next';

const root = path.resolve(import.meta.dirname, '../..');

const config: NextConfig = {
  output: 'standalone',
  outputFileTracingRoot: root,
  // Pictures are SVG or served as they are, so the image optimiser is not carried along.
  outputFileTracingExcludes: { '*': ['**/node_modules/@img/**', '**/node_modules/sharp/**'] },
  images: { unoptimized: true },
  turbopack: { root },
  transpilePackages: ['@opora/contracts', '@opora/kernel'],
  // `npm run check` proves the types; a build at start must only build.
  typescript: { ignoreBuildErrors: true },
  poweredByHeader: false,
  reactStrictMode: true,
};

export default config;
