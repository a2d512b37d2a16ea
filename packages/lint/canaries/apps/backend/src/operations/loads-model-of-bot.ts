// flagged: schema-by-migrations
import '../bot/schema.ts';
