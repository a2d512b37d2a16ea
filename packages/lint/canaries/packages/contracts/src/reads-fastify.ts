// flagged: contracts-are-pure, framework-at-edge-fastify
import 'fastify';
