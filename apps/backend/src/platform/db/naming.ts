/** How table types are derived from the models: names exactly as PostgreSQL has them. */
export type TableNames = { tableNamingStrategy: 'table'; columnNamingStrategy: 'column' };
