// flagged: vendor-knows-no-vendor
import '../yookassa/index.ts';
