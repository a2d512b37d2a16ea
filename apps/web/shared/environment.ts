/** What the process was started with; read at run time, so that one build serves every environment. */
export type Environment = Readonly<{
  /** Base address of the gateway, without a slash at its end. */
  gatewayUrl: string;
  /** An address of the monitor, for the status page; without it the page says that it does not know. */
  healthUrl: string | undefined;
  stage: 'development' | 'staging' | 'production';
}>;

/** The only reader of `process.env` in the pages; `start.mjs` has refused a start without a gateway. */
export function readEnvironment(): Environment {
  const { OPORA_GATEWAY_URL, OPORA_HEALTH_URL, OPORA_ENV } = process.env;
  return {
    gatewayUrl: (OPORA_GATEWAY_URL ?? '').replace(/\/+$/, ''),
    healthUrl: OPORA_HEALTH_URL,
    stage: OPORA_ENV === 'production' || OPORA_ENV === 'staging' ? OPORA_ENV : 'development',
  };
}
