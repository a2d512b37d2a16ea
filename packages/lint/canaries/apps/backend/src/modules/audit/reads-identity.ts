// flagged: module-order-audit
import '../identity/index.ts';
