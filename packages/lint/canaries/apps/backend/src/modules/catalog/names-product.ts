// flagged: products-by-compose
import '../../../../../products/sample/product.ts';
