// flagged: left-only-roles
import '../commands/status.ts';
