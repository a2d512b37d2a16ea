// flagged: testkit-for-tests
import '@opora/testkit';
