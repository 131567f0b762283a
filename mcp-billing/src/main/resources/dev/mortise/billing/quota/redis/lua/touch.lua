-- Says that a replica lives.
-- KEYS[1]  sorted set: replicas
-- ARGV     replica, how long it lives (ms)
-- Replies  "kept", or "lost" if it was not known or not heard of in time
local score = redis.call('ZSCORE', KEYS[1], ARGV[1])
if not score or tonumber(score) < now then
    return {'lost'}
end
redis.call('ZADD', KEYS[1], whole(now + ARGV[2]), ARGV[1])
return {'kept'}
