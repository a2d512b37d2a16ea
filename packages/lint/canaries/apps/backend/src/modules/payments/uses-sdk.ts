// flagged: vendor-sdk-in-folder
import 'stripe';
