// flagged: framework-at-edge-kysely
import 'kysely';
