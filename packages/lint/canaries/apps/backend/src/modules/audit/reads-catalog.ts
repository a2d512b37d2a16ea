// flagged: module-order-audit
import '../catalog/index.ts';
