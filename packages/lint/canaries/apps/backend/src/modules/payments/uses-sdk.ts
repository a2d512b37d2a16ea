// flagged: vendor-sdk-in-folder, not-unresolvable
import 'stripe';
