-- ARGV     key, version
-- Replies  "removed", or "stale"
local key = tag .. ':id:' .. ARGV[1]
local task = redis.call('HMGET', key, 'version', 'owner-key')
if task[1] ~= ARGV[2] then
    return {'stale'}
end
redis.call('DEL', key)
redis.call('ZREM', tag .. ':due', ARGV[1])
redis.call('ZREM', tag .. ':owner:' .. task[2], ARGV[1])
return {'removed'}
