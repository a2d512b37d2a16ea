// flagged: module-order-identity
import '../ledger/index.ts';
