/** The two roles and the database of the platform, made or mended; running it again changes nothing. */
import { Client } from 'pg';

export type ProvisionPlan = Readonly<{
  /** The superuser's address of the maintenance database `postgres`. */
  adminUrl: string;
  database: string;
  owner: Readonly<{ name: string; password: string }>;
  /** May connect; tables are granted to it by the migrations. */
  app: Readonly<{ name: string; password: string }>;
  /** Made in `postgres`: they see every database, and ours holds nothing but the model. */
  extensions: readonly string[];
}>;

const CONNECT_TIMEOUT_MS = 10_000;

export async function provisionDatabase(plan: ProvisionPlan): Promise<void> {
  await withClient(plan.adminUrl, async (client) => {
    await ensureRole(client, plan.owner);
    await ensureRole(client, plan.app);
    const database = client.escapeIdentifier(plan.database);
    const found = await client.query('select 1 from pg_database where datname = $1', [
      plan.database,
    ]);
    if (found.rowCount === 0) {
      await client.query(
        `create database ${database} owner ${client.escapeIdentifier(plan.owner.name)}`,
      );
    }
    await client.query(`revoke all on database ${database} from public`);
    await client.query(
      `grant connect on database ${database} to ${client.escapeIdentifier(plan.app.name)}`,
    );
    for (const extension of plan.extensions) {
      await client.query(`create extension if not exists ${client.escapeIdentifier(extension)}`);
    }
  });
}

async function ensureRole(client: Client, role: { name: string; password: string }): Promise<void> {
  const found = await client.query('select 1 from pg_roles where rolname = $1', [role.name]);
  const verb = found.rowCount === 0 ? 'create' : 'alter';
  // The password is set every time: local.env is the truth, whoever changed it last.
  await client.query(
    `${verb} role ${client.escapeIdentifier(role.name)} login password ${client.escapeLiteral(role.password)}`,
  );
}

async function withClient(url: string, work: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: 'opora database',
  });
  // The server may die while we talk; the query in flight already tells.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
