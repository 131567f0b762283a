-- What a dead replica has left behind, some of it; a replica that has left nothing is forgotten.
-- KEYS[1]  sorted set: replicas
-- KEYS[2]  hash: copies of its events
-- ARGV     replica
-- Replies  key and copy of each
local found = redis.call('HSCAN', KEYS[2], '0', 'COUNT', '500')[2]
if #found == 0 and redis.call('HLEN', KEYS[2]) == 0 then
    local score = redis.call('ZSCORE', KEYS[1], ARGV[1])
    if score and tonumber(score) < now then
        redis.call('ZREM', KEYS[1], ARGV[1])
    end
end
return found
