// flagged: framework-at-edge-redis
import '@redis/client';
