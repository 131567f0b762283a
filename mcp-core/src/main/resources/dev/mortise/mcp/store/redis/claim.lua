-- Uses a request state up.
-- KEYS[1]  sorted set: ids of used-up states, scored by the time after which they may be forgotten (ms)
-- ARGV     id, end of the state's life (ms), how many are remembered at most, how long beyond its end (ms)
-- Replies  "first", or "used" if it was used up before, or "full"
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

-- A few at a time, so that no call pays for all that have ended.
local ended = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, 100)
if #ended > 0 then
    redis.call('ZREM', KEYS[1], unpack(ended))
end

if redis.call('ZSCORE', KEYS[1], ARGV[1]) then
    return {'used'}
end
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[3]) then
    return {'full'}
end
-- Never in the past, whatever the caller's clock says: what is forgotten at once could be used twice.
local forget = math.max(tonumber(ARGV[2]), now) + tonumber(ARGV[4])
redis.call('ZADD', KEYS[1], forget, ARGV[1])
if redis.call('PTTL', KEYS[1]) < forget - now then
    redis.call('PEXPIREAT', KEYS[1], forget)
end
return {'first'}
