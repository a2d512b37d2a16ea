// clean
export const noun = 'subscriptions';
