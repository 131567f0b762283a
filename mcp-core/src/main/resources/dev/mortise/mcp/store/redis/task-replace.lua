-- ARGV     key, version that is replaced, due (ms), the fields
-- Replies  "replaced", or "stale"
local key = tag .. ':id:' .. ARGV[1]
if redis.call('HGET', key, 'version') ~= ARGV[2] then
    return {'stale'}
end
put(key, 4)
redis.call('ZADD', tag .. ':due', ARGV[3], ARGV[1])
return {'replaced'}
