import { loadConfig } from '../config/load.ts';
import { composeModules } from '../compose.ts';

export const help = `opora seed

  Brings the plans of products/<OPORA_PRODUCT> into the database: new plans are added, changed
  ones get their next version, what was bought keeps the version it was bought with.`;

export async function run(): Promise<number> {
  const parts = await composeModules(loadConfig(), 'seed', 0);
  try {
    const { slug, plans } = parts.product;
    const { added, changed, kept } = await parts.catalog.seed(slug, plans);
    process.stdout.write(
      `product ${slug}: ${String(plans.length)} plans, ${String(added)} added, ${String(changed)} changed, ${String(kept)} kept as staff published\n`,
    );
    return 0;
  } finally {
    await parts.lifecycle.stop('done');
  }
}
