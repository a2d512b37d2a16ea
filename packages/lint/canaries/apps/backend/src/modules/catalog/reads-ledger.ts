// flagged: module-order-catalog
import '../ledger/index.ts';
