import type { Config } from '../../config/shape.ts';

/** What is watched: by name as the supervisor knows it, and the way to look at it. */
export type Service = Readonly<{
  name: string;
  role: string;
  /** Without an instance of these nothing is sold. */
  critical: boolean;
  /** Without it everything goes on, slower: its absence is told once and never grows to more. */
  isSpared?: true;
  /**
   * `http`: has `/health/live` and `/health/ready`; `page`: any answer below 500 will do; `tcp`:
   * accepting a connection, or answering a greeting of PostgreSQL or Redis.
   */
  look: Readonly<
    | { kind: 'http'; origin: string }
    | { kind: 'page'; origin: string; path: string }
    | { kind: 'tcp'; host: string; port: number; says?: 'postgres' | 'redis' }
  >;
}>;

const HOST = '127.0.0.1';
const POSTGRES_PORT = 5432;
const REDIS_PORT = 6379;

/** Every service of this configuration, doors first. */
export function servicesOf(config: Config): Service[] {
  const { ports, instances } = config;
  const role = (name: string, port: number, at = 0): Service => ({
    name: `${name}#${String(at)}`,
    role: name,
    critical: name === 'gateway' || name === 'api',
    look: { kind: 'http', origin: `http://${HOST}:${String(port + at)}` },
  });
  const each = (name: keyof Config['instances']): Service[] =>
    Array.from({ length: instances[name] }, (_, at) => role(name, ports[name], at));
  return [
    ...(config.web ? [page('web', ports.web, '/brand/none')] : []),
    role('gateway', ports.gatewayInternal),
    ...each('auth'),
    ...each('api'),
    ...each('bot'),
    ...each('worker'),
    ...(config.database.embedded ? [role('database', ports.databaseInternal)] : []),
    postgres(config),
    ...redis(config),
    ...(config.simulators ? [page('simulators', ports.simulators, '/none')] : []),
  ];
}

/** A path that costs them nothing. */
function page(role: string, port: number, path: string): Service {
  const origin = `http://${HOST}:${String(port)}`;
  return { name: `${role}#0`, role, critical: false, look: { kind: 'page', origin, path } };
}

function greeted(host: string, port: number): Service {
  const look = { kind: 'tcp', host, port, says: 'postgres' } as const;
  return { name: 'postgres#0', role: 'postgres', critical: false, look };
}

/** The server itself, wherever it is; the `database` role is only its keeper. */
function postgres(config: Config): Service {
  const { url } = config.database;
  if (url === undefined) return greeted(HOST, config.ports.postgres);
  const { hostname, port } = new URL(url.reveal());
  return greeted(hostname, port === '' ? POSTGRES_PORT : Number(port));
}

/** Where the settings name one. Behind TLS it is not greeted: an open port has to do. */
function redis({ redisUrl }: Config): Service[] {
  if (redisUrl === undefined) return [];
  const { hostname, port, protocol } = new URL(redisUrl.reveal());
  const at = {
    kind: 'tcp',
    host: hostname,
    port: port === '' ? REDIS_PORT : Number(port),
  } as const;
  const look = protocol === 'rediss:' ? at : ({ ...at, says: 'redis' } as const);
  return [{ name: 'redis#0', role: 'redis', critical: false, isSpared: true, look }];
}
