// flagged: nobody-imports-admin
import '../admin/index.ts';
