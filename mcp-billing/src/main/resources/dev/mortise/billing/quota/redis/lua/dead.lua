-- Replicas that were not heard of, some of them.
-- KEYS[1]  sorted set: replicas
return redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', '(' .. whole(now), 'LIMIT', 0, 20)
