-- ARGV     id, expiry (ms), room in all, room of a group
-- Replies  "used", "gone", or "full"
local id, expires = ARGV[1], tonumber(ARGV[2])
local key = tag .. ':id:' .. id
if not alive(id) then
    return {'gone'}
end
local group = redis.call('HGET', key, 'group-key')
if redis.call('HGET', key, 'used') ~= '1' then
    make_room(tag .. ':used:' .. group, tonumber(ARGV[4]))
    if redis.call('ZCARD', tag .. ':used') >= tonumber(ARGV[3]) then
        sweep(1000)
        if redis.call('ZCARD', tag .. ':used') >= tonumber(ARGV[3]) then
            return {'full'}
        end
    end
    redis.call('HSET', key, 'used', '1')
    redis.call('ZREM', tag .. ':probation', id)
    redis.call('ZREM', tag .. ':probation:' .. group, id)
end
redis.call('HSET', key, 'expires', ARGV[2])
redis.call('ZADD', tag .. ':expiry', ARGV[2], id)
redis.call('ZADD', tag .. ':used', micros, id)
redis.call('ZADD', tag .. ':used:' .. group, micros, id)
keep(key, expires)
keep(tag .. ':used:' .. group, expires)
return {'used'}
