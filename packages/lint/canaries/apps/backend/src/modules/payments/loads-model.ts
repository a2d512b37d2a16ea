// flagged: schema-by-migrations
import './schema.ts';
