-- ARGV     id, revision that is replaced, next revision, content
-- Replies  "replaced", or "stale"
local key = tag .. ':id:' .. ARGV[1]
if not alive(ARGV[1]) or redis.call('HGET', key, 'revision') ~= ARGV[2] then
    return {'stale'}
end
redis.call('HSET', key, 'revision', ARGV[3], 'content', ARGV[4])
return {'replaced'}
