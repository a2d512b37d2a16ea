// flagged: left-only-bot
import '../operations/backups/index.ts';
