-- A replica holds nothing any more; what waits to be written others may write.
-- KEYS[1]  sorted set: replicas
-- ARGV     replica
redis.call('ZADD', KEYS[1], 'XX', '0', ARGV[1])
return {}
