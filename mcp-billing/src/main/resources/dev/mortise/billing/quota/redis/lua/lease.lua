-- Holds units of a window for a replica.
-- KEYS[1]  sorted set: replicas, by when they count as dead (ms)
-- KEYS[2]  hash: the window
-- ARGV     replica, how long it lives (ms), limit, need, want
-- Replies  "lost" if the replica was not heard of in time; "unknown" if the window is; "granted", units, used, held;
--          "exhausted", used, held
local score = redis.call('ZSCORE', KEYS[1], ARGV[1])
if score and tonumber(score) < now then
    return {'lost'}
end
redis.call('ZADD', KEYS[1], whole(now + ARGV[2]), ARGV[1])
if not is_known(KEYS[2]) then
    return {'unknown'}
end
local limit, need, want = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local use, hold = used(KEYS[2]), held(KEYS[2], KEYS[1])
local free = limit - use - hold
if free < need then
    return {'exhausted', whole(use), whole(hold)}
end
local units = math.max(need, math.min(want, math.floor(free / 8)))
redis.call('HINCRBY', KEYS[2], 'h:' .. ARGV[1], whole(units))
return {'granted', whole(units), whole(use), whole(hold + units)}
