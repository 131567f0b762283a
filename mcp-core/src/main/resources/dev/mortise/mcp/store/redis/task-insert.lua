-- ARGV     key, owner's key, due (ms), most of the owner, most in all, the fields
-- Replies  "added", "full", "owner-full", or "exists"
local key, theirs = tag .. ':id:' .. ARGV[1], tag .. ':owner:' .. ARGV[2]
if redis.call('EXISTS', key) == 1 then
    return {'exists'}
end
if redis.call('ZCARD', tag .. ':due') >= tonumber(ARGV[5]) then
    return {'full'}
end
if redis.call('ZCARD', theirs) >= tonumber(ARGV[4]) then
    return {'owner-full'}
end
put(key, 6)
redis.call('HSET', key, 'owner-key', ARGV[2])
redis.call('ZADD', tag .. ':due', ARGV[3], ARGV[1])
redis.call('ZADD', theirs, 0, ARGV[1])
return {'added'}
