// flagged: gateway-without-modules
import '../../modules/catalog/index.ts';
