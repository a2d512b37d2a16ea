// flagged: module-order-ledger
import '../catalog/index.ts';
