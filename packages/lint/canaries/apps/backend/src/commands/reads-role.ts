// flagged: left-only-commands
import '../roles/api.ts';
