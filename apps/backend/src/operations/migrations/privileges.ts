import type pg from 'pg';

/**
 * What the application's role may do: rows of every table, but what is append only may but grow.
 * Run after each `up`, so that new tables are covered; the owner keeps its own rights.
 */
export async function grantPrivileges(client: pg.Client, role: string): Promise<void> {
  const owner = await client.query<{ current_user: string }>('select current_user');
  if (owner.rows[0]?.current_user === role) return;
  const app = client.escapeIdentifier(role);
  await client.query(`
    grant usage on schema public, graphile_worker, quiet to ${app};
    grant select, insert, update, delete on all tables in schema public to ${app};
    grant usage, select on all sequences in schema public to ${app};
    revoke insert, update, delete on migration from ${app};
    grant select, insert, update, delete on all tables in schema graphile_worker to ${app};
    grant usage, select on all sequences in schema graphile_worker to ${app};
    grant execute on all functions in schema graphile_worker to ${app};
  `);
  await keepAppendOnly(client, app);
  await openJobTables(client, app);
}

/** The tables that refuse changes by a trigger refuse them to this role by its rights too. */
async function keepAppendOnly(client: pg.Client, app: string): Promise<void> {
  const tables = await client.query<{ name: string }>(
    `select distinct tgrelid::regclass::text as name from pg_trigger
      where tgname like '%\\_append\\_only' and not tgisinternal`,
  );
  for (const { name } of tables.rows) {
    await client.query(`revoke update, delete, truncate on ${name} from ${app}`);
  }
}

/** The queue's tables come with row-level security and no policy: only their owner sees rows. */
async function openJobTables(client: pg.Client, app: string): Promise<void> {
  const tables = await client.query<{ name: string }>(
    `select relname as name from pg_class
      where relnamespace = 'graphile_worker'::regnamespace and relkind = 'r' and relrowsecurity`,
  );
  for (const { name } of tables.rows) {
    const table = `graphile_worker.${client.escapeIdentifier(name)}`;
    await client.query(`
      drop policy if exists opora_application on ${table};
      create policy opora_application on ${table} to ${app} using (true) with check (true);
    `);
  }
}
