// flagged: products-are-data
import 'node:fs';
