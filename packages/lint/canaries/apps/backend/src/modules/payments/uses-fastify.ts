// flagged: framework-at-edge-fastify
import type { FastifyInstance } from 'fastify';

export type Server = FastifyInstance;
