-- Counts events, each once, and keeps a copy of each until it is in SQL.
-- KEYS[1]  sorted set: replicas
-- KEYS[2]  hash: copies of the replica's events
-- KEYS[3]  hash: digests of events that were seen lately
-- KEYS[4]  hash: the same, of those before
-- KEYS[5…] hashes: windows
-- ARGV     replica, how long it lives (ms), how long events are remembered (ms), how many windows,
--          for each window what is spent of what the replica holds,
--          for each event: key, digest, copy, quantity, in how many windows, which of them
-- Replies  for each event "n" (new), "r" (repeated) or "c" (conflict);
--          for each window used and held, or twice nothing if it is not known
local count = tonumber(ARGV[4])
local known = {}
for i = 1, count do
    local window = KEYS[4 + i]
    known[i] = is_known(window)
    if known[i] and ARGV[4 + i] ~= '0' then
        if redis.call('HINCRBY', window, 'h:' .. ARGV[1], '-' .. ARGV[4 + i]) <= 0 then
            redis.call('HDEL', window, 'h:' .. ARGV[1])
        end
    end
end
local reply = {}
local at = 5 + count
while at <= #ARGV do
    local before = redis.call('HGET', KEYS[3], ARGV[at]) or redis.call('HGET', KEYS[4], ARGV[at])
    local windows = tonumber(ARGV[at + 4])
    if not before then
        redis.call('HSET', KEYS[3], ARGV[at], ARGV[at + 1])
        redis.call('HSET', KEYS[2], ARGV[at], ARGV[at + 2])
        for i = 1, windows do
            local window = tonumber(ARGV[at + 4 + i])
            if known[window] then
                redis.call('HINCRBY', KEYS[4 + window], 'pending', ARGV[at + 3])
            end
        end
        reply[#reply + 1] = 'n'
    elseif before == ARGV[at + 1] then
        reply[#reply + 1] = 'r'
    else
        reply[#reply + 1] = 'c'
    end
    at = at + 5 + windows
end
redis.call('PEXPIRE', KEYS[3], ARGV[3])
redis.call('ZADD', KEYS[1], whole(now + ARGV[2]), ARGV[1])
for i = 1, count do
    if known[i] then
        reply[#reply + 1] = whole(used(KEYS[4 + i]))
        reply[#reply + 1] = whole(held(KEYS[4 + i], KEYS[1]))
    else
        reply[#reply + 1] = ''
        reply[#reply + 1] = ''
    end
end
return reply
