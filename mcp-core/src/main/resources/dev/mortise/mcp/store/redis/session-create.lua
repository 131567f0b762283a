-- ARGV     id, group's key, expiry (ms), room on probation, room of a group, owner, group, revision, content
-- Replies  "created", or "exists"
local id, group, expires = ARGV[1], ARGV[2], tonumber(ARGV[3])
local key = tag .. ':id:' .. id
if alive(id) then
    return {'exists'}
end
forget(id)
make_room(tag .. ':probation:' .. group, tonumber(ARGV[5]))
make_room(tag .. ':probation', tonumber(ARGV[4]))
redis.call('HSET', key, 'group-key', group, 'expires', ARGV[3],
    'owner', ARGV[6], 'group', ARGV[7], 'revision', ARGV[8], 'content', ARGV[9])
redis.call('ZADD', tag .. ':expiry', ARGV[3], id)
redis.call('ZADD', tag .. ':probation', micros, id)
redis.call('ZADD', tag .. ':probation:' .. group, micros, id)
keep(key, expires)
keep(tag .. ':probation:' .. group, expires)
return {'created'}
