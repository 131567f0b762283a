-- What the scripts for sessions have in common; it stands in front of each of them.
-- KEYS[1]  the tag that all keys begin with, such as {mortise:sessions}
--
-- TAG:id:ID             hash: owner, group, group-key, revision, content, expires (ms), used (1, or none on probation)
-- TAG:expiry            sorted set: all ids, by when they expire (ms)
-- TAG:probation         sorted set: ids of sessions that were not used yet, by when they were created (us)
-- TAG:probation:GROUP   the same for one group
-- TAG:used              sorted set: ids of sessions in use, by when they were used last (us)
-- TAG:used:GROUP        the same for one group
local tag = KEYS[1]
local clock = redis.call('TIME')
local micros = string.format('%.0f', clock[1] * 1000000 + clock[2])
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)

-- A session stays this long after it expired, so that sweeping knows what group it was in.
local grace = 600000

local function keep(key, expires)
    if redis.call('PTTL', key) < expires + grace - now then
        redis.call('PEXPIREAT', key, string.format('%.0f', expires + grace))
    end
end

local function forget(id)
    local key = tag .. ':id:' .. id
    local group = redis.call('HGET', key, 'group-key')
    redis.call('DEL', key)
    redis.call('ZREM', tag .. ':expiry', id)
    redis.call('ZREM', tag .. ':probation', id)
    redis.call('ZREM', tag .. ':used', id)
    if group then
        redis.call('ZREM', tag .. ':probation:' .. group, id)
        redis.call('ZREM', tag .. ':used:' .. group, id)
    end
end

-- Forgets the first ones until there is room for one more.
local function make_room(set, limit)
    while redis.call('ZCARD', set) >= limit do
        local first = redis.call('ZRANGE', set, 0, 0)[1]
        forget(first)
        redis.call('ZREM', set, first)
    end
end

local function sweep(limit)
    local ended = redis.call('ZRANGEBYSCORE', tag .. ':expiry', '-inf', now, 'LIMIT', 0, limit)
    for _, id in ipairs(ended) do
        forget(id)
    end
    return #ended
end

local function alive(id)
    local expires = redis.call('HGET', tag .. ':id:' .. id, 'expires')
    return expires and tonumber(expires) > now
end
