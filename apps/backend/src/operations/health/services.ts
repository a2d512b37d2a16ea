import type { Config } from '../../config/shape.ts';

/** What is watched: by name as the supervisor knows it, and the way to look at it. */
export type Service = Readonly<{
  name: string;
  role: string;
  /** Without an instance of these nothing is sold. */
  critical: boolean;
  /** `http`: has `/health/live` and `/health/ready`; `tcp`: accepting a connection is all we ask. */
  look: Readonly<{ kind: 'http'; origin: string } | { kind: 'tcp'; host: string; port: number }>;
}>;

const HOST = '127.0.0.1';
const POSTGRES_PORT = 5432;

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
    ...(config.web ? [tcp('web', HOST, ports.web)] : []),
    role('gateway', ports.gatewayInternal),
    ...each('auth'),
    ...each('api'),
    ...each('bot'),
    ...each('worker'),
    ...(config.database.embedded ? [role('database', ports.databaseInternal)] : []),
    postgres(config),
    ...(config.simulators ? [tcp('simulators', HOST, ports.simulators)] : []),
  ];
}

function tcp(role: string, host: string, port: number): Service {
  return { name: `${role}#0`, role, critical: false, look: { kind: 'tcp', host, port } };
}

/** The server itself, wherever it is; the `database` role is only its keeper. */
function postgres(config: Config): Service {
  const { url } = config.database;
  if (url === undefined) return tcp('postgres', HOST, config.ports.postgres);
  const { hostname, port } = new URL(url.reveal());
  return tcp('postgres', hostname, port === '' ? POSTGRES_PORT : Number(port));
}
