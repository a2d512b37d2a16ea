// clean
import '../operations/backups/index.ts';
import '../compose.ts';
