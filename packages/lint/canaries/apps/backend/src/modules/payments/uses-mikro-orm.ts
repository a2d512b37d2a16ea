// flagged: framework-at-edge-mikro-orm
import '@mikro-orm/core';
